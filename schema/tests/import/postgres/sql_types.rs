//! The database's types that Diesel does not know.

/// `timetz`.
#[derive(Debug, Clone, Copy, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
#[diesel(postgres_type(name = "timetz"))]
pub struct Timetz;

/// `tsvector`.
#[derive(Debug, Clone, Copy, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
#[diesel(postgres_type(name = "tsvector"))]
pub struct Tsvector;

/// Several of them.
pub type TsvectorArray = diesel::sql_types::Array<diesel::sql_types::Nullable<Tsvector>>;
