//! Databases of real applications.

use std::path::{Path, PathBuf};

use diesel_schema::Dialect;
use diesel_schema::generate::Scratches;

use crate::support::{Database, import, package};

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

#[test]
fn every_application_is_imported() {
    let keep = std::env::var_os("IMPORT_TO").map(PathBuf::from);
    let root = tempfile::tempdir().unwrap();
    let root = keep.as_deref().unwrap_or(root.path());
    let pool = Scratches::default();
    let mut failed = Vec::new();
    let apps = apps();
    for (dialect, name, path) in &apps {
        let folder = root.join(name);
        package(&folder, name, *dialect);
        let database = Database::new(*dialect, name, &folder);
        let said = match database.load(&std::fs::read_to_string(path).unwrap()) {
            Err(error) => Some(format!("does not load: {error}")),
            Ok(()) => match import(&folder, &database.url, false, &pool) {
                Ok(imported) => {
                    imported.write().unwrap();
                    None
                }
                Err(error) => {
                    if let Ok(imported) = import(&folder, &database.url, true, &pool) {
                        imported.write().unwrap();
                    }
                    Some(error.to_string())
                }
            },
        };
        println!("{} {name}: {}", dialect.name(), said.as_deref().unwrap_or("imported"));
        failed.extend(said.map(|said| format!("{name}: {said}")));
    }
    println!("{} of {} imported", apps.len() - failed.len(), apps.len());
}
