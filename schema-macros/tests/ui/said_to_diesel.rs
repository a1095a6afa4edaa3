//! What `#[model]` tells Diesel, nobody else does.
use diesel_schema::prelude::*;

#[model(table = "users")]
#[diesel(table_name = people)]
struct User {
    #[primary_key]
    id: i32,
}

#[model(table = "posts")]
#[diesel(check_for_backend(diesel::pg::Pg), primary_key(title))]
struct Post {
    #[primary_key]
    id: i32,
    title: String,
}

#[model(table = "tags")]
struct Tag {
    #[primary_key]
    id: i32,
    #[diesel(embed)]
    name: String,
}

#[model(table = "likes")]
#[model(table = "loves")]
struct Like {
    #[primary_key]
    id: i32,
}

fn main() {}
