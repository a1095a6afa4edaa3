//! An SQLite file that can't grow, or be written.

use diesel::{Connection as _, SqliteConnection};
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade::{Options, upgrade_connection};

use crate::embed::MIGRATIONS;
use crate::support::Sqlite;

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
fn a_file_that_may_only_be_read_says_so() {
    let sqlite = Sqlite::new();
    sqlite.connect().batch("CREATE TABLE theirs (id int)").unwrap();
    let mut connection = SqliteConnection::establish(&format!("file:{}?mode=ro", sqlite.url())).unwrap();
    let text = upgrade_connection(&mut connection, &MIGRATIONS, options()).unwrap_err().to_string();
    assert!(text.contains("readonly database\n"), "{text}");
    assert!(text.contains("make the database's file and its folder writable (rights, or the mount)"), "{text}");
}
