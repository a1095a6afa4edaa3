use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
pub enum Tone {
    Loud,
    #[sql_value("loud")]
    Noisy,
}

fn main() {}
