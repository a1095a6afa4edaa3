use diesel_schema::prelude::*;

schema! {
    pub mod schema;
    modles: [],
}

fn main() {}
