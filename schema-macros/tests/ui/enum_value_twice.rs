use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
enum Tone {
    Loud,
    #[sql_value("loud")]
    Noisy,
}

fn main() {}
