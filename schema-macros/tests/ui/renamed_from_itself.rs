use diesel_schema::prelude::*;

#[model(table = "users")]
#[renamed_from("users")]
struct User {
    #[primary_key]
    id: i32,
    #[renamed_from("name")]
    name: String,
}

fn main() {}
