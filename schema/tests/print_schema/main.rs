//! `schema.rs` against `diesel print-schema`, byte for byte.
//!
//! `recorded/` holds what the binary of diesel_cli 2.3.14 printed, so that the comparison needs no binary. Where there
//! is one (`DIESEL_CLI` names it, or it is on the PATH, or in `target/tools/bin`), it is asked again; with
//! `DIESEL_CLI_RECORD` set, what it says is recorded.

mod support;
mod types;

use std::path::{Path, PathBuf};

use diesel_schema::generate::print_schema::print_schema;
use diesel_schema_core::revision::{self, Graph, Revision};

use support::*;

/// The application's, which has to compile. `cargo fmt` follows `mod` and not `include!`, and it has a `rustfmt.toml`.
mod of_the_application {
    include!("../../../app/schema.rs");
}

#[test]
fn hard_names_types_and_keys() {
    let database = Database::new("nasty");
    database.run(include_str!("nasty.sql")).unwrap();
    for (name, text) in [
        ("plain", ""),
        ("docs", "with_docs = true\nallow_tables_to_appear_in_same_query_config = \"fk_related_tables\"\n"),
        (
            "comments",
            "with_docs = \"only-database-comments\"\nallow_tables_to_appear_in_same_query_config = \"none\"\n",
        ),
        ("other", "schema = \"other\"\nwith_docs = true\n"),
        ("public", "schema = \"public\"\nfilter = { only_tables = [\"^[a-e]$\", \"enums\"] }\n"),
        (
            "imports",
            "import_types = [\"diesel::sql_types::*\", \"crate::types::*\"]\ncolumn_sorting = \"name\"\n\
             custom_type_derives = [\"diesel::query_builder::QueryId\", \"Clone\", \"std::fmt::Debug\"]\n\
             filter = { except_tables = [\"all_types\"] }\n",
        ),
        (
            "derives",
            "custom_type_derives = [\"diesel::query_builder::QueryId\", \"Clone\", \"core::fmt::Debug\", \"crate::some_module::Whatever\"]\n\
             except_custom_type_definitions = [\"^Mood$\"]\npg_domains_as_custom_types = [\"^sho\"]\n\
             filter = { only_tables = [\"enums\", \"domains\"] }\n",
        ),
        ("undefined", "generate_missing_sql_type_definitions = false\nfilter = { only_tables = [\"enums\"] }\n"),
        ("nothing", "filter = { only_tables = [\"^no_such_table$\"] }\n"),
        ("nowhere", "schema = \"Not There\"\n"),
    ] {
        compare(name, &database, &recorded(&format!("{name}.rs")), text);
    }
}

/// The patch's lines stand elsewhere than it says, as they do when a table comes before them.
#[test]
fn a_patch_is_applied_as_diesel_applies_it() {
    let database = Database::new("patched");
    database
        .run("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY, words tsvector NOT NULL)")
        .unwrap();
    let patch = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/print_schema/words.patch");
    let text = format!("patch_file = '{}'\n", patch.display());
    compare("patched", &database, &recorded("patched.rs"), &text);
}

/// Diesel's CLI patches what the folder's rustfmt makes of it.
#[test]
fn a_patch_of_what_another_rustfmt_toml_makes() {
    let database = Database::new("patched_layout");
    database.run("CREATE TYPE mood AS ENUM ('up'); CREATE TABLE a (id int PRIMARY KEY, mood mood)").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let patch = folder.path().join("mood.patch");
    std::fs::write(folder.path().join("rustfmt.toml"), "tab_spaces = 2\n").unwrap();
    let lines = "@@ -6,2 +6,2 @@\n-  pub struct Mood;\n+  pub struct MyMood;\n }\n";
    std::fs::write(&patch, format!("--- a/schema.rs\n+++ b/schema.rs\n{lines}")).unwrap();
    let ours = print_schema(&database.read(), &options(&format!("patch_file = '{}'\n", patch.display()))).unwrap();
    assert!(ours.contains("\n  pub struct MyMood;\n}\n"), "{ours}");
}

#[test]
fn the_applications_own() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let revisions = revision::read(&root.join("migrations/postgres")).unwrap();
    let graph = Graph::new(revisions.iter().map(Revision::node)).unwrap();
    let database = Database::new("app");
    for id in graph.order() {
        let revision = revisions.iter().find(|revision| revision.id == *id).unwrap();
        database.run(&revision.up).unwrap();
    }
    compare("app/schema.rs", &database, &root.join("app/schema.rs"), "");
}

#[test]
fn the_applications_own_is_good_for_queries() {
    use diesel::prelude::*;
    use of_the_application::{recommendations, users};
    let query = recommendations::table.inner_join(users::table).select((recommendations::title, users::email));
    let sql = diesel::debug_query::<diesel::pg::Pg, _>(&query).to_string();
    assert!(sql.contains("INNER JOIN \"users\" ON (\"recommendations\".\"user_id\" = \"users\".\"id\")"), "{sql}");
}

#[test]
fn lists_of_tables_are_laid_out_as_rustfmt_does() {
    let database = Database::new("lists");
    let mut tables = 0;
    let mut widths = (1..).map(|step: usize| (step * 7) % 10 + 1);
    for count in [2, 9, 10, 11, 12, 40] {
        let mut sql = format!("CREATE SCHEMA short_{count}; CREATE SCHEMA long_{count};");
        for _ in 0..count {
            tables += 1;
            let width = widths.next().unwrap();
            let name = format!("t{tables}");
            sql.push_str(&format!("CREATE TABLE short_{count}.{name:_<width$} (id integer PRIMARY KEY);"));
            sql.push_str(&format!("CREATE TABLE long_{count}.{name:_<11} (id integer PRIMARY KEY);"));
        }
        database.run(&sql).unwrap();
    }
    let schema = database.read();
    let found: Vec<String> = schema.namespaces.keys().cloned().collect();
    let mut all = String::new();
    for namespace in found {
        let text = format!("schema = \"{namespace}\"\n");
        let ours = print_schema(&schema, &options(&text)).unwrap();
        if let Some(binary) = diesel_cli() {
            let theirs = ask(&binary, &database.url, &text).unwrap();
            assert!(ours == theirs, "{namespace}: {}", first_difference(&ours, &theirs));
        }
        let list = ours.find("    diesel::allow_tables").unwrap();
        all.push_str(&ours[list..]);
    }
    let file = recorded("lists.txt");
    if std::env::var_os("DIESEL_CLI_RECORD").is_some() && diesel_cli().is_some() {
        std::fs::write(&file, &all).unwrap();
    }
    let before = std::fs::read_to_string(file).unwrap();
    assert!(all == before, "{}", first_difference(&all, &before));
}

/// Real applications' databases: `DIESEL_SCHEMA_ORACLES` names a folder that has them in `apps/postgres`, each a file.
#[test]
fn databases_of_applications() {
    let Some(folder) = std::env::var_os("DIESEL_SCHEMA_ORACLES").map(PathBuf::from) else {
        return eprintln!("skipped the databases of applications: DIESEL_SCHEMA_ORACLES names no folder of them");
    };
    let Some(binary) = diesel_cli() else { return };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.join("apps/postgres")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "sql"));
    files.sort();
    assert!(!files.is_empty(), "DIESEL_SCHEMA_ORACLES names a folder without .sql files");
    let mut wrong = Vec::new();
    for file in &files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let database = Database::new(&name.replace(|it: char| !it.is_ascii_alphanumeric(), "_").to_lowercase());
        if let Err(error) = database.run(&std::fs::read_to_string(file).unwrap()) {
            eprintln!("{name}: not here, the server says: {error}");
            continue;
        }
        let schema = database.read();
        let mut namespaces: Vec<Option<&str>> = schema.namespaces.keys().map(|it| Some(it.as_str())).collect();
        namespaces.push(None);
        for namespace in namespaces {
            // Left out on both sides: what stops Diesel.
            let keyless = schema.tables.values().filter(|table| table.primary_key.is_none()).map(|table| &table.name);
            let keyless = keyless.filter(|name| name.namespace.as_deref() == namespace).map(|name| name.name.clone());
            let left_out: Vec<String> = keyless.map(|name| format!("'^{name}$'")).collect();
            let mut text = format!("filter = {{ except_tables = [{}] }}\n", left_out.join(", "));
            text.extend(namespace.map(|name| format!("schema = '{name}'\n")));
            let related = "allow_tables_to_appear_in_same_query_config = \"fk_related_tables\"\n";
            for text in [format!("{text}{related}"), format!("{text}with_docs = true\n")] {
                let ours = print_schema(&schema, &options(&text)).unwrap();
                let lines = ours.lines().count();
                match ask(&binary, &database.url, &text) {
                    Ok(theirs) if theirs == ours => {
                        eprintln!("{name} {namespace:?}: {lines} lines are equal, {} tables left out", left_out.len());
                    }
                    Ok(theirs) => wrong.push(format!("{name} {namespace:?}: {}", first_difference(&ours, &theirs))),
                    Err(said) => wrong.push(format!("{name} {namespace:?}: {said}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
