//! What servers and drivers say, made fit for a sentence of ours.

use std::fmt::Display;

/// A message on one line.
pub(crate) fn one_line(message: impl Display) -> String {
    message.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Why there is no connection, on one line. libpq ends each address that it tried with a line which asks whether a server
/// runs there: what to do is our hint's to say. What of a URL it can't read it says in full, with the password in it.
pub(crate) fn no_connection(message: impl Display) -> String {
    let message = message.to_string();
    for unread in ["invalid percent-encoded token", "forbidden value %00 in percent-encoded value", "missing \"=\""] {
        if message.contains(unread) {
            return format!("{unread} in the URL");
        }
    }
    let lines = message.lines().filter(|line| !line.trim_start().starts_with("Is the server running "));
    one_line(lines.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::no_connection;

    #[test]
    fn each_address_is_told_and_nothing_is_asked() {
        let said = "connection to server at \"::1\", port 1 failed: Connection refused\n\
                    \tIs the server running on that host and accepting TCP/IP connections?\n\
                    connection to server at \"127.0.0.1\", port 1 failed: FATAL:  no\n";
        let told = "connection to server at \"::1\", port 1 failed: Connection refused; \
                    connection to server at \"127.0.0.1\", port 1 failed: FATAL: no";
        assert_eq!(no_connection(said), told);
    }

    #[test]
    fn what_libpq_can_not_read_is_not_said() {
        for said in [
            "invalid percent-encoded token: \"secret%zz\"",
            "forbidden value %00 in percent-encoded value: \"secret%00\"",
            "missing \"=\" after \"postgres//u:secret@h\" in connection info string\n",
        ] {
            let told = no_connection(said);
            assert!(!told.contains("secret") && crate::connection::refuses(&told), "{told}");
        }
    }
}
