use diesel_schema::prelude::*;

#[model(table = "users")]
pub struct User {
    #[primary_key]
    pub id: i32,
    pub email: String,
    #[unique]
    pub name: String,
}

#[model(table = "posts")]
pub struct Post {
    #[primary_key]
    pub id: i32,
    #[references(User, column = email)]
    pub email: String,
    #[references(User, column = name, join = false)]
    pub name: String,
}

schema! {
    pub mod schema;
    models: [User, Post],
}

fn main() {}
