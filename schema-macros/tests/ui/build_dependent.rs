//! What a table is does not depend on how the crate is built.
use diesel_schema::prelude::*;

#[model(table = "users")]
struct User {
    #[primary_key]
    id: i32,
    #[cfg(test)]
    name: String,
    #[cfg_attr(not(test), allow(unused), unique)]
    email: String,
}

#[model(table = "posts")]
#[cfg(not(test))]
#[cfg_attr(test, index(title))]
struct Post {
    #[primary_key]
    id: i32,
    #[cfg_attr(test, allow(unused))]
    title: String,
}

fn main() {}
