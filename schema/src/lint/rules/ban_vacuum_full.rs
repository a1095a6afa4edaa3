//! VACUUM FULL and CLUSTER.

use super::prelude::*;
use crate::lint::script::Statement;

pub(super) const RULE: Rule = Rule {
    name: "ban-vacuum-full",
    aliases: &["banVacuumFull"],
    level: Level::Error,
    danger: "the whole table is written again under ACCESS EXCLUSIVE",
    harm: Harm::Rewrites,
    safe: "VACUUM without FULL, or pg_repack",
    example: Example { before: "", bad: alone("VACUUM FULL t;"), good: &[alone("VACUUM t;")] },
    check: Check::Tree(|it| it.whole(is_full(it.statement) || it.is(K::CLUSTER))),
    fix: None,
};

/// VACUUM FULL, whichever way it is said.
pub(super) fn is_full(it: &Statement) -> bool {
    let list: Vec<String> = words(&it.node).collect();
    let off = list.windows(2).any(|pair| pair[0] == "full" && matches!(pair[1].as_str(), "false" | "off" | "0"));
    it.is(K::VACUUM) && list.iter().any(|word| word == "full") && !off
}
