//! An SQLite file that can't grow, or be written.

use diesel::{Connection as _, SqliteConnection};
use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade::{self, Options, upgrade_connection};
use diesel_schema_core::revision;

use crate::DEADLINE;
use crate::embed::MIGRATIONS;
use crate::support::{Sqlite, set_of, write};

fn options() -> Options {
    Options { retries: Vec::new(), ..Options::default() }
}

#[test]
fn a_full_disk_says_to_make_room() {
    // One page for what can't be without it, and the others for what the revisions make.
    for pages in 1..4 {
        let sqlite = Sqlite::new();
        let mut connection = sqlite.connect();
        connection.batch("CREATE TABLE theirs (id int)").unwrap();
        connection.rows(&format!("PRAGMA max_page_count = {}", pages + 1)).unwrap();
        let text = upgrade_connection(&mut connection, &MIGRATIONS, options()).unwrap_err().to_string();
        assert!(text.contains("database or disk is full"), "{text}");
        assert!(text.contains("make room on the disk that the database is on"), "{text}");
        assert!(!text.contains("mend") && !text.contains("the role may"), "{text}");
    }
}

#[test]
fn a_disk_that_is_full_at_any_page_leaves_no_word_of_what_was_not_done() {
    let long = "x".repeat(3_000);
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=4 {
        let parent = (number - 1).to_string();
        let parents: &[&str] = if number == 1 { &[] } else { &[&parent] };
        let up = format!("CREATE TABLE t{number} (id int);\nINSERT INTO theirs VALUES ('{long}');");
        write(folder.path(), &format!("{number}_x"), &up, "true", parents);
    }
    let revisions = revision::read(folder.path()).unwrap();
    let set = set_of(Dialect::Sqlite, &revisions);
    for pages in 2.. {
        let sqlite = Sqlite::new();
        let mut connection = sqlite.connect();
        // Small pages, so that each of the statements is the one that finds no room.
        connection.batch("PRAGMA page_size = 512; CREATE TABLE theirs (text)").unwrap();
        connection.rows(&format!("PRAGMA max_page_count = {pages}")).unwrap();
        let done = upgrade::run(&mut connection, &|| None, &set, DEADLINE);
        connection.rows("PRAGMA max_page_count = 10000").unwrap();
        let applied = upgrade::applied(&mut connection).unwrap().unwrap_or_default();
        let events = upgrade::events(&mut connection).unwrap();
        let told: Vec<_> = events.iter().filter(|it| it.outcome == "done").map(|it| it.revision.clone()).collect();
        assert!(told.iter().all(|id| applied.contains(id)), "{pages} pages: {told:?} of {applied:?}");
        match done {
            Ok(_) if pages > 60 => return,
            Ok(_) => {}
            Err(error) => assert!(error.to_string().contains("make room on the disk"), "{pages} pages: {error}"),
        }
    }
}

#[test]
fn a_file_that_may_only_be_read_says_so() {
    let sqlite = Sqlite::new();
    sqlite.connect().batch("CREATE TABLE theirs (id int)").unwrap();
    let mut connection = SqliteConnection::establish(&format!("file:{}?mode=ro", sqlite.url())).unwrap();
    let text = upgrade_connection(&mut connection, &MIGRATIONS, options()).unwrap_err().to_string();
    assert!(text.contains("readonly database\n"), "{text}");
    assert!(text.contains("make the database's file and its folder writable (rights, or the mount)"), "{text}");
}
