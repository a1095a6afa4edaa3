#![deny(deprecated)]

use diesel_schema::prelude::*;

#[model(table = "teams")]
pub struct Team {
    #[primary_key]
    #[index]
    pub id: i32,
    #[unique]
    #[index]
    pub name: String,
    #[unique]
    #[index(desc)]
    pub other: String,
}

schema! {
    pub mod schema;
    models: [Team],
}

fn main() {}
