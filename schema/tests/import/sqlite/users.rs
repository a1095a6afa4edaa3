use chrono::NaiveDateTime;
use diesel_schema::prelude::*;

#[model(table = "users")]
#[derive(Debug, Clone)]
pub struct User {
    #[primary_key]
    #[identity(always)]
    pub id: i32,
    #[collation("NOCASE")]
    #[unique]
    pub email: String,
    #[sql_type(Varchar(64))]
    #[default("x")]
    pub name: Option<String>,
    #[sql_type(sql = "DATETIME", diesel = diesel::sql_types::Timestamp)]
    #[default(now())]
    pub at: Option<NaiveDateTime>,
    #[sql_type(sql = "DECIMAL(10, 2)", diesel = diesel::sql_types::Float8)]
    pub price: Option<f64>,
    #[default(sql = "0")]
    pub ok: bool,
}
