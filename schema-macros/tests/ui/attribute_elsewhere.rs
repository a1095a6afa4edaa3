use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    #[foreign_key((id) -> User)]
    id: i32,
}

fn main() {}
