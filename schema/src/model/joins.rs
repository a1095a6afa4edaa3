//! On what a model is joined with one that its foreign key points at.

use diesel::dsl::{Eq, Nullable, SqlTypeOf};
use diesel::expression::AsExpression;
use diesel::sql_types::SqlType;
use diesel::{ExpressionMethods, NullableExpressionMethods};

/// A column that can be compared with the primary key `Key`, NULL or not, as `joinable!` does it.
///
/// A trait of ours, so that a key of another type is one error in our words instead of four in Diesel's.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the foreign key `{Self}` and the primary key `{Key}` are of different types",
    label = "this model's primary key has another type",
    note = "write one type for both fields, or `join = false` where only the database compares them"
)]
pub trait JoinsOn<Key> {
    /// The comparison.
    type On;

    /// Compares both.
    fn on(self, key: Key) -> Self::On;
}

#[diagnostic::do_not_recommend]
impl<Column, Key> JoinsOn<Key> for Column
where
    Column: NullableExpressionMethods,
    Key: NullableExpressionMethods,
    Nullable<Column>: ExpressionMethods<SqlType: SqlType>,
    Nullable<Key>: AsExpression<SqlTypeOf<Nullable<Column>>>,
{
    type On = Eq<Nullable<Column>, Nullable<Key>>;

    fn on(self, key: Key) -> Self::On {
        self.nullable().eq(key.nullable())
    }
}
