//! `cargo check` of models beside the same tables written by hand: `table!`, `joinable!` and Diesel's derives.
//!
//! And the same models with the check against `schema.lock` switched off, which is what that check costs.
//!
//! CPU seconds of one crate, after everything that it depends on is built; the least of the rounds, which take
//! turns. `MODELS=100,300` and `ROUNDS=2` change what is measured; each size after the first says how both sides grew.
//!
//! By hand is what an ordinary user would write and no more: a `table!` for each table, a `joinable!` and an
//! `allow_tables_to_appear_in_same_query!` for each foreign key, `Queryable`, `Selectable` and `Identifiable` on each
//! struct, and `Associations` where it has a parent. Diesel's own part grows faster than the number of tables, so the
//! growth of the models is to be read beside that of the tables by hand.

mod sources;

use std::path::Path;
use std::process::Command;

fn main() {
    let number = |name: &str, default: &str| std::env::var(name).unwrap_or_else(|_| default.to_owned());
    let rounds: usize = number("ROUNDS", "2").parse().expect("ROUNDS is a number");
    let root = diesel_schema_tests::workspace_root();
    let mut lines = Vec::new();
    let mut previous: Option<(f64, f64, f64)> = None;
    for count in number("MODELS", "100,300").split(',') {
        let count: usize = count.trim().parse().expect("MODELS holds numbers");
        let (mut models, mut by_hand, mut unchecked) = (f64::MAX, f64::MAX, f64::MAX);
        let folders = [sources::models(count), sources::by_hand(count)].map(|source| project(&root, &source));
        sources::migrations(folders[0].path(), count);
        for folder in &folders {
            check(folder.path(), &root, "error");
        }
        for _ in 0..rounds {
            models = models.min(check(folders[0].path(), &root, "error"));
            unchecked = unchecked.min(check(folders[0].path(), &root, "off"));
            by_hand = by_hand.min(check(folders[1].path(), &root, "error"));
        }
        lines.push(format!(
            "{count} tables x 10 columns: models {models:.2} s, by hand {by_hand:.2} s, {:.2} of it",
            models / by_hand
        ));
        lines.push(format!(
            "  with the check off {unchecked:.2} s: it adds {:.1} %",
            (models / unchecked - 1.0) * 100.0
        ));
        if let Some((before, models_before, by_hand_before)) = previous {
            lines.push(format!(
                "  {:.1} times the tables in {:.1} times the time, by hand in {:.1} times",
                count as f64 / before,
                models / models_before,
                by_hand / by_hand_before
            ));
        }
        previous = Some((count as f64, models, by_hand));
    }
    for line in lines {
        println!("{line}");
    }
}

/// A crate of one file, which shares what is built for the workspace's benches.
fn project(root: &Path, source: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let manifest = format!(
        "[package]\nname = \"checked\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         diesel = {{ version = \"2.3\", default-features = false, features = [\"postgres\", \"sqlite\", \"chrono\"] }}\n\
         diesel-schema = {{ path = {:?}, default-features = false, features = [\"postgres\", \"sqlite\", \"chrono\"] }}\n\
         chrono = {{ version = \"0.4\", default-features = false }}\n",
        root.join("schema")
    );
    std::fs::create_dir(folder.path().join("src")).expect("a folder");
    std::fs::write(folder.path().join("Cargo.toml"), manifest).expect("a file");
    std::fs::copy(root.join("Cargo.lock"), folder.path().join("Cargo.lock")).expect("a file");
    std::fs::write(folder.path().join("src/lib.rs"), source).expect("a file");
    folder
}

/// CPU seconds of checking the crate again: what bash's `times` says of its children.
fn check(folder: &Path, root: &Path, drift: &str) -> f64 {
    let script = "touch src/lib.rs; TIMEFORMAT='%U %S'; time cargo check --quiet --offline 2>messages || { cat messages >&2; exit 1; }";
    let output = Command::new("bash")
        .args(["-c", script])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", root.join("target/check-bench"))
        .env("CARGO_INCREMENTAL", "0")
        .env("DIESEL_SCHEMA_DRIFT", drift)
        .output()
        .expect("bash runs");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    text.split_whitespace().map(|part| part.parse::<f64>().expect("seconds")).sum()
}
