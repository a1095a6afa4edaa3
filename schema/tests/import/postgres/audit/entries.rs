use diesel_schema::prelude::*;

use super::super::{OptionRow, Team};

#[model(table = "entries", schema = "audit")]
#[derive(Debug, Clone)]
pub struct Entry {
    #[primary_key]
    #[references(Team)]
    pub id: i64,
    #[references(OptionRow)]
    pub of_option: Option<i32>,
}
