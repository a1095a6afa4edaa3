use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[sql_type(Varchr(64))]
    name: String,
}

fn main() {}
