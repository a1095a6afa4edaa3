//! Several changes of one table in one statement, where each of them would write its rows anew.

use crate::change::{Fit, Step, Work};

/// The steps, with those in a row made one that alter the same table and of which more than one rewrites it: the server
/// goes over the rows once for a whole `ALTER TABLE`
/// (<https://www.postgresql.org/docs/current/sql-altertable.html>, "Notes").
pub(super) fn joined(steps: Vec<Step>) -> Vec<Step> {
    let mut out: Vec<Step> = Vec::with_capacity(steps.len());
    for run in steps.chunk_by(|a, b| a.head > 0 && of(a) == of(b)) {
        if run.iter().filter(|step| step.work == Work::Rewrites).count() > 1 {
            out.push(one(run));
        } else {
            out.extend_from_slice(run);
        }
    }
    out
}

/// What two steps have to have in common.
fn of(step: &Step) -> impl PartialEq + '_ {
    (&step.sql[..step.head], step.stage, step.in_transaction)
}

fn one(run: &[Step]) -> Step {
    let mut all = run[0].clone();
    for step in &run[1..] {
        all.sql.push_str(",\n    ");
        all.sql.push_str(&step.sql[step.head..]);
        all.lock = all.lock.max(step.lock);
        all.work = all.work.max(step.work);
        all.fit = Fit { old: all.fit.old.max(step.fit.old), new: all.fit.new.max(step.fit.new) };
        for hazard in &step.hazards {
            if !all.hazards.contains(hazard) {
                all.hazards.push(hazard.clone());
            }
        }
    }
    all
}
