//! Which SQL type a Rust type is.

use diesel::sql_types;

use crate::def::TypeDef;

/// A Rust type that a field of a model may have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no type of a column",
    label = "write a type that implements `SqlColumn`, or say the column's type with `#[sql_type(..)]`",
    note = "chrono, time, uuid, serde_json, bigdecimal, rust_decimal and ipnetwork are features of diesel-schema"
)]
pub trait SqlColumn {
    /// Diesel's SQL type.
    type Sql;
    /// The same for migrations.
    const TYPE: TypeDef;
    /// Whether a value may be NULL.
    const NULLABLE: bool = false;
    /// All values as the database has them, where they can be told.
    const VALUES: Option<&'static [&'static str]> = None;
}

macro_rules! columns {
    ($($(#[$meta:meta])* $rust:ty => $sql:ty, $name:literal;)*) => {
        $(
            $(#[$meta])*
            impl SqlColumn for $rust {
                type Sql = $sql;
                const TYPE: TypeDef = TypeDef::diesel($name);
            }
        )*
    };
}

columns! {
    i16 => sql_types::SmallInt, "Int2";
    i32 => sql_types::Integer, "Int4";
    i64 => sql_types::BigInt, "Int8";
    f32 => sql_types::Float, "Float4";
    f64 => sql_types::Double, "Float8";
    bool => sql_types::Bool, "Bool";
    String => sql_types::Text, "Text";
    Vec<u8> => sql_types::Binary, "Binary";
    #[cfg(feature = "postgres")]
    std::time::SystemTime => sql_types::Timestamp, "Timestamp";
    #[cfg(feature = "chrono")]
    chrono::NaiveDateTime => sql_types::Timestamp, "Timestamp";
    #[cfg(feature = "chrono")]
    chrono::NaiveDate => sql_types::Date, "Date";
    #[cfg(feature = "chrono")]
    chrono::NaiveTime => sql_types::Time, "Time";
    #[cfg(all(feature = "chrono", any(feature = "postgres", feature = "sqlite")))]
    chrono::DateTime<chrono::Utc> => super::sql_types::Timestamptz, "Timestamptz";
    #[cfg(feature = "time")]
    time::PrimitiveDateTime => sql_types::Timestamp, "Timestamp";
    #[cfg(feature = "time")]
    time::Date => sql_types::Date, "Date";
    #[cfg(feature = "time")]
    time::Time => sql_types::Time, "Time";
    #[cfg(all(feature = "time", any(feature = "postgres", feature = "sqlite")))]
    time::OffsetDateTime => super::sql_types::Timestamptz, "Timestamptz";
    #[cfg(all(feature = "uuid", feature = "postgres"))]
    uuid::Uuid => sql_types::Uuid, "Uuid";
    #[cfg(feature = "serde_json")]
    serde_json::Value => sql_types::Jsonb, "Jsonb";
    #[cfg(feature = "bigdecimal")]
    bigdecimal::BigDecimal => sql_types::Numeric, "Numeric";
    #[cfg(feature = "rust_decimal")]
    rust_decimal::Decimal => sql_types::Numeric, "Numeric";
    #[cfg(all(feature = "ipnetwork", feature = "postgres"))]
    ipnetwork::IpNetwork => sql_types::Inet, "Inet";
}

impl<T> SqlColumn for Option<T>
where
    T: SqlColumn<Sql: sql_types::SqlType<IsNull = sql_types::is_nullable::NotNull>>,
{
    type Sql = sql_types::Nullable<T::Sql>;
    const TYPE: TypeDef = T::TYPE;
    const NULLABLE: bool = true;
    const VALUES: Option<&'static [&'static str]> = T::VALUES;
}

#[cfg(feature = "postgres")]
impl<T: SqlColumn<Sql: sql_types::SqlType>> SqlColumn for Vec<T> {
    type Sql = sql_types::Array<T::Sql>;
    const TYPE: TypeDef = T::TYPE.array_of();
}
