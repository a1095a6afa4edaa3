use diesel_schema::prelude::*;

#[model(table = "users")]
#[index(nmae)]
#[unique(id, zzz)]
struct User {
    #[primary_key]
    id: i32,
    name: String,
}

fn main() {}
