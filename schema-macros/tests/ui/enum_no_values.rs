use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
#[sql_enum(no_values)]
enum Tone {
    Casual,
}

fn main() {}
