use diesel_schema::prelude::*;

#[model(table = "orders")]
struct Order {
    #[primary_key]
    #[identity(serial, sequense = "numbers")]
    id: i32,
    #[identity(serial, sequence = "")]
    number: i32,
    #[identity(none, start = 5)]
    place: i32,
    #[identity(serial, start = "five")]
    five: i32,
}

fn main() {}
