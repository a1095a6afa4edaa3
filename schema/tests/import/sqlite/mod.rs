//! The tables. `cargo run --bin autogenerate -- "what changes"` turns an edit here into a migration.

mod notes;
mod pairs;
mod plain;
mod settings;
mod users;

// Globs: what #[model] makes beside a struct has to be seen with it.
pub use self::notes::*;
pub use self::pairs::*;
pub use self::plain::*;
pub use self::settings::*;
pub use self::users::*;

diesel_schema::prelude::schema! {
    pub mod schema;
    models: [
        Note,
        Pair,
        Plain,
        Setting,
        User,
    ],
    same_query: all,
    dialects: [sqlite],
}
