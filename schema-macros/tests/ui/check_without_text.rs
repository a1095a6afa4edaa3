use diesel_schema::prelude::*;

#[model(table = "users")]
#[check]
#[check("")]
struct User {
    #[primary_key]
    id: i32,
}

fn main() {}
