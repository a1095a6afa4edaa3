//! The tables. `cargo run --bin autogenerate -- "what changes"` turns an edit here into a migration.

mod a_very_long_name_of_a_table_that_reaches_the_limit_of_63_bytes;
pub mod audit;
mod choices;
mod cities;
mod enums;
mod events;
mod events_old;
mod events_old_a;
mod events_old_rest;
mod events_rest;
mod logs;
mod options;
mod order_lines;
mod order_lines_;
mod people;
mod select;
pub mod sql_types;
mod teams;

// Globs: what #[model] makes beside a struct has to be seen with it.
pub use self::a_very_long_name_of_a_table_that_reaches_the_limit_of_63_bytes::*;
pub use self::choices::*;
pub use self::cities::*;
pub use self::enums::*;
pub use self::events::*;
pub use self::events_old::*;
pub use self::events_old_a::*;
pub use self::events_old_rest::*;
pub use self::events_rest::*;
pub use self::logs::*;
pub use self::options::*;
pub use self::order_lines::*;
pub use self::order_lines_::*;
pub use self::people::*;
pub use self::select::*;
pub use self::teams::*;

diesel_schema::prelude::schema! {
    pub mod schema;
    models: [
        OrderLine,
        AVeryLongNameOfATableThatReachesTheLimitOf63Byte,
        Choice,
        City,
        Event,
        EventsOld,
        EventsOldA,
        EventsOldRest,
        EventsRest,
        Log,
        OptionRow,
        OrderLineRow,
        Person,
        Select,
        Team,
        audit::Capital,
        audit::Entry,
    ],
    enums: [
        Nothing,
        State,
        Tone,
    ],
    sequences: [
        tickets(start = 100, cache = 5),
    ],
    comments: true,
    same_query: all,
    dialects: [postgres],
}
