use diesel_schema::embed_migrations;
use diesel_schema::prelude::*;
use diesel_schema::upgrade::Migrations;

#[model(table = "users")]
#[index(email)]
pub struct User {
    #[primary_key]
    pub id: i64,
    pub email: String,
    pub nick: Option<String>,
    pub age: Option<i16>,
    #[default(now())]
    #[sql_type(Timestamp)]
    pub seen_at: chrono::NaiveDateTime,
    pub tone: Tone,
    #[references(Team, on_delete = cascade)]
    pub team_id: i32,
}

#[model(table = "teams")]
pub struct Team {
    #[primary_key]
    pub id: i32,
}

#[model(table = "spare")]
pub struct Spare {
    #[primary_key]
    pub id: i32,
}

/// How somebody writes,
/// which is of no importance to the database.
#[derive(Debug, SqlEnum)]
pub enum Tone {
    Formal,
    Casual,
}

schema! {
    pub mod schema;
    models: [User, Team, Spare],
    enums: [Tone],
    sequences: [numbers(start = 2)],
}

static MIGRATIONS: Migrations = embed_migrations!("schema-macros/tests/ui/drift", schema: schema);

fn main() {}
