use chrono::NaiveDate;
use diesel_schema::prelude::*;

use super::EventsOld;

#[model(table = "events_old_rest", partition_of(EventsOld, "DEFAULT"))]
#[derive(Debug, Clone)]
pub struct EventsOldRest {
    #[primary_key]
    pub id: i64,
    #[primary_key]
    pub at: NaiveDate,
    #[index(name = "old_kinds")]
    pub kind: Option<String>,
}
