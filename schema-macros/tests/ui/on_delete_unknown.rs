use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[references(User, on_delete = casade)]
    parent: i32,
}

fn main() {}
