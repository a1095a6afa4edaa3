#![deny(deprecated)]

use diesel_schema::prelude::*;

#[model(table = "users")]
#[index(email, name)]
#[index(email, name)]
#[index(email, name, name = "users_again")]
pub struct User {
    #[primary_key]
    pub id: i32,
    pub email: String,
    pub name: String,
}

schema! {
    pub mod schema;
    models: [User],
}

fn main() {}
