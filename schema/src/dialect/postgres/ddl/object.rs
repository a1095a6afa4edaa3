//! What is handled as text, changed in its place.

use super::{exclusive, risk, search};
use crate::change::{HazardKind, Step};
use crate::dialect::postgres::quote;
use crate::schema::*;

/// The statements that make `new` of `old` without dropping it; `None` where only that would do.
pub(in crate::dialect::postgres) fn replace(old: &Object, new: &Object) -> Option<Vec<Step>> {
    let ObjectId::Object(kind, name) = &new.id else { return None };
    match kind {
        ObjectKind::Comment => Some(vec![Step::harmless(new.definition.clone())]),
        // What the old statement set and the new one does not would stay.
        ObjectKind::Setting => {
            let undo = old.drop.clone().map(Step::harmless);
            Some(undo.into_iter().chain([Step::harmless(new.definition.clone())]).collect())
        }
        ObjectKind::TextSearchMapping => {
            Some(vec![Step::harmless(new.definition.replacen(" ADD MAPPING ", " ALTER MAPPING ", 1))])
        }
        ObjectKind::Domain => domain(name, &old.definition, &new.definition),
        ObjectKind::Type => composite(name, &old.definition, &new.definition),
        ObjectKind::View => view(old, new),
        ObjectKind::MaterializedView => materialized_view(name, &old.definition, &new.definition),
        ObjectKind::TextSearchDictionary => search::dictionary(name, &old.definition, &new.definition),
        ObjectKind::Subscription => subscription(name, &old.definition, &new.definition),
        ObjectKind::Function if in_place(old, new) => Some(vec![Step::harmless(new.definition.clone())]),
        _ => None,
    }
}

/// `CREATE OR REPLACE`, under which whatever stands on the view stays, where its columns stay and others only come behind
/// them.
fn view(old: &Object, new: &Object) -> Option<Vec<Step>> {
    let kept = !old.columns.is_empty() && new.columns.starts_with(&old.columns);
    let rest = new.definition.strip_prefix("CREATE VIEW ").filter(|_| kept)?;
    Some(vec![Step::harmless(format!("CREATE OR REPLACE VIEW {rest}"))])
}

/// Its storage parameters are set in its place; another query would have to be run all the same.
fn materialized_view(name: &Name, old: &str, new: &str) -> Option<Vec<Step>> {
    let create = format!("CREATE MATERIALIZED VIEW {}", quote::name(name));
    let parts = |definition: &'_ str| -> Option<(Vec<(String, String)>, String)> {
        let (head, query) = definition.strip_prefix(&create)?.split_once(" AS\n")?;
        let inside = head.trim().strip_prefix("WITH (").and_then(|it| it.strip_suffix(')'));
        let split = |it: &str| it.split_once('=').map(|(word, value)| (word.to_owned(), value.to_owned()));
        let with: Option<Vec<_>> = inside.map_or(Some(Vec::new()), |it| it.split(", ").map(split).collect());
        Some((with?, query.to_owned()))
    };
    let ((was, before), (is, after)) = (parts(old)?, parts(new)?);
    if before != after {
        return None;
    }
    let alter = |what: String| exclusive(format!("ALTER MATERIALIZED VIEW {} {what}", quote::name(name)));
    let gone = was.iter().map(|(word, _)| word.clone()).filter(|word| !is.iter().any(|(it, _)| it == word));
    let (gone, said): (Vec<String>, Vec<String>) = (
        gone.collect(),
        is.iter()
            .filter(|it| !was.contains(it))
            .map(|(word, value)| format!("{word} = {}", quote::literal(value)))
            .collect(),
    );
    let reset = (!gone.is_empty()).then(|| alter(format!("RESET ({})", gone.join(", "))));
    let set = (!said.is_empty()).then(|| alter(format!("SET ({})", said.join(", "))));
    Some(reset.into_iter().chain(set).collect())
}

/// A subscription is what its publisher knows of how far it has come: it is changed in its place or not at all.
fn subscription(name: &Name, old: &str, new: &str) -> Option<Vec<Step>> {
    let (was, is): (Vec<&str>, Vec<&str>) = (old.split(CLAUSE).collect(), new.split(CLAUSE).collect());
    let alter = |what: &str| Step::harmless(format!("ALTER SUBSCRIPTION {} {what}", quote::name(name)));
    let mut steps = Vec::new();
    for (before, clause) in was.iter().zip(&is).skip(1).filter(|(before, clause)| before != clause) {
        if clause.starts_with("CONNECTION ") {
            steps.push(alter(clause));
        } else if clause.starts_with("PUBLICATION ") {
            steps.push(alter(&format!("SET {clause} WITH (refresh = false)")));
        } else {
            steps.extend(subscription_options(before, clause, &alter)?);
        }
    }
    Some(steps)
}

fn subscription_options(old: &str, new: &str, alter: &dyn Fn(&str) -> Step) -> Option<Vec<Step>> {
    let options = |clause: &str| -> Option<Vec<(String, String)>> {
        let inside = clause.strip_prefix("WITH (")?.strip_suffix(')')?;
        inside.split(", ").map(|it| it.split_once(" = ").map(|(a, b)| (a.to_owned(), b.to_owned()))).collect()
    };
    let (was, is) = (options(old)?, options(new)?);
    let usual = |word: &str| match word {
        "password_required" => "true",
        "origin" => "any",
        _ => "false",
    };
    let words: std::collections::BTreeSet<&String> = was.iter().chain(&is).map(|(word, _)| word).collect();
    let value = |options: &[(String, String)], word: &str| {
        options.iter().find(|(it, _)| it == word).map_or_else(|| usual(word).to_owned(), |(_, value)| value.clone())
    };
    let (mut set, mut steps) = (Vec::new(), Vec::new());
    for word in words {
        let (before, after) = (value(&was, word), value(&is, word));
        match word.as_str() {
            _ if before == after => {}
            "enabled" => steps.push(alter(if after == "true" { "ENABLE" } else { "DISABLE" })),
            // The publisher decides it once.
            "two_phase" => return None,
            _ => set.push(format!("{word} = {after}")),
        }
    }
    if !set.is_empty() {
        steps.insert(0, alter(&format!("SET ({})", set.join(", "))));
    }
    Some(steps)
}

/// Whether `CREATE OR REPLACE` can do it: the server lets a function keep its name, arguments and result.
fn in_place(old: &Object, new: &Object) -> bool {
    let head = |object: &Object| object.definition.split_once("\n LANGUAGE ").map(|(head, _)| head.to_owned());
    let replaces = |object: &Object| object.definition.starts_with("CREATE OR REPLACE ");
    replaces(new) && head(old).is_some() && head(old) == head(new)
}

/// The statements that create it: a `NOT VALID` check of a domain can't be said inside CREATE DOMAIN.
pub(super) fn create(object: &Object) -> Vec<Step> {
    let ObjectId::Object(ObjectKind::Domain, name) = &object.id else {
        return vec![Step::harmless(object.definition.clone())];
    };
    let (invalid, clauses): (Vec<&str>, Vec<&str>) =
        object.definition.split(CLAUSE).partition(|clause| clause.ends_with(" NOT VALID"));
    let later = invalid.into_iter().map(|clause| alter_domain(name, &format!("ADD {clause}")));
    std::iter::once(Step::harmless(clauses.join(CLAUSE))).chain(later).collect()
}

/// Where a clause of a domain or an attribute of a composite type begins, as it is read.
const CLAUSE: &str = "\n    ";

fn alter_domain(name: &Name, what: &str) -> Step {
    Step::harmless(format!("ALTER DOMAIN {} {what}", quote::name(name)))
}

/// Whether a domain's statement has the server look at the values of columns.
pub(super) fn looks_at_values(step: &Step) -> bool {
    let adds = step.sql.contains(" ADD CONSTRAINT ") && !step.sql.ends_with(" NOT VALID");
    step.sql.starts_with("ALTER DOMAIN ") && (adds || step.sql.ends_with(" SET NOT NULL"))
}

fn constraint_of(clause: &str) -> Option<&str> {
    clause.strip_prefix("CONSTRAINT ").map(named)
}

fn domain(name: &Name, old: &str, new: &str) -> Option<Vec<Step>> {
    let (was, is): (Vec<&str>, Vec<&str>) = (old.split(CLAUSE).collect(), new.split(CLAUSE).collect());
    if was.first() != is.first() {
        return None;
    }
    let mut steps = Vec::new();
    for clause in was.iter().skip(1).filter(|clause| !is.contains(clause)) {
        match (*clause, constraint_of(clause)) {
            (_, Some(own)) => steps.push(alter_domain(name, &format!("DROP CONSTRAINT {own}"))),
            ("NOT NULL", None) => steps.push(alter_domain(name, "DROP NOT NULL")),
            (clause, None) if clause.starts_with("DEFAULT ") => {
                if !is.iter().any(|it| it.starts_with("DEFAULT ")) {
                    steps.push(alter_domain(name, "DROP DEFAULT"));
                }
            }
            _ => return None,
        }
    }
    for clause in is.iter().skip(1).filter(|clause| !was.contains(clause)) {
        let fails = format!("fails if a column of {name} holds a value that breaks it");
        match (*clause, constraint_of(clause)) {
            (clause, Some(_)) if clause.ends_with(" NOT VALID") => {
                steps.push(alter_domain(name, &format!("ADD {clause}")));
            }
            (clause, Some(_)) => {
                steps.push(risk(alter_domain(name, &format!("ADD {clause}")), HazardKind::MayFail, fails));
            }
            ("NOT NULL", None) => {
                steps.push(risk(alter_domain(name, "SET NOT NULL"), HazardKind::MayFail, fails));
            }
            (clause, None) if clause.starts_with("DEFAULT ") => {
                steps.push(alter_domain(name, &format!("SET {clause}")));
            }
            _ => return None,
        }
    }
    Some(steps)
}

/// The name at the beginning of a clause, as it is written there.
fn named(clause: &str) -> &str {
    let end = match clause.strip_prefix('"') {
        // A quote within the name is doubled.
        Some(rest) => {
            let mut ends = rest.match_indices('"').map(|(at, _)| at);
            let mut end = None;
            while let Some(at) = ends.next() {
                if rest[at + 1..].starts_with('"') {
                    ends.next();
                } else {
                    end = Some(at + 2);
                    break;
                }
            }
            end
        }
        None => clause.find(' '),
    };
    &clause[..end.unwrap_or(clause.len())]
}

/// The attributes of a composite type, each as it is read: its name, and all that follows.
fn attributes(definition: &str) -> Option<Vec<(&str, &str)>> {
    let (_, inside) = definition.split_once(" AS (")?;
    let inside = inside.strip_suffix("\n)")?;
    let clauses = inside.split(CLAUSE).filter(|clause| !clause.is_empty());
    let attribute = |clause: &'_ str| {
        let own = named(clause).len();
        (own, clause.trim_end_matches(',').len())
    };
    Some(
        clauses
            .map(|clause| (attribute(clause), clause))
            .map(|((own, end), clause)| (&clause[..own], clause[own..end].trim()))
            .collect(),
    )
}

fn composite(name: &Name, old: &str, new: &str) -> Option<Vec<Step>> {
    let (was, is) = (attributes(old)?, attributes(new)?);
    // A new attribute comes behind all others.
    let stay = was.iter().map(|(own, _)| own).filter(|own| is.iter().any(|(it, _)| it == *own));
    if !is.iter().map(|(own, _)| own).take(stay.clone().count()).eq(stay) {
        return None;
    }
    let on = |what: String| exclusive(format!("ALTER TYPE {} {what}", quote::name(name)));
    let mut steps = Vec::new();
    for (own, _) in was.iter().filter(|(own, _)| !is.iter().any(|(it, _)| it == own)) {
        let lost = format!("the values of {name}.{own} are gone");
        steps.push(risk(on(format!("DROP ATTRIBUTE {own}")), HazardKind::DataLoss, lost));
    }
    for (own, ty) in &is {
        match was.iter().find(|(it, _)| it == own) {
            None => steps.push(on(format!("ADD ATTRIBUTE {own} {ty}"))),
            Some((_, before)) if before != ty => {
                let fails = format!("fails if a column is of type {name}");
                steps.push(risk(on(format!("ALTER ATTRIBUTE {own} TYPE {ty}")), HazardKind::MayFail, fails));
            }
            Some(_) => {}
        }
    }
    Some(steps)
}

/// What keeps it from being dropped and made again: a column that stays is of that type.
pub(super) fn held_by(id: &ObjectId, old: &Schema, new: &Schema) -> Option<ObjectId> {
    let ObjectId::Object(ObjectKind::Domain | ObjectKind::Type | ObjectKind::Collation, _) = id else { return None };
    let stays = |user: &&ObjectId| match user {
        ObjectId::Column(table, column) => {
            let both = new.needs.iter().any(|(it, needs)| it == *user && needs == id);
            both && new.tables.get(table).is_some_and(|it| it.column(column).is_some())
        }
        _ => false,
    };
    let users = old.needs.iter().filter(|(_, needs)| needs == id && new.objects.contains_key(id)).map(|(user, _)| user);
    users.into_iter().find(stays).cloned()
}
