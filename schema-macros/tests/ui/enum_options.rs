use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
#[sql_enum(rename_all = "snakecase")]
pub enum Tone {
    Loud,
}

fn main() {}
