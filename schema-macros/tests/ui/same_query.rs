//! What may stand in one query is said in words, or by models that are listed.
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
    same_query: [[User, Posts]],
}

mod elsewhere {
    diesel_schema::prelude::schema! {
        mod schema;
        models: [],
        same_query: everything,
    }
}

fn main() {}
