use diesel_schema::prelude::*;

#[model(table = "seats")]
#[primary_key(room, number)]
pub struct Seat {
    pub room: i32,
    pub number: i32,
}

#[model(table = "tickets")]
pub struct Ticket {
    #[primary_key]
    pub id: i32,
    #[references(Seat, join = false)]
    pub seat: i32,
}

#[model(table = "notes")]
pub struct Note {
    #[primary_key]
    pub id: i32,
    #[references(Seat, join = false)]
    pub seat: i32,
}

schema! {
    pub mod schema;
    models: [Seat, Ticket, Note],
}

fn main() {}
