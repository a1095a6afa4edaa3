use diesel_schema::prelude::*;

mod a {
    use diesel_schema::prelude::*;
    #[model(table = "users")]
    pub struct User {
        #[primary_key]
        pub id: i32,
    }
    #[model(table = "users")]
    pub struct Person {
        #[primary_key]
        pub id: i32,
    }
}

schema! {
    pub mod schema;
    models: [a::User, a::Person],
}

fn main() {}
