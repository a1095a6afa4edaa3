use chrono::{DateTime, NaiveDate, Utc};
use diesel_schema::prelude::*;

use super::Nothing;

#[model(table = "options")]
#[derive(Debug, Clone)]
pub struct OptionRow {
    #[primary_key]
    #[identity(none)]
    pub id: i32,
    #[sql_name("createdAt")]
    #[default(now())]
    pub created_at: Option<DateTime<Utc>>,
    #[sql_name("created_at")]
    pub created_at_: Option<NaiveDate>,
    pub kind: Option<Nothing>,
}
