use diesel::prelude::*;
use diesel_schema::prelude::*;

#[model(table = "users")]
pub struct User {
    #[primary_key]
    pub id: i32,
    pub email: String,
    pub bio: Option<String>,
    pub r#type: i32,
    #[default(true)]
    pub active: bool,
}

schema! {
    pub mod schema;
    models: [User],
}

#[derive(Insertable, CompleteInsert)]
#[diesel(table_name = schema::users)]
pub struct Whole<'a> {
    pub email: &'a str,
    pub type_: i32,
}

#[derive(Insertable, CompleteInsert)]
#[diesel(table_name = schema::users)]
pub struct NewUser {
    pub bio: Option<String>,
    pub type_: Option<i32>,
}

#[derive(Insertable, CompleteInsert)]
#[diesel(table_name = schema::users)]
pub struct Skipped {
    #[diesel(column_name = email)]
    pub mail: String,
    #[diesel(skip_insertion)]
    pub type_: i32,
}

fn main() {}
