//! From a model's constant to the model.

use super::cursor::Cursor;
use super::{Fact, fact};
use crate::declared::{Column, Model};
use crate::def::{HOLE, HoleDef, IdentityDef, ModelDef};
use crate::lock::print::{bare_names, column_type, qualified_name};

/// The model that these lines are, each put where its place says.
///
/// # Errors
/// Where a line is none of the lock's, or the table's is missing.
pub(crate) fn model(def: &ModelDef) -> Result<Model, String> {
    let was = |field: &str| def.renamed.iter().find(|(it, _)| *it == field).map(|(_, name)| (*name).to_owned());
    let mut model: Option<Model> = None;
    let mut columns: Vec<(usize, Column)> = Vec::new();
    let (mut holes, mut places) = (def.facts.holes.iter(), def.facts.places.lines());
    for line in def.facts.lines.lines() {
        let (at, field) = places.next().and_then(|place| place.rsplit_once(' ')).unwrap_or_default();
        let (line, at) = (filled(line, &mut holes), at.to_owned());
        let fact = Cursor::new(&line).and_then(fact::fact).map_err(|why| format!("`{line}`: {why}"))?;
        if let Fact::Table(table) = fact {
            let (rust, renamed_from) = (def.rust.to_owned(), was(""));
            model = Some(Model { rust, renamed_from, at, ..*table });
            continue;
        }
        let Some(model) = &mut model else { return Err(format!("`{line}` stands before its table")) };
        match fact {
            Fact::Column(_, mut column) => {
                column.sequence.iter_mut().for_each(|sequence| sequence.at.clone_from(&at));
                let place = def.fields.split(' ').position(|it| it == field).unwrap_or(usize::MAX);
                let (rust, renamed_from) = (field.to_owned(), was(field));
                columns.push((place, Column { rust, renamed_from, at, ..*column }));
            }
            Fact::PrimaryKey(_, mut key) => {
                key.at = at;
                model.primary_key = key;
            }
            Fact::Unique(_, mut key) => {
                key.at = at;
                model.uniques.push(key);
            }
            Fact::ForeignKey(_, mut key) => {
                key.at = at;
                model.foreign_keys.push(key);
            }
            Fact::Check(_, mut check) => {
                check.at = at;
                model.checks.push(check);
            }
            Fact::Index(_, mut index) => {
                index.at = at;
                model.indexes.push(index);
            }
            _ => return Err(format!("`{line}` is not about a table")),
        }
    }
    let mut model = model.ok_or("it has no lines")?;
    columns.sort_by_key(|(place, _)| *place);
    model.columns = columns.into_iter().map(|(_, column)| column).collect();
    Ok(model)
}

fn filled<'a>(line: &str, holes: &mut impl Iterator<Item = &'a HoleDef<'a>>) -> String {
    let mut parts = line.split(char::from(HOLE));
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.extend(holes.next().map(filling));
        out.push_str(part);
    }
    out
}

/// As the compile-time check fills it, which has no heap.
fn filling(hole: &HoleDef<'_>) -> String {
    match hole {
        HoleDef::Text(text) => (*text).to_owned(),
        HoleDef::Table(namespace, table) => qualified_name(*namespace, table),
        HoleDef::Columns(columns) => {
            let columns: Vec<String> = columns.iter().map(|it| (*it).to_owned()).collect();
            bare_names(&columns)
        }
        HoleDef::Type { ty, nullable, identity } => {
            let identity = match identity {
                None => "",
                Some(IdentityDef::ByDefault) => " identity=by_default",
                Some(IdentityDef::Always) => " identity=always",
                Some(IdentityDef::Serial) => " identity=serial",
            };
            format!("{}{}{identity}", column_type(&ty.into()), if *nullable { " null" } else { "" })
        }
    }
}
