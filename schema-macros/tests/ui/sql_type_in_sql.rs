use diesel_schema::prelude::*;

#[model(table = "shapes")]
struct Shape {
    #[primary_key]
    id: i32,
    #[sql_type(sql = "")]
    untyped: String,
    #[sql_type(diesel = diesel::sql_types::Text)]
    wordless: String,
    #[sql_type(sql = 1, diesel = diesel::sql_types::Text)]
    number: String,
}

fn main() {}
