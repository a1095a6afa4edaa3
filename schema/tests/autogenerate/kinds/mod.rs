//! Every kind of object: created, altered, dropped, on databases that hold rows.
//!
//! A case is a list of stages. The first one is made and filled with its rows; from each to the next one there is an
//! autogenerate, up, "no changes", down, and up again (see [`crate::journey`]). The SQL of each is a snapshot.

mod columns;
mod eighteen;
mod enums;
mod foreign_keys;
mod indexes;
mod keys;
mod objects;
mod options;
mod partitions;
mod tables;

use diesel_schema::Dialect;

use crate::build::Stage;
use crate::journey::{Journey, sql};

const PG: &[Dialect] = &[Dialect::Postgres];
const SQLITE: &[Dialect] = &[Dialect::Sqlite];
const BOTH: &[Dialect] = &[Dialect::Postgres, Dialect::Sqlite];

/// Gives the SQL.
fn travel(dialects: &[Dialect], stages: &[Stage], rows: &str) -> String {
    travel_and(dialects, stages, rows, "")
}

/// As [`travel`], with a statement that each later stage has to take once it is there.
fn travel_and(dialects: &[Dialect], stages: &[Stage], rows: &str, each: &str) -> String {
    let mut text = String::new();
    for dialect in dialects {
        let mut journey = Journey::new(*dialect);
        for (at, stage) in stages.iter().enumerate() {
            let declared = stage.clone().of(*dialect);
            let went = if at == 0 { journey.go(&declared) } else { journey.there_and_back(&declared) };
            let prepared = went.unwrap_or_else(|error| panic!("{dialect}, stage {at}: {error}"));
            text.push_str(&format!("==== {dialect}, stage {at}\n{}\n", sql(&prepared)));
            assert!(at == 0 || !prepared.no_changes(), "{dialect}, stage {at}: nothing differs");
            let more = if at == 0 { rows } else { each };
            let taken = if more.is_empty() { Ok(()) } else { journey.live.connection().batch(more) };
            taken.unwrap_or_else(|error| panic!("{dialect}, stage {at}: {more}: {error}"));
        }
    }
    text
}

/// `name: dialects, "rows of the first stage", [stages];`
///
/// From PostgreSQL 16 on, a view of one table does not say of its columns that they are that table's: there, its SQL is
/// not that of the snapshot, and all else is held as ever.
macro_rules! kinds {
    ($($name:ident: $dialects:expr, $rows:expr, [$($stage:expr),* $(,)?];)*) => {$(
        #[test]
        fn $name() {
            let sql = super::travel($dialects, &[$($stage.into()),*], $rows);
            if !sql.contains("VIEW") || crate::live::server_version() < 16 {
                insta::assert_snapshot!(sql);
            }
        }
    )*};
}
use kinds;
