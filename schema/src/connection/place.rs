//! Where an SQLite file is, and what is wrong with that place: SQLite itself only says that it can't open it.

use std::io::ErrorKind;
use std::path::Path;

/// The file that a path or an SQLite URI (<https://sqlite.org/uri.html>) names; none where it is memory, or not said plainly.
pub(crate) fn sqlite_file(target: &str) -> Option<&str> {
    if target == ":memory:" {
        return None;
    }
    let Some((path, query)) = uri(target) else { return Some(target) };
    let memory = query.split('&').any(|it| it == "mode=memory" || it.starts_with("vfs="));
    (!memory && !path.is_empty() && path != ":memory:" && !path.contains('%')).then_some(path)
}

/// Whether it is a database that nobody else sees, and that is gone with its connection.
pub(crate) fn is_in_memory(target: &str) -> bool {
    let of_uri = |(path, query): (&str, &str)| path == ":memory:" || query.split('&').any(|it| it == "mode=memory");
    target == ":memory:" || uri(target).is_some_and(of_uri)
}

/// The path and the settings of a URI.
fn uri(target: &str) -> Option<(&str, &str)> {
    let uri = target.strip_prefix("file:")?;
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let path = path.split('#').next().unwrap_or_default();
    let path = path.strip_prefix("//localhost").or_else(|| path.strip_prefix("//")).unwrap_or(path);
    Some((path, query.split('#').next().unwrap_or_default()))
}

/// Why no SQLite file can be at a place.
pub(crate) fn wrong_place(target: &str) -> Option<String> {
    let file = Path::new(sqlite_file(target)?);
    if file.is_dir() {
        return Some("it is a folder".to_owned());
    }
    let folder = folder(file);
    let shown = folder.display();
    match folder.metadata() {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Some(format!("the folder {shown} does not exist"))
        }
        Err(error) => Some(format!("the folder {shown} can't be read: {error}")),
        Ok(there) => (!there.is_dir()).then(|| format!("the folder {shown} does not exist")),
    }
}

/// Why SQLite could not open its file.
pub(crate) fn not_opened(target: &str) -> Option<String> {
    if let Some(reason) = wrong_place(target) {
        return Some(reason);
    }
    let file = Path::new(sqlite_file(target)?);
    match file.metadata() {
        Ok(there) if there.is_file() => {
            let error = std::fs::File::open(file).err()?;
            Some(format!("the file {} can't be read: {error}", file.display()))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let made = !uri(target)
                .is_some_and(|(_, query)| query.split('&').any(|setting| setting == "mode=ro" || setting == "mode=rw"));
            Some(if made {
                format!("no file can be made in the folder {}", folder(file).display())
            } else {
                format!("the file {} does not exist", file.display())
            })
        }
        _ => None,
    }
}

fn folder(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_names_a_file_or_memory() {
        for (target, file, memory) in [
            ("a.db", Some("a.db"), false),
            ("file:a.db?cache=shared#part", Some("a.db"), false),
            ("file:///tmp/a.db", Some("/tmp/a.db"), false),
            ("file://localhost/tmp/a.db", Some("/tmp/a.db"), false),
            (":memory:", None, true),
            ("file::memory:?cache=shared", None, true),
            ("file:a?mode=memory", None, true),
            ("file:", None, false),
            ("file:a%20b.db", None, false),
        ] {
            assert_eq!((sqlite_file(target), is_in_memory(target)), (file, memory), "{target}");
        }
    }

    #[test]
    fn a_place_where_no_file_can_be_is_told() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path).display().to_string();
        std::fs::write(at("there.db"), "").unwrap();
        assert_eq!(wrong_place(&at("")), Some("it is a folder".to_owned()));
        assert_eq!(wrong_place(&at("no/x.db")), Some(format!("the folder {} does not exist", at("no"))));
        assert_eq!(wrong_place(&at("there.db/x.db")), Some(format!("the folder {} does not exist", at("there.db"))));
        assert_eq!((wrong_place(&at("x.db")), wrong_place("x.db"), not_opened(&at("there.db"))), (None, None, None));
        let none = not_opened(&format!("file:{}?mode=rw", at("x.db")));
        assert_eq!(none, Some(format!("the file {} does not exist", at("x.db"))));
    }
}
