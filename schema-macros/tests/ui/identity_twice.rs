use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    #[identity(allways)]
    id: i32,
    #[identity(always)]
    name: String,
}

fn main() {}
