//! The `schema.rs`s among the files that a revision brings.

use std::path::PathBuf;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;
use proc_macro2::{TokenStream, TokenTree};

use super::error::Error;
use super::prepare::Prepared;
use super::print_schema;
use crate::config::{Project, SchemaRs};
use crate::dialect::DialectImpl;
use crate::schema::Schema;

/// Adds what the upgraded PostgreSQL database looks like to Diesel; an application without that dialect has none.
pub(super) fn add(prepared: &mut Prepared, project: &Project) -> Result<(), Error> {
    let Some(part) = prepared.dialects.iter().find(|part| part.dialect == Dialect::Postgres) else { return Ok(()) };
    let texts = texts(&part.transition.upgraded, project)?;
    prepared.files.files.extend(texts);
    Ok(())
}

/// Puts what a database looks like in the place of what one would that the revisions make: its columns may have come in
/// another order.
pub(super) fn of_database(prepared: &mut Prepared, project: &Project, read: &Schema) -> Result<(), Error> {
    prepared.files.files.retain(|(path, _)| !project.schema_rs.iter().any(|it| it.file == *path));
    let stale = |(path, text): &(_, String)| std::fs::read_to_string(path).ok().as_ref() != Some(text);
    prepared.files.files.extend(texts(read, project)?.into_iter().filter(stale));
    Ok(())
}

fn texts(schema: &Schema, project: &Project) -> Result<Vec<(PathBuf, String)>, Error> {
    let text = |SchemaRs { file, print }: &SchemaRs| {
        let text = print_schema::print_schema(schema, print).map_err(|why| Error::Print { file: file.clone(), why })?;
        let text = match std::fs::read_to_string(file) {
            Ok(found) if differ_in_layout_alone(&found, &text) => found,
            _ => text,
        };
        Ok((file.clone(), text))
    };
    project.schema_rs.iter().map(text).collect()
}

/// Whether rustfmt with some `rustfmt.toml` may have made one of the other. Such a file is left alone, or `cargo fmt`
/// and `autogenerate` would change it for ever in turn; Diesel's CLI lays it out as `cargo fmt` does.
fn differ_in_layout_alone(found: &str, text: &str) -> bool {
    let bare = |text: &str| text.split_whitespace().collect::<String>().replace(",)", ")");
    // Names may differ in their spaces.
    let literals = |text: &str| text.parse().ok().map(literals);
    bare(found) == bare(text) && literals(found).is_some_and(|found| Some(found) == literals(text))
}

fn literals(tokens: TokenStream) -> Vec<String> {
    let of = |token| match token {
        TokenTree::Group(group) => literals(group.stream()),
        TokenTree::Literal(literal) => vec![literal.to_string()],
        TokenTree::Ident(_) | TokenTree::Punct(_) => Vec::new(),
    };
    tokens.into_iter().flat_map(of).collect()
}

/// Orders the columns of a schema that no server was asked for.
pub(super) fn order_columns(
    schema: &mut Schema,
    (declared, project): (&DeclaredSchema, &Project),
    dialect: &dyn DialectImpl,
) -> Result<(), Error> {
    let models = dialect.lower(declared).map_err(Error::Unsupported)?;
    // One that can't be read orders nothing; where it can't be replaced either, writing says so.
    let texts = project.schema_rs.iter().filter_map(|it| std::fs::read_to_string(&it.file).ok());
    print_schema::order_columns(schema, &texts.collect::<Vec<_>>(), &models);
    Ok(())
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use std::cell::RefCell;

    use diesel_schema_core::declared::DeclaredSchema;
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;

    use super::*;
    use crate::config::PrintSchema;
    use crate::connection::SqlConnection;
    use crate::dialect::postgres::Postgres;
    use crate::diff::{Renames, diff};
    use crate::plan::{Outcome, plan_and_outcome, split};
    use crate::testing::{Limits, pair};

    #[test]
    fn a_layout_is_told_from_a_change() {
        let text = "diesel::table! {\n    #[sql_name = \"a b\"]\n    a_b (id) {\n        id -> Int4,\n    }\n}\n\nf!(a, b,);\n";
        for same in
            [text.replace("    ", "\t"), text.replace('\n', "\r\n"), text.replace("(a, b,)", "(\n    a,\n    b\n)")]
        {
            assert!(differ_in_layout_alone(&same, text), "{same}");
        }
        for other in [text.replace("a b", "a  b"), text.replace("Int4", "Int8"), text.replace("}\n\n", "")] {
            assert!(!differ_in_layout_alone(&other, text), "{other}");
        }
    }

    fn printed(schema: &Schema) -> Vec<String> {
        let of = |namespace: Option<&str>| {
            let options = PrintSchema { schema: namespace.map(str::to_owned), ..PrintSchema::default() };
            print_schema::print_schema(schema, &options).unwrap()
        };
        vec![of(None), of(Some("side"))]
    }

    /// Where planning or running fails, which is for other tests to say, there is nothing to compare. Gives what the
    /// upgraded database is expected to be, and what it is.
    fn go(connection: &mut dyn SqlConnection, old: &Schema, new: &Schema) -> Option<(Schema, Schema)> {
        let changes = diff(old, new, &Renames::default()).ok()?;
        let Outcome { plan, schema: expected, .. } = plan_and_outcome(old, new, &changes, &Postgres).ok()?;
        for piece in split(plan) {
            connection.batch(&Postgres.script(&piece).sql).ok()?;
        }
        Some((expected, Postgres.read(connection).ok()?))
    }

    fn check(connection: &mut dyn SqlConnection, a: &DeclaredSchema, b: &DeclaredSchema) -> Result<(), TestCaseError> {
        let failed = |error: diesel::result::Error| TestCaseError::fail(error.to_string());
        let reset = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS side CASCADE";
        connection.batch(reset).map_err(failed)?;
        let (Ok(first), Ok(second)) = (Postgres.lower(a), Postgres.lower(b)) else {
            return Err(TestCaseError::reject("not for PostgreSQL"));
        };
        let Some((expected, old)) = go(connection, &Schema::default(), &first) else {
            return Err(TestCaseError::reject("can't be made"));
        };
        prop_assert_eq!(printed(&expected), printed(&old));
        let Some((expected, found)) = go(connection, &old, &second) else {
            return Err(TestCaseError::reject("can't be upgraded"));
        };
        prop_assert_eq!(printed(&expected), printed(&found));
        // Without a server, from what a lock and the file of before say.
        let mut known = first;
        known.tables.values_mut().for_each(|table| table.columns.sort_by(|a, b| a.name.cmp(&b.name)));
        print_schema::order_columns(&mut known, &printed(&old), &second);
        prop_assert_eq!(printed(&known), printed(&old));
        Ok(())
    }

    #[test]
    fn what_is_printed_before_the_upgrade_is_what_the_upgraded_database_looks_like() {
        let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
        let mut scratch = Postgres.scratch(Some(&url)).expect("a database");
        let connection = RefCell::new(scratch.connection());
        let cases = std::env::var("PROPTEST_CASES").ok().and_then(|it| it.parse().ok()).unwrap_or(32);
        let config =
            ProptestConfig { cases, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() };
        let result = TestRunner::new(config)
            .run(&pair(Limits::of(Dialect::Postgres)), |(a, b)| check(&mut **connection.borrow_mut(), &a, &b));
        if let Err(error) = result {
            panic!("{error}");
        }
    }
}
