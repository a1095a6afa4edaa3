//! A default is SQL.
use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[default(Tone::Calm)]
    tone: String,
    #[default(chrono::Utc::now())]
    at: String,
    #[default(None)]
    name: Option<String>,
    #[default(now())]
    #[sql_type(Text)]
    fine: String,
}

fn main() {}
