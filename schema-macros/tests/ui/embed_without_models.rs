use diesel_schema::embed_migrations;
use diesel_schema::upgrade::Migrations;

static MIGRATIONS: Migrations = embed_migrations!("schema-macros/tests/ui/drift");

fn main() {}
