//! An index that is built in one go.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-concurrent-index-creation",
    aliases: &["requireConcurrentIndexCreation", "E6"],
    level: Level::Error,
    danger: "nobody can write to the table while the index is built",
    harm: Harm::Scans("SHARE"),
    safe: "CREATE INDEX CONCURRENTLY, in a revision with run_in_transaction = false",
    example: Example {
        before: "",
        bad: together("CREATE INDEX t_a_idx ON t (a);"),
        good: &[alone("CREATE INDEX CONCURRENTLY t_a_idx ON t (a);")],
    },
    check: Check::Tree(|it| {
        // A partitioned table is another rule's; ONLY it has no rows.
        let parts = it.table.as_ref().and_then(|table| it.known.tables.get(table)).is_some_and(|it| it.partitioned);
        let builds = it.is(K::CREATE_INDEX) && !it.concurrently() && !parts && !has_word(&it.node, "only");
        it.whole(builds && !it.quiet())
    }),
    fix: Some(|it, _| Fix::insert(&it.node, "index", "CONCURRENTLY")?.alone(it)),
};
