use diesel::{PgConnection, QueryResult};
use diesel_schema::embed_migrations;
use diesel_schema::upgrade::Migrations;

static MIGRATIONS: Migrations = embed_migrations!("schema/tests/upgrade/steps", steps: {
    "2" => fill,
    "3" => fill,
    "33" => fill,
});

fn fill(_: &mut PgConnection) -> QueryResult<()> {
    Ok(())
}

fn main() {}
