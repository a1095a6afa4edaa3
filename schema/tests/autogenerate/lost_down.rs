//! A `down.sql` that is missing is made anew from what its `up.sql` does.

use std::path::PathBuf;

use diesel_schema::Dialect;
use diesel_schema::declared::DeclaredSchema;
use diesel_schema::diff::Candidate;
use diesel_schema::generate::{Ask, Nobody, Prepared};
use diesel_schema_core::revision::{self, Revision};

use crate::build::*;
use crate::support::{Workbench, on_postgres, schema};

fn revisions(bench: &Workbench, dialect: Dialect) -> Vec<Revision> {
    revision::read(&bench.project.layout.folder(dialect)).unwrap()
}

/// Without any of them.
fn lose_downs(bench: &Workbench, dialect: Dialect) {
    for revision in revisions(bench, dialect) {
        let _ = std::fs::remove_file(revision.folder.join("down.sql"));
    }
}

fn again(bench: &Workbench, declared: &DeclaredSchema, ask: &mut dyn Ask) -> Prepared {
    let prepared = bench.prepare(declared, ask, false).unwrap_or_else(|error| panic!("{error}"));
    prepared.write().unwrap();
    assert!(prepared.no_changes(), "{:#?}", prepared.dialects);
    prepared
}

/// What is said, without the path of the folder.
fn said(bench: &Workbench, prepared: &Prepared) -> String {
    prepared.notes.join("\n").replace(&bench.root.path().display().to_string(), "[root]")
}

fn by_hand(bench: &Workbench, dialect: Dialect, name: &str, up: &str, more: &str) -> PathBuf {
    let newest = revisions(bench, dialect).pop().expect("there is a revision").id;
    let folder = bench.project.layout.folder(dialect).join(name);
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("up.sql"), up).unwrap();
    std::fs::write(folder.join("metadata.toml"), format!("down_revision = [\"{newest}\"]\n{more}")).unwrap();
    folder
}

/// What was lost comes back as it was: a table, a column, an index that is built concurrently.
fn comes_back(bench: &Workbench, dialect: Dialect) {
    let users = |columns: &[&str]| t("users", columns.iter().map(|name| c(name, "Text")));
    bench.generate(&schema(&[dialect], vec![users(&["name"])]));
    bench.generate(&schema(&[dialect], vec![users(&["name", "bio"])]));
    let last = schema(&[dialect], vec![users(&["name", "bio"]).index(index([on("bio")]))]);
    bench.generate(&last);
    let texts = |bench: &Workbench| revisions(bench, dialect).into_iter().map(|it| it.down).collect::<Vec<_>>();
    let before = texts(bench);
    assert!(before.len() > 2 && before.iter().all(Option::is_some), "{before:?}");
    lose_downs(bench, dialect);
    let prepared = again(bench, &last, &mut Nobody);
    assert_eq!(texts(bench), before);
    let notes = said(bench, &prepared);
    assert!(!notes.contains("repair") && notes.matches("was missing and is made").count() == before.len(), "{notes}");
    // Nothing is left to do.
    assert_eq!(again(bench, &last, &mut Nobody).notes, [""; 0]);
}

#[test]
fn a_down_that_was_lost_comes_back_on_sqlite() {
    comes_back(&Workbench::new(), Dialect::Sqlite);
}

#[test]
fn a_down_that_was_lost_comes_back_on_postgres() {
    comes_back(&on_postgres(), Dialect::Postgres);
}

#[test]
fn what_can_not_be_made_is_told_and_what_is_meant_to_lack_it_is_left() {
    let (bench, dialect) = (Workbench::new(), Dialect::Sqlite);
    let declared = schema(&[dialect], vec![t("users", [c("name", "Text")])]);
    bench.generate(&declared);
    let rows = by_hand(&bench, dialect, "7_rows", "UPDATE users SET name = 'x';", "");
    let meant = by_hand(&bench, dialect, "8_meant", "DELETE FROM users;", "irreversible = true\n");
    let empty = by_hand(&bench, dialect, "9_empty", "SELECT 1;", "");
    let prepared = again(&bench, &declared, &mut Nobody);
    insta::assert_snapshot!(said(&bench, &prepared));
    assert!(!rows.join("down.sql").exists() && !meant.join("down.sql").exists());
    assert_eq!(std::fs::read_to_string(empty.join("down.sql")).unwrap(), "SELECT 1;\n");
}

/// Who is asked whether up.sql renames.
struct Yes;

impl Ask for Yes {
    fn is_rename(&mut self, _: &Candidate) -> bool {
        true
    }

    fn accepts_losses(&mut self, _: &[String]) -> bool {
        false
    }
}

#[test]
fn a_rename_is_asked_about_and_never_guessed() {
    let (bench, dialect) = (on_postgres(), Dialect::Postgres);
    bench.generate(&schema(&[dialect], vec![t("users", [c("name", "Text")])]));
    let up = "ALTER TABLE users RENAME name TO title;";
    let down = by_hand(&bench, dialect, "9_title", up, "").join("down.sql");
    let declared = schema(&[dialect], vec![t("users", [c("title", "Text")])]);
    let mut texts = Vec::new();
    let asks: [&mut dyn Ask; 2] = [&mut Nobody, &mut Yes];
    for ask in asks {
        let prepared = again(&bench, &declared, ask);
        let made = said(&bench, &prepared);
        texts.push(format!("{}\n{}", made, std::fs::read_to_string(&down).unwrap()));
        std::fs::remove_file(&down).unwrap();
    }
    insta::assert_snapshot!(texts.join("\n"));
}
