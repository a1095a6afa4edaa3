//! A slip in `schema!` is one error, and not one more for each model.
use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
}

#[model(table = "posts")]
struct Post {
    #[primary_key]
    id: i32,
}

schema! {
    mod schema;
    models: [User, Post],
    dialects: ["postgres"],
}

fn main() {}
