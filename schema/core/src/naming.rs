//! The names that PostgreSQL gives to constraints and indexes when a statement gives none.
//!
//! The rule is PostgreSQL's `makeObjectName` and `ChooseRelationName` (src/backend/commands/indexcmds.c):
//! `table_column_column_label`, cut to 63 bytes at the longer of table and columns, with a number after the
//! label where the name is taken.

use std::collections::BTreeSet;

/// Longest identifier that PostgreSQL keeps, in bytes (`NAMEDATALEN - 1`).
pub const MAX_IDENTIFIER_BYTES: usize = 63;

/// What a default name ends in.
pub mod label {
    /// A primary key: `users_pkey`.
    pub const PRIMARY_KEY: &str = "pkey";
    /// A unique constraint: `users_email_key`.
    pub const UNIQUE: &str = "key";
    /// A foreign key: `posts_user_id_fkey`.
    pub const FOREIGN_KEY: &str = "fkey";
    /// A check constraint: `users_age_check`.
    pub const CHECK: &str = "check";
    /// An index: `users_last_seen_at_idx`.
    pub const INDEX: &str = "idx";
    /// The sequence of a serial or identity column: `users_id_seq`.
    pub const SEQUENCE: &str = "seq";
}

/// `table_columns_label`, shortened as PostgreSQL's `makeObjectName` does.
///
/// `columns` is the second part, already joined by `_`; empty leaves it out. While the whole is too long,
/// the longer of the two parts loses a byte at its end, and never half a character.
#[must_use]
pub fn object_name(table: &str, columns: &str, label: &str) -> String {
    let overhead = label.len() + 1 + usize::from(!columns.is_empty());
    let available = MAX_IDENTIFIER_BYTES.saturating_sub(overhead);
    let (mut first, mut second) = (table.len(), columns.len());
    while first + second > available {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    let first = clip(table, first);
    if columns.is_empty() { format!("{first}_{label}") } else { format!("{first}_{}_{label}", clip(columns, second)) }
}

/// The part of `text` that fits `bytes` bytes and ends with a whole character.
#[must_use]
pub fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Joins column names for [`object_name`], as PostgreSQL's `ChooseIndexNameAddition` does.
#[must_use]
pub fn columns_part<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for column in columns {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(column);
        if joined.len() >= MAX_IDENTIFIER_BYTES {
            break;
        }
    }
    clip(&joined, MAX_IDENTIFIER_BYTES).to_owned()
}

/// The default name that is not in `taken` yet: `users_email_key`, then `users_email_key1`, ...
/// The chosen name is added to `taken`.
pub fn choose(taken: &mut BTreeSet<String>, table: &str, columns: &str, label: &str) -> String {
    let mut name = object_name(table, columns, label);
    let mut pass = 0_u32;
    while taken.contains(&name) {
        pass += 1;
        name = object_name(table, columns, &format!("{label}{pass}"));
    }
    taken.insert(name.clone());
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_postgresql_picks() {
        assert_eq!(object_name("users", "", label::PRIMARY_KEY), "users_pkey");
        assert_eq!(object_name("users", "email", label::UNIQUE), "users_email_key");
        assert_eq!(object_name("t", &columns_part(["a", "b"]), label::INDEX), "t_a_b_idx");
    }

    #[test]
    fn a_long_name_loses_bytes_of_its_longer_part() {
        let name = object_name(&"t".repeat(60), &"c".repeat(20), label::UNIQUE);
        assert_eq!(name.len(), MAX_IDENTIFIER_BYTES);
        assert_eq!(name, format!("{}_{}_key", "t".repeat(38), "c".repeat(20)));
    }

    #[test]
    fn half_a_character_is_never_kept() {
        let name = object_name(&"é".repeat(40), "", label::PRIMARY_KEY);
        assert_eq!(name, format!("{}_pkey", "é".repeat(29)));
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut taken = BTreeSet::new();
        assert_eq!(choose(&mut taken, "t", "a", label::CHECK), "t_a_check");
        assert_eq!(choose(&mut taken, "t", "a", label::CHECK), "t_a_check1");
    }
}
