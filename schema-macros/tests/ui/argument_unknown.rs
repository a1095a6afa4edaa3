use diesel_schema::prelude::*;

#[model(table = "users", schma = "audit")]
struct User {
    #[primary_key]
    id: i32,
}

fn main() {}
