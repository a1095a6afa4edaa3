//! As much as one model can say.

use diesel_schema::prelude::*;

#[model(table = "users", schema = "audit")]
#[primary_key(id, name = "users_key")]
#[index(id desc nulls_first, "lower(name)" text_pattern_ops, unique, using = "btree", include(name), where = "id > 0")]
struct User {
    id: i64,
    #[default(-1)]
    n: i16,
    #[default(now())]
    #[sql_type(Text)]
    at: String,
    #[index(unique, desc, name = "by_name")]
    #[collation("C")]
    name: String,
    tags: Vec<Option<String>>,
    raw: Vec<u8>,
    f: f64,
    users: bool,
}

schema! {
    mod schema;
    models: [User],
    dialects: [postgres],
}

#[test]
fn every_attribute_is_taken() {
    assert_eq!(schema::SCHEMA.models[0].namespace, Some("audit"));
    let _ = schema::users::users_;
}
