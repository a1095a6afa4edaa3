//! Differences as data, each with its reverse.

use super::Constraint;
use crate::schema::{Column, Enum, Index, Inheritance, Name, Namespace, Object, ObjectId, Sequence, Table};

/// One difference between two schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a plan has few changes, and each is read by its fields")]
pub enum Change {
    /// A PostgreSQL schema that is missing.
    CreateNamespace(Namespace),
    /// A PostgreSQL schema that is too many.
    DropNamespace(Namespace),
    /// An enum that is missing.
    CreateEnum(Enum),
    /// An enum that is too many.
    DropEnum(Enum),
    /// An enum whose values differ.
    AlterEnum {
        /// As it is.
        old: Enum,
        /// As it should be.
        new: Enum,
    },
    /// A sequence that is missing.
    CreateSequence(Sequence),
    /// A sequence that is too many.
    DropSequence(Sequence),
    /// A sequence that counts differently.
    AlterSequence {
        /// As it is.
        old: Sequence,
        /// As it should be.
        new: Sequence,
    },
    /// A table that is missing, with all that belongs to it.
    CreateTable(Table),
    /// A table that is too many, with all that belongs to it.
    DropTable(Table),
    /// A table that keeps its rows under another name.
    RenameTable {
        /// Its name now.
        from: Name,
        /// Its name then.
        to: Name,
    },
    /// A column that is missing. The table's name is the new one.
    AddColumn {
        /// The table.
        table: Name,
        /// The column.
        column: Column,
    },
    /// A column that is too many. The table's name is the new one.
    DropColumn {
        /// The table.
        table: Name,
        /// The column.
        column: Column,
    },
    /// A column that keeps its values under another name.
    RenameColumn {
        /// The table, under its new name.
        table: Name,
        /// The column's name now.
        from: String,
        /// The column's name then.
        to: String,
    },
    /// A column whose type, nullability, default, identity, generation or collation differs; both have the new name.
    AlterColumn {
        /// The table, under its new name.
        table: Name,
        /// As it is.
        old: Column,
        /// As it should be.
        new: Column,
    },
    /// A constraint that is missing.
    AddConstraint {
        /// The table, under its new name.
        table: Name,
        /// The constraint.
        constraint: Constraint,
    },
    /// A constraint that is too many.
    DropConstraint {
        /// The table, under its new name.
        table: Name,
        /// The constraint.
        constraint: Constraint,
    },
    /// A constraint that differs in its name alone.
    RenameConstraint {
        /// The table, under its new name.
        table: Name,
        /// Its name now.
        from: String,
        /// Its name then.
        to: String,
    },
    /// An index that is missing.
    CreateIndex {
        /// The table, under its new name.
        table: Name,
        /// The index.
        index: Index,
    },
    /// An index that is too many.
    DropIndex {
        /// The table, under its new name.
        table: Name,
        /// The index.
        index: Index,
    },
    /// An index that differs in its name alone.
    RenameIndex {
        /// The table, under its new name.
        table: Name,
        /// Its name now.
        from: String,
        /// Its name then.
        to: String,
    },
    /// The sequence of a numbered column that differs in its name alone.
    RenameSequence {
        /// The table, under its new name; the sequence is in its namespace.
        table: Name,
        /// The column, under its new name.
        column: String,
        /// The sequence's name now.
        from: String,
        /// The sequence's name then.
        to: String,
    },
    /// Table options that differ, as SQLite's `STRICT`.
    SetOptions {
        /// The table, under its new name.
        table: Name,
        /// As they are.
        old: Vec<String>,
        /// As they should be.
        new: Vec<String>,
    },
    /// A table that becomes a part or a child of others, takes other rows, or belongs to others no longer.
    SetInheritance {
        /// The table, under its new name.
        table: Name,
        /// As it is.
        old: Inheritance,
        /// As it should be.
        new: Inheritance,
    },
    /// A comment that differs. That of a new object comes with it and is no change of its own.
    SetComment {
        /// What it is a comment on.
        target: Target,
        /// As it is.
        old: Option<String>,
        /// As it should be.
        new: Option<String>,
    },
    /// An object of text that is missing.
    CreateObject(Object),
    /// An object of text that is too many.
    DropObject(Object),
    /// An object of text whose definition differs: dropped and made again, or replaced where that can be.
    ReplaceObject {
        /// As it is.
        old: Object,
        /// As it should be.
        new: Object,
    },
}

/// What a comment is on: the object, under its new name.
pub type Target = ObjectId;
