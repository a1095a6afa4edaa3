//! What a file with models needs: `use diesel_schema::prelude::*;`.

pub use diesel_schema_macros::{CompleteInsert, SqlEnum, model, schema};

pub use crate::model::{Model, SqlColumn, SqlEnum};
