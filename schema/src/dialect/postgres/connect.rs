//! A connection of our own, for reading schemas.

use diesel::{Connection, ConnectionResult, PgConnection};

/// Connects with `jit = off`. The query that reads a schema has a thousand expressions and runs once: to compile them
/// takes seconds, and a minute where they are optimized too, which PostgreSQL decides by what it expects
/// (<https://www.postgresql.org/docs/current/jit-decision.html>). Said when connecting, it ends with the connection and
/// takes no message of its own. Who says `options`, or sets `PGOPTIONS`, is left alone; so is a pooler that takes none.
///
/// # Errors
/// As [`PgConnection::establish`].
pub(crate) fn connect(url: &str) -> ConnectionResult<PgConnection> {
    let Some(quiet) = without_jit(url).filter(|_| std::env::var_os("PGOPTIONS").is_none()) else {
        return PgConnection::establish(url);
    };
    match PgConnection::establish(&quiet) {
        Err(error) if refuses_options(&error.to_string()) => PgConnection::establish(url),
        Err(error) => Err(as_typed(error, &quiet, url)),
        connected => connected,
    }
}

fn refuses_options(message: &str) -> bool {
    ["startup parameter", "options", "jit"].iter().any(|part| message.contains(part))
}

/// libpq may say the URL once more: as it was written then.
fn as_typed(error: diesel::ConnectionError, quiet: &str, url: &str) -> diesel::ConnectionError {
    match error {
        diesel::ConnectionError::BadConnection(message) => {
            diesel::ConnectionError::BadConnection(message.replace(quiet, url))
        }
        other => other,
    }
}

/// `None` where the URL has options already.
fn without_jit(url: &str) -> Option<String> {
    if url.contains("options=") {
        return None;
    }
    if !url.contains("://") {
        return Some(format!("{url} options='-c jit=off'"));
    }
    let separator = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{separator}options=-c%20jit%3Doff"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::SqlConnection;

    #[test]
    fn nothing_is_compiled_on_it() {
        let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
        let mut connection = connect(&url).expect("connect");
        assert_eq!(connection.rows("SHOW jit").expect("setting"), [[Some("off".to_owned())]]);
    }

    #[test]
    fn a_url_keeps_what_it_says() {
        assert_eq!(without_jit("postgres://h/d").unwrap(), "postgres://h/d?options=-c%20jit%3Doff");
        assert_eq!(without_jit("postgres://h/d?a=b").unwrap(), "postgres://h/d?a=b&options=-c%20jit%3Doff");
        assert_eq!(without_jit("host=h dbname=d").unwrap(), "host=h dbname=d options='-c jit=off'");
        assert_eq!(without_jit("postgres://h/d?options=-c%20a%3Db"), None);
        assert!(refuses_options("FATAL:  unsupported startup parameter: options"));
        assert!(!refuses_options("connection refused"));
    }

    #[test]
    fn a_fault_names_the_url_as_it_was_typed() {
        let url = "postgres://127.0.0.1:1/d";
        let said = |result: ConnectionResult<PgConnection>| result.err().map(|error| error.to_string());
        assert_eq!(said(connect(url)), said(PgConnection::establish(url)));
    }
}
