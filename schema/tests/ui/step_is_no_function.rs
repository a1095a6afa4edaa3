use diesel::{PgConnection, QueryResult};
use diesel_schema::embed_migrations;
use diesel_schema::upgrade::Migrations;

static MIGRATIONS: Migrations = embed_migrations!("schema/tests/upgrade/steps", steps: {
    "2" => fill,
    "3" => { up: on_text },
});

fn fill(_: &mut PgConnection, _: u32) -> QueryResult<()> {
    Ok(())
}

fn on_text(_: &mut String) -> QueryResult<()> {
    Ok(())
}

fn main() {}
