//! What helps where there is no connection, as far as the reason tells.

/// What helps on a full disk.
pub(crate) const MAKE_ROOM: &str = "make room on the disk that the database is on";

/// Whether a failure to connect is for good: the server answered, and what it said will not change by waiting. In another
/// language than English all of them may pass: to wait in vain costs seconds, not to wait costs a start.
pub(crate) fn refuses(reason: &str) -> bool {
    is_full(reason)
        || of_a_place(reason)
        || says(
            reason,
            &[
                "authentication failed",
                "does not exist",
                "no pg_hba.conf entry",
                "no password supplied",
                "file is not a database",
                "readonly database",
                "invalid connection option",
                "invalid percent-encoded",
                "in percent-encoded value",
                "invalid sslmode",
                "missing \"=\"",
                "invalid port",
                "is not permitted to log in",
                "permission denied for database",
            ],
        )
}

/// What to do next; `url` says what names the database.
pub(crate) fn next_step(reason: &str, url: &str) -> String {
    if is_full(reason) {
        MAKE_ROOM.to_owned()
    } else if says(reason, &["file is not a database"]) {
        format!("name an SQLite database: mend {url}")
    } else if says(reason, &["it is a folder"]) {
        format!("name a file in it: mend {url}")
    } else if says(reason, &["the folder "]) && says(reason, &["does not exist"]) {
        format!("make that folder, or mend {url}")
    } else if says(reason, &["no file can be made in the folder"]) {
        format!("make that folder writable, or mend {url}")
    } else if of_a_place(reason) || says(reason, &["readonly database"]) {
        format!("make the file and its folder readable and writable, or mend {url}")
    } else if says(reason, &["database \""]) && says(reason, &["does not exist"]) {
        format!("make the database (createdb), or mend {url}")
    } else if refuses(reason) {
        format!("mend {url}")
    } else {
        format!("start the server or mend {url}")
    }
}

fn is_full(reason: &str) -> bool {
    says(reason, &["disk is full", "No space left on device"])
}

/// Of the place of an SQLite file, in SQLite's words or in ours.
fn of_a_place(reason: &str) -> bool {
    let words = [
        "unable to open database file",
        "Unable to open the database file",
        "it is a folder",
        "no file can be made in the folder",
        "can't be read: ",
    ];
    says(reason, &words)
}

fn says(reason: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| reason.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{next_step, refuses};

    #[test]
    fn each_reason_has_its_next_step() {
        for (reason, step) in [
            ("database or disk is full", "make room on the disk that the database is on"),
            ("file is not a database", "name an SQLite database: mend URL"),
            ("it is a folder", "name a file in it: mend URL"),
            ("the folder /no does not exist", "make that folder, or mend URL"),
            ("no file can be made in the folder /", "make that folder writable, or mend URL"),
            ("unable to open database file", "make the file and its folder readable and writable, or mend URL"),
            ("FATAL: database \"x\" does not exist", "make the database (createdb), or mend URL"),
            ("FATAL: role \"x\" does not exist", "mend URL"),
            ("invalid percent-encoded token", "mend URL"),
            ("invalid sslmode value: \"x\"", "mend URL"),
        ] {
            assert_eq!((next_step(reason, "URL").as_str(), refuses(reason)), (step, true), "{reason}");
        }
        let passes = "connection to server at \"h\", port 1 failed: Connection refused";
        assert_eq!((next_step(passes, "URL").as_str(), refuses(passes)), ("start the server or mend URL", false));
    }
}
