//! What writes a table again.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "table-rewrite",
    aliases: &[],
    level: Level::Error,
    danger: "the whole table is written again under ACCESS EXCLUSIVE",
    harm: Harm::Rewrites,
    safe: "fill a new table in batches and exchange the two, in a window of maintenance",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t SET UNLOGGED;"),
        good: &[together("ALTER TABLE t SET (fillfactor = 80);")],
    },
    check: Check::Tree(|it| {
        let rewrites = [K::SET_TABLESPACE, K::SET_LOGGED, K::SET_UNLOGGED, K::SET_ACCESS_METHOD];
        if it.quiet() { Vec::new() } else { [it.altered(&rewrites), it.whole(it.is(K::CLUSTER))].concat() }
    }),
    fix: None,
};
