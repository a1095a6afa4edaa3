use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primray_key]
    id: i32,
}

fn main() {}
