//! What stands around the name of a type.
use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[sql_type(Varchar(5, 6))]
    a: String,
    #[sql_type(Varchar(0))]
    b: String,
    #[sql_type(Integer(5))]
    c: i32,
    #[sql_type(Nullable<Text>)]
    d: Option<String>,
    #[sql_type(diesel::sql_types::Text)]
    e: String,
    #[sql_type(Array)]
    f: Vec<String>,
    #[sql_type(Numeric(10, 2, 1))]
    g: String,
}

fn main() {}
