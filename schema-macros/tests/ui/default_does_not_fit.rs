use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[default("yes")]
    active: bool,
    #[default(70000)]
    small: i16,
    #[default(true)]
    name: String,
}

fn main() {}
