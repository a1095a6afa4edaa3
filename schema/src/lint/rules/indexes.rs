//! Indexes, partitions, and what else has a form that blocks nobody.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use crate::lint::names::{below, has_word, words};
use crate::lint::script::Statement;
use crate::lint::{Level, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "require-concurrent-index-creation",
        aliases: &["requireConcurrentIndexCreation", "E6"],
        level: Level::Error,
        danger: "nobody can write to the table while the index is built",
        safe: "CREATE INDEX CONCURRENTLY, in a revision with run_in_transaction = false",
        check: |it, _| whole(it, it.is(K::CREATE_INDEX) && !it.fresh && !has_word(&it.node, "concurrently")),
    },
    Rule {
        name: "require-concurrent-index-deletion",
        aliases: &["requireConcurrentIndexDeletion"],
        level: Level::Error,
        danger: "the table is locked against reads too, and waits behind every query that is under way",
        safe: "DROP INDEX CONCURRENTLY, in a revision with run_in_transaction = false",
        check: |it, _| whole(it, it.is(K::DROP_INDEX) && !has_word(&it.node, "concurrently")),
    },
    Rule {
        name: "require-concurrent-reindex",
        aliases: &["requireConcurrentReindex"],
        level: Level::Error,
        danger: "nobody can write to the table, and most queries wait, while the index is built",
        safe: "REINDEX INDEX CONCURRENTLY, in a revision with run_in_transaction = false",
        check: |it, _| {
            // PostgreSQL has no REINDEX SYSTEM CONCURRENTLY.
            let blocks = !has_word(&it.node, "concurrently") && !has_word(&it.node, "system");
            whole(it, it.is(K::REINDEX) && blocks)
        },
    },
    Rule {
        name: "ban-concurrent-index-creation-in-transaction",
        aliases: &["banConcurrentIndexCreationInTransaction"],
        level: Level::Error,
        danger: "PostgreSQL refuses CONCURRENTLY inside a transaction",
        safe: "put it into a revision of its own with run_in_transaction = false",
        check: |it, _| {
            let indexes = [K::CREATE_INDEX, K::DROP_INDEX, K::REINDEX].contains(&it.node.kind());
            let concurrent = indexes && has_word(&it.node, "concurrently");
            let detaches = !below(&it.node, &[K::DETACH_CONCURRENTLY]).is_empty();
            whole(it, it.transaction.is_some() && (concurrent || detaches))
        },
    },
    Rule {
        name: "require-concurrent-partition-detach",
        aliases: &["requireConcurrentDetachPartition"],
        level: Level::Error,
        danger: "the partitioned table is locked against reads and writes",
        safe: "DETACH PARTITION .. CONCURRENTLY, in a revision with run_in_transaction = false",
        check: |it, _| {
            let mut found = below(&it.node, &[K::DETACH_PARTITION]);
            found.retain(|node| !has_word(node, "concurrently") && !has_word(node, "finalize"));
            found
        },
    },
    Rule {
        name: "attach-partition-scan",
        aliases: &[],
        level: Level::Warn,
        danger: "the new partition, and the default one, are scanned under ACCESS EXCLUSIVE where no valid CHECK proves the bounds",
        safe: "add a CHECK of the bounds NOT VALID to the partition, and its opposite to the default one, validate both, then attach",
        check: |it, _| below(&it.node, &[K::ATTACH_PARTITION]),
    },
    Rule {
        name: "require-concurrent-refresh-matview",
        aliases: &["requireConcurrentRefreshMatview"],
        level: Level::Error,
        danger: "nobody can read the view while it is filled",
        safe: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index",
        check: |it, _| {
            let empties = has_word(&it.node, "no") && has_word(&it.node, "data");
            whole(it, it.is(K::REFRESH) && !has_word(&it.node, "concurrently") && !empties)
        },
    },
    Rule {
        name: "concurrent-refresh-matview-lock",
        aliases: &["concurrentRefreshMatviewLock"],
        level: Level::Off,
        danger: "the view is read, and written by nobody, while it is compared",
        safe: "refresh it from a job, not from a migration",
        check: |it, _| whole(it, it.is(K::REFRESH) && has_word(&it.node, "concurrently")),
    },
    Rule {
        name: "ban-vacuum-full",
        aliases: &["banVacuumFull", "prefer-repack"],
        level: Level::Error,
        danger: "the whole table is written again under ACCESS EXCLUSIVE",
        safe: "VACUUM without FULL, or pg_repack",
        check: |it, _| {
            let list: Vec<String> = words(&it.node).collect();
            let off =
                list.windows(2).any(|pair| pair[0] == "full" && matches!(pair[1].as_str(), "false" | "off" | "0"));
            let full = it.is(K::VACUUM) && list.iter().any(|word| word == "full") && !off;
            whole(it, full || it.is(K::CLUSTER))
        },
    },
    Rule {
        name: "table-rewrite",
        aliases: &[],
        level: Level::Error,
        danger: "the whole table is written again under ACCESS EXCLUSIVE",
        safe: "fill a new table in batches and exchange the two, in a window of maintenance",
        check: |it, _| {
            let rewrites = [K::SET_TABLESPACE, K::SET_LOGGED, K::SET_UNLOGGED, K::SET_ACCESS_METHOD];
            if it.fresh || !it.is(K::ALTER_TABLE) { Vec::new() } else { below(&it.node, &rewrites) }
        },
    },
];

fn whole(statement: &Statement, found: bool) -> Vec<SyntaxNode> {
    if found { vec![statement.node.clone()] } else { Vec::new() }
}
