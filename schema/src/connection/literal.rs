//! Texts in the statements that a connection is sent: no prepared statement carries them beside it.

use diesel_schema_core::Dialect;

/// A string literal as the servers print it; PostgreSQL under `standard_conforming_strings`, which is on by default.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The same in a session of an application's, which may have `standard_conforming_strings` off (PostgreSQL manual,
/// "String Constants with C-Style Escapes"). A zero, which no server takes in a text, is left out.
pub(crate) fn literal_for(dialect: Dialect, text: &str) -> String {
    let text = text.replace('\0', "");
    match dialect {
        Dialect::Postgres if text.contains('\\') => format!("E{}", literal(&text.replace('\\', "\\\\"))),
        _ => literal(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_literal_in_every_session() {
        for (text, postgres, sqlite) in
            [("it's", "'it''s'", "'it''s'"), (r"a\'b", r"E'a\\''b'", r"'a\''b'"), ("a\0b", "'ab'", "'ab'")]
        {
            assert_eq!(literal_for(Dialect::Postgres, text), postgres);
            assert_eq!(literal_for(Dialect::Sqlite, text), sqlite);
        }
    }
}
