//! What is listed as an enum is one of the database.
use diesel_schema::prelude::*;

pub enum Plain {
    Loud,
}

schema! {
    pub mod schema;
    models: [],
    enums: [Plain],
}

fn main() {}
