use diesel_schema::prelude::*;

#[model(table = "log", no_primary_key)]
struct Log {
    #[primary_key]
    id: i32,
}

#[model(table = "lines", no_primary_keys)]
struct Line {
    text: String,
}

fn main() {}
