use diesel_schema::prelude::*;

use super::super::City;

#[model(table = "capitals", schema = "audit", inherits(City))]
#[derive(Debug, Clone)]
pub struct Capital {
    #[primary_key]
    #[default(sql = "nextval('cities_id_seq'::regclass)")]
    pub id: i32,
    pub name: String,
    #[sql_type(Bpchar(2))]
    pub state: Option<String>,
}
