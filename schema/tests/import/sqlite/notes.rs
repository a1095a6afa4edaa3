use diesel_schema::prelude::*;

use super::User;

#[model(table = "notes")]
#[check("length(body) > 0")]
#[derive(Debug, Clone)]
pub struct Note {
    #[primary_key(nullable)]
    pub id: Option<String>,
    #[index(desc, name = "notes_by_user")]
    #[references(User, on_delete = cascade)]
    pub user_id: Option<i32>,
    #[index]
    pub body: Option<Vec<u8>>,
    #[default(sql = "0")]
    pub nonce: Vec<u8>,
    #[default(sql = "1.5")]
    pub salt: Option<Vec<u8>>,
    #[sql_name("Group")]
    pub group: Option<i64>,
}
