//! A column that has another name now, while a release still uses the old one: both are there, and a trigger keeps them
//! equal. When that release is gone, the old one goes with the trigger.

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{Column, DeclaredSchema, Model, SqlFile, Type, TypeKind};

use crate::dialect::in_step::statements;
use crate::schema::Name;

/// Whether both names can be there at once. SQLite has no trigger that changes the row before it is written.
pub(super) fn can_be(declared: &DeclaredSchema, was: &Column, is: &Column) -> bool {
    let plain = |it: &Column| it.identity.is_none() && it.sequence.is_none() && it.generated.is_none();
    // What a release writes on purpose could not be told from what the default of the other name gives.
    let is_told = |it: &Column| !it.nullable || it.default.is_none();
    declared.dialects == [Dialect::Postgres]
        && [was, is].into_iter().all(|it| plain(it) && is_told(it))
        && (was.ty == is.ty || are_alike(&was.ty, &is.ty))
}

/// Whether each holds what the other one does, or refuses it: neither is ever rounded to fit the other.
fn are_alike(was: &Type, is: &Type) -> bool {
    let kind = |ty: &Type| {
        let name = ty.name.as_str();
        match ty.kind {
            _ if ty.array > 0 => None,
            TypeKind::Enum => Some(Kind::Written),
            TypeKind::Sql => None,
            TypeKind::Diesel => match name {
                "Int2" | "Int4" | "Int8" | "SmallInt" | "Integer" | "BigInt" => Some(Kind::Integer),
                "Text" | "Varchar" | "VarChar" => Some(Kind::Text),
                "Timestamp" | "Timestamptz" => Some(Kind::Time),
                "Uuid" | "Json" | "Jsonb" | "Inet" | "Cidr" => Some(Kind::Written),
                "Numeric" | "Decimal" if ty.modifiers.is_empty() => Some(Kind::Written),
                _ => None,
            },
        }
    };
    match (kind(was), kind(is)) {
        (Some(Kind::Text), Some(Kind::Integer | Kind::Written)) => true,
        (Some(Kind::Integer | Kind::Written), Some(Kind::Text)) => true,
        (Some(a), Some(b)) => a == b && a != Kind::Written,
        _ => false,
    }
}

/// Types that are alike.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Integer,
    Text,
    /// With a zone or without: a session says which one.
    Time,
    /// What a text is read as, and is written as again.
    Written,
}

/// What keeps them equal, as a file of the models would say it. Its path is what it is called in messages.
pub(super) fn file(model: &Model, from: &str, to: &str) -> SqlFile {
    let table = Name::qualified(model.namespace.clone(), &model.table);
    SqlFile {
        path: format!("trigger that keeps {table}.{from} equal to {table}.{to}"),
        text: statements(&table, from, to),
        dialects: vec![Dialect::Postgres],
    }
}
