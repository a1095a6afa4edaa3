use diesel_schema::prelude::*;

use super::OrderLine;

#[model(table = "order_lines")]
#[derive(Debug, Clone)]
pub struct OrderLineRow {
    #[primary_key]
    #[identity(serial)]
    pub id: i32,
    #[references(OrderLine)]
    pub order_lines: Option<i32>,
    #[sql_name("1st")]
    pub _1st: Option<i32>,
}
