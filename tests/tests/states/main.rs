//! A project outside of the workspace, checked with `cargo check` in every state in which models, lock and revisions
//! disagree, in each layout that a workspace may have.

mod mended;
mod project;

use project::{Layout, Project, Said};

const MEND: &str = "run `cargo run --bin autogenerate -- \"<name>\"`";

/// A change of every kind to the models.
fn differ(project: &Project) {
    let (models, lib, file) =
        (project.models("src/models.rs"), project.models("src/lib.rs"), project.models("sql/seen.sql"));
    project.edit(&models, "    pub bio: Option<String>,", "    pub bio: String,\n    pub nick: Option<String>,");
    project.edit(&models, "#[default(true)]", "#[default(false)]");
    project.edit(&models, "#[index(bio)]", "#[index(email, bio)]");
    project.edit(&models, "    #[unique]\n", "");
    project.edit(&models, "pub id: i64", "pub id: i32");
    project.edit(&models, "cascade", "restrict");
    project.edit(&models, "pub title: String", "pub headline: String");
    project.edit(&models, "length(title)", "length(headline)");
    project.edit(&models, "    Casual,\n", "    Casual,\n    Curt,\n");
    project.edit(
        &models,
        "/// How somebody",
        "#[model(table = \"extra\")]\npub struct Extra {\n    #[primary_key]\n    pub id: i32,\n}\n\n/// How somebody",
    );
    project.edit(&lib, "models::Post]", "models::Post, models::Extra]");
    project.edit(&file, "FROM users", "FROM users WHERE active");
}

#[test]
fn every_kind_of_difference_is_told_at_once_in_every_layout() {
    for layout in [Layout::One, Layout::Library, Layout::Members] {
        let project = Project::new("differences", layout);
        project.is_good();
        let (models, lib) = (project.models("src/models.rs"), project.models("src/lib.rs"));
        differ(&project);
        let said = [
            (15, "9", "`User.active` is `Bool DEFAULT false`; the revisions make it `Bool DEFAULT true`"),
            (12, "9", "`User.bio` is `Text`; the revisions make it `Text NULL`"),
            (13, "9", "`User.nick` is `Text NULL`; no revision adds it"),
            (7, "3", "`User` has the index `keys=[email, bio]`; no revision adds it"),
            (8, "12", "`User` has no unique constraint `columns=[email]`; no revision drops it"),
            (8, "12", "`User` has no index `keys=[bio]`; no revision drops it"),
            (27, "9", "`Post.headline` is `Text`; no revision adds it"),
            (23, "9", "`Post.id` is `Int4 identity=by_default`; the revisions make it `Int8 identity=by_default`"),
            (
                26,
                "7",
                "`Post.headline` has the check `expr=\"length(headline) > 0\" columns=[headline]`; no revision adds it",
            ),
            (21, "12", "`Post` has no field for the column `posts.title`; no revision drops it"),
            (21, "12", "`Post` has no check `expr=\"length(title) > 0\" columns=[title]`; no revision drops it"),
            (31, "12", "`Extra` is the table `extra`; no revision creates it"),
        ];
        let errors: Vec<String> =
            said.iter().map(|(line, column, text)| format!("{models}:{line}:{column}: {text}\n")).collect();
        let key = "`columns=[user_id] references=users references_columns=[id] on_delete=restrict`; the revisions make it \
                   `columns=[user_id] references=users references_columns=[id] on_delete=cascade`";
        let mut lines: Vec<String> = errors;
        lines.push(format!("{models}:24:7: `Post.user_id` has the foreign key {key}"));
        lines.push(format!(
            "{models}:38:10: `Tone` is the enum `tone` with `values=[\"formal\", \"casual\", \"curt\"]`; the revisions make it \
             `values=[\"formal\", \"casual\"]`"
        ));
        lines.push(format!(
            "{lib}:4:13: `schema!` lists the file `sql/seen.sql`; its text is not the one that the revisions run"
        ));
        lines.push(format!("{MEND}, which writes the revision that is missing"));
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let text = project.fails_with(&lines);
        assert_eq!(text.matches("error[E0080]").count(), 1, "{text}");
        // In the library each is a warning at the field.
        for (line, _, said) in said {
            let warning = format!("{said}: {MEND}\n");
            let at = text.find(&warning).unwrap_or_else(|| panic!("no warning: {warning}\n{text}"));
            assert!(text[at + warning.len()..].trim_start().starts_with(&format!("--> {models}:{line}:")), "{text}");
        }
    }
}

#[test]
fn what_no_model_declares_any_more_is_told() {
    let project = Project::new("removed", Layout::Library);
    project.edit("models/src/lib.rs", "models::User, models::Post", "models::User");
    project.edit(
        "models/src/lib.rs",
        "    enums: [models::Tone],\n    sql: [\"sql/seen.sql\"],\n",
        "    comments: true,\n",
    );
    project.edit("models/src/models.rs", "    pub tone: Tone,\n", "");
    let text = std::fs::read_to_string(project.root.join("models/src/models.rs")).expect("models");
    let end = text.find("/// What somebody").expect("the second model");
    project.write("models/src/models.rs", &text[..end]);
    project.fails_with(&[
        "models/src/models.rs:8:12: `User` has no field for the column `users.tone`; no revision drops it",
        "models/src/lib.rs:4:13: no model is the table `posts`; no revision drops it",
        "models/src/lib.rs:4:13: no enum is the type `tone`; no revision drops it",
        "models/src/lib.rs:4:13: `schema!` does not list the file `\"sql/seen.sql\"`; no revision drops it",
        "models/src/lib.rs:4:13: `schema!` says `comments: true`; no revision writes the doc comments",
    ]);
}

#[test]
fn revisions_that_do_not_hold_together_are_told() {
    let project = Project::new("revisions", Layout::One);
    let state = |change: &dyn Fn(), said: &str| {
        project.restore();
        change();
        project.fails_with(&[said]);
    };
    let first = "migrations/sqlite/1_all";
    state(
        &|| project.revision("2_b", "[\"9\"]"),
        "migrations/sqlite/2_b: revision 2 names 9 in its down_revision, and there is no such revision",
    );
    state(
        &|| {
            project.revision("2_b", "[\"3\"]");
            project.revision("3_c", "[\"2\"]");
        },
        "migrations/sqlite: the revisions 2 → 3 → 2 wait for each other; mend the down_revision of one of them",
    );
    state(
        &|| {
            project.revision("2_b", "[\"1\"]");
            project.revision("3_c", "[\"1\"]");
            project.lock();
        },
        "migrations/sqlite has 2 heads, 2 and 3: run `cargo run --bin migrate -- merge 2 3 \"<name>\"`",
    );
    state(&|| project.remove(&format!("{first}/up.sql")), "migrations/sqlite/1_all has no up.sql; write one");
    state(
        &|| project.revision("2_b", "[\"1\"]"),
        "migrations/sqlite/2_b is not in schema.lock; run `cargo run --bin autogenerate",
    );
    state(
        &|| project.write(&format!("{first}/up.sql"), "SELECT 2;\n"),
        "migrations/sqlite/1_all was changed after schema.lock was written; take it in with `cargo run --bin migrate -- edit 1",
    );
    state(
        &|| project.edit("migrations/schema.lock", "comments = false", "<<<<<<< HEAD\ncomments = false"),
        "schema.lock has an unresolved merge conflict at line 3; run `cargo run --bin autogenerate -- \"merge\"`",
    );
    state(
        &|| {
            project.revision("2_b", "[\"1\"]");
            project.lock();
            project.remove("migrations/sqlite/2_b");
        },
        "schema.lock holds the sqlite revision 2, which has no folder",
    );
    state(
        &|| {
            project.remove(&format!("{first}/down.sql"));
            project.lock();
        },
        "migrations/sqlite/1_all has no down.sql; run `cargo run --bin autogenerate -- \"<name>\"`, which makes one, or write `irreversible = true`",
    );
    project.edit(&format!("{first}/metadata.toml"), "run_in", "irreversible = true\nrun_in");
    project.is_good();
}

#[test]
fn cargo_notices_every_change_and_nothing_else() {
    for layout in [Layout::One, Layout::Library, Layout::Members] {
        let project = Project::new("noticed", layout);
        project.is_good();
        assert!(!project.is_stale(), "nothing changed");
        let Said { success, text } =
            project.cargo_in(&project.models("src"), &["check", "--workspace", "--locked"], None);
        assert!(success && !text.contains("Checking"), "{text}");
        project.edit(
            &project.migrations("schema.lock"),
            "column users.bio type=Text null",
            "column users.bio type=Text",
        );
        project.fails_with(&["`User.bio` is `Text NULL`; the revisions make it `Text`"]);
        project.restore();
        project.is_good();
        project.write(&project.migrations("sqlite/1_all/up.sql"), "SELECT 2;\n");
        project.fails_with(&["1_all was changed after schema.lock was written"]);
        project.restore();
        project.is_good();
        // By hand, so that the lock says nothing of it.
        project.revision("2_b", "[\"1\"]");
        project.fails_with(&["2_b is not in schema.lock"]);
        project.remove(&project.migrations("sqlite/2_b"));
        project.is_good();
        project.edit(&project.models("src/models.rs"), "pub bio: Option<String>", "pub bio: String");
        project.fails_with(&["`User.bio` is `Text`; the revisions make it `Text NULL`"]);
    }
}

#[test]
fn a_setting_makes_it_a_warning_but_for_builds_without_debug_assertions() {
    let project = Project::new("settings", Layout::Library);
    project.edit(
        "models/src/models.rs",
        "    pub bio: Option<String>,",
        "    pub bio: Option<String>,\n    pub nick: Option<String>,",
    );
    project.fails_with(&["`User.nick` is `Text NULL`; no revision adds it\n"]);
    let manifest = std::fs::read_to_string(project.root.join("Cargo.toml")).expect("a manifest");
    let with = |word: &str| {
        project.write("Cargo.toml", &format!("{manifest}\n[workspace.metadata.diesel-schema]\ndrift = \"{word}\"\n"));
    };
    with("warn");
    let Said { success, text } = project.check();
    assert!(success, "{text}");
    assert!(text.contains("`User.nick` is `Text NULL`; no revision adds it: run"), "{text}");
    assert!(text.contains("models and migrations/schema.lock disagree, at the fields that are warned of"), "{text}");
    let check = ["check", "--workspace"];
    let Said { success, text } = project.cargo_in("", &check, Some("error"));
    assert!(!success && text.contains("error[E0080]"), "the environment decides before the file:\n{text}");
    let release = ["check", "--workspace", "--config", "profile.dev.package.server.debug-assertions=false"];
    let Said { success, text } = project.cargo_in("", &release, None);
    assert!(!success && text.contains("error[E0080]"), "a release build fails all the same:\n{text}");
    with("off");
    project.is_good();
    assert!(!project.cargo_in("", &release, None).success, "a release build fails all the same");
    with("on");
    let Said { success, text } = project.check();
    assert!(!success && text.contains("unknown variant `on`") && text.contains("write `drift = \"error\"`"), "{text}");
    with("error");
    let Said { success, text } = project.cargo_in("", &["clippy", "--workspace"], None);
    assert!(!success && text.contains("error[E0080]"), "{text}");
}

/// As in a sandbox, or with a vendored application. Who may write everywhere is held to it by the files' times.
#[test]
fn nothing_is_written_beside_the_source() {
    let project = Project::new("readonly", Layout::Members);
    project.is_good();
    project.edit("models/src/lib.rs", "pub mod models;", "pub mod models;\n");
    let before = project.files();
    project.set_readonly(true);
    let said = project.cargo_in("models/src", &["check", "--workspace", "--locked"], None);
    project.set_readonly(false);
    assert!(said.success && said.text.contains("Checking models"), "{}", said.text);
    assert_eq!(project.files(), before);
}
