use diesel_schema::prelude::*;

#[model(table = "pairs", without_rowid)]
#[derive(Debug, Clone)]
pub struct Pair {
    #[primary_key]
    #[identity(none)]
    pub id: i32,
    pub b: Option<String>,
}
