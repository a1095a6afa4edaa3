use diesel_schema::prelude::*;

#[model]
struct User {
    #[primary_key]
    id: i32,
}

fn main() {}
