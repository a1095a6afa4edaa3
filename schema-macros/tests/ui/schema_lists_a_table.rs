//! A list is of structs.
use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
}

schema! {
    mod schema;
    models: [User, users],
}

fn main() {}
