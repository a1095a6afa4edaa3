//! A bar on the terminal while revisions are applied or undone: which one, and how far an index is.

use std::fmt;
use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tracing::Event;
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// What the runner tells `tracing`, drawn on standard error where that is a terminal.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new(json: bool) -> Self {
        if json || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(100);
        bar.set_style(plain());
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Does `work`, drawing what it tells.
    pub(super) fn around<T>(&self, work: impl FnOnce() -> T) -> T {
        let subscriber = tracing_subscriber::registry().with(Drawn(self.0.clone()));
        let result = tracing::subscriber::with_default(subscriber, work);
        self.0.finish_and_clear();
        result
    }

    /// Prints a line above the bar.
    pub(super) fn above(&self, print: impl FnOnce()) {
        self.0.suspend(print);
    }
}

fn style(template: &str) -> ProgressStyle {
    // The templates are ours: one that is wrong is only plainer.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

fn plain() -> ProgressStyle {
    style("{spinner} {elapsed} {msg}")
}

struct Drawn(ProgressBar);

/// The fields that are drawn.
#[derive(Default)]
struct Fields {
    message: String,
    revision: String,
    phase: String,
    percent: Option<u64>,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "revision" => value.clone_into(&mut self.revision),
            "phase" => value.clone_into(&mut self.phase),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "percent" {
            self.percent = Some(value);
        }
    }
}

impl<S: tracing::Subscriber> Layer<S> for Drawn {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if !event.metadata().target().starts_with("diesel_schema") {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        let Fields { message, revision, phase, percent } = fields;
        if let Some(percent) = percent {
            self.0.set_style(style("{spinner} {elapsed} [{bar:30}] {percent}% {msg}"));
            self.0.set_position(percent);
            self.0.set_message(format!("{revision}: {phase}"));
        } else if !revision.is_empty() {
            self.0.set_style(plain());
            self.0.set_message(format!("{message} {revision}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_runner_tells_is_drawn() {
        let bar = Bar(ProgressBar::hidden());
        bar.0.set_length(100);
        let seen = bar.around(|| {
            tracing::info!(revision = "7", "applying");
            let applying = bar.0.message();
            tracing::info!(
                revision = "7",
                phase = "building index: scanning table",
                percent = 42_u64,
                "building an index"
            );
            let building = (bar.0.message(), bar.0.position());
            tracing::info!(target: "another", revision = "8", "applying");
            (applying, building, bar.0.message())
        });
        let scanning = "7: building index: scanning table".to_owned();
        assert_eq!(seen, ("applying 7".to_owned(), (scanning.clone(), 42), scanning));
    }
}
