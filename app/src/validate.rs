//! What fields may hold.

use std::collections::BTreeMap;

use crate::error::AppError;

/// The tones that a recommendation can have.
pub const TONES: &[&str] = &["professional", "friendly", "casual"];

/// What a recommendation can be.
pub const STATUSES: &[&str] = &["draft", "published"];

/// Longest text that is kept, in characters.
pub const MAX_TEXT: usize = 20_000;

/// Collects a message for each field that can't be accepted.
#[derive(Debug, Default)]
pub struct Validation(BTreeMap<&'static str, String>);

impl Validation {
    /// Says `message` of `field` unless it is `fine`; the first message of a field stays.
    pub fn require(&mut self, field: &'static str, fine: bool, message: &str) {
        if !fine {
            self.0.entry(field).or_insert_with(|| message.to_owned());
        }
    }

    /// An e-mail address as far as it can be told without writing to it.
    pub fn email(&mut self, field: &'static str, value: &str) {
        let fine = value.len() <= 254
            && !value.contains(|c: char| c.is_whitespace() || c.is_control())
            && value.split_once('@').is_some_and(|(name, host)| {
                !name.is_empty()
                    && host.contains('.')
                    && !host.contains('@')
                    && !host.starts_with('.')
                    && !host.ends_with('.')
            });
        self.require(field, fine, "must be an e-mail address");
    }

    /// A name to sign in with.
    pub fn username(&mut self, field: &'static str, value: &str) {
        let fine = (3..=64).contains(&value.len())
            && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        self.require(field, fine, "must be 3 to 64 letters, digits, `_`, `-` or `.`");
    }

    /// A new password.
    pub fn password(&mut self, field: &'static str, value: &str) {
        self.require(field, value.chars().count() >= 8, "must be at least 8 characters long");
        // Hashing takes time that grows with the length.
        self.require(field, value.len() <= 1024, "must be at most 1024 bytes long");
    }

    /// An account's name on GitHub.
    pub fn github_username(&mut self, field: &'static str, value: &str) {
        let fine = (1..=39).contains(&value.len())
            && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !value.starts_with('-')
            && !value.ends_with('-');
        self.require(field, fine, "must be a name that GitHub allows: up to 39 letters, digits or inner `-`");
    }

    /// Text of at least one visible character, and at most `longest`.
    pub fn text(&mut self, field: &'static str, value: &str, longest: usize) {
        self.require(field, !value.trim().is_empty(), "must not be empty");
        self.optional_text(field, value, longest);
    }

    /// Text of at most `longest` characters.
    pub fn optional_text(&mut self, field: &'static str, value: &str, longest: usize) {
        self.require(field, value.chars().count() <= longest, &format!("must be at most {longest} characters long"));
        self.require(field, !value.contains('\0'), "must not hold the character NUL");
    }

    /// One of a few words.
    pub fn one_of(&mut self, field: &'static str, value: &str, words: &[&str]) {
        self.require(field, words.contains(&value), &format!("must be one of {}", words.join(", ")));
    }

    /// A language tag: `en`, `pt-BR`.
    pub fn language(&mut self, field: &'static str, value: &str) {
        let mut parts = value.split('-');
        let fine = value.len() <= 35
            && parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphabetic()))
            && parts.all(|p| (1..=8).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphanumeric()));
        self.require(field, fine, "must be a language tag, such as en or pt-BR");
    }

    /// What was found.
    ///
    /// # Errors
    /// [`AppError::Invalid`] where any field has a message.
    pub fn finish(self) -> Result<(), AppError> {
        if self.0.is_empty() { Ok(()) } else { Err(AppError::Invalid(self.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(check: impl FnOnce(&mut Validation)) -> bool {
        let mut validation = Validation::default();
        check(&mut validation);
        validation.finish().is_err()
    }

    #[test]
    fn addresses() {
        for (value, wrong) in
            [("a@b.c", false), ("a", true), ("@b.c", true), ("a@b", true), ("a@b@c.d", true), ("a b@c.d", true)]
        {
            assert_eq!(fails(|v| v.email("email", value)), wrong, "{value}");
        }
    }

    #[test]
    fn languages() {
        for (value, wrong) in [("en", false), ("pt-BR", false), ("", true), ("e", true), ("en-", true), ("en_US", true)]
        {
            assert_eq!(fails(|v| v.language("language", value)), wrong, "{value}");
        }
    }

    #[test]
    fn names_on_github() {
        for (value, wrong) in [("sgrif", false), ("a-b", false), ("-a", true), ("", true), ("a/b", true)] {
            assert_eq!(fails(|v| v.github_username("github_username", value)), wrong, "{value}");
        }
    }
}
