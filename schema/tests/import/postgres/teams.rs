use diesel_schema::prelude::*;

use super::Person;

/// Who works together.
#[model(table = "teams")]
#[derive(Debug, Clone)]
pub struct Team {
    #[primary_key]
    #[identity(always)]
    pub id: i64,
    /// As it is said.
    #[sql_type(Varchar(8))]
    #[unique]
    pub code: String,
    #[unique(name = "old_once")]
    pub old: i32,
    #[references(Person, join = false)]
    pub lead: Option<i32>,
}
