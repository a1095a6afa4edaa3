//! What an id may be.

/// The longest id, in characters: the column `version` of Diesel's table is a `VARCHAR(50)`.
pub const MAX_ID: usize = 50;

/// A text that can't be an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing stands before the first `_`.
    #[error("it has no id: name the folder <id>_<what it does>")]
    Empty,
    /// A folder's name that is no text.
    #[error("its name is not UTF-8; rename the folder <id>_<what it does>")]
    NotUtf8,
    /// Longer than Diesel's column.
    #[error("its id has {0} characters, and at most {MAX_ID} fit the table of applied revisions")]
    Long(usize),
    /// A character that selectors (`head-1`, `label@head`, `a:b`) or file names need for themselves.
    #[error("its id can't hold {0:?}: an id is any text without `_`, `@`, `+`, `:`, `/`, quotes and white space")]
    Character(char),
}

/// Whether `id` can be one.
///
/// # Errors
/// What is wrong with it.
pub fn check_id(id: &str) -> Result<(), IdError> {
    let strange =
        |c: &char| matches!(c, '_' | '@' | '+' | ':' | '/' | '\\' | '\'' | '"') || c.is_whitespace() || c.is_control();
    if id.is_empty() {
        return Err(IdError::Empty);
    }
    if let Some(c) = id.chars().find(strange) {
        return Err(IdError::Character(c));
    }
    let length = id.chars().count();
    if length > MAX_ID { Err(IdError::Long(length)) } else { Ok(()) }
}

/// The id and the slug of a folder's name, cut as Diesel cuts it: the id ends at the first `_` and loses its `-`.
///
/// # Errors
/// What is wrong with the id.
pub fn id_of_folder(name: &str) -> Result<(String, String), IdError> {
    let (id, slug) = name.split_once('_').unwrap_or((name, ""));
    let id = id.replace('-', "");
    check_id(&id)?;
    Ok((id, slug.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_cut_as_diesel_cuts_them() {
        let cut = |name| id_of_folder(name).map(|(id, slug)| format!("{id} {slug}"));
        assert_eq!(cut("2025-10-10-122401_add_x").as_deref(), Ok("20251010122401 add_x"));
        assert_eq!(cut("6bdfb470e813").as_deref(), Ok("6bdfb470e813 "));
        assert_eq!(cut("_x"), Err(IdError::Empty));
        assert_eq!(cut("a@b_x"), Err(IdError::Character('@')));
        assert_eq!(cut(&"1".repeat(51)), Err(IdError::Long(51)));
    }
}
