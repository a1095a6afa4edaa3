use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
#[sql_enum(no_values)]
pub enum Tone {
    Casual,
}

fn main() {}
