//! Values of types that Rust has none for.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};

/// A value as PostgreSQL sends it: what a field holds whose SQL type Diesel does not know, until it has a type of its
/// own. It can be read, compared and written back.
#[derive(Debug, Clone, PartialEq, Eq, Hash, FromSqlRow)]
pub struct Opaque(pub Vec<u8>);

impl<ST> FromSql<ST, Pg> for Opaque {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(value.as_bytes().to_vec()))
    }
}

impl<ST> ToSql<ST, Pg> for Opaque {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl<ST: diesel::sql_types::SingleValue> AsExpression<ST> for Opaque {
    type Expression = diesel::internal::derives::as_expression::Bound<ST, Self>;

    fn as_expression(self) -> Self::Expression {
        Self::Expression::new(self)
    }
}
