//! Foreign keys of SQLite and MySQL whose columns are of another type than those that they point at, as far as one text says
//! both.

use std::collections::BTreeMap;

use super::words::{Script, Statement};

/// Columns by their names, each with the first word of its type, and the column and table that it points at.
type Columns<'a> = BTreeMap<&'a str, (&'a str, Option<(&'a str, &'a str)>)>;

impl Script<'_> {
    /// The statements that make such a column.
    pub(super) fn keys_of_other_types(&self) -> Vec<usize> {
        let tables: Vec<(usize, String, Columns<'_>)> = (0..self.statements.len())
            .filter(|at| self.statements[*at].starts("create table"))
            .filter_map(|at| Some((at, self.statements[at].table()?, columns(&self.statements[at]))))
            .collect();
        let type_of = |table: &str, column: &str| {
            let found = tables.iter().find(|(_, name, _)| name == table);
            found.and_then(|(_, _, columns)| columns.get(column)).map(|(ty, _)| *ty)
        };
        let differs = |(ty, points): &(&str, Option<(&str, &str)>)| {
            let parent = points.and_then(|(table, column)| type_of(table, column));
            parent.is_some_and(|parent| canonical(parent) != canonical(ty))
        };
        tables.iter().filter(|(_, _, columns)| columns.values().any(differs)).map(|(at, _, _)| *at).collect()
    }
}

fn canonical(ty: &str) -> &str {
    if ty == "integer" { "int" } else { ty }
}

/// The parts of a CREATE TABLE's list that are columns.
fn columns<'a>(statement: &'a Statement<'_>) -> Columns<'a> {
    const CONSTRAINTS: &[&str] = &["constraint", "primary", "unique", "check", "foreign", "key", "index"];
    let words = &statement.words;
    let Some(open) = words.iter().position(|word| word == "(") else { return Columns::new() };
    let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
    let mut depth = 0;
    for word in &words[open + 1..] {
        match word.as_str() {
            ")" if depth == 0 => break,
            "," if depth == 0 => {
                parts.push(Vec::new());
                continue;
            }
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(word);
        }
    }
    let points = |part: &[&'a str]| {
        let at = part.iter().position(|word| *word == "references")?;
        match part.get(at + 1..at + 5)? {
            [table, "(", column, ")"] => Some((*table, *column)),
            _ => None,
        }
    };
    let mut found = Columns::new();
    for part in &parts {
        if let [name, ty, ..] = part.as_slice()
            && !CONSTRAINTS.contains(name)
        {
            found.insert(name, (ty, points(part)));
        }
    }
    // A key of one column that stands by itself.
    for part in &parts {
        let Some(at) = part.iter().position(|word| *word == "foreign") else { continue };
        if let Some(["foreign", "key", "(", column, ")"]) = part.get(at..at + 5)
            && let (Some(entry), Some(points)) = (found.get_mut(column), points(part))
        {
            entry.1 = Some(points);
        }
    }
    found
}
