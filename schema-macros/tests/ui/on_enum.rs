use diesel_schema::prelude::*;

#[model(table = "users")]
enum User {
    A,
}

fn main() {}
