//! A role whose new tables come into another schema than Diesel's own table is in.

use std::sync::{Arc, Mutex};

use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade;
use diesel_schema_core::revision;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::DEADLINE;
use crate::support::{Pg, set_of, write};

/// The warnings that are logged.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Visit for Warnings {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0.lock().unwrap().push(format!("{value:?}"));
        }
    }
}

impl Subscriber for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() == Level::WARN
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[test]
fn tables_beside_others_than_diesels_own_are_told_of_once() {
    let (pg, folder) = (Pg::new("search_path"), tempfile::tempdir().unwrap());
    for (number, parents) in [("1", &[][..]), ("2", &["1"]), ("3", &["2"])] {
        write(folder.path(), &format!("{number}_t"), &format!("CREATE TABLE t{number} (id int);"), "true", parents);
    }
    let revisions = revision::read(folder.path()).unwrap();
    let mut connection = pg.connect();
    let warned = Warnings::default();
    let mut run = |count: usize| {
        let set = set_of(Dialect::Postgres, &revisions[..count]);
        let run = || upgrade::run(&mut connection, &|| None, &set, DEADLINE).unwrap();
        tracing::subscriber::with_default(warned.clone(), run);
        connection.batch("CREATE SCHEMA IF NOT EXISTS own; SET search_path = own, public").unwrap();
        std::mem::take(&mut *warned.0.lock().unwrap())
    };
    assert_eq!(run(1), Vec::<String>::new());
    let told = run(3);
    assert!(matches!(told.as_slice(), [one] if one.contains("public") && one.contains("comes into own: ")), "{told:?}");
    assert_eq!(run(3), Vec::<String>::new());
}
