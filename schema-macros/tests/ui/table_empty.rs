use diesel_schema::prelude::*;

#[model(table = "")]
struct User {
    #[primary_key]
    id: i32,
}

fn main() {}
