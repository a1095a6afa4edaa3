use diesel_schema::prelude::*;

#[model(table = "users")]
struct User<T> {
    #[primary_key]
    id: T,
}

fn main() {}
