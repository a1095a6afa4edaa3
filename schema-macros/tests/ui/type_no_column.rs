//! A type of the user's own has to be known as a column's.
use diesel_schema::prelude::*;

pub struct Money(i64);

#[model(table = "orders")]
pub struct Order {
    #[primary_key]
    pub id: i32,
    pub name: Money,
}

schema! {
    pub mod schema;
    models: [Order],
}

fn main() {}
