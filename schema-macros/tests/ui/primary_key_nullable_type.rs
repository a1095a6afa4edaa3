use diesel_schema::prelude::*;

#[model(table = "codes")]
struct Code {
    #[primary_key(nullable)]
    code: String,
}

#[model(table = "words")]
struct Word {
    #[primary_key(null)]
    word: Option<String>,
}

fn main() {}
