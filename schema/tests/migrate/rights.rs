//! Folders that can't be read or written.

use crate::ordinary::allow;
use crate::support::{Session, chain};

pub(crate) fn folders() {
    let mut session = chain().ordinary();
    let migrations = session.root().join("migrations");
    allow(&migrations, 0o000);
    session.note("nobody may read migrations");
    session.migrate(&["heads"]);
    session.migrate(&["upgrade"]);
    allow(&migrations, 0o755);
    allow(&migrations.join("1_users"), 0o000);
    session.note("nobody may read migrations/1_users");
    session.migrate(&["heads"]);
    allow(&migrations.join("1_users"), 0o755);
    let mut session = Session::new("sqlite", None).ordinary().after(session.text);
    for folder in ["migrations/sqlite/1_users", "read_only"] {
        std::fs::create_dir_all(session.root().join(folder)).unwrap();
    }
    std::fs::write(session.root().join("migrations/sqlite/1_users/up.sql"), "SELECT 1;").unwrap();
    allow(&session.root().join("migrations/sqlite"), 0o000);
    session.note("nobody may read migrations/sqlite");
    session.migrate(&["heads"]);
    session.migrate(&["upgrade", "--database-url", "app.db"]);
    allow(&session.root().join("migrations/sqlite"), 0o755);
    allow(&session.root().join("read_only"), 0o555);
    session.note("nobody may write into read_only");
    session.migrate(&["upgrade", "--database-url", "read_only/app.db"]);
    session.migrate(&["upgrade", "--database-url", "no/such/folder/app.db"]);
    let mut session = Session::new("sqlite", None).after(session.text);
    session.note("a project without migrations");
    session.migrate(&["history"]);
    insta::assert_snapshot!(session.text);
}
