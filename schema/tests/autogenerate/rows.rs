//! Rows for a pair of schemas: those that the old one, the new one, and the old one after down can all hold.
//!
//! Whether they can is for servers to say: each row is tried on the live database, on a scratch with the new schema
//! (with the values that survive), and on a scratch with the old one (with those same values, as they come back). A
//! table whose new column may hold no NULL and has no default stays empty by this.

use std::collections::BTreeMap;

use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::declared::{Column, DeclaredSchema, Default, Enum, ForeignKey, Identity, Model, Type, TypeKind};
use diesel_schema::diff::Renames;
use diesel_schema::schema::Name;

use crate::journey::qualified;
use crate::journey::quoted;

/// Numbers that look random and come again with the same seed.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below as u64).unwrap()
    }
}

/// A column of the old schema, and what it is in the new one.
type Columns<'a> = (&'a Column, Option<&'a Column>);

/// A table of the old schema, and what it is in the new one.
struct Pair<'a> {
    old: &'a Model,
    new: Option<&'a Model>,
    /// Each of the old columns, and what it is in the new table.
    columns: Vec<Columns<'a>>,
    /// Whether a value comes about that no judge can be asked about: that of a column which is generated on one side
    /// only, or the number of a row in a new column (on the way down too) of a table with checks or foreign keys. A
    /// judge has counted refused rows too. Or rows that stay in a table's parts and children, and go with them.
    computes: bool,
}

type Row = BTreeMap<String, Option<String>>;

/// The databases that have a say.
pub(crate) struct Judges<'a> {
    pub(crate) live: &'a mut dyn SqlConnection,
    pub(crate) new: &'a mut dyn SqlConnection,
    pub(crate) old: &'a mut dyn SqlConnection,
}

/// Fills the live database; the number of rows, and of tables that have some.
pub(crate) fn fill(
    (old, new): (&DeclaredSchema, &DeclaredSchema),
    renames: &Renames,
    judges: &mut Judges<'_>,
    draw: &mut Draw,
) -> Result<(usize, usize), String> {
    let pairs = pairs(old, new, renames);
    each(judges, |connection| {
        // Every row is to be right by itself, so that the order in which a rebuild copies them is no matter.
        match connection.dialect() {
            Dialect::Sqlite => "BEGIN",
            _ => "BEGIN; SET CONSTRAINTS ALL IMMEDIATE",
        }
    })?;
    let mut rows: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for round in 0..4 {
        for (at, pair) in pairs.iter().enumerate().filter(|(_, pair)| !pair.computes) {
            // A try that fails is mostly one that found no row to point at yet.
            for _ in 0..3 {
                let row = row(pair, &pairs, &rows, (old, new), round * 4 + at, draw);
                if accepted(pair, &row, judges)? {
                    rows.entry(at).or_default().push(row);
                    break;
                }
            }
        }
    }
    each(judges, |_| "COMMIT")?;
    Ok((rows.values().map(Vec::len).sum(), rows.len()))
}

fn each(judges: &mut Judges<'_>, sql: impl Fn(&dyn SqlConnection) -> &'static str) -> Result<(), String> {
    for connection in [&mut *judges.live, &mut *judges.new, &mut *judges.old] {
        let sql = sql(connection);
        connection.batch(sql).map_err(|error| format!("{sql}: {error}"))?;
    }
    Ok(())
}

/// Each table of the old schema with what it is in the new one: by its rename, else by its name where no other table
/// has come by that.
fn pairs<'a>(old: &'a DeclaredSchema, new: &'a DeclaredSchema, renames: &Renames) -> Vec<Pair<'a>> {
    let name = |model: &Model| Name::qualified(model.namespace.clone(), &model.table);
    old.models
        .iter()
        .map(|model| {
            let is = |to: &&Model| match renames.tables.iter().find(|(from, _)| *from == name(model)) {
                Some((_, renamed)) => name(to) == *renamed,
                None => name(to) == name(model),
            };
            let found = new.models.iter().find(is);
            let columns = model.columns.iter().map(|column| (column, found.and_then(|to| stays(column, to, renames))));
            let columns: Vec<_> = columns.collect();
            let flips = |column: &Column, to: &Model| {
                counterpart(column, to, renames).is_some_and(|it| it.generated.is_some() != column.generated.is_some())
            };
            let leaves_rows = found.is_none() && !family(model, old).is_empty();
            let computes = leaves_rows
                || found.is_some_and(|to| {
                    let had = |name: &String| columns.iter().any(|(_, is)| is.is_some_and(|is| is.name == *name));
                    let said_of = |model: &Model| !model.checks.is_empty() || !model.foreign_keys.is_empty();
                    let counts = to.columns.iter().any(|it| is_counted(it) && !had(&it.name));
                    let counts_again = columns.iter().any(|(it, is)| is_counted(it) && is.is_none());
                    counts && said_of(to)
                        || counts_again && said_of(model)
                        || model.columns.iter().any(|column| flips(column, to))
                        || family(model, old) != family(to, new)
                });
            Pair { old: model, new: found, columns, computes }
        })
        .collect()
}

/// The tables whose rows it shows too: where one leaves or goes, its rows do.
fn family<'a>(model: &'a Model, schema: &'a DeclaredSchema) -> Vec<&'a str> {
    let of = |it: &Model, parent: &str| it.inheritance.parents.iter().any(|(_, name)| name == parent);
    let parent = model.inheritance.parents.first().map_or(model.table.as_str(), |(_, name)| name);
    schema.models.iter().filter(|it| of(it, parent)).map(|it| it.table.as_str()).collect()
}

/// Whether a row that says nothing of it gets the next number.
fn is_counted(column: &Column) -> bool {
    let by_default = |default: &Default| matches!(default, Default::Expr(expr) if expr.sql.contains("nextval"));
    column.identity.is_some() || column.default.as_ref().is_some_and(by_default)
}

/// The column that it is in the new table, where it is computed on neither side.
fn stays<'a>(column: &Column, to: &'a Model, renames: &Renames) -> Option<&'a Column> {
    let found = counterpart(column, to, renames)?;
    (column.generated.is_none() && found.generated.is_none()).then_some(found)
}

fn counterpart<'a>(column: &Column, to: &'a Model, renames: &Renames) -> Option<&'a Column> {
    let table = Name::qualified(to.namespace.clone(), &to.table);
    let renamed = renames.columns.iter().find(|(it, from, _)| *it == table && *from == column.name);
    let name = renamed.map_or(&column.name, |(.., name)| name);
    to.columns.iter().find(|it| it.name == *name)
}

fn row(
    pair: &Pair<'_>,
    pairs: &[Pair<'_>],
    rows: &BTreeMap<usize, Vec<Row>>,
    schemas: (&DeclaredSchema, &DeclaredSchema),
    number: usize,
    draw: &mut Draw,
) -> Row {
    let mut row = Row::new();
    for (column, to) in &pair.columns {
        if column.generated.is_some() {
            continue;
        }
        let value =
            if column.nullable && draw.next(4) == 0 { None } else { Some(value(column, *to, schemas, number, draw)) };
        row.insert(column.name.clone(), value);
    }
    for key in &pair.old.foreign_keys {
        let target = pairs
            .iter()
            .position(|it| it.old.table == key.references_table && it.old.namespace == key.references_namespace);
        point(&mut row, key, target.and_then(|at| rows.get(&at)), draw, pair.old);
    }
    // A key that only the new schema has, in the old one's words.
    for key in pair.new.iter().flat_map(|new| &new.foreign_keys) {
        let is = |it: &Pair<'_>| {
            it.new.is_some_and(|new| new.table == key.references_table && new.namespace == key.references_namespace)
        };
        let Some(at) = pairs.iter().position(is) else { continue };
        let before = |pair: &Pair<'_>, name: &String| {
            let found = pair.columns.iter().find(|(_, to)| to.is_some_and(|to| to.name == *name));
            found.map(|(from, _)| from.name.clone())
        };
        let ours: Option<Vec<String>> = key.columns.iter().map(|name| before(pair, name)).collect();
        let theirs: Option<Vec<String>> = key.references_columns.iter().map(|name| before(&pairs[at], name)).collect();
        if let (Some(columns), Some(references_columns)) = (ours, theirs) {
            let key = ForeignKey { columns, references_columns, ..key.clone() };
            if draw.next(2) == 0 {
                point(&mut row, &key, rows.get(&at), draw, pair.old);
            }
        }
    }
    // The judge of the new schema can't say it: SQLite numbers a NULL in what is its key.
    for (column, to) in &pair.columns {
        let filled = to.is_some_and(|to| !to.nullable) && row.get(&column.name).is_some_and(Option::is_none);
        if filled {
            row.insert(column.name.clone(), Some(value(column, *to, schemas, number, draw)));
        }
    }
    row
}

/// Points at a row that is there; where there is none, at nothing if it may.
fn point(row: &mut Row, key: &ForeignKey, rows: Option<&Vec<Row>>, draw: &mut Draw, model: &Model) {
    let target = rows.filter(|rows| !rows.is_empty()).map(|rows| &rows[draw.next(rows.len())]);
    for (ours, theirs) in key.columns.iter().zip(&key.references_columns) {
        let nullable = model.columns.iter().any(|column| column.name == *ours && column.nullable);
        match target {
            Some(target) => {
                if let Some(value) = target.get(theirs) {
                    row.insert(ours.clone(), value.clone());
                }
            }
            None if nullable => drop(row.insert(ours.clone(), None)),
            None => {}
        }
    }
}

/// A value that both types can hold, as text.
fn value(
    column: &Column,
    to: Option<&Column>,
    (old, new): (&DeclaredSchema, &DeclaredSchema),
    number: usize,
    draw: &mut Draw,
) -> String {
    let number = if draw.next(6) == 0 { draw.next(3) } else { number } + 1;
    let types: Vec<&Type> = [&column.ty].into_iter().chain(to.map(|to| &to.ty)).collect();
    let any = |what: &dyn Fn(&Type) -> bool| types.iter().any(|ty| what(ty));
    let all = |what: &dyn Fn(&Type) -> bool| types.iter().all(|ty| what(ty));
    let named =
        |names: &[&str], ty: &Type| ty.array == 0 && ty.kind == TypeKind::Diesel && names.contains(&ty.name.as_str());
    let values = |ty: &Type, enums: &[Enum]| {
        let found =
            enums.iter().find(|it| ty.kind == TypeKind::Enum && it.name == ty.name && it.namespace == ty.namespace);
        found.map(|it| it.values.clone())
    };
    let of_old = values(&column.ty, &old.enums);
    let of_new = to.and_then(|to| values(&to.ty, &new.enums));
    if of_old.is_some() || of_new.is_some() {
        let known: Vec<String> = match (of_old, of_new) {
            (Some(a), Some(b)) if a.iter().any(|value| b.contains(value)) => {
                a.into_iter().filter(|value| b.contains(value)).collect()
            }
            (a, b) => a.or(b).unwrap_or_default(),
        };
        return known[draw.next(known.len())].clone();
    }
    let sqlite = old.dialects == [Dialect::Sqlite];
    let sql = |name: &str, ty: &Type| ty.kind == TypeKind::Sql && ty.name == name;
    if any(&|ty| sql("pair", ty)) {
        format!("({number}{})", ",".repeat(draw.next(4)))
    } else if any(&|ty| sql("span", ty) || sql("int4range", ty)) {
        format!("[{number},{})", number + 2)
    } else if any(&|ty| sql("tsvector", ty)) {
        format!("'a{number}' 'b'")
    } else if any(&|ty| sql("d0[]", ty)) {
        format!("{{{number},7}}")
    } else if any(&|ty| sql("d0", ty)) {
        number.to_string()
    } else if any(&|ty| ty.array > 0) {
        let nothing = draw.next(3) == 0;
        if nothing { "{}".to_owned() } else { format!("{{{number},{}}}", number + 1) }
    } else if any(&|ty| named(&["Uuid"], ty)) {
        format!("00000000-0000-4000-8000-{number:012}")
    } else if any(&|ty| named(&["Jsonb"], ty)) {
        format!("{{\"k\": {number}}}")
    } else if any(&|ty| named(&["Bool"], ty)) {
        let yes = draw.next(2) == 0;
        if sqlite { u8::from(yes).to_string() } else { yes.to_string() }
    } else if any(&|ty| named(&["Date", "Timestamp", "Timestamptz"], ty)) {
        let day = format!("2024-{:02}-{:02}", draw.next(2) + 1, number % 28 + 1);
        if any(&|ty| named(&["Date"], ty)) {
            day
        } else if any(&|ty| named(&["Timestamptz"], ty)) && any(&|ty| named(&["Text", "Varchar"], ty)) {
            // As it comes back: a text that is too short for the zone is for the judge of the old schema to refuse.
            format!("{day} 00:00:00+00")
        } else {
            format!("{day} 00:00:00")
        }
    } else if any(&|ty| named(&["Bytea"], ty)) {
        format!("\\x{number:02x}")
    } else if any(&|ty| named(&["Int2", "Int4", "Int8", "Numeric", "Float8"], ty)) {
        // SQLite says 7 as text where it is a whole number, and 7.0 where it is a double.
        if sqlite && any(&|ty| named(&["Float8"], ty)) && any(&|ty| named(&["Text", "Varchar"], ty)) {
            return format!("{number}.5");
        }
        let fraction = all(&|ty| named(&["Numeric", "Float8"], ty)) && draw.next(3) == 0;
        if fraction { format!("{number}.25") } else { number.to_string() }
    } else {
        ["v", "It's ", "Ü", ""][draw.next(4)].to_owned() + &number.to_string()
    }
}

/// Inserts it everywhere, or nowhere.
fn accepted(pair: &Pair<'_>, row: &Row, judges: &mut Judges<'_>) -> Result<bool, String> {
    let of = |names: &dyn Fn(&Columns<'_>) -> Option<String>| {
        let values = pair.columns.iter().filter_map(|it| Some((names(it)?, row.get(&it.0.name)?.clone())));
        values.collect::<Vec<_>>()
    };
    let all = of(&|(column, _)| Some(column.name.clone()));
    let surviving = of(&|(column, to)| to.map(|_| column.name.clone()));
    let moved = of(&|(_, to)| to.map(|to| to.name.clone()));
    let mut tried: Vec<(&mut dyn SqlConnection, &Model, _)> = vec![(&mut *judges.live, pair.old, all)];
    if let Some(new) = pair.new {
        tried.push((&mut *judges.new, new, moved));
        tried.push((&mut *judges.old, pair.old, surviving));
    }
    // The savepoint and the row are one message; those who were not asked have none.
    let mut asked = 0;
    let mut taken = true;
    let mut came: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (connection, model, values) in &mut tried {
        asked += 1;
        // As the one before holds it, where that says so: a number may have got decimals by its column's type.
        let names = |name: &String| {
            let it = pair.columns.iter().find(|(_, to)| to.is_some_and(|to| to.name == *name));
            it.map_or_else(|| name.clone(), |(column, _)| column.name.clone())
        };
        let is_new = asked == 2;
        for (name, value) in values.iter_mut() {
            let old = if is_new { names(name) } else { name.clone() };
            if let Some(held) = came.get(&old) {
                value.clone_from(held);
            }
        }
        let Some(held) = insert(*connection, model, values) else {
            taken = false;
            break;
        };
        let held = values.iter().map(|(name, _)| if is_new { names(name) } else { name.clone() }).zip(held);
        came.extend(held);
    }
    let end = if taken { "RELEASE s" } else { "ROLLBACK TO s; RELEASE s" };
    for (connection, ..) in &mut tried[..asked] {
        connection.batch(end).map_err(|error| error.to_string())?;
    }
    Ok(taken)
}

/// The values as they are held: a `3` is `3.0` in a column of doubles. `None` where the server takes no such row.
fn insert(
    connection: &mut dyn SqlConnection,
    model: &Model,
    values: &[(String, Option<String>)],
) -> Option<Vec<Option<String>>> {
    let postgres = connection.dialect() == Dialect::Postgres;
    let always = model.columns.iter().any(|column| column.identity == Some(Identity::Always));
    let table = qualified(&diesel_schema::schema::Name::qualified(model.namespace.clone(), &model.table));
    let overriding = if postgres && always { "OVERRIDING SYSTEM VALUE " } else { "" };
    let names: Vec<String> = values.iter().map(|(name, _)| quoted(name)).collect();
    let literal = |value: &Option<String>| {
        value.as_ref().map_or_else(|| "NULL".to_owned(), |value| format!("'{}'", value.replace('\'', "''")))
    };
    let literals: Vec<String> = values.iter().map(|(_, value)| literal(value)).collect();
    let sql = if values.is_empty() {
        format!("INSERT INTO {table} DEFAULT VALUES")
    } else {
        format!("INSERT INTO {table} ({}) {overriding}VALUES ({})", names.join(", "), literals.join(", "))
    };
    connection.batch("SAVEPOINT s").ok()?;
    let held: Vec<String> = names.iter().map(|name| format!("CAST({name} AS text)")).collect();
    let returned = if values.is_empty() { "1".to_owned() } else { held.join(", ") };
    let held = connection.rows(&format!("{sql} RETURNING {returned}")).ok()?.into_iter().next()?;
    // A deferred key of SQLite is heard at COMMIT only.
    let check = "SELECT \"table\" FROM pragma_foreign_key_check";
    let right = postgres || connection.rows(check).is_ok_and(|rows| rows.is_empty());
    right.then_some(held)
}
