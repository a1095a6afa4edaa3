//! What undoes a change, and what it is called in a message.

use super::{Change, Constraint};
use crate::schema::{Column, IdentityKind};

impl Change {
    /// The change that undoes this one; its own reverse is this one again.
    #[must_use]
    pub fn reverse(&self) -> Self {
        match self.clone() {
            Self::CreateNamespace(it) => Self::DropNamespace(it),
            Self::DropNamespace(it) => Self::CreateNamespace(it),
            Self::CreateEnum(it) => Self::DropEnum(it),
            Self::DropEnum(it) => Self::CreateEnum(it),
            Self::AlterEnum { old, new } => Self::AlterEnum { old: new, new: old },
            Self::CreateSequence(it) => Self::DropSequence(it),
            Self::DropSequence(it) => Self::CreateSequence(it),
            Self::AlterSequence { old, new } => Self::AlterSequence { old: new, new: old },
            Self::CreateTable(it) => Self::DropTable(it),
            Self::DropTable(it) => Self::CreateTable(it),
            Self::RenameTable { from, to } => Self::RenameTable { from: to, to: from },
            Self::AddColumn { table, column } => Self::DropColumn { table, column },
            Self::DropColumn { table, column } => Self::AddColumn { table, column },
            Self::RenameColumn { table, from, to } => Self::RenameColumn { table, from: to, to: from },
            Self::AlterColumn { table, old, new } => Self::AlterColumn { table, old: new, new: old },
            Self::AddConstraint { table, constraint } => Self::DropConstraint { table, constraint },
            Self::DropConstraint { table, constraint } => Self::AddConstraint { table, constraint },
            Self::RenameConstraint { table, from, to } => Self::RenameConstraint { table, from: to, to: from },
            Self::CreateIndex { table, index } => Self::DropIndex { table, index },
            Self::DropIndex { table, index } => Self::CreateIndex { table, index },
            Self::RenameIndex { table, from, to } => Self::RenameIndex { table, from: to, to: from },
            Self::RenameSequence { table, column, from, to } => {
                Self::RenameSequence { table, column, from: to, to: from }
            }
            Self::SetOptions { table, old, new } => Self::SetOptions { table, old: new, new: old },
            Self::SetInheritance { table, old, new } => Self::SetInheritance { table, old: new, new: old },
            Self::SetComment { target, old, new } => Self::SetComment { target, old: new, new: old },
            Self::CreateObject(it) => Self::DropObject(it),
            Self::DropObject(it) => Self::CreateObject(it),
            Self::ReplaceObject { old, new } => Self::ReplaceObject { old: new, new: old },
        }
    }

    /// One line for people: `add column users.nickname character varying(64) NOT NULL`.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::CreateNamespace(it) => format!("create schema {}", it.name),
            Self::DropNamespace(it) => format!("drop schema {}", it.name),
            Self::CreateEnum(it) => format!("create enum {} ({})", it.name, it.values.join(", ")),
            Self::DropEnum(it) => format!("drop enum {}", it.name),
            Self::AlterEnum { old, new } => {
                format!("change enum {} from ({}) to ({})", new.name, old.values.join(", "), new.values.join(", "))
            }
            Self::CreateSequence(it) => format!("create sequence {}", it.name),
            Self::DropSequence(it) => format!("drop sequence {}", it.name),
            Self::AlterSequence { new, .. } => format!("change sequence {}", new.name),
            Self::CreateTable(it) => format!("create table {}", it.name),
            Self::DropTable(it) => format!("drop table {}", it.name),
            Self::RenameTable { from, to } => format!("rename table {from} to {to}"),
            Self::AddColumn { table, column } => format!("add column {table}.{}", words(column)),
            Self::DropColumn { table, column } => format!("drop column {table}.{}", column.name),
            Self::RenameColumn { table, from, to } => format!("rename column {table}.{from} to {to}"),
            Self::AlterColumn { table, old, new } => {
                format!("change column {table}.{} to {}", words(old), words(new))
            }
            Self::AddConstraint { table, constraint } => {
                format!("add {} {} to {table}", kind(constraint), constraint.name())
            }
            Self::DropConstraint { table, constraint } => {
                format!("drop {} {} of {table}", kind(constraint), constraint.name())
            }
            Self::RenameConstraint { table, from, to } => format!("rename constraint {from} of {table} to {to}"),
            Self::CreateIndex { table, index } => {
                format!("create {}index {} on {table}", if index.unique { "unique " } else { "" }, index.name)
            }
            Self::DropIndex { table, index } => format!("drop index {} of {table}", index.name),
            Self::RenameIndex { table, from, to } => format!("rename index {from} of {table} to {to}"),
            Self::RenameSequence { table, column, from, to } => {
                format!("rename sequence {from} of {table}.{column} to {to}")
            }
            Self::SetOptions { table, old, new } => {
                let words = |all: &[String]| if all.is_empty() { "none".to_owned() } else { all.join(", ") };
                format!("change the options of table {table} from {} to {}", words(old), words(new))
            }
            Self::SetInheritance { table, new, .. } => match (new.parents.as_slice(), &new.bound) {
                ([], _) => format!("take table {table} out of its parent"),
                (parents, bound) => {
                    let parents: Vec<String> = parents.iter().map(ToString::to_string).collect();
                    let bound = bound.as_deref().map(|bound| format!(" {bound}")).unwrap_or_default();
                    format!("make table {table} a part of {}{bound}", parents.join(", "))
                }
            },
            Self::SetComment { target, new: Some(new), .. } => format!("comment on {target}: {new:?}"),
            Self::SetComment { target, new: None, .. } => format!("remove the comment on {target}"),
            Self::CreateObject(it) => format!("create {}", it.id),
            Self::DropObject(it) => format!("drop {}", it.id),
            Self::ReplaceObject { new, .. } => format!("replace {}", new.id),
        }
    }
}

const fn kind(constraint: &Constraint) -> &'static str {
    match constraint {
        Constraint::PrimaryKey(_) => "primary key",
        Constraint::Unique(_) => "unique constraint",
        Constraint::ForeignKey(_) => "foreign key",
        Constraint::Check(_) => "check",
    }
}

fn words(column: &Column) -> String {
    let mut text = format!("{} {}", column.name, column.ty.sql);
    if let Some(collation) = &column.collation {
        text += &format!(" COLLATE {collation}");
    }
    if !column.nullable {
        text += " NOT NULL";
    }
    if let Some(default) = &column.default {
        text += &format!(" DEFAULT {}", default.sql);
    }
    if let Some(generated) = &column.generated {
        let kind = if column.is_virtual { "VIRTUAL" } else { "STORED" };
        text += &format!(" GENERATED ALWAYS AS ({generated}) {kind}");
    }
    text += match column.identity.as_ref().map(|identity| identity.kind) {
        Some(IdentityKind::ByDefault) => " GENERATED BY DEFAULT AS IDENTITY",
        Some(IdentityKind::Always) => " GENERATED ALWAYS AS IDENTITY",
        Some(IdentityKind::Serial) => " (serial)",
        Some(IdentityKind::Rowid) => " (rowid)",
        Some(IdentityKind::Autoincrement) => " AUTOINCREMENT",
        None => "",
    };
    text
}
