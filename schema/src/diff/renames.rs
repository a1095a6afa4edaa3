//! What keeps its rows under another name: said by the developer, never guessed.

use std::collections::BTreeSet;

use diesel_schema_core::declared::{DeclaredSchema, Model};

use super::DiffError;
use crate::change::Change;
use crate::schema::{Name, Schema, spare_name};

/// Tables and columns that have another name in the new schema.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renames {
    /// Old name, new name.
    pub tables: Vec<(Name, Name)>,
    /// The table under its new name, the column's old name, its new name.
    pub columns: Vec<(Name, String, String)>,
}

impl Renames {
    /// Those of the models' `#[renamed_from]` that still have to be done: the old name stands in `old`, and the new one
    /// does not, or is itself left for another name. Two that swap names are told apart from two that have swapped
    /// them by nothing, so they are left alone.
    #[must_use]
    pub fn declared(declared: &DeclaredSchema, old: &Schema) -> Self {
        Self::declared_where(declared, old, &|a, b| a == b)
    }

    /// The same on a server that takes such names for one.
    pub(crate) fn declared_where(declared: &DeclaredSchema, old: &Schema, same: &dyn Fn(&str, &str) -> bool) -> Self {
        let of = |model: &Model, name: &str| {
            let named = Name::qualified(model.namespace.clone(), name);
            let is = |it: &&Name| it.namespace == named.namespace && same(&it.name, &named.name);
            if old.tables.contains_key(&named) { named } else { old.tables.keys().find(is).cloned().unwrap_or(named) }
        };
        let tables: Vec<(Name, Name)> = declared
            .models
            .iter()
            .filter_map(|model| Some((of(model, model.renamed_from.as_ref()?), of(model, &model.table))))
            .collect();
        let mut renames = Self { tables: pending(tables, |name| old.tables.contains_key(name)), columns: Vec::new() };
        for model in &declared.models {
            let new = of(model, &model.table);
            let before = match renames.tables.iter().find(|(_, to)| *to == new) {
                Some((from, _)) => from,
                // A table whose name another one has left is a new one.
                None if renames.tables.iter().any(|(from, _)| *from == new) => continue,
                None => &new,
            };
            let Some(table) = old.tables.get(before) else { continue };
            let called = |name: &String| {
                let is = |it: &&crate::schema::Column| same(&it.name, name);
                let it = table.column(name).or_else(|| table.columns.iter().find(is));
                it.map_or_else(|| name.clone(), |it| it.name.clone())
            };
            let columns = model.columns.iter();
            let columns = columns.filter_map(|it| Some((called(it.renamed_from.as_ref()?), called(&it.name))));
            let columns = pending(columns.collect(), |name: &String| table.column(name).is_some());
            renames.columns.extend(columns.into_iter().map(|(from, to)| (new.clone(), from, to)));
        }
        renames
    }

    /// Adds what `--rename` says: `users.text=body` for a column (`users` under its new name), `posts=articles` for a
    /// table; a table of another namespace is found by its `namespace.table`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text and how it is written.
    pub fn add(&mut self, text: &str, old: &Schema, new: &Schema) -> Result<(), DiffError> {
        let bad = || DiffError::BadRename(text.to_owned());
        let (from, to) = text.split_once('=').ok_or_else(bad)?;
        let (from, to) = (from.trim(), to.trim());
        if from.is_empty() || to.is_empty() {
            return Err(bad());
        }
        let find = |schema: &Schema, name: &str| schema.tables.keys().find(|it| it.to_string() == name).cloned();
        if let (Some(from), Some(to)) = (find(old, from), find(new, to)) {
            self.tables.push((from, to));
            return Ok(());
        }
        let (table, column) = from.rsplit_once('.').ok_or_else(|| DiffError::NoTable(from.to_owned()))?;
        let table = find(new, table).ok_or_else(|| DiffError::NoTable(table.to_owned()))?;
        let to = to.rsplit_once('.').map_or(to, |(_, to)| to);
        self.columns.push((table, column.to_owned(), to.to_owned()));
        Ok(())
    }

    /// The same renames on the way down.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let before = |table: &Name| {
            self.tables.iter().find(|(_, to)| to == table).map_or_else(|| table.clone(), |(from, _)| from.clone())
        };
        Self {
            tables: self.tables.iter().map(|(from, to)| (to.clone(), from.clone())).collect(),
            columns: self.columns.iter().map(|(t, from, to)| (before(t), to.clone(), from.clone())).collect(),
        }
    }

    /// The renames as changes in an order in which no name is taken twice.
    pub(super) fn changes(&self, old: &Schema, new: &Schema) -> Result<Vec<Change>, DiffError> {
        for (from, to) in &self.tables {
            if !old.tables.contains_key(from) {
                return Err(DiffError::NoTable(from.to_string()));
            }
            if !new.tables.contains_key(to) {
                return Err(DiffError::NoTable(to.to_string()));
            }
        }
        let taken: BTreeSet<Name> = old.tables.keys().cloned().collect();
        let spare = |name: &Name, taken: &BTreeSet<Name>| {
            let other = |text: &str| Name::qualified(name.namespace.clone(), text);
            other(&spare_name(&name.name, |text| taken.contains(&other(text)) || new.tables.contains_key(&other(text))))
        };
        let ordered = order(&self.tables, taken, spare).map_err(|name| DiffError::Taken(name.to_string()))?;
        let mut changes: Vec<Change> = ordered.into_iter().map(|(from, to)| Change::RenameTable { from, to }).collect();
        let mut tables: Vec<&Name> = self.columns.iter().map(|(table, ..)| table).collect();
        tables.sort();
        tables.dedup();
        for table in tables {
            let before = self.tables.iter().find(|(_, to)| to == table).map_or(table, |(from, _)| from);
            let was = old.tables.get(before).ok_or_else(|| DiffError::NoTable(before.to_string()))?;
            let is = new.tables.get(table).ok_or_else(|| DiffError::NoTable(table.to_string()))?;
            let mut pairs = Vec::new();
            for (_, from, to) in self.columns.iter().filter(|(it, ..)| it == table) {
                if was.column(from).is_none() {
                    return Err(DiffError::NoColumn(before.to_string(), from.clone()));
                }
                if is.column(to).is_none() {
                    return Err(DiffError::NoColumn(table.to_string(), to.clone()));
                }
                pairs.push((from.clone(), to.clone()));
            }
            let taken: BTreeSet<String> = was.columns.iter().map(|column| column.name.clone()).collect();
            let spare = |name: &String, taken: &BTreeSet<String>| {
                spare_name(name, |text| taken.contains(text) || is.column(text).is_some())
            };
            let ordered = order(&pairs, taken, spare).map_err(|name| DiffError::Taken(format!("{table}.{name}")))?;
            changes.extend(ordered.into_iter().map(|(from, to)| Change::RenameColumn {
                table: table.clone(),
                from,
                to,
            }));
        }
        Ok(changes)
    }
}

/// The renames (old name, new name) that are not done yet, by what `stands` today; of two from one name the first.
fn pending<T: Clone + PartialEq>(mut left: Vec<(T, T)>, stands: impl Fn(&T) -> bool) -> Vec<(T, T)> {
    let mut found: Vec<(T, T)> = Vec::new();
    // A name becomes free when its own rename is found, which may be a later one.
    while let Some(at) = left.iter().position(|(from, to)| {
        let free = !stands(to) || found.iter().any(|(left, _)| left == to);
        from != to && stands(from) && free && !found.iter().any(|(other, _)| other == from)
    }) {
        found.push(left.remove(at));
    }
    found
}

/// Orders renames so that each new name is free: what holds it and has no rename of its own goes to a spare name first,
/// from where it is dropped, and so does one of each circle. `Err` is a name that two are renamed to.
fn order<T: Clone + Ord>(
    pairs: &[(T, T)],
    mut taken: BTreeSet<T>,
    spare: impl Fn(&T, &BTreeSet<T>) -> T,
) -> Result<Vec<(T, T)>, T> {
    let mut left: Vec<(T, T)> = pairs.iter().filter(|(from, to)| from != to).cloned().collect();
    left.sort();
    left.dedup();
    for (at, (from, to)) in left.iter().enumerate() {
        if left[at + 1..].iter().any(|(other, same)| same == to || other == from) {
            return Err(to.clone());
        }
    }
    let mut done: Vec<(T, T)> = Vec::new();
    while !left.is_empty() {
        if let Some(at) = left.iter().position(|(_, to)| !taken.contains(to)) {
            let (from, to) = left.remove(at);
            taken.remove(&from);
            taken.insert(to.clone());
            done.push((from, to));
            continue;
        }
        let held = left.iter().find(|(_, to)| !left.iter().any(|(from, _)| from == to)).map(|(_, to)| to.clone());
        let from = held.clone().unwrap_or_else(|| left[0].0.clone());
        let free = spare(&from, &taken);
        if held.is_none() {
            left[0].0 = free.clone();
        }
        taken.remove(&from);
        taken.insert(free.clone());
        done.push((from, free));
    }
    Ok(done)
}

/// A rename that may be meant, to be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Candidate {
    /// A table that goes and one that comes, with the same columns.
    Table(Name, Name),
    /// A column that goes and one that comes, of the same type: the table under its new name, the old and new names.
    Column(Name, String, String),
}

/// What may be a rename, from the changes that a diff without it gives. Never applied by itself.
#[must_use]
pub fn candidates(changes: &[Change]) -> Vec<Candidate> {
    let mut found = Vec::new();
    for gone in changes {
        for come in changes {
            match (gone, come) {
                (Change::DropTable(old), Change::CreateTable(new)) => {
                    let shape = |table: &crate::schema::Table| {
                        let mut columns: Vec<_> =
                            table.columns.iter().map(|it| (it.name.clone(), it.ty.clone())).collect();
                        columns.sort();
                        columns
                    };
                    if shape(old) == shape(new) {
                        found.push(Candidate::Table(old.name.clone(), new.name.clone()));
                    }
                }
                (Change::DropColumn { table, column: old }, Change::AddColumn { table: same, column: new })
                    if table == same && old.ty == new.ty && old.generated.is_some() == new.generated.is_some() =>
                {
                    found.push(Candidate::Column(table.clone(), old.name.clone(), new.name.clone()));
                }
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::pending;

    fn found(pairs: &[(char, char)], standing: &str) -> Vec<(char, char)> {
        pending(pairs.to_vec(), |name| standing.contains(*name))
    }

    #[test]
    fn a_chain_is_done_once_whatever_its_order() {
        for pairs in [[('p', 'r'), ('q', 'p')], [('q', 'p'), ('p', 'r')]] {
            assert_eq!(found(&pairs, "pq"), [('p', 'r'), ('q', 'p')]);
            assert_eq!(found(&pairs, "rp"), []);
        }
    }

    #[test]
    fn one_whose_new_name_stands_is_done() {
        assert_eq!(found(&[('a', 'b')], "a"), [('a', 'b')]);
        assert_eq!(found(&[('a', 'b')], "ab"), []);
        assert_eq!(found(&[('a', 'b')], "b"), []);
        assert_eq!(found(&[('a', 'b'), ('b', 'a')], "ab"), []);
        assert_eq!(found(&[('a', 'b'), ('a', 'c')], "a"), [('a', 'b')]);
        assert_eq!(found(&[('a', 'a')], "a"), []);
    }
}
