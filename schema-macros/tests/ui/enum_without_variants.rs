use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
pub enum Tone {}

fn main() {}
