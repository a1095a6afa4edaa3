use diesel_schema::prelude::*;

#[model(table = "plain", no_primary_key)]
#[derive(Debug, Clone)]
pub struct Plain {
    #[sql_type(sql = "INT", diesel = diesel::sql_types::Int4)]
    pub a: Option<i32>,
    pub b: Option<String>,
    #[sql_type(sql = "", diesel = diesel::sql_types::Binary)]
    pub anything: Option<Vec<u8>>,
}
