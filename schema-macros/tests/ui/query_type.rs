use diesel::prelude::*;
use diesel_schema::prelude::*;

#[model(table = "users")]
pub struct User {
    #[primary_key]
    pub id: i32,
    pub bio: Option<String>,
}

schema! {
    pub mod schema;
    models: [User],
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::users, check_for_backend(diesel::sqlite::Sqlite))]
pub struct Short {
    pub id: i64,
    pub bio: String,
}

fn main() {}
