use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[generated]
    length: i32,
}

fn main() {}
