use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
enum Tone {
    Loud(i32),
}

fn main() {}
