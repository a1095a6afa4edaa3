//! BEGIN and COMMIT where the runner has said it.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "transaction-nesting",
    aliases: &["transactionNesting"],
    level: Level::Error,
    danger: "BEGIN or COMMIT where the runner, or the file, has said it already: the revision and its row are apart",
    harm: Harm::Breaks,
    safe: "leave transactions to run_in_transaction",
    example: Example {
        before: "",
        bad: together(
            "COMMIT;
SELECT 1;",
        ),
        good: &[alone(
            "BEGIN;
SELECT 1;
COMMIT;",
        )],
    },
    check: Check::Tree(|it| {
        let ends = it.is(K::COMMIT_TRANSACTION) || it.is(K::ROLLBACK_TRANSACTION);
        let nested =
            if it.is(K::BEGIN) { it.transaction.is_some() } else { ends && matches!(it.transaction, None | Some(0)) };
        it.whole(nested)
    }),
    fix: None,
};
