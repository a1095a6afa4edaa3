//! What a revision is called: its id and its slug.

pub use diesel_schema_core::revision::{NameError, ids, slug};
