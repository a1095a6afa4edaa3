//! Files and folders that can't be read or written.

use std::path::Path;

use super::ordinary::{self, allow};
use super::{autogenerate, output, project};

fn autogenerate_as_somebody(root: &Path, name: &str) -> String {
    let mut command = ordinary::command(root);
    command.arg(name);
    output("plain", root, command)
}

pub(crate) fn rights() {
    let root = project();
    autogenerate(root.path(), &["first"]);
    let migrations = root.path().join("migrations");
    let sqlite = migrations.join("sqlite");
    let revision = std::fs::read_dir(&sqlite).unwrap().next().unwrap().unwrap().path();
    for (name, path, mode) in [
        ("unreadable_migrations", migrations.clone(), 0o755),
        ("unreadable_dialect", sqlite, 0o755),
        ("unreadable_revision", revision.clone(), 0o755),
        ("unreadable_up_sql", revision.join("up.sql"), 0o644),
        ("unreadable_lock", migrations.join("schema.lock"), 0o644),
    ] {
        allow(&path, 0o000);
        insta::assert_snapshot!(name, autogenerate_as_somebody(root.path(), "x"));
        allow(&path, mode);
    }
    let root = project();
    std::fs::create_dir(root.path().join("migrations")).unwrap();
    allow(&root.path().join("migrations"), 0o555);
    insta::assert_snapshot!("unwritable_migrations", autogenerate_as_somebody(root.path(), "x"));
    allow(&root.path().join("migrations"), 0o755);
    assert_eq!(std::fs::read_dir(root.path().join("migrations")).unwrap().count(), 0, "something is left");
}

pub(crate) fn encodings() {
    let root = project();
    autogenerate(root.path(), &["first"]);
    let migrations = root.path().join("migrations");
    let revision = std::fs::read_dir(migrations.join("sqlite")).unwrap().next().unwrap().unwrap().path();
    for (name, path) in [("latin_1_up_sql", revision.join("up.sql")), ("latin_1_lock", migrations.join("schema.lock"))]
    {
        let text = std::fs::read(&path).unwrap();
        std::fs::write(&path, b"-- caf\xe9\n").unwrap();
        insta::assert_snapshot!(name, autogenerate(root.path(), &["x"]));
        std::fs::write(&path, text).unwrap();
    }
}
