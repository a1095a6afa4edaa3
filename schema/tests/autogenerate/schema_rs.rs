//! `schema.rs`, among the files that are written.

use diesel_schema::Dialect;
use diesel_schema::declared::*;
use diesel_schema::generate::Nobody;

use crate::support::*;

const BOTH: &[Dialect] = &[Dialect::Postgres, Dialect::Sqlite];

fn printed(bench: &Workbench) -> String {
    std::fs::read_to_string(bench.root.path().join("schema.rs")).unwrap()
}

/// Columns that come and go in the middle of a struct.
fn history() -> Vec<DeclaredSchema> {
    let tone = Enum {
        namespace: Some("audit".to_owned()),
        name: "tone".to_owned(),
        rust: "Tone".to_owned(),
        values: vec!["kind".to_owned()],
        comment: String::new(),
        at: String::new(),
    };
    let of_tone = Type {
        kind: TypeKind::Enum,
        namespace: Some("audit".to_owned()),
        name: "tone".to_owned(),
        ..column("tone", "Text").ty
    };
    let tone_column = Column { ty: of_tone, ..column("tone", "Text") };
    let renamed = Column { renamed_from: Some("name".to_owned()), ..column("title", "Text") };
    let tables = vec![
        vec![model("users", vec![column("name", "Text"), column("bio", "Text")])],
        vec![model("users", vec![column("age", "Int4"), column("name", "Text"), tone_column, column("bio", "Text")])],
        vec![
            model("articles", vec![column("z", "Text"), column("a", "Text")]),
            model("users", vec![column("age", "Int4"), renamed, column("bio", "Text")]),
        ],
    ];
    let with = |models: Vec<Model>| {
        let enums = if models[0].columns.len() == 5 { vec![tone.clone()] } else { Vec::new() };
        DeclaredSchema { enums, ..schema(BOTH, models) }
    };
    tables.into_iter().map(with).collect()
}

#[test]
fn columns_stand_in_the_order_in_which_they_came_also_where_no_server_can_say() {
    let without = Workbench::new();
    let with = on_postgres();
    for declared in history() {
        without.generate(&declared);
        with.generate(&declared);
        assert_eq!(printed(&without), printed(&with));
    }
    let expected = "// @generated automatically by Diesel CLI.

diesel::table! {
    articles (id) {
        id -> Int4,
        z -> Nullable<Text>,
        a -> Nullable<Text>,
    }
}

diesel::table! {
    users (id) {
        id -> Int4,
        title -> Nullable<Text>,
        bio -> Nullable<Text>,
        age -> Nullable<Int4>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(articles, users,);
";
    assert_eq!(printed(&without), expected);
}

#[test]
fn a_schema_rs_alone_that_is_stale_is_mended() {
    let bench = Workbench::new();
    let declared = &history()[1];
    bench.generate(declared);
    let fresh = printed(&bench);
    for (stale, said) in [
        (Some("// somebody was here\n"), "schema.rs was stale and is written anew"),
        (None, "schema.rs was missing and is written"),
    ] {
        let file = bench.root.path().join("schema.rs");
        match stale {
            Some(text) => std::fs::write(&file, text).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        let before = bench.listing().into_iter().filter(|path| path != "schema.rs").collect::<Vec<_>>();
        let prepared = bench.prepare(declared, &mut Nobody, false).unwrap();
        assert!(prepared.no_changes());
        let files: Vec<_> = prepared.files.files.iter().map(|(path, _)| path.clone()).collect();
        assert_eq!(files, [file]);
        assert!(prepared.notes[0].ends_with(said), "{:?}", prepared.notes);
        prepared.write().unwrap();
        assert_eq!(printed(&bench), fresh);
        assert_eq!(bench.listing().into_iter().filter(|path| path != "schema.rs").collect::<Vec<_>>(), before);
    }
}

#[test]
fn a_layout_of_ones_own_is_left_alone_until_something_changes() {
    let (bench, other) = (Workbench::new(), Workbench::new());
    bench.generate(&history()[1]);
    other.generate(&history()[1]);
    let own = printed(&bench).replace("    ", "\t").replace("SqlType)]", "SqlType,\n\t)]");
    assert_ne!(own, printed(&bench));
    std::fs::write(bench.root.path().join("schema.rs"), &own).unwrap();
    let prepared = bench.prepare(&history()[1], &mut Nobody, false).unwrap();
    assert!(prepared.files.files.is_empty(), "{:?}", prepared.files);
    bench.generate(&history()[2]);
    other.generate(&history()[2]);
    assert_eq!(printed(&bench), printed(&other));
}

#[test]
fn an_application_without_postgresql_has_none() {
    let bench = Workbench::new();
    bench.generate(&schema(&[Dialect::Sqlite], vec![model("users", Vec::new())]));
    assert!(!bench.listing().contains(&"schema.rs".to_owned()));
}

#[test]
fn a_patch_that_can_not_be_applied_stops_it_before_anything_is_written() {
    let mut bench = Workbench::new();
    let patch = bench.root.path().join("schema.patch");
    bench.project.schema_rs[0].print.patch_file = Some(patch.clone());
    let said = |bench: &Workbench| {
        let error = bench.prepare(&history()[0], &mut Nobody, false).unwrap_err();
        assert_eq!(error.hints().len(), 1);
        let said = error.to_string().replace(&bench.root.path().display().to_string(), "[root]");
        said.split_once("printed: ").unwrap().1.to_owned()
    };
    let missing = said(&bench);
    std::fs::write(&patch, "@@ what is this\n").unwrap();
    let nonsense = said(&bench);
    std::fs::write(&patch, "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-nowhere\n+somewhere\n").unwrap();
    insta::assert_snapshot!([missing, nonsense, said(&bench)].join("\n"));
    assert_eq!(bench.listing(), ["schema.patch"]);
    bench.generate(&schema(&[Dialect::Sqlite], vec![model("users", Vec::new())]));
}

#[test]
fn a_table_that_is_split_into_partitions_by_hand_stays_so() {
    let bench = on_postgres();
    let split = "CREATE TABLE parts (id integer GENERATED BY DEFAULT AS IDENTITY, at integer NOT NULL, PRIMARY KEY (id, at))\n    \
                 PARTITION BY RANGE (at);\n\
                 CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (9);\n";
    let folder = bench.root.path().join("migrations/postgres/1_parts");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("up.sql"), split).unwrap();
    std::fs::write(folder.join("down.sql"), "DROP TABLE parts;\n").unwrap();
    std::fs::write(folder.join("metadata.toml"), "run_in_transaction = true\n").unwrap();
    let parts = |more: &[Column]| {
        let at = Column { nullable: false, ..column("at", "Int4") };
        let mut table = model("parts", [&[at], more].concat());
        table.primary_key.columns = vec!["id".to_owned(), "at".to_owned()];
        schema(&[Dialect::Postgres], vec![table])
    };
    let prepared = bench.prepare(&parts(&[]), &mut Nobody, false).unwrap();
    assert!(prepared.no_changes(), "{:?}", prepared.dialects[0].transition.changes);
    let prepared = bench.prepare(&parts(&[column("more", "Text")]), &mut Nobody, false).unwrap();
    let steps: Vec<&str> = prepared.dialects[0].transition.up.steps.iter().map(|step| step.sql.as_str()).collect();
    assert_eq!(steps, ["ALTER TABLE parts\n    ADD COLUMN more text"]);
    let (_, printed) = prepared.files.files.iter().find(|(path, _)| path.ends_with("schema.rs")).unwrap();
    assert!(printed.contains("parts_1 (id, at)"), "{printed}");
}
