use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: u32,
    name: &'static str,
}

fn main() {}
