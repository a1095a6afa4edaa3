use diesel_schema::prelude::*;

#[model(table = "Order Lines")]
#[derive(Debug, Clone)]
pub struct OrderLine {
    #[primary_key]
    #[identity(serial)]
    #[sql_name("Id")]
    pub id: i32,
    #[sql_name("a.b")]
    pub a_b: Option<i32>,
    #[sql_name(r#"say "hi""#)]
    pub say_hi: Option<String>,
    #[sql_name("self")]
    pub self_: Option<i32>,
    pub größe: Option<i32>,
}
