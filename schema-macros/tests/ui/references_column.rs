use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[references(User, column = idd)]
    other: i32,
}

schema! {
    pub mod schema;
    models: [User],
}

fn main() {}
