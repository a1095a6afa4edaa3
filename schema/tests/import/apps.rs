//! Databases of real applications.

use std::path::{Path, PathBuf};

use diesel_schema::Dialect;
use diesel_schema::config::Project;
use diesel_schema::generate::{self, Scratches, Sides, Source};

use crate::support::{Database, import, package, printed_by_diesel};

fn oracles() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let named = std::env::var_os("DIESEL_SCHEMA_ORACLES").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root.join("../shared/oracles")).join("apps");
    if !folder.is_dir() {
        eprintln!("skipped: there are no databases of applications; name their folder in DIESEL_SCHEMA_ORACLES");
        return None;
    }
    Some(folder)
}

fn apps() -> Vec<(Dialect, String, PathBuf)> {
    let Some(folder) = oracles() else { return Vec::new() };
    let only = std::env::var("ONLY_APPS").unwrap_or_default();
    let mut found = Vec::new();
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        for entry in std::fs::read_dir(folder.join(dialect.name())).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            if only.is_empty() || only.split(',').any(|it| it == name) {
                found.push((dialect, name, path));
            }
        }
    }
    found.sort_by(|a, b| (a.0.name(), &a.1).cmp(&(b.0.name(), &b.1)));
    found
}

/// What becomes of one application: how far it comes, and why no further.
pub(crate) struct Outcome {
    pub(crate) imported: bool,
    pub(crate) no_changes: bool,
    same_schema_rs: bool,
    pub(crate) why: Vec<String>,
}

pub(crate) fn outcome(dialect: Dialect, folder: &Path, url: &str, pool: &Scratches) -> Outcome {
    let mut outcome = Outcome { imported: false, no_changes: false, same_schema_rs: false, why: Vec::new() };
    match import(folder, url, false, pool) {
        Ok(imported) => {
            imported.write().unwrap();
            outcome.imported = true;
        }
        Err(error) => {
            outcome.why.push(error.to_string());
            return outcome;
        }
    }
    let project = Project::find(folder, Some(Path::new("migrations"))).unwrap();
    let (from, to): (Source, Source) = (url.parse().unwrap(), Source::Lock);
    let sides = Sides {
        from: &from,
        to: &to,
        dialect,
        declared: None,
        project: &project,
        database: None,
        scratch_postgres: None,
        renames: &[],
        online: false,
        privileges: false,
    };
    let changes = generate::compare(&sides, pool).unwrap().changes;
    outcome.no_changes = changes.is_empty();
    outcome.why.extend(changes.iter().map(|change| change.describe()));
    if dialect == Dialect::Postgres
        && let Some(printed) = printed_by_diesel(url, &[])
    {
        let ours = std::fs::read_to_string(folder.join("schema.rs")).unwrap();
        match printed {
            Ok(printed) if printed == ours => outcome.same_schema_rs = true,
            Ok(_) => outcome.why.push("schema.rs differs".to_owned()),
            Err(error) => outcome.why.push(format!("diesel print-schema fails: {}", error.trim())),
        }
    }
    outcome
}

#[test]
fn applications_are_imported_and_need_no_change() {
    let keep = std::env::var_os("IMPORT_TO").map(PathBuf::from);
    let root = tempfile::tempdir().unwrap();
    let root = keep.as_deref().unwrap_or(root.path());
    let pool = Scratches::default();
    let (mut imported, mut unchanged, mut same) = (0, 0, 0);
    let apps = apps();
    for (dialect, name, path) in &apps {
        let folder = root.join(name);
        package(&folder, name, *dialect);
        let database = Database::new(*dialect, name, &folder);
        database.load(&std::fs::read_to_string(path).unwrap()).unwrap();
        let outcome = outcome(*dialect, &folder, &database.url, &pool);
        imported += usize::from(outcome.imported);
        unchanged += usize::from(outcome.no_changes);
        same += usize::from(outcome.same_schema_rs);
        println!("{name}: {}", if outcome.why.is_empty() { "well".to_owned() } else { outcome.why.join("; ") });
        // What models can't say is refused by name, and nothing that is imported needs a change.
        assert_eq!(outcome.imported, outcome.no_changes, "{name}: {:?}", outcome.why);
    }
    println!("of {}: {imported} imported, {unchanged} without changes, {same} with diesel_cli's schema.rs", apps.len());
    assert!(apps.is_empty() || std::env::var_os("ONLY_APPS").is_some() || imported * 4 >= apps.len() * 3);
}
