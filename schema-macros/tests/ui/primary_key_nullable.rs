use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: Option<i32>,
}

fn main() {}
