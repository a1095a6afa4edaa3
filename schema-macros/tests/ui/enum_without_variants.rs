use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
enum Tone {}

fn main() {}
