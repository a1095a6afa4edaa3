//! What a difference between models and lock is while one works: an error, a warning, or nothing.

use serde::Deserialize;

/// The environment variable that decides before `Cargo.toml` does, for CI: `error`, `warn` or `off`.
pub const VARIABLE: &str = "DIESEL_SCHEMA_DRIFT";

/// What becomes of a difference between models and lock in a build with debug assertions. Without them it is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// An error where the migrations are embedded, and a warning at the field.
    #[default]
    Error,
    /// A warning in both places.
    Warn,
    /// Nobody looks.
    Off,
}

/// A setting that can't be understood.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// Another word in the environment.
    #[error("{VARIABLE}={0} is no setting: write `error`, `warn` or `off`")]
    Word(String),
    /// Another value in `Cargo.toml`.
    #[error("{0}; write `drift = \"error\"`, `\"warn\"` or `\"off\"` into [workspace.metadata.diesel-schema]")]
    Toml(String),
}

impl Setting {
    /// From the value of [`VARIABLE`].
    ///
    /// # Errors
    /// It is another word.
    pub fn from_word(word: &str) -> Result<Self, SettingError> {
        match word {
            "error" => Ok(Self::Error),
            "warn" => Ok(Self::Warn),
            "off" => Ok(Self::Off),
            _ => Err(SettingError::Word(word.to_owned())),
        }
    }

    /// From the text of a `Cargo.toml`: `drift` in `[workspace.metadata.diesel-schema]`, or in `[package.metadata..]` of a
    /// package that is alone. `None` where it does not say; `true` beside it where the file is a workspace's root.
    ///
    /// # Errors
    /// The value is another word, or the file is no TOML.
    pub fn from_cargo_toml(text: &str) -> Result<(Option<Self>, bool), SettingError> {
        #[derive(Deserialize)]
        struct File {
            workspace: Option<Part>,
            package: Option<Part>,
        }
        #[derive(Deserialize)]
        struct Part {
            metadata: Option<Metadata>,
        }
        #[derive(Deserialize)]
        struct Metadata {
            #[serde(rename = "diesel-schema")]
            ours: Option<Ours>,
        }
        #[derive(Deserialize)]
        struct Ours {
            drift: Option<Setting>,
        }
        let file: File =
            toml::from_str(text).map_err(|error| SettingError::Toml(error.message().replace('\n', " ")))?;
        let root = file.workspace.is_some();
        let of = |part: Option<Part>| part?.metadata?.ours?.drift;
        Ok((of(file.package).or(of(file.workspace)), root))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_says_it_and_other_keys_are_passed_over() {
        let said = |text: &str| Setting::from_cargo_toml(text).map_err(|error| error.to_string());
        assert_eq!(said("[package]\nname = \"a\"\n"), Ok((None, false)));
        let text = "[workspace]\nmembers = []\n[workspace.metadata.diesel-schema]\ndrift = \"warn\"\nmore = 1\n";
        assert_eq!(said(text), Ok((Some(Setting::Warn), true)));
        assert_eq!(said("[package.metadata.diesel-schema]\ndrift = \"off\"\n"), Ok((Some(Setting::Off), false)));
        let error = said("[workspace.metadata.diesel-schema]\ndrift = \"no\"\n").unwrap_err();
        assert!(error.contains("unknown variant `no`") && error.contains("`drift = \"error\"`"), "{error}");
        assert_eq!(
            Setting::from_word("on").unwrap_err().to_string(),
            "DIESEL_SCHEMA_DRIFT=on is no setting: write `error`, `warn` or `off`"
        );
    }
}
