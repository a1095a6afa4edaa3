//! What stands on a column, built on the second one under a name to spare.

use std::collections::BTreeSet;

use diesel_schema_core::naming;

use super::{Seconds, fits};
use crate::change::{Change, Constraint, Step};
use crate::dialect::postgres::{ddl, quote};
use crate::dialect::{End, Refusal};
use crate::schema::{Check, ForeignKey, Index, IndexKeyWhat, Key, Name, ObjectId, Schema, Table, text};

/// One thing of the new schema, and what is built in its stead.
pub(super) enum Spare<'a> {
    Index {
        table: &'a Name,
        of: &'a Index,
        spare: Index,
    },
    /// A primary key or a unique constraint, by the index that it comes to stand on.
    Key {
        table: &'a Name,
        of: Constraint,
        spare: Index,
    },
    Check {
        table: &'a Name,
        of: &'a Check,
        spare: Check,
    },
    ForeignKey {
        table: &'a Name,
        of: &'a ForeignKey,
        spare: ForeignKey,
    },
}

pub(super) struct Spares<'a> {
    pub(super) all: Vec<Spare<'a>>,
    /// What of the old schema goes with the columns.
    gone: Vec<Change>,
}

impl<'a> Spares<'a> {
    pub(super) fn of(seconds: &Seconds<'a>) -> Self {
        let taken = taken(seconds.old.schema, seconds.new.schema);
        let mut made = Made { seconds, taken, keys: Vec::new() };
        let mut all = Vec::new();
        for table in seconds.tables() {
            let Some(is) = seconds.new.schema.tables.get(table) else { continue };
            all.extend(made.of_table(is));
        }
        for table in seconds.new.schema.tables.values() {
            all.extend(made.foreign_keys(table));
        }
        Self { all, gone: gone(seconds) }
    }

    /// Whether one of them takes a name that something has which does not go with the columns: that may go, or get
    /// another name, only behind the swap.
    pub(super) fn trade_names(&self, old: &Schema) -> bool {
        let goes = |table: &Name, name: &str| {
            self.gone.iter().any(|change| match change {
                Change::DropConstraint { table: of, constraint } => of == table && constraint.name() == name,
                Change::DropIndex { table: of, index } => of == table && index.name == name,
                _ => false,
            })
        };
        let has = |table: &Table, name: &str| {
            table.name.name == name || (table.relation_names().any(|it| it == name) && !goes(&table.name, name))
        };
        self.all.iter().any(|spare| {
            let Some((table, name)) = spare.relation() else { return false };
            let sequence = Name { name: name.to_owned(), ..table.clone() };
            old.sequences.contains_key(&sequence)
                || old.tables.values().any(|it| it.name.namespace == table.namespace && has(it, name))
        })
    }

    /// What is done where the plan takes away what stands on the columns, and where it makes it again.
    pub(super) fn instead(
        &self,
        plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
    ) -> Result<Vec<(Change, Vec<Step>)>, Refusal> {
        let mut instead = Vec::new();
        for change in &self.gone {
            instead.push((change.clone(), plain(change)?));
        }
        instead.extend(self.all.iter().map(|spare| (spare.comes(), spare.takes_its_place())));
        Ok(instead)
    }
}

/// The names of all relations and constraints.
fn taken(old: &Schema, new: &Schema) -> BTreeSet<String> {
    let of = |schema: &Schema| -> Vec<String> {
        let tables = schema.tables.values();
        let names = tables.flat_map(|it| it.relation_names().chain([it.name.name.as_str()]).map(str::to_owned));
        names.chain(schema.sequences.keys().map(|it| it.name.clone())).collect()
    };
    of(old).into_iter().chain(of(new)).collect()
}

/// The drops of all keys, checks and indexes that stand on one of the columns. A foreign key goes as it would anyway.
fn gone(seconds: &Seconds<'_>) -> Vec<Change> {
    let edges = seconds.old.needs;
    let stands = |id: &ObjectId| {
        edges.iter().any(|(user, needs)| {
            user == id && matches!(needs, ObjectId::Column(table, name) if seconds.find(table, name).is_some())
        })
    };
    let mut gone = Vec::new();
    for table in seconds.tables() {
        let Some(was) = seconds.old.schema.tables.get(table) else { continue };
        let keys = was.primary_key.iter().cloned().map(Constraint::PrimaryKey);
        let keys = keys.chain(was.uniques.iter().cloned().map(Constraint::Unique));
        for constraint in keys.chain(was.checks.iter().cloned().map(Constraint::Check)) {
            if stands(&ObjectId::Constraint(table.clone(), constraint.name().to_owned())) {
                gone.push(Change::DropConstraint { table: table.clone(), constraint });
            }
        }
        for index in &was.indexes {
            if stands(&ObjectId::Index(table.clone(), index.name.clone())) {
                gone.push(Change::DropIndex { table: table.clone(), index: index.clone() });
            }
        }
    }
    gone
}

struct Made<'s, 'a> {
    seconds: &'s Seconds<'a>,
    taken: BTreeSet<String>,
    /// The columns of each unique index that is built to spare.
    keys: Vec<(&'a Name, Vec<String>)>,
}

impl<'a> Made<'_, 'a> {
    /// Whether it stands on a second column, and on nothing that is not there before the plan.
    fn is_possible(&self, id: &ObjectId) -> bool {
        let Seconds { old, new, .. } = *self.seconds;
        let mut on_second = false;
        let there = new.needs.iter().filter(|(user, _)| user == id).all(|(_, needs)| match needs {
            ObjectId::Column(table, name) if self.seconds.find(table, name).is_some() => {
                on_second = true;
                true
            }
            ObjectId::Column(table, name) => {
                let of = |end: End<'_>| end.schema.tables.get(table).and_then(|it| it.column(name).cloned());
                of(old).zip(of(new)).is_some_and(|(was, is)| {
                    was.ty == is.ty && was.collation == is.collation && was.generated == is.generated
                })
            }
            needs => fits::is_there(needs, old.schema, new.schema),
        });
        on_second && there
    }

    fn of_table(&mut self, table: &'a Table) -> Vec<Spare<'a>> {
        let name = &table.name;
        let mut all = Vec::new();
        let was = self.seconds.old.schema.tables.get(name);
        for index in &table.indexes {
            if !self.is_possible(&ObjectId::Index(name.clone(), index.name.clone())) {
                continue;
            }
            let mut spare = self.renamed(name, index);
            spare.name = self.name(name, &index.name);
            let columns: Option<Vec<String>> = index.keys.iter().map(|key| column(&key.what)).collect();
            if let Some(columns) = columns.filter(|_| index.unique && index.predicate.is_none()) {
                self.keys.push((name, columns));
            }
            all.push(Spare::Index { table: name, of: index, spare });
        }
        let primary = table.primary_key.iter().map(|key| (key, Constraint::PrimaryKey(key.clone())));
        let unique = table.uniques.iter().map(|key| (key, Constraint::Unique(key.clone())));
        for (key, of) in primary.chain(unique) {
            let set = |column: &String| {
                self.seconds.find(name, column).is_some()
                    || was.and_then(|it| it.column(column)).is_some_and(|it| !it.nullable)
            };
            let can = matches!(of, Constraint::Unique(_)) || key.columns.iter().all(set);
            if !can || !self.is_possible(&ObjectId::Constraint(name.clone(), key.name.clone())) {
                continue;
            }
            let spare = Key {
                columns: self.seconds.named(name, &key.columns),
                include: self.seconds.named(name, &key.include),
                ..key.clone()
            };
            let spare = Index { name: self.name(name, &key.name), ..ddl::index_of(&spare) };
            self.keys.push((name, key.columns.clone()));
            all.push(Spare::Key { table: name, of, spare });
        }
        for check in &table.checks {
            if self.is_possible(&ObjectId::Constraint(name.clone(), check.name.clone())) {
                let expr = self.expression(name, &check.expr);
                let spare = Check { name: self.name(name, &check.name), expr, comment: None, ..check.clone() };
                all.push(Spare::Check { table: name, of: check, spare });
            }
        }
        all
    }

    fn foreign_keys(&mut self, table: &'a Table) -> Vec<Spare<'a>> {
        let name = &table.name;
        let mut all = Vec::new();
        for key in &table.foreign_keys {
            let far = key.references_columns.iter().any(|it| self.seconds.find(&key.references, it).is_some());
            let same = |columns: &[String]| {
                columns.len() == key.references_columns.len()
                    && key.references_columns.iter().all(|it| columns.contains(it))
            };
            let has_key = match far {
                true => self.keys.iter().any(|(table, columns)| **table == key.references && same(columns)),
                false => self.stays(&key.references, &same),
            };
            let id = ObjectId::Constraint(name.clone(), key.name.clone());
            if !has_key || !self.is_possible(&id) || !self.seconds.old.schema.tables.contains_key(name) {
                continue;
            }
            let spare = ForeignKey {
                name: self.name(name, &key.name),
                columns: self.seconds.named(name, &key.columns),
                references_columns: self.seconds.named(&key.references, &key.references_columns),
                on_delete_columns: self.seconds.named(name, &key.on_delete_columns),
                comment: None,
                ..key.clone()
            };
            all.push(Spare::ForeignKey { table: name, of: key, spare });
        }
        all
    }

    /// Whether a key of these columns stands before and after, and no other one, which may go in between.
    fn stays(&self, table: &Name, same: &dyn Fn(&[String]) -> bool) -> bool {
        let keys = |schema: &'a Schema| -> Option<Vec<String>> {
            let table = schema.tables.get(table)?;
            let keys = table.primary_key.iter().chain(&table.uniques).filter(|it| same(&it.columns));
            let listed = |it: &&Index| {
                it.unique
                    && it
                        .keys
                        .iter()
                        .map(|key| column(&key.what))
                        .collect::<Option<Vec<_>>>()
                        .is_some_and(|it| same(&it))
            };
            let indexes = table.indexes.iter().filter(listed);
            Some(keys.map(|it| format!("{it:?}")).chain(indexes.map(|it| format!("{it:?}"))).collect())
        };
        keys(self.seconds.old.schema).is_some_and(|was| !was.is_empty() && Some(was) == keys(self.seconds.new.schema))
    }

    fn name(&mut self, table: &Name, of: &str) -> String {
        naming::choose(
            &mut self.taken,
            &table.name,
            of.strip_prefix(&format!("{}_", table.name)).unwrap_or(of),
            "second",
        )
    }

    fn expression(&self, table: &Name, expr: &str) -> String {
        let seconds = self.seconds.all.iter().filter(|it| it.table == table);
        seconds.fold(expr.to_owned(), |expr, it| text::rename(&expr, &it.new.name, &it.name))
    }

    fn renamed(&self, table: &Name, index: &Index) -> Index {
        let mut spare = Index { comment: None, ..index.clone() };
        spare.include = self.seconds.named(table, &index.include);
        spare.predicate = index.predicate.as_ref().map(|it| self.expression(table, it));
        for key in &mut spare.keys {
            match &mut key.what {
                IndexKeyWhat::Column(column) => {
                    if let Some(second) = self.seconds.find(table, column) {
                        column.clone_from(&second.name);
                    }
                }
                IndexKeyWhat::Expr(expr) => *expr = self.expression(table, expr),
            }
        }
        spare
    }
}

fn column(what: &IndexKeyWhat) -> Option<String> {
    match what {
        IndexKeyWhat::Column(name) => Some(name.clone()),
        IndexKeyWhat::Expr(_) => None,
    }
}

impl Spare<'_> {
    /// The change of the plan that it is there for.
    fn comes(&self) -> Change {
        let add = |table: &Name, constraint| Change::AddConstraint { table: table.clone(), constraint };
        match self {
            Self::Index { table, of, .. } => Change::CreateIndex { table: (*table).clone(), index: (*of).clone() },
            Self::Key { table, of, .. } => add(table, of.clone()),
            Self::Check { table, of, .. } => add(table, Constraint::Check((*of).clone())),
            Self::ForeignKey { table, of, .. } => add(table, Constraint::ForeignKey((*of).clone())),
        }
    }

    /// The name that it takes among the relations of its namespace.
    fn relation(&self) -> Option<(&Name, &str)> {
        match self {
            Self::Index { table, of, .. } => Some((table, &of.name)),
            Self::Key { table, of, .. } => Some((table, of.name())),
            Self::Check { .. } | Self::ForeignKey { .. } => None,
        }
    }

    fn takes_its_place(&self) -> Vec<Step> {
        let said = |id: ObjectId, comment: &Option<String>| comment.as_ref().map(|text| ddl::comment(&id, Some(text)));
        let (steps, comment) = match self {
            Self::Index { table, of, spare } => (
                ddl::rename_index(table, &spare.name, &of.name),
                said(ObjectId::Index((*table).clone(), of.name.clone()), &of.comment),
            ),
            Self::Key { table, of, spare } => {
                let (Constraint::PrimaryKey(key) | Constraint::Unique(key)) = of else { return Vec::new() };
                let kind = if matches!(of, Constraint::PrimaryKey(_)) { "PRIMARY KEY" } else { "UNIQUE" };
                let sql = format!(
                    "ALTER TABLE {}\n    ADD CONSTRAINT {} {kind} USING INDEX {}{}",
                    quote::name(table),
                    quote::ident(&key.name),
                    quote::ident(&spare.name),
                    ddl::deferrable(key.deferrable)
                );
                let id = ObjectId::Constraint((*table).clone(), key.name.clone());
                (vec![ddl::exclusive(sql)], said(id, &key.comment))
            }
            Self::Check { table, of, spare } => (
                ddl::rename_constraint(table, &spare.name, &of.name),
                said(ObjectId::Constraint((*table).clone(), of.name.clone()), &of.comment),
            ),
            Self::ForeignKey { table, of, spare } => (
                ddl::rename_constraint(table, &spare.name, &of.name),
                said(ObjectId::Constraint((*table).clone(), of.name.clone()), &of.comment),
            ),
        };
        steps.into_iter().chain(comment).collect()
    }
}
