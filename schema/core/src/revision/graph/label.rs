//! What a branch label may be.

/// The words that selectors have for themselves.
pub(super) const WORDS: [&str; 4] = ["base", "current", "head", "heads"];

/// A text that can't be a branch label.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum LabelError {
    /// Nothing.
    #[error("a branch label can't be empty")]
    Empty,
    /// A character that selectors (`label@head+1`, `a:b`) or command lines need for themselves.
    #[error("a branch label can't hold {0:?}: it is any text without `@`, `+`, `:`, `/`, quotes and white space")]
    Character(char),
    /// It would be read as an option of a command.
    #[error("a branch label can't begin with `-`")]
    Dash,
    /// It would be read as `rev-1`.
    #[error("a branch label can't end like `-1`: `{0}` would be read as so many revisions below another one")]
    Offset(String),
    /// `head`, `heads`, `base` or `current`.
    #[error("`{0}` can't be a branch label: selectors need the word")]
    Reserved(String),
}

/// Whether `label` can be the name of a branch.
///
/// # Errors
/// What is wrong with it.
pub fn check_label(label: &str) -> Result<(), LabelError> {
    if label.is_empty() {
        return Err(LabelError::Empty);
    }
    if let Some(c) = label.chars().find(|c| strange(*c)) {
        return Err(LabelError::Character(c));
    }
    if WORDS.contains(&label) {
        return Err(LabelError::Reserved(label.to_owned()));
    }
    if label.starts_with('-') {
        return Err(LabelError::Dash);
    }
    let end = label.rsplit_once('-').map_or("", |(_, end)| end);
    if !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(LabelError::Offset(label.to_owned()));
    }
    Ok(())
}

/// What neither an id nor a label can hold.
pub(super) fn strange(c: char) -> bool {
    matches!(c, '@' | '+' | ':' | '/' | '\\' | '\'' | '"') || c.is_whitespace() || c.is_control()
}
