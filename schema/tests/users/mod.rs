//! The model of the tests that type commands: users, with an id and a name.

use diesel_schema::Dialect;
use diesel_schema::def::*;

pub(crate) const USER: ModelDef = ModelDef {
    namespace: None,
    table: "users",
    rust: "User",
    fields: "id name",
    renamed: &[],
    facts: FactsDef {
        lines: "table users\ncolumn users.id type=Int4\ncolumn users.name type=Text null\nprimary_key users columns=[id]",
        places: "src/models.rs:2:1 \nsrc/models.rs:3:5 id\nsrc/models.rs:4:5 name\nsrc/models.rs:3:5 id",
        holes: &[],
        seen: SeenDef::NOTHING,
    },
    at: "src/models.rs:2:1",
};

pub(crate) const fn schema(models: &'static [&'static ModelDef], dialects: &'static [Dialect]) -> SchemaDef {
    SchemaDef { models, enums: &[], sequences: &[], sql: &[], dialects, comments: false, at: "src/lib.rs:1:1" }
}
