use diesel_schema::embed_migrations;
use diesel_schema::prelude::*;
use diesel_schema::upgrade::Migrations;

schema! {
    pub mod schema;
    models: [],
}

static MIGRATIONS: Migrations = embed_migrations!("schema/tests/upgrade/migrations", schema: schema);

fn main() {}
