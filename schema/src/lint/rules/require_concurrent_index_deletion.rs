//! An index dropped while its table is locked.

use super::prelude::*;
use crate::lint::catalog::names;

pub(super) const RULE: Rule = Rule {
    name: "require-concurrent-index-deletion",
    aliases: &["requireConcurrentIndexDeletion"],
    level: Level::Error,
    danger: "the table is locked against reads too, and waits behind every query that is under way",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "DROP INDEX CONCURRENTLY, in a revision with run_in_transaction = false",
    example: Example {
        before: "",
        bad: together("DROP INDEX t_b_idx;"),
        good: &[alone("DROP INDEX CONCURRENTLY t_b_idx;")],
    },
    check: Check::Tree(|it| {
        let names = if it.is(K::DROP_INDEX) { names(&it.node, K::INDEX_REF) } else { Vec::new() };
        let table = |name: &String| it.known.indexes.get(name).map(|it| it.table.clone());
        let made = |table: &String| it.earlier().makes(table, it.statement);
        let quiet = |name: &String| table(name).is_some_and(|table| it.known.is_small(&table) || made(&table));
        it.whole(!it.concurrently() && names.iter().any(|name| !quiet(name)))
    }),
    fix: Some(|it, _| {
        let names = names(&it.node, K::INDEX_REF);
        // Neither that of a partitioned table, nor what depends on it, nor several at once.
        let split = |name: &String| {
            let table = it.known.indexes.get(name).and_then(|index| it.known.tables.get(&index.table));
            table.is_some_and(|table| table.partitioned)
        };
        if names.len() == 1 && !names.iter().any(split) && !has_word(&it.node, "cascade") {
            Fix::insert(&it.node, "index", "CONCURRENTLY")?.alone(it)
        } else {
            None
        }
    }),
};
