//! A row as one value: PostgreSQL's text of a record.
//!
//! To write a record takes a server half of what it takes to cast each of its columns to text, and to read one column a
//! row takes us half of what it takes to read twenty.

use crate::connection::TextRow;

/// The columns of `(a,,"b ""c""","")`: quoted where they are empty or hold what has a meaning here, in which quotes and
/// backslashes stand twice; NULL is nothing at all
/// (<https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX>).
pub(super) fn columns(record: &str) -> TextRow {
    let inner = record.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or_default();
    let mut row = TextRow::with_capacity(inner.bytes().filter(|byte| *byte == b',').count() + 1, inner.len());
    let mut rest = inner;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = quoted_column(quoted, &mut row);
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            row.push((end > 0).then_some(&rest[..end]));
            rest = &rest[end..];
        }
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => return row,
        }
    }
}

/// Takes a column behind its first quote; gives what comes behind its last one.
fn quoted_column<'a>(text: &'a str, row: &mut TextRow) -> &'a str {
    let bytes = text.as_bytes();
    let (mut at, mut twice) = (0, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' if bytes.get(at + 1) != Some(&b'"') => break,
            b'"' | b'\\' => {
                twice = true;
                at += 2;
            }
            _ => at += 1,
        }
    }
    let at = at.min(text.len());
    match twice {
        true => row.push(Some(&text[..at].replace("\"\"", "\"").replace("\\\\", "\\"))),
        false => row.push(Some(&text[..at])),
    }
    text.get(at + 1..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::columns;

    /// As `record_out` writes it.
    fn record(columns: &[Option<String>]) -> String {
        let special = |c: char| matches!(c, '"' | '\\' | '(' | ')' | ',') || c.is_ascii_whitespace() || c == '\u{b}';
        let one = |column: &Option<String>| match column {
            None => String::new(),
            Some(text) if text.is_empty() || text.contains(special) => {
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
            }
            Some(text) => text.clone(),
        };
        format!("({})", columns.iter().map(one).collect::<Vec<_>>().join(","))
    }

    proptest! {
        #[test]
        fn what_a_record_says_is_what_was_put_into_it(
            put in prop::collection::vec(prop::option::of(r#"[a-b"\\,() \n\x{1f}é]{0,5}"#), 1..6)
        ) {
            let row = columns(&record(&put));
            let read: Vec<Option<String>> = (0..row.width()).map(|at| row.get(at).map(str::to_owned)).collect();
            prop_assert_eq!(read, put);
        }
    }

    #[test]
    fn what_is_no_record_is_a_row_of_nothing() {
        for text in ["", "(", "a", "(\"a", "(\"a\\"] {
            assert!(columns(text).width() <= 1, "{text}");
        }
    }
}
