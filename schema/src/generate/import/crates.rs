//! Which crates' types the fields have.

use std::path::Path;

/// Whose dates and times.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Time {
    /// chrono's.
    #[default]
    Chrono,
    /// Those of the crate time.
    Time,
}

/// The choices where several crates have a type for a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Crates {
    pub(super) time: Time,
    pub(super) rust_decimal: bool,
    /// What Cargo.toml names.
    pub(super) there: Vec<String>,
    /// The features of diesel-schema that it names.
    pub(super) features: Vec<String>,
}

impl Crates {
    /// What the package's Cargo.toml uses already; chrono and bigdecimal where it says nothing.
    pub(super) fn of(directory: &Path) -> Self {
        let text = std::fs::read_to_string(directory.join("Cargo.toml")).unwrap_or_default();
        // A file that can't be read is for the commands that need it to complain about.
        let manifest: toml::Table = toml::from_str(&text).unwrap_or_default();
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        let features_of = |name: &str| -> Vec<String> {
            let features = dependencies.get(name).and_then(|it| it.get("features")).and_then(toml::Value::as_array);
            features.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned).collect()
        };
        let there: Vec<String> = dependencies.keys().cloned().collect();
        let diesel = features_of("diesel");
        let has = |name: &str| there.iter().any(|it| it == name) || diesel.iter().any(|it| it == name);
        Self {
            time: if has("time") && !has("chrono") { Time::Time } else { Time::Chrono },
            rust_decimal: has("rust_decimal") && !has("bigdecimal") && !has("numeric"),
            there,
            features: features_of("diesel-schema"),
        }
    }

    /// The lines that Cargo.toml lacks for these crates.
    pub(super) fn lines(&self, needed: &[&'static str]) -> Vec<String> {
        const VERSIONS: [(&str, &str); 7] = [
            ("bigdecimal", "\"0.4\""),
            ("chrono", "\"0.4\""),
            ("ipnetwork", "\"0.21\""),
            ("rust_decimal", "\"1\""),
            ("serde_json", "\"1\""),
            ("time", "\"0.3\""),
            ("uuid", "\"1\""),
        ];
        let missing = |name: &&&str| !self.there.iter().any(|it| it == **name);
        let line = |name: &&str| {
            let version = VERSIONS.iter().find(|(known, _)| known == name).map_or("\"*\"", |(_, version)| version);
            format!("{name} = {version}")
        };
        needed.iter().filter(missing).map(line).collect()
    }

    /// The features of diesel-schema that Cargo.toml does not name.
    pub(super) fn missing_features(&self, needed: &[&'static str]) -> Vec<&'static str> {
        needed.iter().copied().filter(|name| !self.features.iter().any(|it| it == name)).collect()
    }
}
