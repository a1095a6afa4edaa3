//! As SQL and other libraries spell it.
use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[references(users(id))]
    a: i32,
    #[references("users")]
    b: i32,
    #[check(a > 3)]
    c: i32,
}

fn main() {}
