//! Diesel's derives panic there.
use diesel_schema::prelude::*;

#[model(table = "type")]
struct r#Type {
    #[primary_key]
    id: i32,
}

fn main() {}
