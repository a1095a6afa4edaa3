//! The registry of rules, by what a statement does.

mod columns;
mod constraints;
mod indexes;
mod removals;
mod style;
mod transactions;

use super::Rule;

/// Every rule.
#[must_use]
pub fn all() -> Vec<&'static Rule> {
    let groups =
        [columns::RULES, constraints::RULES, indexes::RULES, removals::RULES, style::RULES, transactions::RULES];
    groups.into_iter().flatten().collect()
}
