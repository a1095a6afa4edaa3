//! What lets two tables stand in one query, where a foreign key ties them together.
//!
//! It is what `joinable!` and `allow_tables_to_appear_in_same_query!` say, in an order of its own. A model knows its
//! parent's table only as `<Parent as Model>::Table`. An `impl` of a trait for such a type, or for a type with it inside,
//! is compared with every other `impl` of the trait: a crate of N models would have N² comparisons. So a model says for
//! each parent that it is a [`ChildOf`] it, in the parameter alone, and each table takes those that it is [`Tied`] to as
//! they come.

use diesel::query_source::Table;

/// A table with a foreign key to the table `Parent`.
#[diagnostic::on_unimplemented(
    message = "no foreign key leads from `{Self}` to `{Parent}`",
    label = "these tables can't stand in one query",
    note = "write `#[references(..)]`, or list both models in `same_query: [[..]]` of `schema!`"
)]
pub trait ChildOf<Parent>: Table {}

/// A table with a foreign key to the table `Other`, or from it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "no foreign key leads from `{Self}` to `{Other}`, or back",
    label = "these tables can't stand in one query",
    note = "write `#[references(..)]`, or list both models in `same_query: [[..]]` of `schema!`"
)]
pub trait Tied<Other>: Table {}

/// What a table says of all that it is tied to.
#[doc(hidden)]
#[macro_export]
macro_rules! __parent {
    ($table:path) => {
        impl<C> $crate::model::Tied<C> for $table where C: $crate::model::ChildOf<$table> {}
        impl<T> ::diesel::query_source::TableNotEqual<T> for $table
        where
            T: ::diesel::query_source::Table,
            $table: $crate::model::Tied<T>,
        {
        }
        impl<C> ::diesel::JoinTo<C> for $table
        where
            C: $crate::model::ChildOf<$table> + ::diesel::JoinTo<$table>,
        {
            type FromClause = C;
            type OnClause = <C as ::diesel::JoinTo<$table>>::OnClause;

            fn join_target(rhs: C) -> (Self::FromClause, Self::OnClause) {
                (rhs, <C as ::diesel::JoinTo<$table>>::join_target($table).1)
            }
        }
        $crate::__tied_on_postgres!($table);
    };
}

/// What a table says of one of its parents.
#[doc(hidden)]
#[macro_export]
macro_rules! __child {
    ($child:path, $parent:ty) => {
        impl $crate::model::ChildOf<$parent> for $child {}
        impl $crate::model::Tied<$parent> for $child {}
    };
}

/// The same for `ONLY` and `TABLESAMPLE`, which Diesel has for PostgreSQL alone.
#[cfg(feature = "postgres")]
#[doc(hidden)]
#[macro_export]
macro_rules! __tied_on_postgres {
    ($table:path) => {
        impl<T> ::diesel::query_source::TableNotEqual<$table> for ::diesel::query_builder::Only<T>
        where
            T: $crate::model::Tied<$table>,
            ::diesel::query_builder::Only<T>: ::diesel::query_source::Table,
        {
        }
        impl<T> ::diesel::query_source::TableNotEqual<::diesel::query_builder::Only<T>> for $table
        where
            T: $crate::model::Tied<$table>,
            ::diesel::query_builder::Only<T>: ::diesel::query_source::Table,
        {
        }
        impl<T, M> ::diesel::query_source::TableNotEqual<$table> for ::diesel::query_builder::Tablesample<T, M>
        where
            T: $crate::model::Tied<$table>,
            M: ::diesel::internal::table_macro::TablesampleMethod,
            ::diesel::query_builder::Tablesample<T, M>: ::diesel::query_source::Table,
        {
        }
        impl<T, M> ::diesel::query_source::TableNotEqual<::diesel::query_builder::Tablesample<T, M>> for $table
        where
            T: $crate::model::Tied<$table>,
            M: ::diesel::internal::table_macro::TablesampleMethod,
            ::diesel::query_builder::Tablesample<T, M>: ::diesel::query_source::Table,
        {
        }
    };
}

/// Nothing, without PostgreSQL.
#[cfg(not(feature = "postgres"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __tied_on_postgres {
    ($table:path) => {};
}
