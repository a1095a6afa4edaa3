//! Enums as columns. An enum is its own SQL type, so that a model can name it without looking it up.

use crate::def::EnumDef;

/// An enum under `#[derive(SqlEnum)]`: a type of its own on PostgreSQL, text with a check on SQLite.
///
/// `#[sql_enum(name = "..", schema = "..", rename_all = "..")]` stands on the enum, `#[sql_value("..")]` on a
/// variant. What is not said is written in `snake_case`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no enum of the database",
    label = "write `#[derive(SqlEnum)]` on it"
)]
pub trait SqlEnum: Sized {
    /// All that the enum declares.
    const DEF: EnumDef;
    /// The value in the database.
    fn as_sql(&self) -> &'static str;
    /// The variant of a value in the database; `None` where no variant has it.
    fn from_sql(value: &[u8]) -> Option<Self>;
}

/// What Diesel's `AsExpression` and `FromSqlRow` derive, for a type under a macro of ours.
#[doc(hidden)]
#[macro_export]
macro_rules! __sql_value {
    ($rust:ty) => {
        impl $crate::__private::diesel::sql_types::SqlType for $rust {
            type IsNull = $crate::__private::diesel::sql_types::is_nullable::NotNull;
        }
        impl $crate::__private::diesel::sql_types::SingleValue for $rust {}
        impl $crate::__private::diesel::query_builder::QueryId for $rust {
            type QueryId = Self;
            const HAS_STATIC_QUERY_ID: bool = true;
        }
        $crate::__sql_value!(@expression $rust, $rust);
        impl<__ST, __DB> $crate::__private::diesel::deserialize::Queryable<__ST, __DB> for $rust
        where
            __DB: $crate::__private::diesel::backend::Backend,
            __ST: $crate::__private::diesel::sql_types::SingleValue,
            Self: $crate::__private::diesel::deserialize::FromSql<__ST, __DB>,
        {
            type Row = Self;
            fn build(row: Self) -> $crate::__private::diesel::deserialize::Result<Self> {
                ::core::result::Result::Ok(row)
            }
        }
    };
    (@expression $rust:ty, $sql:ty) => {
        $crate::__sql_value!(@bound $rust, $sql);
        $crate::__sql_value!(@bound $rust, $crate::__private::diesel::sql_types::Nullable<$sql>);
        impl<__DB> $crate::__private::diesel::serialize::ToSql<$crate::__private::diesel::sql_types::Nullable<$sql>, __DB>
            for $rust
        where
            __DB: $crate::__private::diesel::backend::Backend,
            Self: $crate::__private::diesel::serialize::ToSql<$sql, __DB>,
        {
            fn to_sql<'b>(
                &'b self,
                out: &mut $crate::__private::diesel::serialize::Output<'b, '_, __DB>,
            ) -> $crate::__private::diesel::serialize::Result {
                $crate::__private::diesel::serialize::ToSql::<$sql, __DB>::to_sql(self, out)
            }
        }
    };
    (@bound $rust:ty, $sql:ty) => {
        $crate::__sql_value!(@one [] $rust, $sql);
        $crate::__sql_value!(@one ['a] &'a $rust, $sql);
        $crate::__sql_value!(@one ['a, 'b] &'b &'a $rust, $sql);
    };
    (@one [$($life:lifetime),*] $rust:ty, $sql:ty) => {
        impl<$($life),*> $crate::__private::diesel::expression::AsExpression<$sql> for $rust {
            type Expression = $crate::__private::diesel::internal::derives::as_expression::Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                $crate::__private::diesel::internal::derives::as_expression::Bound::new(self)
            }
        }
    };
}

/// Reads and writes an enum on PostgreSQL.
#[doc(hidden)]
#[macro_export]
macro_rules! __sql_enum_postgres {
    ($rust:ty, $unknown:literal) => {
        impl $crate::__private::diesel::sql_types::HasSqlType<$rust> for $crate::__private::diesel::pg::Pg {
            fn metadata(lookup: &mut Self::MetadataLookup) -> $crate::__private::diesel::pg::PgTypeMetadata {
                let def = <$rust as $crate::model::SqlEnum>::DEF;
                lookup.lookup_type(def.name, def.namespace)
            }
        }
        impl $crate::__private::diesel::serialize::ToSql<$rust, $crate::__private::diesel::pg::Pg> for $rust {
            fn to_sql<'b>(
                &'b self,
                out: &mut $crate::__private::diesel::serialize::Output<'b, '_, $crate::__private::diesel::pg::Pg>,
            ) -> $crate::__private::diesel::serialize::Result {
                ::std::io::Write::write_all(out, $crate::model::SqlEnum::as_sql(self).as_bytes())?;
                ::core::result::Result::Ok($crate::__private::diesel::serialize::IsNull::No)
            }
        }
        impl $crate::__private::diesel::deserialize::FromSql<$rust, $crate::__private::diesel::pg::Pg> for $rust {
            fn from_sql(
                value: $crate::__private::diesel::pg::PgValue<'_>,
            ) -> $crate::__private::diesel::deserialize::Result<Self> {
                let bytes = value.as_bytes();
                <Self as $crate::model::SqlEnum>::from_sql(bytes)
                    .ok_or_else(|| ::std::format!($unknown, ::std::string::String::from_utf8_lossy(bytes)).into())
            }
        }
    };
}

/// Reads and writes an enum on SQLite.
#[doc(hidden)]
#[macro_export]
macro_rules! __sql_enum_sqlite {
    ($rust:ty, $unknown:literal) => {
        impl $crate::__private::diesel::sql_types::HasSqlType<$rust> for $crate::__private::diesel::sqlite::Sqlite {
            fn metadata(_: &mut ()) -> $crate::__private::diesel::sqlite::SqliteType {
                $crate::__private::diesel::sqlite::SqliteType::Text
            }
        }
        impl $crate::__private::diesel::serialize::ToSql<$rust, $crate::__private::diesel::sqlite::Sqlite> for $rust {
            fn to_sql<'b>(
                &'b self,
                out: &mut $crate::__private::diesel::serialize::Output<
                    'b,
                    '_,
                    $crate::__private::diesel::sqlite::Sqlite,
                >,
            ) -> $crate::__private::diesel::serialize::Result {
                out.set_value($crate::model::SqlEnum::as_sql(self));
                ::core::result::Result::Ok($crate::__private::diesel::serialize::IsNull::No)
            }
        }
        impl $crate::__private::diesel::deserialize::FromSql<$rust, $crate::__private::diesel::sqlite::Sqlite>
            for $rust
        {
            fn from_sql(
                value: $crate::__private::diesel::sqlite::SqliteValue<'_, '_, '_>,
            ) -> $crate::__private::diesel::deserialize::Result<Self> {
                let text = <::std::string::String as $crate::__private::diesel::deserialize::FromSql<
                    $crate::__private::diesel::sql_types::Text,
                    $crate::__private::diesel::sqlite::Sqlite,
                >>::from_sql(value)?;
                <Self as $crate::model::SqlEnum>::from_sql(text.as_bytes())
                    .ok_or_else(|| ::std::format!($unknown, text).into())
            }
        }
    };
}
