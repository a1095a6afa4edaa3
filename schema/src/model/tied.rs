//! What lets two tables stand in one query, where a foreign key ties them together.
//!
//! It is what `joinable!` and `allow_tables_to_appear_in_same_query!` say, in an order of its own. A model knows its
//! parent's table only as `<Parent as Model>::Table`, and an `impl .. for` such a type is compared with every other
//! `impl` of the trait: a crate of N models would have N² comparisons. So a model says for each parent that it is a
//! [`ChildOf`] it, and each table takes its children as they come.

use diesel::query_source::Table;

/// A table with a foreign key to the table `Parent`.
#[diagnostic::on_unimplemented(
    message = "no foreign key leads from `{Self}` to `{Parent}`",
    label = "these tables can't stand in one query",
    note = "write `#[references(..)]`, or list both models in `same_query: [[..]]` of `schema!`"
)]
pub trait ChildOf<Parent>: Table {}

/// What a table says of all its children.
#[doc(hidden)]
#[macro_export]
macro_rules! __parent {
    ($parent:path) => {
        impl<C> ::diesel::query_source::TableNotEqual<C> for $parent where C: $crate::model::ChildOf<$parent> {}
        impl<C> ::diesel::JoinTo<C> for $parent
        where
            C: $crate::model::ChildOf<$parent> + ::diesel::JoinTo<$parent>,
        {
            type FromClause = C;
            type OnClause = <C as ::diesel::JoinTo<$parent>>::OnClause;

            fn join_target(rhs: C) -> (Self::FromClause, Self::OnClause) {
                (rhs, <C as ::diesel::JoinTo<$parent>>::join_target($parent).1)
            }
        }
        $crate::__parent_on_postgres!($parent);
    };
}

/// What a table says of one of its parents.
#[doc(hidden)]
#[macro_export]
macro_rules! __child {
    ($child:path, $parent:ty) => {
        impl $crate::model::ChildOf<$parent> for $child {}
        impl ::diesel::query_source::TableNotEqual<$parent> for $child {}
        $crate::__child_on_postgres!($child, $parent);
    };
}

/// The same for `ONLY` and `TABLESAMPLE`, which Diesel has for PostgreSQL alone.
#[cfg(feature = "postgres")]
#[doc(hidden)]
#[macro_export]
macro_rules! __parent_on_postgres {
    ($parent:path) => {
        impl<C> ::diesel::query_source::TableNotEqual<::diesel::query_builder::Only<C>> for $parent
        where
            C: $crate::model::ChildOf<$parent>,
            ::diesel::query_builder::Only<C>: ::diesel::query_source::Table,
        {
        }
        impl<C, M> ::diesel::query_source::TableNotEqual<::diesel::query_builder::Tablesample<C, M>> for $parent
        where
            C: $crate::model::ChildOf<$parent>,
            M: ::diesel::internal::table_macro::TablesampleMethod,
            ::diesel::query_builder::Tablesample<C, M>: ::diesel::query_source::Table,
        {
        }
    };
}

/// The same for `ONLY` and `TABLESAMPLE`, which Diesel has for PostgreSQL alone.
#[cfg(feature = "postgres")]
#[doc(hidden)]
#[macro_export]
macro_rules! __child_on_postgres {
    ($child:path, $parent:ty) => {
        impl ::diesel::query_source::TableNotEqual<$parent> for ::diesel::query_builder::Only<$child> {}
        impl ::diesel::query_source::TableNotEqual<$child> for ::diesel::query_builder::Only<$parent> {}
        impl ::diesel::query_source::TableNotEqual<::diesel::query_builder::Only<$parent>> for $child {}
        impl<M> ::diesel::query_source::TableNotEqual<$parent> for ::diesel::query_builder::Tablesample<$child, M> where
            M: ::diesel::internal::table_macro::TablesampleMethod
        {
        }
        impl<M> ::diesel::query_source::TableNotEqual<$child> for ::diesel::query_builder::Tablesample<$parent, M> where
            M: ::diesel::internal::table_macro::TablesampleMethod
        {
        }
        impl<M> ::diesel::query_source::TableNotEqual<::diesel::query_builder::Tablesample<$parent, M>> for $child where
            M: ::diesel::internal::table_macro::TablesampleMethod
        {
        }
    };
}

/// Nothing, without PostgreSQL.
#[cfg(not(feature = "postgres"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __parent_on_postgres {
    ($parent:path) => {};
}

/// Nothing, without PostgreSQL.
#[cfg(not(feature = "postgres"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __child_on_postgres {
    ($child:path, $parent:ty) => {};
}
