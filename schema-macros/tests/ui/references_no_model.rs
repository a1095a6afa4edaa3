use diesel_schema::prelude::*;

struct Plain;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[references(Plain, join = false)]
    other: i32,
}

schema! {
    pub mod schema;
    models: [User],
}

fn main() {}
