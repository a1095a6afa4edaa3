use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
pub enum Tone {
    Loud(i32),
}

fn main() {}
