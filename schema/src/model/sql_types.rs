//! SQL types that several dialects share where Diesel has one for each.

#[cfg(all(feature = "postgres", not(feature = "sqlite")))]
pub use diesel::sql_types::Timestamptz;
#[cfg(all(feature = "sqlite", not(feature = "postgres")))]
pub use diesel::sql_types::TimestamptzSqlite as Timestamptz;

#[cfg(all(feature = "sqlite", feature = "postgres", any(feature = "chrono", feature = "time")))]
pub use both::Timestamptz;

#[cfg(all(any(feature = "sqlite", feature = "postgres"), any(feature = "chrono", feature = "time")))]
pub use moment::Moment;

#[cfg(all(any(feature = "sqlite", feature = "postgres"), any(feature = "chrono", feature = "time")))]
mod moment {
    use diesel::expression::AsExpression;
    use diesel::internal::derives::as_expression::Bound;
    use diesel::sql_types::Nullable;

    use super::Timestamptz;

    /// A moment to write or to compare with: `users::seen_at.eq(Moment(now))`, and in an `Insertable`
    /// `#[diesel(serialize_as = Moment<DateTime<Utc>>)]` at the field, or `treat_none_as_default_value = false` at an
    /// `Option`. Rows are read without it. Where both dialects are there it has to be said, because Rust lets no crate
    /// but Diesel say that types of chrono and time are values of a type of ours.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub struct Moment<T>(pub T);

    impl<T> From<T> for Moment<T> {
        fn from(moment: T) -> Self {
            Self(moment)
        }
    }

    impl<T> AsExpression<Timestamptz> for Moment<T> {
        type Expression = Bound<Timestamptz, T>;

        fn as_expression(self) -> Self::Expression {
            Bound::new(self.0)
        }
    }

    impl<T> AsExpression<Nullable<Timestamptz>> for Moment<T> {
        type Expression = Bound<Nullable<Timestamptz>, Option<T>>;

        fn as_expression(self) -> Self::Expression {
            Bound::new(Some(self.0))
        }
    }
}

#[cfg(all(feature = "sqlite", feature = "postgres", any(feature = "chrono", feature = "time")))]
mod both {
    use diesel::deserialize::{self, FromSql};
    use diesel::pg::{Pg, PgValue};
    use diesel::query_builder::QueryId;
    use diesel::serialize::{self, Output, ToSql};
    use diesel::sql_types::{Interval, SqlOrd, SqlType, TimestamptzSqlite, ops};
    use diesel::sqlite::{Sqlite, SqliteValue};

    /// A moment, on PostgreSQL (`timestamptz`) and SQLite (text) alike: one `table!` serves both connections.
    #[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
    #[diesel(postgres_type(oid = 1184, array_oid = 1185))]
    #[diesel(sqlite_type(name = "Text"))]
    pub struct Timestamptz;

    impl SqlOrd for Timestamptz {}

    impl ops::Add for Timestamptz {
        type Rhs = Interval;
        type Output = Self;
    }

    impl ops::Sub for Timestamptz {
        type Rhs = Interval;
        type Output = Self;
    }

    macro_rules! moment {
        ($rust:ty) => {
            impl FromSql<Timestamptz, Pg> for $rust {
                fn from_sql(bytes: PgValue<'_>) -> deserialize::Result<Self> {
                    <Self as FromSql<diesel::sql_types::Timestamptz, Pg>>::from_sql(bytes)
                }
            }

            impl ToSql<Timestamptz, Pg> for $rust {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
                    <Self as ToSql<diesel::sql_types::Timestamptz, Pg>>::to_sql(self, &mut out.reborrow())
                }
            }

            impl FromSql<Timestamptz, Sqlite> for $rust {
                fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
                    <Self as FromSql<TimestamptzSqlite, Sqlite>>::from_sql(value)
                }
            }

            impl ToSql<Timestamptz, Sqlite> for $rust {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
                    <Self as ToSql<TimestamptzSqlite, Sqlite>>::to_sql(self, out)
                }
            }
        };
    }

    #[cfg(feature = "chrono")]
    moment!(chrono::DateTime<chrono::Utc>);
    #[cfg(feature = "time")]
    moment!(time::OffsetDateTime);
}
