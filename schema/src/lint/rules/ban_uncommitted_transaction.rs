//! BEGIN without COMMIT.

use super::prelude::*;
use crate::lint::script::Statement;

pub(super) const RULE: Rule = Rule {
    name: "ban-uncommitted-transaction",
    aliases: &[],
    level: Level::Error,
    danger: "the transaction that is begun here never ends: all of it is undone",
    harm: Harm::Breaks,
    safe: "COMMIT, or run_in_transaction = true without BEGIN",
    example: Example {
        before: "",
        bad: alone(
            "BEGIN;
SELECT 1;",
        ),
        good: &[alone(
            "BEGIN;
SELECT 1;
COMMIT;",
        )],
    },
    check: Check::Tree(|it| {
        let ends = |next: &Statement| next.is(K::COMMIT_TRANSACTION) || next.is(K::ROLLBACK_TRANSACTION);
        let open = it.is(K::BEGIN) && it.transaction.is_none();
        it.whole(open && !it.script.statements[it.index + 1..].iter().any(ends))
    }),
    fix: None,
};
