//! Enum types.

use diesel_schema::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, SqlEnum)]
#[sql_enum(no_values)]
pub enum Nothing {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, SqlEnum)]
#[sql_enum(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Open,
    InWork,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, SqlEnum)]
pub enum Tone {
    #[sql_value("very kind")]
    VeryKind,
    Casual,
}
