use diesel_schema::prelude::*;

#[model(table = "users")]
#[index(a, name = "one")]
#[index(b, name = "one")]
struct User {
    #[primary_key]
    id: i32,
    a: i32,
    b: i32,
    #[sql_name("a")]
    c: i32,
}

fn main() {}
