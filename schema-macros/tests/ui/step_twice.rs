use diesel_schema::embed_migrations;
use diesel_schema::upgrade::Migrations;

static MIGRATIONS: Migrations = embed_migrations!("schema/tests/upgrade/steps", steps: {
    "2" => fill,
    "sqlite/2" => fill,
});

fn main() {}
