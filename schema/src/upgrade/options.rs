//! What an upgrade can be told.

use std::time::Duration;

use super::{BeforeUpgrade, UpgradeError};

/// How an upgrade behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whether it runs at all (`RUN_MIGRATIONS`, default true).
    pub run: bool,
    /// How long to wait for another process that is upgrading (`MIGRATIONS_LOCK_DEADLINE`, in seconds; default 60).
    pub lock_deadline: Duration,
    /// How long to wait for a connection of the pool, at most; the pool's own timeout where that is shorter.
    pub connect_timeout: Duration,
    /// The pauses before a transient fault is tried again: 2, 4 and 8 seconds.
    pub retries: Vec<Duration>,
    /// What runs once before anything is applied: a backup, for example.
    pub before_upgrade: Option<BeforeUpgrade>,
    /// What of the environment could not be understood: the upgrade fails with it.
    pub invalid: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            run: true,
            lock_deadline: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            retries: [2, 4, 8].map(Duration::from_secs).to_vec(),
            before_upgrade: None,
            invalid: None,
        }
    }
}

impl Options {
    /// The defaults, changed by the environment: `RUN_MIGRATIONS` (`true`, `1`, `yes`, `on`, or `false`, `0`, `no`,
    /// `off`) and `MIGRATIONS_LOCK_DEADLINE` (seconds). What can't be understood is told by the upgrade.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_values(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    fn from_values(value: impl Fn(&str) -> Option<String>) -> Self {
        let mut options = Self::default();
        if let Some(run) = value("RUN_MIGRATIONS").filter(|run| !run.trim().is_empty()) {
            match run.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => options.run = true,
                "false" | "0" | "no" | "off" => options.run = false,
                _ => options.invalid = Some(format!("RUN_MIGRATIONS is {run:?}; set it to true or false")),
            }
        }
        if let Some(seconds) = value("MIGRATIONS_LOCK_DEADLINE").filter(|seconds| !seconds.trim().is_empty()) {
            match seconds.trim().parse::<u32>() {
                Ok(seconds) => options.lock_deadline = Duration::from_secs(seconds.into()),
                Err(_) => {
                    let say = format!("MIGRATIONS_LOCK_DEADLINE is {seconds:?}; set it to a whole number of seconds");
                    options.invalid = Some(say);
                }
            }
        }
        options
    }

    pub(super) fn check(&self) -> Result<(), UpgradeError> {
        self.invalid.clone().map_or(Ok(()), |say| Err(UpgradeError::Options(say)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_understood_or_told() {
        let run = |text: &str| Options::from_values(|name| (name == "RUN_MIGRATIONS").then(|| text.to_owned()));
        assert!(run("").run && run(" TRUE ").run && run("1").run);
        assert!(["false", "0", "No", "off"].iter().all(|text| !run(text).run));
        assert_eq!(
            run("maybe").check().unwrap_err().to_string(),
            "RUN_MIGRATIONS is \"maybe\"; set it to true or false"
        );
        let deadline = Options::from_values(|name| (name == "MIGRATIONS_LOCK_DEADLINE").then(|| "5".to_owned()));
        assert_eq!(deadline.lock_deadline, Duration::from_secs(5));
    }
}
