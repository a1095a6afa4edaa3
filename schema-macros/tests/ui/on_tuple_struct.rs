use diesel_schema::prelude::*;

#[model(table = "users")]
struct User(i32);

fn main() {}
