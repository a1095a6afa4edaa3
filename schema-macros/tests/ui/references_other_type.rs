//! Both sides of a foreign key are of one type.
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
    #[references(User)]
    author: String,
}

schema! {
    mod schema;
    models: [User, Post],
}

fn main() {}
