//! CONCURRENTLY inside a transaction.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-concurrent-index-creation-in-transaction",
    aliases: &["banConcurrentIndexCreationInTransaction"],
    level: Level::Error,
    danger: "PostgreSQL refuses CONCURRENTLY inside a transaction",
    harm: Harm::Refused("cannot run inside a transaction block"),
    safe: "put it into a revision of its own with run_in_transaction = false",
    example: Example {
        before: "",
        bad: together("CREATE INDEX CONCURRENTLY t_a_idx ON t (a);"),
        good: &[alone("CREATE INDEX CONCURRENTLY t_a_idx ON t (a);")],
    },
    check: Check::Tree(|it| {
        let indexes = [K::CREATE_INDEX, K::DROP_INDEX, K::REINDEX].contains(&it.node.kind());
        let detaches = !below(&it.node, &[K::DETACH_CONCURRENTLY]).is_empty();
        it.whole(it.transaction.is_some() && ((indexes && it.concurrently()) || detaches))
    }),
    fix: None,
};
