use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    id: i32,
}

fn main() {}
