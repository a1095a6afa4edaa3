use chrono::NaiveDate;
use diesel_schema::prelude::*;

#[model(table = "events", partition_by = "RANGE (at)")]
#[check("id > 0")]
#[index("lower(kind)")]
#[derive(Debug, Clone)]
pub struct Event {
    #[primary_key]
    pub id: i64,
    #[primary_key]
    pub at: NaiveDate,
    #[index]
    pub kind: Option<String>,
}
