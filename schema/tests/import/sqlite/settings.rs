use diesel_schema::prelude::*;

#[model(table = "settings", strict, without_rowid)]
#[derive(Debug, Clone)]
pub struct Setting {
    #[primary_key]
    pub k: String,
    #[sql_type(sql = "ANY", diesel = diesel::sql_types::Binary)]
    pub v: Option<Vec<u8>>,
    pub n: Option<i32>,
    #[generated("n * 2", virtual)]
    pub twice: Option<i32>,
    #[generated("n * 3")]
    pub thrice: Option<i32>,
}
