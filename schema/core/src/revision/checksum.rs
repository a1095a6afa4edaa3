//! The checksum of a revision's files.

use sha2::{Digest, Sha256};

use crate::sql::without_mark;

/// SHA-256, in hexadecimal, of what a revision does: its SQL up and down, and whether that runs in a transaction.
///
/// Line endings, blanks at the ends of lines and blank lines at the end don't count: editors and git change them.
/// Parents, dependencies and labels don't either: the lock says them beside the checksum, and splicing a revision
/// into the graph changes nothing that was run.
#[must_use]
pub fn checksum(up: &str, down: Option<&str>, run_in_transaction: bool) -> String {
    let mut hash = Sha256::new();
    for part in [Some(up), down] {
        // The length first, so that no text can move from one file to the other unnoticed.
        let text = part.map(normalised);
        hash.update(text.as_ref().map_or(u64::MAX, |text| text.len() as u64).to_le_bytes());
        hash.update(text.unwrap_or_default());
    }
    hash.update([u8::from(run_in_transaction)]);
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn normalised(text: &str) -> String {
    let lines: Vec<&str> = without_mark(text).lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_do_not_count_and_everything_else_does() {
        let sum = checksum("SELECT 1;\nSELECT 2;\n", Some("SELECT 3;"), true);
        assert_eq!(sum, checksum("SELECT 1;  \r\nSELECT 2;\r\n\n", Some("SELECT 3;\n"), true));
        for other in [
            checksum("SELECT 1;\nSELECT  2;\n", Some("SELECT 3;"), true),
            checksum("SELECT 1;\nSELECT 2;\n", Some("SELECT 3;"), false),
            checksum("SELECT 1;\nSELECT 2;\n", None, true),
            checksum("SELECT 1;", Some("SELECT 2;\nSELECT 3;"), true),
        ] {
            assert_ne!(sum, other);
        }
    }
}
