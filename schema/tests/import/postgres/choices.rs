use diesel_schema::prelude::*;

use super::Select;

#[model(table = "choices")]
#[foreign_key((x, y) -> Select)]
#[derive(Debug, Clone)]
pub struct Choice {
    #[primary_key]
    #[identity(none)]
    pub id: i32,
    pub x: Option<i32>,
    pub y: Option<i32>,
}
