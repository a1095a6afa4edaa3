//! What lets two tables stand in one query, where a foreign key ties them together.
//!
//! It is what `joinable!` and `allow_tables_to_appear_in_same_query!` say, in an order of its own. A model knows its
//! parent's table only as `<Parent as Model>::Table`. An `impl` of a trait for such a type, or for a type with it inside,
//! is compared with every other `impl` of the trait: a crate of N models would have N² comparisons. So a model says for
//! each parent that it is a [`ChildOf`] it, in the parameter alone, and each table takes those that it is [`Tied`] to as
//! they come.
//!
//! Where `schema!` says `same_query`, a table is tied to every other one: to all whose [`Numbered::Number`] differs, so
//! that N models need N numbers, and no N² pairs.

use std::marker::PhantomData;

use diesel::query_source::Table;

/// A table with a foreign key to the table `Parent`.
#[diagnostic::on_unimplemented(
    message = "no foreign key leads from `{Self}` to `{Parent}`",
    label = "these tables can't stand in one query",
    note = "write `#[references(..)]`; or say on what they are joined with `.on(..)`, and `same_query: all` in `schema!`"
)]
pub trait ChildOf<Parent>: Table {}

/// A table with a foreign key to the table `Other`, or from it.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "no foreign key leads from `{Self}` to `{Other}`, or back",
    label = "these tables can't stand in one query",
    note = "write `#[references(..)]`, or `same_query: all` in `schema!`"
)]
pub trait Related<Other> {}

/// A table that may stand in one query with `Other`.
#[doc(hidden)]
pub trait Tied<Other>: Table {}

impl<A, B> Tied<B> for A
where
    A: InSchema + Table,
    A::Together: Allows<A, B>,
{
}

/// A table of a model that `schema!` lists.
#[doc(hidden)]
pub trait InSchema {
    /// With which others it may stand in one query: [`ByKey`] or [`Any`].
    type Together;
}

/// With those that a foreign key leads to, or from.
#[doc(hidden)]
#[derive(Debug)]
pub struct ByKey;

/// With every other one of the schema `S`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Any<S>(PhantomData<S>);

/// Whether `A` may stand in one query with `B`.
#[doc(hidden)]
pub trait Allows<A, B> {}

impl<A: Related<B>, B> Allows<A, B> for ByKey {}

impl<A, B, S> Allows<A, B> for Any<S>
where
    A: Numbered<S>,
    B: Numbered<S>,
    A::Number: Differs<B::Number>,
{
}

/// A table of the schema `S` that has a number there. Of this crate's traits, only those with a type of the user's crate in
/// them can be known not to hold (RFC 1023), which `A` and `A` itself have to be for Diesel's own `impl`s.
#[doc(hidden)]
pub trait Numbered<S> {
    /// Its bits, as types of the user's crate.
    type Number;
}

/// A number that is not `Other`.
#[doc(hidden)]
pub trait Differs<Other> {}

/// What a table says of all that it is tied to. That is the first condition wherever it stands: the compiler takes them in
/// their order, and to find that an `Only<..>` is a table takes it far longer than that nothing is tied to it.
#[doc(hidden)]
#[macro_export]
macro_rules! __parent {
    ($table:path) => {
        impl<C> $crate::model::Related<C> for $table where C: $crate::model::ChildOf<$table> {}
        impl<T> ::diesel::query_source::TableNotEqual<T> for $table
        where
            $table: $crate::model::Tied<T>,
            T: ::diesel::query_source::Table,
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
        impl $crate::model::Related<$parent> for $child {}
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
