//! What the environment says, and a `.env` file where it says nothing.

use super::ConfigError;

/// The database to work on: `--database-url`, else `DATABASE_URL` of the environment, else that of the `.env` found
/// from the current directory upwards; `None` where it is unset or empty.
///
/// # Errors
/// That `.env` can't be read.
pub fn database_url(argument: Option<&str>) -> Result<Option<String>, ConfigError> {
    let url = match argument {
        Some(url) => Some(url.to_owned()),
        None => variable("DATABASE_URL")?,
    };
    Ok(url.filter(|url| !url.is_empty()))
}

/// The PostgreSQL server for scratch databases: `SCRATCH_POSTGRES_URL` of the environment or of `.env`.
///
/// # Errors
/// That `.env` can't be read.
pub fn scratch_postgres_url() -> Result<Option<String>, ConfigError> {
    variable("SCRATCH_POSTGRES_URL")
}

/// A variable of the environment, else of the `.env` file; an empty one is none.
pub(super) fn variable(name: &str) -> Result<Option<String>, ConfigError> {
    let value = match std::env::var(name) {
        Ok(value) => Some(value),
        Err(_) => of_dotenv(name)?,
    };
    Ok(value.filter(|value| !value.is_empty()))
}

/// One variable of the `.env` file, without putting all of it into the environment: what a command runs later must
/// not see more than the user's shell gave it.
fn of_dotenv(name: &str) -> Result<Option<String>, ConfigError> {
    let Ok(directory) = std::env::current_dir() else { return Ok(None) };
    let Some(path) = directory.ancestors().map(|folder| folder.join(".env")).find(|path| path.is_file()) else {
        return Ok(None);
    };
    let text = fs_err::read_to_string(&path).map_err(ConfigError::Read)?;
    in_text(&text, name).map_err(|line| ConfigError::Environment { path, line })
}

/// The variable's value; `Err` is the number of a line that can't be understood. What stands in the line is not told, since
/// it may be a password.
fn in_text(text: &str, name: &str) -> Result<Option<String>, usize> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // A blank at the end of a file would count as the beginning of something.
    for line in dotenvy::from_read_iter(format!("{text}\n").as_bytes()) {
        match line {
            Ok((key, value)) if key == name => return Ok(Some(value)),
            Ok(_) => {}
            Err(dotenvy::Error::LineParse(line, _)) => return Err(place_of(line.trim_end(), text)),
            Err(_) => return Err(1),
        }
    }
    Ok(None)
}

/// The number of the line that begins with `line` and ends with it.
fn place_of(line: &str, text: &str) -> usize {
    let whole = |(at, _): &(usize, &str)| {
        let (before, after) = (&text[..*at], &text[at + line.len()..]);
        (before.is_empty() || before.ends_with('\n')) && after.lines().next().is_none_or(|rest| rest.trim().is_empty())
    };
    let at = text.match_indices(line).find(whole).map_or(0, |(at, _)| at);
    text[..at].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::in_text;

    #[test]
    fn a_line_that_is_broken_is_told_by_its_number() {
        let of = |text: &str| in_text(text, "A");
        assert_eq!(of("B=1\nA=2 # two\n"), Ok(Some("2".to_owned())));
        assert_eq!(of("\u{feff}A=2 "), Ok(Some("2".to_owned())));
        assert_eq!(of("B=1"), Ok(None));
        assert_eq!(of("B=1\nA=\"secret\n"), Err(2));
        assert_eq!(of("BB=1\n\nBB\nA=2\n"), Err(3));
        assert_eq!(of("A=2\nB=\"secret\n"), Ok(Some("2".to_owned())));
    }
}
