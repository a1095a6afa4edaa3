//! What `embed_migrations!` says of folders that can't be baked in.

use std::fs;

use std::collections::BTreeMap;

use diesel_schema_core::declared::DeclaredSchema;
use diesel_schema_core::lock::LockedRevision;
use diesel_schema_core::revision;

use super::*;

/// A revision's folder below `root`.
fn write(root: &FilePath, name: &str, up: &str, metadata: &str) {
    let folder = root.join(name);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("up.sql"), up).unwrap();
    fs::write(folder.join("down.sql"), "SELECT 1;\n").unwrap();
    fs::write(folder.join("metadata.toml"), metadata).unwrap();
}

/// Two revisions of SQLite, and the lock that knows them.
fn project() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let sqlite = root.path().join("sqlite");
    write(&sqlite, "1_a", "SELECT 1;\n", "run_in_transaction = true\ndown_revision = []\n");
    write(&sqlite, "2_b", "SELECT 2;\n", "run_in_transaction = true\ndown_revision = [\"1\"]\n");
    fs::write(root.path().join(FILE_NAME), lock_of(&sqlite)).unwrap();
    root
}

fn lock_of(folder: &FilePath) -> String {
    let revisions = revision::read(folder).unwrap().into_iter().map(|it| LockedRevision {
        id: it.id,
        down_revision: it.down_revision,
        depends_on: it.depends_on,
        checksum: it.checksum,
    });
    let nothing = DeclaredSchema {
        models: Vec::new(),
        enums: Vec::new(),
        sequences: Vec::new(),
        sql: Vec::new(),
        dialects: vec![Dialect::Sqlite],
        comments: false,
        at: String::new(),
    };
    Lock::new(BTreeMap::from([(Dialect::Sqlite, revisions.collect())]), &nothing).to_string()
}

/// Everything that it says, with the folder's path left out.
fn problems(root: &FilePath) -> String {
    let Err(Wrong::Folder(problems)) = embed(root.to_str(), &SchemaOf::Unsaid, &Steps::default()) else {
        panic!("it should not build")
    };
    let root = root.canonicalize().unwrap();
    problems.join("\n").replace(&root.display().to_string(), "[root]")
}

#[test]
fn what_the_lock_knows_is_baked_in_and_watched() {
    let root = project();
    let tokens = embed(root.path().to_str(), &SchemaOf::Unsaid, &Steps::default()).unwrap().to_string();
    for file in ["schema.lock", "1_a/up.sql", "2_b/down.sql", "2_b/metadata.toml"] {
        assert!(tokens.contains(file), "{file} is not in {tokens}");
    }
}

#[test]
fn every_difference_from_the_lock_is_told_at_once() {
    let root = project();
    let sqlite = root.path().join("sqlite");
    fs::write(sqlite.join("1_a/up.sql"), "SELECT 3;\n").unwrap();
    fs::remove_dir_all(sqlite.join("2_b")).unwrap();
    write(&sqlite, "3_c", "SELECT 3;\n", "run_in_transaction = true\ndown_revision = [\"1\"]\n");
    insta::assert_snapshot!(problems(root.path()), @r#"
    [root]/sqlite/1_a was changed after schema.lock was written; take it in with `cargo run --bin migrate -- edit 1 --no-editor`, or put it back
    [root]/sqlite/3_c is not in schema.lock; run `cargo run --bin autogenerate -- "<name>"`, which writes schema.lock anew
    schema.lock holds the sqlite revision 2, which has no folder; run `cargo run --bin autogenerate -- "<name>"`, which writes schema.lock anew
    "#);
}

#[test]
fn line_ends_and_blanks_at_the_end_are_no_difference() {
    let root = project();
    fs::write(root.path().join("sqlite/1_a/up.sql"), "SELECT 1; \r\n\r\n").unwrap();
    assert!(embed(root.path().to_str(), &SchemaOf::Unsaid, &Steps::default()).is_ok());
}

#[test]
fn other_parents_than_the_locks_are_told() {
    let root = project();
    fs::write(root.path().join("sqlite/2_b/metadata.toml"), "run_in_transaction = true\ndown_revision = []\n").unwrap();
    insta::assert_snapshot!(problems(root.path()), @r#"
    [root]/sqlite/2_b/metadata.toml names other parents than schema.lock; run `cargo run --bin autogenerate -- "<name>"`, which writes schema.lock anew
    [root]/sqlite has 2 heads, 1 and 2: run `cargo run --bin migrate -- merge 1 2 "<name>"`
    "#);
}

#[test]
fn what_makes_no_graph_is_told() {
    let root = project();
    write(&root.path().join("sqlite"), "3_c", "SELECT 3;\n", "run_in_transaction = true\ndown_revision = [\"7\"]\n");
    insta::assert_snapshot!(problems(root.path()), @r"[root]/sqlite/3_c: revision 3 names 7 in its down_revision, and there is no such revision");
}

#[test]
fn a_revision_without_up_and_metadata_that_is_no_toml_are_told() {
    let root = project();
    fs::remove_file(root.path().join("sqlite/2_b/up.sql")).unwrap();
    insta::assert_snapshot!(problems(root.path()), @r"[root]/sqlite/2_b has no up.sql; write one, or remove the folder (a revision that does nothing says `SELECT 1;`)");
    let root = project();
    fs::write(root.path().join("sqlite/2_b/metadata.toml"), "run_in_transaction = treu\n").unwrap();
    insta::assert_snapshot!(problems(root.path()), @"[root]/sqlite/2_b/metadata.toml:1:22: invalid boolean, expected `true`");
}

#[test]
fn marks_of_a_merge_in_the_lock_are_told() {
    let root = project();
    fs::write(root.path().join(FILE_NAME), "version = 1\n<<<<<<< HEAD\n").unwrap();
    insta::assert_snapshot!(problems(root.path()), @r#"[root]/schema.lock: schema.lock has an unresolved merge conflict at line 2; run `cargo run --bin autogenerate -- "merge"`, which writes the file anew, or take either side of every conflict (`git checkout --ours migrations/schema.lock`)"#);
}

#[test]
fn a_revision_that_says_it_has_a_step_needs_one() {
    let root = project();
    let metadata = "run_in_transaction = true\ndown_revision = [\"1\"]\nrust_step = true\n";
    fs::write(root.path().join("sqlite/2_b/metadata.toml"), metadata).unwrap();
    insta::assert_snapshot!(problems(root.path()), @r#"[root]/sqlite/2_b/metadata.toml says `rust_step = true`: name its function, embed_migrations!(.., steps: { "2" => .. })"#);
    let steps = |text: &str| syn::parse_str::<Steps>(text).unwrap();
    let tokens = embed(root.path().to_str(), &SchemaOf::Unsaid, &steps("{ \"2\" => a::b }")).unwrap().to_string();
    assert!(tokens.contains("with_steps"), "{tokens}");
    let Err(Wrong::Steps(errors)) =
        embed(root.path().to_str(), &SchemaOf::Unsaid, &steps("{ \"2\" => a, \"1\" => b, \"sqlite/3\" => c }"))
    else {
        panic!("it should not build")
    };
    let text: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(
        text[0].starts_with("write `rust_step = true` into ") && text[0].contains("1_a/metadata.toml: "),
        "{text:?}"
    );
    assert_eq!(text[1..], ["there is no revision sqlite/3; is it 1?"]);
}

#[test]
fn a_folder_that_is_not_there_is_told_and_where_it_was_looked_for() {
    let Err(Wrong::Folder(say)) = embed(Some("no/such/folder"), &SchemaOf::Unsaid, &Steps::default()) else {
        panic!("there is none")
    };
    assert!(say[0].starts_with("there is no folder no/such/folder, seen from "), "{say:?}");
}

#[test]
fn several_heads_are_told_with_the_command_that_merges_them() {
    let root = project();
    let sqlite = root.path().join("sqlite");
    write(&sqlite, "3_c", "SELECT 3;\n", "run_in_transaction = true\ndown_revision = [\"1\"]\n");
    fs::write(root.path().join(FILE_NAME), lock_of(&sqlite)).unwrap();
    insta::assert_snapshot!(problems(root.path()), @r#"[root]/sqlite has 2 heads, 2 and 3: run `cargo run --bin migrate -- merge 2 3 "<name>"`"#);
}

#[test]
fn revisions_that_wait_for_each_other_are_told() {
    let root = project();
    fs::write(root.path().join("sqlite/1_a/metadata.toml"), "run_in_transaction = true\ndown_revision = [\"2\"]\n")
        .unwrap();
    insta::assert_snapshot!(problems(root.path()), @"[root]/sqlite: the revisions 1 → 2 → 1 wait for each other; mend the down_revision of one of them");
}

#[test]
fn what_can_be_undone_says_how_and_what_can_not_says_that() {
    let root = project();
    let sqlite = root.path().join("sqlite");
    fs::remove_file(sqlite.join("2_b/down.sql")).unwrap();
    fs::write(root.path().join(FILE_NAME), lock_of(&sqlite)).unwrap();
    insta::assert_snapshot!(problems(root.path()), @r#"[root]/sqlite/2_b has no down.sql; run `cargo run --bin autogenerate -- "<name>"`, which makes one, or write `irreversible = true` into its metadata.toml where nothing can undo it"#);
    let metadata = "run_in_transaction = true\ndown_revision = [\"1\"]\nirreversible = true\n";
    fs::write(sqlite.join("2_b/metadata.toml"), metadata).unwrap();
    assert!(embed(root.path().to_str(), &SchemaOf::Unsaid, &Steps::default()).is_ok());
    fs::write(sqlite.join("2_b/down.sql"), "SELECT 1;\n").unwrap();
    fs::write(root.path().join(FILE_NAME), lock_of(&sqlite)).unwrap();
    insta::assert_snapshot!(problems(root.path()), @"[root]/sqlite/2_b has a down.sql, and its metadata.toml says `irreversible = true`; take one of them out");
}
