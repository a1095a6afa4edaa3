use chrono::NaiveDate;
use diesel_schema::prelude::*;

use super::Event;

#[model(table = "events_old", partition_of(Event, "FOR VALUES FROM (MINVALUE) TO ('2024-01-01')"), partition_by = "LIST (id)")]
#[derive(Debug, Clone)]
pub struct EventsOld {
    #[primary_key]
    pub id: i64,
    #[primary_key]
    pub at: NaiveDate,
    pub kind: Option<String>,
}
