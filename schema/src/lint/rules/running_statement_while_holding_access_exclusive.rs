//! Work while a table is locked.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "running-statement-while-holding-access-exclusive",
    aliases: &["runningStatementWhileHoldingAccessExclusive", "E4"],
    level: Level::Warn,
    danger: "an earlier statement of the transaction keeps its table locked against reads and writes until this is done",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "put it into a revision of its own",
    example: Example {
        before: "",
        bad: together(
            "ALTER TABLE t ADD COLUMN z integer;
UPDATE t SET n = 1 WHERE id < 100;",
        ),
        good: &[together("ALTER TABLE t ADD COLUMN z integer;"), together("UPDATE t SET n = 1 WHERE id < 100;")],
    },
    check: Check::Tree(|it| {
        let work = [K::SELECT, K::UPDATE, K::DELETE, K::INSERT, K::CREATE_INDEX, K::MERGE, K::COPY];
        // An index of a table that is as new has nothing to read.
        let idle = sets_a_sequence(it) || (it.is(K::CREATE_INDEX) && it.fresh);
        let works = work.contains(&it.node.kind()) && !idle;
        let small = |table: &Option<String>| table.as_ref().is_some_and(|table| it.known.is_small(table));
        it.whole(works && it.earlier().locked(it.statement).any(|table| !small(table)))
    }),
    fix: None,
};

/// SELECT setval(..) is no work.
fn sets_a_sequence(it: &Place<'_>) -> bool {
    it.is(K::SELECT) && words(&it.node).nth(1).is_some_and(|word| word == "setval")
}
