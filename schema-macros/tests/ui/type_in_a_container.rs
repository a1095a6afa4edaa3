//! A column holds the value itself.
use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    name: Box<str>,
    tags: std::collections::HashMap<String, String>,
    bio: Option<Option<String>>,
    small: Option<std::borrow::Cow<'static, str>>,
}

fn main() {}
