//! What has to go before a change and come again after it, although it stays as it is.
//!
//! `ALTER TABLE .. TYPE` makes indexes, keys and checks again by itself, but refuses generated columns; a generated
//! column's expression can't be changed; an enum that loses values is another type, which no expression survives.

use crate::change::{Change, Constraint};
use crate::diff::{constraints, text::mentions};
use crate::schema::*;

pub(super) fn expand(changes: Vec<Change>, old: &Schema, new: &Schema) -> Vec<Change> {
    let mut all = Expansion { out: Vec::new(), old, new };
    let (mut typed, mut swapped) = (Vec::new(), Vec::new());
    for change in changes {
        match change {
            Change::AlterColumn { table, old, new } if remade(&old, &new) => {
                all.out.push(Change::DropColumn { table: table.clone(), column: old });
                all.out.push(Change::AddColumn { table, column: new });
            }
            Change::ReplaceObject { old, new } if !in_place(&old, &new) => {
                all.out.push(Change::DropObject(old));
                all.out.push(Change::CreateObject(new));
            }
            other => {
                match &other {
                    Change::AlterColumn { table, old, new } if old.ty != new.ty || old.collation != new.collation => {
                        typed.push((table.clone(), new.name.clone()));
                    }
                    Change::AlterEnum { old, new } if !old.grows_into(new) => swapped.push(old.name.clone()),
                    _ => {}
                }
                all.out.push(other);
            }
        }
    }
    for (table, column) in typed {
        all.generated(&table, |expr| mentions(expr, &column));
    }
    for name in swapped {
        all.enum_users(&name);
    }
    all.on_remade_columns();
    all.out
}

/// Whether the column's expression or its type under an expression differs: then its values are computed anew, and
/// nothing is lost.
fn remade(old: &Column, new: &Column) -> bool {
    new.generated.is_some() && (old.generated != new.generated || old.ty != new.ty || old.collation != new.collation)
}

/// Whether `CREATE OR REPLACE` can do it: the server lets a function keep its name, arguments and result.
fn in_place(old: &Object, new: &Object) -> bool {
    let head = |object: &Object| object.definition.split_once("\n LANGUAGE ").map(|(head, _)| head.to_owned());
    let replaces = |object: &Object| object.definition.starts_with("CREATE OR REPLACE ");
    replaces(new) && head(old).is_some() && head(old) == head(new)
}

struct Expansion<'a> {
    out: Vec<Change>,
    old: &'a Schema,
    new: &'a Schema,
}

impl Expansion<'_> {
    /// Makes the generated columns of the table again whose expression is of the kind asked for.
    fn generated(&mut self, table: &Name, is: impl Fn(&str) -> bool) {
        let (Some(was), Some(becomes)) = (self.old.tables.get(table), self.new.tables.get(table)) else { return };
        for column in was.columns.iter().filter(|it| it.generated.as_deref().is_some_and(&is)) {
            let touched = self.out.iter().any(|change| match change {
                Change::DropColumn { table: on, column: gone } => on == table && gone.name == column.name,
                _ => false,
            });
            if touched {
                continue;
            }
            let altered = |it: &Change| matches!(it, Change::AlterColumn { table: on, new, .. } if on == table && new.name == column.name);
            self.out.retain(|it| !altered(it));
            if let Some(again) = becomes.column(&column.name) {
                self.out.push(Change::DropColumn { table: table.clone(), column: column.clone() });
                self.out.push(Change::AddColumn { table: table.clone(), column: again.clone() });
            }
        }
    }

    /// Makes again what speaks of the enum: its casts stand in the expressions as the server prints them.
    fn enum_users(&mut self, name: &Name) {
        for table in self.old.tables.values() {
            let columns: Vec<&str> = table
                .columns
                .iter()
                .filter(|column| column.ty.depends_on.as_ref() == Some(name))
                .map(|column| column.name.as_str())
                .collect();
            let speaks = |text: &str| mentions(text, &name.name) || columns.iter().any(|column| mentions(text, column));
            self.generated(&table.name, speaks);
            for check in table.checks.iter().filter(|check| speaks(&check.expr)) {
                self.constraint(&table.name, &Constraint::Check(check.clone()));
            }
            for index in &table.indexes {
                let keys = index.keys.iter().filter_map(|key| match &key.what {
                    IndexKeyWhat::Expr(text) => Some(text),
                    IndexKeyWhat::Column(_) => None,
                });
                if keys.chain(&index.predicate).any(|text| speaks(text)) {
                    self.index(&table.name, index);
                }
            }
        }
    }

    /// What stands on a column goes with it.
    fn on_remade_columns(&mut self) {
        let added: Vec<(Name, String)> = self
            .out
            .iter()
            .filter_map(|change| match change {
                Change::AddColumn { table, column } => Some((table.clone(), column.name.clone())),
                _ => None,
            })
            .collect();
        for (name, column) in added {
            let Some(table) = self.old.tables.get(&name).filter(|table| table.column(&column).is_some()) else {
                continue;
            };
            for constraint in constraints(table).values() {
                let stands = match constraint {
                    Constraint::PrimaryKey(key) | Constraint::Unique(key) => {
                        key.columns.contains(&column) || key.include.contains(&column)
                    }
                    Constraint::ForeignKey(key) => key.columns.contains(&column),
                    Constraint::Check(check) => mentions(&check.expr, &column),
                };
                if stands {
                    self.constraint(&name, constraint);
                }
            }
            for other in self.old.tables.values() {
                for key in &other.foreign_keys {
                    if key.references == name && key.references_columns.contains(&column) {
                        self.constraint(&other.name, &Constraint::ForeignKey(key.clone()));
                    }
                }
            }
            for index in &table.indexes {
                let keyed = index.keys.iter().any(|key| match &key.what {
                    IndexKeyWhat::Column(key) => *key == column,
                    IndexKeyWhat::Expr(text) => mentions(text, &column),
                });
                if keyed
                    || index.include.contains(&column)
                    || index.predicate.as_ref().is_some_and(|text| mentions(text, &column))
                {
                    self.index(&name, index);
                }
            }
        }
    }

    /// Drops the constraint and adds it again, unless it is dropped already; a rename of it is part of that.
    fn constraint(&mut self, table: &Name, constraint: &Constraint) {
        let dropped = |change: &Change| matches!(change, Change::DropConstraint { table: on, constraint: it } if on == table && it.name() == constraint.name());
        if self.out.iter().any(dropped) {
            return;
        }
        let mut to = constraint.name().to_owned();
        self.out.retain(|change| match change {
            Change::RenameConstraint { table: on, from, to: name } if on == table && from == constraint.name() => {
                to.clone_from(name);
                false
            }
            _ => true,
        });
        let again = self.new.tables.get(table).and_then(|table| constraints(table).remove(&to));
        if let Some(again) = again {
            self.out.push(Change::DropConstraint { table: table.clone(), constraint: constraint.clone() });
            self.out.push(Change::AddConstraint { table: table.clone(), constraint: again });
        }
    }

    fn index(&mut self, table: &Name, index: &Index) {
        let dropped = |change: &Change| matches!(change, Change::DropIndex { table: on, index: it } if on == table && it.name == index.name);
        if self.out.iter().any(dropped) {
            return;
        }
        let mut to = index.name.clone();
        self.out.retain(|change| match change {
            Change::RenameIndex { table: on, from, to: name } if on == table && *from == index.name => {
                to.clone_from(name);
                false
            }
            _ => true,
        });
        let again = self.new.tables.get(table).and_then(|table| table.indexes.iter().find(|it| it.name == to));
        if let Some(again) = again {
            self.out.push(Change::DropIndex { table: table.clone(), index: index.clone() });
            self.out.push(Change::CreateIndex { table: table.clone(), index: again.clone() });
        }
    }
}
