//! What stands on a table, once the table has another name: the server says it of the table's new name.

use crate::schema::{Name, Object, ObjectId, ObjectKind, text};

/// What begins a statement about something that goes with its table into another namespace.
const ALONG: &[&str] = &["ALTER INDEX ", "ALTER SEQUENCE ", "COMMENT ON INDEX ", "COMMENT ON SEQUENCE "];

/// Makes `object` what it is when the table `from` is called `to`.
pub(crate) fn follow(object: &mut Object, from: &Name, to: &Name) {
    let ObjectId::Object(kind, name) = &mut object.id else { return };
    let kind = *kind;
    if let Some(drop) = &mut object.drop {
        *drop = renamed(drop, place(kind, drop), from, to).0;
    }
    let (definition, stands_on_it) = renamed(&object.definition, place(kind, &object.definition), from, to);
    object.definition = definition;
    if stands_on_it
        && name.namespace == from.namespace
        && let Some(own) = name.name.strip_prefix(&from.name).and_then(|it| it.strip_prefix('.'))
    {
        *name = Name::qualified(to.namespace.clone(), format!("{}.{own}", to.name));
    }
    if from.namespace != to.namespace && object.depends_on.iter().any(|id| id.table() == Some(from)) {
        let moves = |statement: &str| moved(statement, &from.namespace, &to.namespace);
        if let Some(definition) = moves(&object.definition) {
            object.definition = definition;
            object.drop = object.drop.take().map(|drop| moves(&drop).unwrap_or(drop));
            name.namespace.clone_from(&to.namespace);
        }
    }
    // It is called by what it is about.
    if kind == ObjectKind::Comment
        && let Some((about, _)) = object.definition.strip_prefix("COMMENT ON ").and_then(|it| it.split_once(" IS "))
    {
        *name = Name::new(about);
    }
    if kind == ObjectKind::Function && object.depends_on.contains(&ObjectId::Table(from.clone())) {
        follow_signature(object, from, to);
    }
    if object.depends_on.contains(&ObjectId::Table(from.clone())) && names_it_elsewhere(object, stands_on_it, from, to)
    {
        follow_within(object, from, to);
    }
}

/// What a function takes or gives may be rows of the table.
fn follow_signature(function: &mut Object, from: &Name, to: &Name) {
    let ObjectId::Object(_, name) = &mut function.id else { return };
    name.name = row_type(&name.name, from, to);
    let head = function.definition.find("\n LANGUAGE ").unwrap_or(function.definition.len());
    let (head, rest) = function.definition.split_at(head);
    function.definition = format!("{}{rest}", row_type(head, from, to));
    function.drop = function.drop.take().map(|drop| row_type(&drop, from, to));
}

/// The text of a signature with the table's new name wherever its old one stands as a type: nothing but the end of the
/// argument follows it there, where an argument's own name has a type behind it.
fn row_type(signature: &str, from: &Name, to: &Name) -> String {
    let (was, is) = (spelled(from), spelled(to));
    let mut out = String::new();
    let mut rest = signature;
    while let Some(at) = rest.find(&was) {
        let (before, found) = rest.split_at(at);
        let after = &found[was.len()..];
        let begins = before.ends_with([' ', '(', ':']);
        let ends = after.is_empty() || after.starts_with([',', ')', '[', '\n']) || after.starts_with(" DEFAULT ");
        out.push_str(before);
        out.push_str(if begins && ends { &is } else { &was });
        rest = after;
    }
    out + rest
}

/// Makes a setting what it is when the column `from` of `table` is called `to`.
pub(crate) fn follow_column(object: &mut Object, table: &Name, from: &str, to: &str) {
    let ObjectId::Object(ObjectKind::Setting, name) = &mut object.id else { return };
    if !object.depends_on.iter().any(|id| id.table() == Some(table)) {
        return;
    }
    let Some(definition) = of_column(&object.definition, from, to) else { return };
    object.definition = definition;
    object.drop = object.drop.take().map(|drop| of_column(&drop, from, to).unwrap_or(drop));
    let of_table = format!("{}.", table.name);
    if let Some(what) = name.name.strip_prefix(&of_table).and_then(|it| it.strip_prefix(from)?.strip_prefix('.')) {
        name.name = format!("{of_table}{to}.{what}");
    }
}

/// `ALTER TABLE t ALTER COLUMN from ..` or `ALTER SEQUENCE s OWNED BY t.from`, of the column's new name.
fn of_column(statement: &str, from: &str, to: &str) -> Option<String> {
    const ALTER: &str = " ALTER COLUMN ";
    let named = match statement.find(ALTER) {
        Some(at) => text::identifiers(statement).into_iter().find(|(range, _)| range.start == at + ALTER.len()),
        None if statement.starts_with("ALTER SEQUENCE ") => text::identifiers(statement).pop(),
        None => None,
    };
    let (range, _) = named.filter(|(_, name)| name == from)?;
    Some(format!("{}{}{}", &statement[..range.start], spelled(&Name::new(to)), &statement[range.end..]))
}

/// A statement about something that goes with its table.
fn moved(statement: &str, from: &Option<String>, to: &Option<String>) -> Option<String> {
    let start = ALONG.iter().find(|words| statement.starts_with(**words))?.len();
    let (_, name) = names(&statement[start..]).into_iter().nth(usize::from(from.is_some()))?;
    let was = Name::qualified(from.clone(), &name);
    let (statement, is) = renamed(statement, Some((start, 0)), &was, &Name::qualified(to.clone(), &name));
    is.then_some(statement)
}

/// Whether the text has the table's name where it does not say what the object stands on.
fn names_it_elsewhere(object: &Object, stands_on_it: bool, from: &Name, to: &Name) -> bool {
    let of = |name: &str| {
        let all = text::identifiers(&object.definition);
        all.into_iter().filter(|(_, it)| it.eq_ignore_ascii_case(name)).count()
    };
    // Where the new name holds the old one, as `s.a` for `a`, the renamed place is one of them.
    let own = usize::from(stands_on_it && to.name.eq_ignore_ascii_case(&from.name));
    of(&from.name) > own
}

/// Within a query the server goes on calling the table by its old name, as an alias of the new one. No file says it so,
/// so that the text becomes one that differs from all.
fn follow_within(object: &mut Object, from: &Name, to: &Name) {
    use ObjectKind::{Function, MaterializedView, Policy, Publication, Rule, Statistics, Trigger, View};
    let ObjectId::Object(kind, _) = object.id else { return };
    match kind {
        // The server lists tables, and nothing is an alias.
        Publication if from.namespace == to.namespace => {
            object.definition = text::rename(&object.definition, &from.name, &to.name);
        }
        View | MaterializedView | Rule | Policy | Trigger | Function | Statistics | Publication => {
            object.definition.push_str(&format!(" /* {to} AS {from} */"));
        }
        _ => {}
    }
}

/// Where a statement of or about such an object names the table that it stands on, and how many names follow it there.
fn place(kind: ObjectKind, statement: &str) -> Option<(usize, usize)> {
    const ALTER: &str = "ALTER TABLE ";
    let words = text::identifiers(statement);
    let behind = |word: &str, last: bool| {
        let is = |range: &std::ops::Range<usize>| statement[range.clone()].eq_ignore_ascii_case(word);
        let mut found = words.iter().map(|(range, _)| range).filter(|range| is(range)).map(|range| range.end);
        if last { found.next_back() } else { found.next() }
    };
    let (at, more) = match kind {
        _ if statement.starts_with(ALTER) => (ALTER.len(), 0),
        ObjectKind::Trigger | ObjectKind::Policy => (behind("ON", false)?, 0),
        ObjectKind::Rule if statement.starts_with("DROP") => (behind("ON", true)?, 0),
        ObjectKind::Rule => (behind("TO", false)?, 0),
        ObjectKind::Statistics => (behind("FROM", true)?, 0),
        ObjectKind::Comment => (behind("ON", true).filter(|at| *at > "COMMENT ON".len())?, 0),
        ObjectKind::Setting if statement.starts_with("ALTER SEQUENCE ") => {
            (statement.find(" OWNED BY ")? + " OWNED BY ".len(), 1)
        }
        _ => return None,
    };
    let space = statement[at..].len() - statement[at..].trim_start().len();
    Some((at + space, more))
}

/// The statement with the table's new name at that place, where its old one stands there; and whether it does.
fn renamed(statement: &str, place: Option<(usize, usize)>, from: &Name, to: &Name) -> (String, bool) {
    let as_it_is = || (statement.to_owned(), false);
    let Some((start, more)) = place else { return as_it_is() };
    let parts = names(&statement[start..]);
    let wanted: Vec<&String> = from.namespace.iter().chain([&from.name]).collect();
    // The server says `public` in some statements, though it is on every path.
    let public = from.namespace.is_none() && parts.len() == wanted.len() + more + 1 && parts[0].1 == "public";
    let skipped = usize::from(public);
    let named = &parts[skipped..];
    if named.len() != wanted.len() + more || !wanted.iter().zip(named).all(|(wanted, (_, named))| *wanted == named) {
        return as_it_is();
    }
    let (end, _) = named[wanted.len() - 1];
    let public = if public && to.namespace.is_none() { "public." } else { "" };
    (format!("{}{public}{}{}", &statement[..start], spelled(to), &statement[start + end..]), true)
}

/// The names with dots between them that a text begins with, and where each ends.
fn names(text: &str) -> Vec<(usize, String)> {
    let mut parts: Vec<(usize, String)> = Vec::new();
    for (range, part) in text::identifiers(text) {
        let follows = match parts.last() {
            Some((end, _)) => range.start == end + 1 && text[*end..].starts_with('.'),
            None => range.start == 0,
        };
        if !follows {
            break;
        }
        parts.push((range.end, part));
    }
    parts
}

/// As PostgreSQL spells it, of which alone such statements are kept.
#[cfg(feature = "postgres")]
fn spelled(name: &Name) -> String {
    super::postgres::quote::name(name)
}

#[cfg(not(feature = "postgres"))]
fn spelled(name: &Name) -> String {
    name.quoted()
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use super::*;

    fn object(kind: ObjectKind, name: &str, definition: &str) -> Object {
        let id = ObjectId::Object(kind, Name::new(name));
        let depends_on = vec![ObjectId::Table(Name::new("b"))];
        Object { id, definition: definition.to_owned(), drop: None, columns: Vec::new(), depends_on }
    }

    fn said(kind: ObjectKind, name: &str, definition: &str) -> (String, String) {
        let mut it = object(kind, name, definition);
        follow(&mut it, &Name::new("b"), &Name::qualified(Some("Side".to_owned()), "c"));
        let ObjectId::Object(_, name) = it.id else { unreachable!() };
        (name.to_string(), it.definition)
    }

    #[test]
    fn what_stands_on_a_table_follows_its_name() {
        use ObjectKind::{Comment, Exclusion, Policy, Rule, Setting, Statistics, Trigger};
        for (kind, name, definition, new_name, new_definition) in [
            (Policy, "b.p", "CREATE POLICY p ON b USING (x)", "Side.c.p", "CREATE POLICY p ON \"Side\".c USING (x)"),
            (
                Trigger,
                "b.ON",
                "CREATE TRIGGER \"ON\" BEFORE UPDATE OF x ON public.b FOR EACH ROW EXECUTE FUNCTION f(' ON b')",
                "Side.c.ON",
                "CREATE TRIGGER \"ON\" BEFORE UPDATE OF x ON \"Side\".c FOR EACH ROW EXECUTE FUNCTION f(' ON b')",
            ),
            (
                Rule,
                "b.r",
                "CREATE RULE r AS\n    ON DELETE TO b DO INSTEAD NOTHING",
                "Side.c.r",
                "CREATE RULE r AS\n    ON DELETE TO \"Side\".c DO INSTEAD NOTHING",
            ),
            (
                Setting,
                "b.unlogged",
                "ALTER TABLE b SET UNLOGGED",
                "Side.c.unlogged",
                "ALTER TABLE \"Side\".c SET UNLOGGED",
            ),
            (
                Setting,
                "s.owner",
                "ALTER SEQUENCE s OWNED BY b.x",
                "Side.s.owner",
                "ALTER SEQUENCE \"Side\".s OWNED BY \"Side\".c.x",
            ),
            (Setting, "i.cluster", "ALTER INDEX b_i SET (x)", "Side.i.cluster", "ALTER INDEX \"Side\".b_i SET (x)"),
            (Comment, "INDEX i", "COMMENT ON INDEX i IS 'b'", "INDEX \"Side\".i", "COMMENT ON INDEX \"Side\".i IS 'b'"),
            (
                Exclusion,
                "b.e",
                "ALTER TABLE b\n    ADD CONSTRAINT e EXCLUDE (x WITH =)",
                "Side.c.e",
                "ALTER TABLE \"Side\".c\n    ADD CONSTRAINT e EXCLUDE (x WITH =)",
            ),
            (Statistics, "s", "CREATE STATISTICS s ON x, y FROM b", "s", "CREATE STATISTICS s ON x, y FROM \"Side\".c"),
            (
                Comment,
                "TRIGGER t on b",
                "COMMENT ON TRIGGER t ON b IS 'on b'",
                "TRIGGER t ON \"Side\".c",
                "COMMENT ON TRIGGER t ON \"Side\".c IS 'on b'",
            ),
        ] {
            assert_eq!(said(kind, name, definition), (new_name.to_owned(), new_definition.to_owned()));
        }
    }

    #[test]
    fn a_function_of_rows_follows_its_tables_name() {
        let of = |ty: &str| {
            let head =
                format!("FUNCTION public.b(b integer, c {ty}, d {ty}[] DEFAULT NULL::{ty}[])\n RETURNS SETOF {ty}");
            let text = format!("CREATE OR REPLACE {head}\n LANGUAGE sql\nAS $$SELECT 1$$");
            object(ObjectKind::Function, &format!("b(integer, {ty}, {ty}[])"), &text)
        };
        let mut it = of("b");
        follow(&mut it, &Name::new("b"), &Name::qualified(Some("Side".to_owned()), "c"));
        let now = of("\"Side\".c");
        // An argument goes by the table's name, too, so that the text is told apart from every file's.
        assert_eq!(it.id, now.id);
        assert!(it.definition.starts_with(&now.definition), "{}", it.definition);
    }

    #[test]
    fn what_a_column_sets_follows_its_name() {
        for (name, definition, new_name, new_definition) in [
            (
                "b.x.statistics",
                "ALTER TABLE b ALTER COLUMN x SET STATISTICS 5",
                "b.Y.statistics",
                "ALTER TABLE b ALTER COLUMN \"Y\" SET STATISTICS 5",
            ),
            ("x.owner", "ALTER SEQUENCE x OWNED BY b.x", "x.owner", "ALTER SEQUENCE x OWNED BY b.\"Y\""),
            (
                "b.y.storage",
                "ALTER TABLE b ALTER COLUMN y SET STORAGE x",
                "b.y.storage",
                "ALTER TABLE b ALTER COLUMN y SET STORAGE x",
            ),
            ("b.unlogged", "ALTER TABLE b SET UNLOGGED", "b.unlogged", "ALTER TABLE b SET UNLOGGED"),
        ] {
            let mut it = object(ObjectKind::Setting, name, definition);
            follow_column(&mut it, &Name::new("b"), "x", "Y");
            assert_eq!(it.definition, new_definition);
            assert_eq!(it.id, ObjectId::Object(ObjectKind::Setting, Name::new(new_name)));
        }
    }

    #[test]
    fn what_stands_on_another_one_stays() {
        use ObjectKind::{Policy, Setting};
        for (kind, name, definition) in [
            (Policy, "b.p", "CREATE POLICY p ON side.b"),
            (Policy, "B.p", "CREATE POLICY p ON \"B\""),
            (Setting, "b.b", "ALTER TABLE b.b RESET (x)"),
            (Setting, "s.owner", "ALTER SEQUENCE s OWNED BY b.b.x"),
            (Setting, "b.owner", "ALTER SEQUENCE b OWNED BY x.b"),
        ] {
            let mut it = object(kind, name, definition);
            it.depends_on.clear();
            let before = it.clone();
            follow(&mut it, &Name::new("b"), &Name::new("c"));
            assert_eq!(it, before);
        }
    }

    #[test]
    fn a_query_differs_from_every_text_that_names_the_old_table() {
        use ObjectKind::{Policy, Publication, View};
        let view = "CREATE VIEW v AS SELECT b.x FROM b";
        assert_ne!(said(View, "v", view).1, view);
        let policy = "CREATE POLICY p ON b USING (x IN (SELECT b.x FROM b))";
        assert_eq!(
            said(Policy, "b.p", policy).1,
            "CREATE POLICY p ON \"Side\".c USING (x IN (SELECT b.x FROM b)) /* Side.c AS b */"
        );
        let mut publication = object(Publication, "p", "CREATE PUBLICATION p FOR TABLE b, TABLE d");
        follow(&mut publication, &Name::new("b"), &Name::new("c"));
        assert_eq!(publication.definition, "CREATE PUBLICATION p FOR TABLE c, TABLE d");
    }
}
