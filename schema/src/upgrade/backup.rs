//! Ready hooks for [`Options::before_upgrade`](super::Options): a copy of the database in a folder.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use super::before::{BeforeUpgrade, Pending};
use crate::connection::one_line;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

impl BeforeUpgrade {
    /// Has `pg_dump`, of the PATH, write a dump in its custom format (for `pg_restore`) into `folder`, which is made
    /// where it is not there. `url` is a `postgres://` URL; its password is handed over in the environment, not on the
    /// command line, which everyone on the machine can read. It has to be of the server's version or newer.
    #[must_use]
    pub fn pg_dump(url: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Self::pg_dump_with("pg_dump", url, folder)
    }

    /// As [`pg_dump`](Self::pg_dump), with the program at `program`.
    #[must_use]
    pub fn pg_dump_with(program: impl Into<PathBuf>, url: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        let (program, url, folder) = (program.into(), url.into(), folder.into());
        Self::call(move |pending| {
            let (url, password) = without_password(&url)?;
            into(&folder, pending, "dump", |file| {
                let mut command = Command::new(&program);
                command.args(["--format=custom", "--no-password", "--file"]).arg(file).arg("--dbname").arg(&url);
                if let Some(password) = &password {
                    command.env("PGPASSWORD", password);
                }
                let output =
                    command.output().map_err(|error| format!("{} can't be run: {error}", program.display()))?;
                if output.status.success() {
                    return Ok(());
                }
                let said = one_line(String::from_utf8_lossy(&output.stderr));
                Err(format!("{} ended with {}: {said}", program.display(), output.status).into())
            })
        })
    }

    /// Copies the SQLite database at `path` (what Diesel is given) into `folder`, which is made where it is not there:
    /// one file, whatever is still in the journal (`VACUUM INTO`).
    #[cfg(feature = "sqlite")]
    #[must_use]
    pub fn copy_sqlite(path: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        use diesel::Connection as _;

        use crate::connection::{SqlConnection as _, literal};

        let (path, folder) = (path.into(), folder.into());
        Self::call(move |pending| {
            into(&folder, pending, "sqlite", |file| {
                let mut connection = diesel::SqliteConnection::establish(&path)?;
                let file = file.to_str().ok_or("the folder's name is not UTF-8")?;
                connection.batch(&format!("VACUUM INTO {}", literal(file)))?;
                Ok(())
            })
        })
    }
}

/// Has `write` make a file, which gets its name when it is whole.
fn into(folder: &Path, pending: &Pending<'_>, extension: &str, write: impl FnOnce(&Path) -> Outcome) -> Outcome {
    fs_err::create_dir_all(folder)?;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let first = pending.revisions.first().copied().unwrap_or_default();
    let name = format!("before-{first}-{seconds}-{}", std::process::id());
    let part = folder.join(format!("{name}.part"));
    if let Err(error) = write(&part) {
        // What it wrote, if anything, is of no use.
        let _ = std::fs::remove_file(&part);
        return Err(error);
    }
    let whole = folder.join(format!("{name}.{extension}"));
    fs_err::rename(&part, &whole)?;
    tracing::info!(file = %whole.display(), "the database is backed up");
    Ok(())
}

/// The URL without its password, and the password.
fn without_password(url: &str) -> Result<(String, Option<String>), String> {
    let other = "pg_dump needs a postgres:// URL whose password, if there is one, stands before the @";
    let Some((scheme, rest)) = url.split_once("://").filter(|(scheme, _)| scheme.starts_with("postgres")) else {
        return Err(other.to_owned());
    };
    if rest.split_once('?').is_some_and(|(_, query)| query.contains("password=")) {
        return Err(other.to_owned());
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let Some((user, place)) = rest[..end].rsplit_once('@') else { return Ok((url.to_owned(), None)) };
    let (user, password) = match user.split_once(':') {
        Some((user, password)) => (user, Some(decoded(password))),
        None => (user, None),
    };
    Ok((format!("{scheme}://{user}@{place}{}", &rest[end..]), password))
}

/// Percent signs taken back.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok()).filter(|_| first == b'%');
        match code.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_leaves_the_url() {
        let of = |url: &str| without_password(url).unwrap();
        assert_eq!(
            of("postgres://a:p%40%3as%@h:1/d?sslmode=require"),
            ("postgres://a@h:1/d?sslmode=require".to_owned(), Some("p@:s%".to_owned()))
        );
        assert_eq!(of("postgresql:///d?host=/tmp"), ("postgresql:///d?host=/tmp".to_owned(), None));
        assert_eq!(of("postgres://a@h/d"), ("postgres://a@h/d".to_owned(), None));
        assert!(without_password("host=h password=secret").is_err());
        assert!(without_password("postgres://h/d?user=a&password=secret").is_err());
    }
}
