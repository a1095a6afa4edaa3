use chrono::NaiveDate;
use diesel_schema::prelude::*;

use super::Event;

#[model(table = "events_rest", partition_of(Event, "DEFAULT"))]
#[primary_key(id, at, name = "rest_key")]
#[check("kind <> ''::text", name = "has_kind")]
#[derive(Debug, Clone)]
pub struct EventsRest {
    pub id: i64,
    #[index(name = "rest_at")]
    pub at: NaiveDate,
    #[default("x")]
    pub kind: Option<String>,
}
