use chrono::{DateTime, Utc};
use diesel_schema::prelude::*;

#[model(table = "logs", no_primary_key)]
#[derive(Debug, Clone)]
pub struct Log {
    #[index(where = "line <> ''::text", name = "by line")]
    pub line: String,
    pub at: Option<DateTime<Utc>>,
}
