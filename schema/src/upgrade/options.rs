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
    /// How long a revision waits for a lock of PostgreSQL (`MIGRATIONS_LOCK_TIMEOUT`, in seconds; default 5). Whatever
    /// wants the same table later waits behind it meanwhile. `None`, or 0 there: as the connection has it.
    pub lock_timeout: Option<Duration>,
    /// How long a revision that had no lock is tried again (`MIGRATIONS_LOCK_BUDGET`, in seconds; default 60).
    pub lock_budget: Duration,
    /// How long a statement of a revision may take on PostgreSQL (`MIGRATIONS_STATEMENT_TIMEOUT`, in seconds). `None`,
    /// the default: as the connection has it.
    pub statement_timeout: Option<Duration>,
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
            lock_timeout: Some(Duration::from_secs(5)),
            lock_budget: Duration::from_secs(60),
            statement_timeout: None,
            connect_timeout: Duration::from_secs(10),
            retries: [2, 4, 8].map(Duration::from_secs).to_vec(),
            before_upgrade: None,
            invalid: None,
        }
    }
}

impl Options {
    /// The defaults, changed by the environment: `RUN_MIGRATIONS` (`true`, `1`, `yes`, `on`, or `false`, `0`, `no`,
    /// `off`), `MIGRATIONS_LOCK_DEADLINE`, `MIGRATIONS_LOCK_TIMEOUT`, `MIGRATIONS_LOCK_BUDGET` and
    /// `MIGRATIONS_STATEMENT_TIMEOUT` (seconds). What can't be understood is told by the upgrade.
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
        let mut invalid = None;
        let mut of = |name: &str| {
            let text = value(name).filter(|text| !text.trim().is_empty())?;
            let read = seconds(&text);
            if let Err(say) = &read {
                invalid = Some(format!("{name} is {text:?}; {say}"));
            }
            read.ok()
        };
        let some = |it: Duration| (!it.is_zero()).then_some(it);
        options.lock_deadline = of("MIGRATIONS_LOCK_DEADLINE").unwrap_or(options.lock_deadline);
        options.lock_budget = of("MIGRATIONS_LOCK_BUDGET").unwrap_or(options.lock_budget);
        options.lock_timeout = of("MIGRATIONS_LOCK_TIMEOUT").map_or(options.lock_timeout, some);
        options.statement_timeout = of("MIGRATIONS_STATEMENT_TIMEOUT").and_then(some);
        options.invalid = invalid.or(options.invalid);
        options
    }

    /// Whether all of the environment was understood.
    ///
    /// # Errors
    /// [`UpgradeError::Options`]: it was not.
    pub fn check(&self) -> Result<(), UpgradeError> {
        self.invalid.clone().map_or(Ok(()), |say| Err(UpgradeError::Options(say)))
    }
}

/// A time in seconds, `0.5` too.
///
/// # Errors
/// What to write instead.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let number = text.trim().parse::<f64>().ok();
    // PostgreSQL counts milliseconds in 31 bits.
    number
        .filter(|number| (0.0..=2_000_000.0).contains(number))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "set it to a number of seconds".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transient_fault_is_tried_again_after_two_four_and_eight_seconds() {
        assert_eq!(Options::default().retries, [2, 4, 8].map(Duration::from_secs));
        assert_eq!(Options::from_values(|_| None), Options::default());
    }

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
        let all = |text: &str| Options::from_values(|name| name.ends_with("TIMEOUT").then(|| text.to_owned()));
        assert_eq!((all("0.5").lock_timeout, all("0").lock_timeout), (Some(Duration::from_millis(500)), None));
        assert_eq!((all("2").statement_timeout, all("").statement_timeout), (Some(Duration::from_secs(2)), None));
        assert_eq!(
            all("soon").check().unwrap_err().to_string(),
            "MIGRATIONS_STATEMENT_TIMEOUT is \"soon\"; set it to a number of seconds"
        );
    }
}
