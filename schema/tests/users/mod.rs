//! The model of the tests that type commands: users, with an id and a name.

use diesel_schema::Dialect;
use diesel_schema::def::*;

pub(crate) const NAME: ColumnDef = ColumnDef {
    name: "name",
    rust: "name",
    ty: TypeDef { kind: TypeKind::Diesel, namespace: None, name: "Text", modifiers: &[], array: 0 },
    nullable: true,
    default: None,
    identity: None,
    sequence: None,
    generated: None,
    is_virtual: false,
    not_null: None,
    collation: None,
    comment: "",
    renamed_from: None,
    at: "src/models.rs:4:5",
};

pub(crate) const USER: ModelDef = ModelDef {
    namespace: None,
    table: "users",
    rust: "User",
    comment: "",
    renamed_from: None,
    columns: &[
        ColumnDef { name: "id", rust: "id", nullable: false, ty: TypeDef { name: "Int4", ..NAME.ty }, ..NAME },
        NAME,
    ],
    primary_key: KeyDef {
        name: None,
        columns: &["id"],
        include: &[],
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: Deferrable::No,
        at: "src/models.rs:3:5",
    },
    uniques: &[],
    foreign_keys: &[],
    checks: &[],
    indexes: &[],
    inheritance: InheritanceDef::NONE,
    options: &[],
    facts: FactsDef::NONE,
    at: "src/models.rs:2:1",
};

pub(crate) const fn schema(models: &'static [&'static ModelDef], dialects: &'static [Dialect]) -> SchemaDef {
    SchemaDef { models, enums: &[], sequences: &[], sql: &[], dialects, comments: false, at: "src/lib.rs:1:1" }
}
