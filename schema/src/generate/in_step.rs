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
        && (was.ty == is.ty || is_integer(&was.ty) && is_integer(&is.ty))
}

fn is_integer(ty: &Type) -> bool {
    let names = ["Int2", "Int4", "Int8", "SmallInt", "Integer", "BigInt"];
    ty.kind == TypeKind::Diesel && ty.array == 0 && names.contains(&ty.name.as_str())
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
