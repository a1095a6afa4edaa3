use chrono::NaiveDate;
use diesel_schema::prelude::*;

use super::EventsOld;

#[model(table = "events_old_a", partition_of(EventsOld, "FOR VALUES IN ('1', '2')"))]
#[derive(Debug, Clone)]
pub struct EventsOldA {
    #[primary_key]
    pub id: i64,
    #[primary_key]
    pub at: NaiveDate,
    pub kind: Option<String>,
}
