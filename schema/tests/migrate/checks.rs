//! `check` and its exit codes.

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};

use crate::support::Session;

pub(crate) fn each_difference() {
    let mut session = Session::new("sqlite", Some("app.db"));
    session.migrate(&["check"]);
    session.migrate(&["upgrade", "--database-url", "app.db"]);
    let path = session.root().join("app.db").display().to_string();
    let mut connection = SqliteConnection::establish(&path).unwrap();
    session.migrate(&["revision", "add users"]);
    session.migrate(&["check"]);
    session.migrate(&["upgrade"]);
    session.migrate(&["check"]);
    connection.batch_execute("ALTER TABLE users ADD COLUMN extra TEXT").unwrap();
    session.note("the live users have a column extra");
    session.migrate(&["check"]);
    let lock = session.root().join("migrations/schema.lock");
    let text = std::fs::read_to_string(&lock).unwrap();
    std::fs::write(&lock, text.replace("users.name type=Text null", "users.name type=Varchar")).unwrap();
    session.note("the lock says otherwise");
    session.migrate(&["check"]);
    session.migrate(&["check", "--json"]);
    insta::assert_snapshot!(session.text);
}

/// What `docs/commands.md` lists is what the help lists, and what the commands give.
pub(crate) fn exit_codes() {
    let session = Session::new("sqlite", None);
    let help = String::from_utf8(session.output(&["--help"]).stdout).unwrap();
    let listed = help.split_once("the first that holds:\n").unwrap().1.lines().map(str::trim);
    let listed: Vec<String> = listed.take_while(|line| !line.is_empty()).map(str::to_owned).collect();
    let documented = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/commands.md");
    let documented = std::fs::read_to_string(documented).unwrap();
    let rows = documented.split_once("| exit code | what it says |\n| --- | --- |\n").unwrap().1.lines();
    let rows = rows.take_while(|line| line.starts_with('|')).map(|line| {
        let (code, meaning) = line.trim_matches(['|', ' ']).split_once(" | ").unwrap();
        format!("{code}  {}", meaning.replace('`', ""))
    });
    assert_eq!(rows.collect::<Vec<_>>(), listed);
    let codes: Vec<&str> = listed.iter().map(|line| line.split_once("  ").unwrap().0).collect();
    assert_eq!(codes, ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
}

/// Of both dialects and without a database, each difference between a folder and the lock.
pub(crate) fn revisions() {
    let mut session = Session::new("both", None);
    session.migrate(&["revision", "add users", "--json"]);
    session.migrate(&["check"]);
    let folder = |dialect: &str| {
        let folder = session.root().join("migrations").join(dialect);
        std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
    };
    let (edited, gone) = (folder("postgres"), folder("sqlite"));
    let stray = gone.with_file_name("x_stray");
    std::fs::write(edited.join("up.sql"), "CREATE TABLE other (id int);").unwrap();
    std::fs::rename(gone, &stray).unwrap();
    std::fs::write(stray.join("metadata.toml"), "run_in_transaction = true\ndown_revision = []\n").unwrap();
    session.revision("sqlite/y_head", "SELECT 1;", "SELECT 1;", Some("down_revision = []"));
    session.note("one is edited, one has another id, and there is one more");
    session.migrate(&["check"]);
    session.migrate(&["check", "--json"]);
    insta::assert_snapshot!(session.text);
}
