use diesel_schema::prelude::*;

#[model(table = "a_very_long_name_of_a_table_that_reaches_the_limit_of_63_bytes")]
#[derive(Debug, Clone)]
pub struct AVeryLongNameOfATableThatReachesTheLimitOf63Byte {
    #[primary_key]
    #[identity(none)]
    pub id: i32,
    #[unique]
    pub a_column_whose_name_is_long_too: Option<i32>,
}
