use diesel_schema::prelude::*;

#[model(table = "cities")]
#[check("name <> ''::text")]
#[derive(Debug, Clone)]
pub struct City {
    #[primary_key]
    #[identity(serial)]
    pub id: i32,
    pub name: String,
}
