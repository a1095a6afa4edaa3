//! What each step of a plan locks, reads and writes, and who can go on meanwhile: a table for a developer.

use crate::change::{Change, Step, TableLock, Work, Works};
use crate::schema::Name;

use super::transition::Transition;

/// How much of a statement is shown.
const STATEMENT: usize = 44;

const HEADINGS: [&str; 5] = ["statement", "lock", "rows", "old app", "new app"];

/// The lines, headings first; none where every step is of a table that is new or empty, and nobody has to mind.
pub(super) fn costs(transition: &Transition) -> Vec<String> {
    let size = |table: &Name| {
        let renamed = |change: &Change| match change {
            Change::RenameTable { from, to } if to == table => Some(from.clone()),
            _ => None,
        };
        let before = transition.changes.iter().find_map(renamed).unwrap_or_else(|| table.clone());
        transition.sizes.get(&before).copied()
    };
    let steps: Vec<(&Step, Option<(u64, u64)>)> = transition
        .up
        .steps
        .iter()
        .filter(|step| !matches!(step.lock, None | Some(TableLock::Database)))
        .map(|step| (step, step.table.as_ref().and_then(size)))
        .filter(|(step, size)| !matches!(size, Some((0, _))) || step.fit.old != Works::Yes)
        .collect();
    // Short locks alone, and nobody who minds, are nothing to read a table for.
    if !steps.iter().any(|(step, _)| step.work != Work::Catalog || step.fit.old != Works::Yes) {
        return Vec::new();
    }
    let rows = steps.into_iter().map(|(step, size)| row(step, size));
    let all: Vec<[String; 5]> = std::iter::once(HEADINGS.map(str::to_owned)).chain(rows).collect();
    let width = |at: usize| all.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..HEADINGS.len()).map(width).collect();
    let line = |row: &[String; 5]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}", width = *width));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    all.iter().map(line).collect()
}

fn row(step: &Step, size: Option<(u64, u64)>) -> [String; 5] {
    let sql = step.sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let statement = match step.table.as_ref().filter(|_| step.work == Work::Fills) {
        Some(table) => format!("(back-fill of {table})"),
        None if sql.chars().count() > STATEMENT => sql.chars().take(STATEMENT - 2).chain("..".chars()).collect(),
        None => sql,
    };
    let verb = match step.work {
        Work::Catalog => None,
        Work::Reads => Some("reads"),
        Work::Fills => Some("fills"),
        Work::Rewrites => Some("rewrites"),
    };
    let rows = verb.map(|verb| match size {
        Some((rows, bytes)) => format!("{verb} {}, {}", short(rows, 1000, ["", "k", "M", "G"]), storage(bytes)),
        None => format!("{verb} all"),
    });
    let lock = step.lock.map(|lock| lock.to_string()).unwrap_or_default();
    let fit = step.fit;
    [statement, lock, rows.unwrap_or_else(|| "-".to_owned()), fit.old.name().to_owned(), fit.new.name().to_owned()]
}

fn storage(bytes: u64) -> String {
    short(bytes, 1024, [" B", " kB", " MB", " GB"])
}

/// A number in at most four digits and a unit.
fn short(number: u64, step: u64, units: [&str; 4]) -> String {
    let mut left = number;
    let mut units = units.into_iter().peekable();
    loop {
        let unit = units.next().unwrap_or_default();
        if left < 10 * step || units.peek().is_none() {
            return format!("{left}{unit}");
        }
        left /= step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let count = |number| short(number, 1000, ["", "k", "M", "G"]);
        assert_eq!([300, 9_999, 10_000, 1_234_567, 45_000_000].map(count), ["300", "9999", "10k", "1234k", "45M"]);
        assert_eq!(storage(24_576), "24 kB");
        assert_eq!(storage(u64::MAX), "17179869183 GB");
    }
}
