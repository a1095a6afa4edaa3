use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
}

#[derive(Debug, SqlEnum)]
pub enum Tone {
    Loud,
}

schema! {
    pub mod schema;
    models: [],
}

fn main() {}
