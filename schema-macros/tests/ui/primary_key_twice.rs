use diesel_schema::prelude::*;

#[model(table = "users")]
#[primary_key(id)]
struct User {
    #[primary_key]
    id: i32,
}

fn main() {}
