//! What the errors say to type, typed: `autogenerate` builds in every state, and mends it.

use crate::project::{Layout, Project};
use crate::{MEND, differ};

/// A revision of a person's own, after the newest.
fn by_hand(project: &Project, name: &str) {
    let newest = project.ids().pop().expect("there is a revision");
    project.revision(name, &format!("[\"{newest}\"]"));
}

#[test]
fn what_the_errors_say_to_type_mends_them() {
    let project = Project::new("mended", Layout::Library);
    let lock = project.migrations("schema.lock");
    let mends = |state: &str, words: &[&str]| {
        assert!(!project.check().success, "{state}: it should not build");
        let said = project.run("autogenerate", words);
        assert!(said.success, "{state}: {}", said.text);
        project.is_good();
    };
    project.remove(&project.migrations(""));
    // As Diesel's CLI leaves a new folder.
    project.write(&project.migrations(".keep"), "");
    mends("no migrations yet", &["initial"]);
    differ(&project);
    mends("models that differ in every way", &["everything", "--allow-data-loss"]);
    project.remove(&lock);
    mends("no lock", &["again"]);

    by_hand(&project, "x_own");
    mends("a folder that the lock does not know", &["again"]);
    project.write(&project.migrations("sqlite/x_own/up.sql"), "SELECT 2;\n");
    mends("an edited file", &["again"]);
    let text = project.read(&lock);
    project.edit(&lock, "comments = false", "<<<<<<< HEAD\ncomments = false\n=======\ncomments = true\n>>>>>>> other");
    mends("a conflict", &["merge"]);
    assert_eq!(project.read(&lock), text);
    project.remove(&project.migrations("sqlite/x_own"));
    mends("a revision without a folder", &["again"]);
    for folder in project.folders() {
        let down = project.migrations(&format!("sqlite/{folder}/down.sql"));
        let text = project.read(&down);
        project.remove(&down);
        mends("no down.sql", &["again"]);
        assert_eq!(project.read(&down), text);
    }

    by_hand(&project, "x_left");
    let parent = project.ids()[1].clone();
    project.revision("y_right", &format!("[\"{parent}\"]"));
    assert!(!project.check().success, "two heads");
    let said = project.run("autogenerate", &["again"]);
    assert!(!said.success && said.text.contains("merge x y"), "{}", said.text);
    let said = project.run("migrate", &["merge", "x", "y", "both sides"]);
    assert!(said.success, "{}", said.text);
    project.is_good();
}

/// What only a person can know, it says as the build does.
#[test]
fn what_no_command_can_know_is_told_by_autogenerate_too() {
    let project = Project::new("told", Layout::Members);
    let state = |change: &dyn Fn(), said: &str| {
        project.restore();
        change();
        project.fails_with(&[said]);
        let typed = project.run("autogenerate", &["again"]);
        assert!(!typed.success && typed.text.contains(said) && !typed.text.contains(MEND), "{}", typed.text);
    };
    let first = project.migrations("sqlite/1_all");
    state(
        &|| project.revision("2_b", "[\"9\"]"),
        "revision 2 names 9 in its down_revision, and there is no such revision",
    );
    state(
        &|| {
            project.revision("2_b", "[\"3\"]");
            project.revision("3_c", "[\"2\"]");
        },
        "the revisions 2 → 3 → 2 wait for each other; mend the down_revision of one of them",
    );
    state(&|| project.remove(&format!("{first}/up.sql")), "1_all has no up.sql; write one");
}
