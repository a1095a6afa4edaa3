//! Writes many files, or none.

use std::io;
use std::path::{Path, PathBuf};

/// Files to write together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Folders that must not be there yet, each with its files' names and texts.
    pub folders: Vec<(PathBuf, Vec<(&'static str, String)>)>,
    /// Folders that go; one that is written may take the place of one of them.
    pub gone: Vec<PathBuf>,
    /// Files that are made or replaced.
    pub files: Vec<(PathBuf, String)>,
}

/// Something could not be written; everything is as it was.
#[derive(Debug, thiserror::Error)]
#[error("{path} can't be written ({reason}); nothing was written", path = path.display())]
pub struct WriteError {
    /// The folder or file.
    pub path: PathBuf,
    /// What the system says.
    pub reason: io::Error,
}

/// What was done, to be undone in reverse.
enum Done {
    MadeFolder(PathBuf),
    MadeFile(PathBuf),
    MovedFolder(PathBuf),
    HidFolder(PathBuf),
    Replaced { path: PathBuf, backup: Option<PathBuf> },
}

/// Writes everything under names that nobody reads (Diesel passes over folders that begin with a dot), syncs it, and
/// moves it to its place only then. What fails on the way is undone.
///
/// # Errors
/// The first thing that could not be written.
pub fn write(files: &Files) -> Result<(), WriteError> {
    let mut done = Vec::new();
    let written = stage_and_move(files, &mut done);
    if written.is_err() {
        done.into_iter().rev().for_each(undo);
    } else {
        for step in done {
            // Everything is in its place; what may be left has a name that nobody reads.
            let _ = match step {
                Done::Replaced { backup: Some(backup), .. } => std::fs::remove_file(backup),
                Done::HidFolder(path) => std::fs::remove_dir_all(hidden(&path, "old")),
                _ => Ok(()),
            };
        }
    }
    written
}

fn stage_and_move(files: &Files, done: &mut Vec<Done>) -> Result<(), WriteError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |reason| WriteError { path, reason }
    };
    for (folder, texts) in &files.folders {
        if folder.exists() && !files.gone.contains(folder) {
            return Err(failed(folder)(io::Error::new(io::ErrorKind::AlreadyExists, "it is there already")));
        }
        make_parents(folder, done).map_err(failed(folder))?;
        let staged = hidden(folder, "new");
        std::fs::create_dir(&staged).map_err(failed(folder))?;
        done.push(Done::MadeFolder(staged.clone()));
        for (name, text) in texts {
            let path = staged.join(name);
            done.push(Done::MadeFile(path.clone()));
            write_synced(&path, text).map_err(failed(&folder.join(name)))?;
        }
    }
    for (path, text) in &files.files {
        make_parents(path, done).map_err(failed(path))?;
        let staged = hidden(path, "new");
        done.push(Done::MadeFile(staged.clone()));
        write_synced(&staged, text).map_err(failed(path))?;
    }
    for folder in &files.gone {
        std::fs::rename(folder, hidden(folder, "old")).map_err(failed(folder))?;
        done.push(Done::HidFolder(folder.clone()));
    }
    for (folder, _) in &files.folders {
        std::fs::rename(hidden(folder, "new"), folder).map_err(failed(folder))?;
        done.push(Done::MovedFolder(folder.clone()));
    }
    for (path, _) in &files.files {
        let backup = if path.exists() {
            let backup = hidden(path, "old");
            std::fs::copy(path, &backup).inspect_err(|_| drop(std::fs::remove_file(&backup))).map_err(failed(path))?;
            Some(backup)
        } else {
            None
        };
        done.push(Done::Replaced { path: path.clone(), backup });
        std::fs::rename(hidden(path, "new"), path).map_err(failed(path))?;
    }
    Ok(())
}

/// `.<name>.<process>.<what>` beside it: on the same file system, so that moving it is atomic.
fn hidden(path: &Path, what: &str) -> PathBuf {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.{what}", std::process::id()))
}

fn make_parents(path: &Path, done: &mut Vec<Done>) -> io::Result<()> {
    let missing: Vec<&Path> =
        path.ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists()).collect();
    for folder in missing.into_iter().rev() {
        std::fs::create_dir(folder)?;
        done.push(Done::MadeFolder(folder.to_owned()));
    }
    Ok(())
}

/// A disk that is full says so at `sync_all` at the latest.
fn write_synced(path: &Path, text: &str) -> io::Result<()> {
    use io::Write as _;
    let mut file = std::fs::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Best effort: the error that is reported is the first one.
fn undo(step: Done) {
    let _ = match step {
        Done::MadeFolder(path) => std::fs::remove_dir(path),
        Done::MadeFile(path) => std::fs::remove_file(path),
        Done::MovedFolder(path) => std::fs::remove_dir_all(path),
        Done::HidFolder(path) => std::fs::rename(hidden(&path, "old"), path),
        Done::Replaced { path, backup: Some(backup) } => std::fs::rename(backup, path),
        Done::Replaced { path, backup: None } => std::fs::remove_file(path),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(root: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![root.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                found.push(path.strip_prefix(root).unwrap().display().to_string());
                if path.is_dir() {
                    folders.push(path);
                }
            }
        }
        found.sort();
        found
    }

    fn files(root: &Path) -> Files {
        Files {
            folders: vec![(root.join("m/sqlite/1_a"), vec![("up.sql", "SELECT 1;\n".to_owned())])],
            gone: Vec::new(),
            files: vec![(root.join("m/schema.lock"), "new".to_owned()), (root.join("src/schema.rs"), "rs".to_owned())],
        }
    }

    #[test]
    fn everything_is_in_its_place_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        write(&files(root.path())).unwrap();
        let expected =
            ["m", "m/schema.lock", "m/sqlite", "m/sqlite/1_a", "m/sqlite/1_a/up.sql", "src", "src/schema.rs"];
        assert_eq!(listing(root.path()), expected);
    }

    #[test]
    fn a_failure_in_the_middle_leaves_all_as_it_was() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("m")).unwrap();
        std::fs::write(root.path().join("m/schema.lock"), "old").unwrap();
        // A folder where a file should be: the very last move fails, also for root.
        std::fs::create_dir_all(root.path().join("src/schema.rs/in_the_way")).unwrap();
        let before = listing(root.path());
        let error = write(&files(root.path())).unwrap_err();
        assert!(error.to_string().contains("src/schema.rs can't be written"), "{error}");
        assert_eq!(listing(root.path()), before);
        assert_eq!(std::fs::read_to_string(root.path().join("m/schema.lock")).unwrap(), "old");
    }

    #[test]
    fn what_goes_comes_back_where_something_fails() {
        let root = tempfile::tempdir().unwrap();
        let old = root.path().join("m/sqlite/1_a");
        std::fs::create_dir_all(&old).unwrap();
        std::fs::write(old.join("up.sql"), "old").unwrap();
        let in_the_way = root.path().join("src/schema.rs/in_the_way");
        std::fs::create_dir_all(&in_the_way).unwrap();
        let before = listing(root.path());
        let files = Files { gone: vec![old.clone()], ..files(root.path()) };
        write(&files).unwrap_err();
        assert_eq!(listing(root.path()), before);
        assert_eq!(std::fs::read_to_string(old.join("up.sql")).unwrap(), "old");
        std::fs::remove_dir_all(root.path().join("src")).unwrap();
        write(&files).unwrap();
        assert_eq!(std::fs::read_to_string(old.join("up.sql")).unwrap(), "SELECT 1;\n");
        assert!(!listing(root.path()).iter().any(|path| path.contains(".old")));
    }

    #[test]
    fn a_folder_that_is_there_is_never_touched() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("m/sqlite/1_a")).unwrap();
        assert!(write(&files(root.path())).is_err());
        assert_eq!(listing(root.path()), ["m", "m/sqlite", "m/sqlite/1_a"]);
    }
}
