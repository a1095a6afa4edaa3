use diesel_schema::prelude::*;

#[model(table = "select")]
#[primary_key(b, a)]
#[derive(Debug, Clone)]
pub struct Select {
    pub a: i32,
    pub b: i32,
}
