//! A row as one value: PostgreSQL's text of a record.
//!
//! To write a record takes a server less than to cast each of its columns to text, and to read one column a row takes us
//! a fraction of what it takes to read twenty.

use std::ops::Range;

/// An oid, or a number behind all oids of what has none.
pub(super) type Oid = u64;

/// A row of one part of the query: its kind, and then its columns, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    text: String,
    /// Where each column stands, the kind first; `None` where it is NULL.
    columns: Vec<Option<Range<usize>>>,
}

impl Row {
    /// Takes apart `(a,,"b ""c""","")`: a column is quoted where it is empty or holds what has a meaning here, and has
    /// quotes and backslashes twice then; NULL is nothing at all
    /// (<https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX>).
    pub(super) fn new(record: &str) -> Self {
        let inner = record.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or_default();
        let mut row = Self { text: inner.to_owned(), columns: Vec::with_capacity(21) };
        let bytes = inner.as_bytes();
        let mut at = 0;
        loop {
            let start = at;
            if bytes.get(at) == Some(&b'"') {
                at = row.quoted(inner, start + 1);
            } else {
                while bytes.get(at).is_some_and(|byte| *byte != b',') {
                    at += 1;
                }
                row.columns.push((at > start).then_some(start..at));
            }
            if bytes.get(at) != Some(&b',') {
                return row;
            }
            at += 1;
        }
    }

    /// Takes a column that begins behind a quote; gives what stands behind its last one.
    fn quoted(&mut self, inner: &str, start: usize) -> usize {
        let bytes = inner.as_bytes();
        let (mut at, mut twice) = (start, false);
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
        let quoted = inner.get(start..at).unwrap_or_default();
        let range = match twice {
            true => {
                let from = self.text.len();
                self.text.push_str(&quoted.replace("\"\"", "\"").replace("\\\\", "\\"));
                from..self.text.len()
            }
            false => start..at,
        };
        self.columns.push(Some(range));
        at + 1
    }

    pub(super) fn kind(&self) -> &str {
        self.column(0).unwrap_or_default()
    }

    fn column(&self, at: usize) -> Option<&str> {
        self.text.get(self.columns.get(at)?.clone()?)
    }

    /// A column; `None` where it is NULL, or there is none.
    pub(super) fn opt(&self, at: usize) -> Option<&str> {
        self.column(at + 1)
    }

    /// A column, empty where it is NULL.
    pub(super) fn text(&self, at: usize) -> &str {
        self.opt(at).unwrap_or_default()
    }

    pub(super) fn string(&self, at: usize) -> Option<String> {
        self.opt(at).map(str::to_owned)
    }

    pub(super) fn flag(&self, at: usize) -> bool {
        self.text(at) == "t"
    }

    pub(super) fn number(&self, at: usize) -> i64 {
        self.text(at).parse().unwrap_or_default()
    }

    /// A column that holds an [`Oid`]; 0, which is none, where it is NULL.
    pub(super) fn oid(&self, at: usize) -> Oid {
        self.text(at).parse().unwrap_or_default()
    }

    pub(super) fn opt_oid(&self, at: usize) -> Option<Oid> {
        self.opt(at)?.parse().ok()
    }

    pub(super) fn list(&self, at: usize) -> Vec<&str> {
        self.text(at).split_whitespace().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Row;

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
            let row = Row::new(&record(&put));
            let read: Vec<Option<String>> = (0..row.columns.len()).map(|at| row.column(at).map(str::to_owned)).collect();
            prop_assert_eq!(read, put);
        }
    }

    #[test]
    fn what_is_no_record_is_a_row_of_nothing() {
        for text in ["", "(", "a", "(\"a", "(\"a\\", "(\"a\\)"] {
            assert_eq!(Row::new(text).kind().replace('a', ""), "", "{text}");
        }
    }
}
