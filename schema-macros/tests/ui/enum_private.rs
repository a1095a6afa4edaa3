//! The column of a private type could not be public.
use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
enum Tone {
    Calm,
}

fn main() {}
