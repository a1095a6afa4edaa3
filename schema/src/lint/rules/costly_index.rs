//! An index of many columns, or a hash.

use super::prelude::*;
use crate::lint::catalog::index_of;

pub(super) const RULE: Rule = Rule {
    name: "costly-index",
    aliases: &[],
    level: Level::Warn,
    danger: "every write pays for each column, and hardly a query uses the fourth; a hash index knows equality alone, and is larger",
    harm: Harm::Regretted,
    safe: "the columns that queries select by, three at most, as btree",
    example: Example {
        before: "",
        bad: alone("CREATE INDEX CONCURRENTLY t_many ON t (a, b, p_id, n);"),
        good: &[alone("CREATE INDEX CONCURRENTLY t_few ON t (a, b, p_id);")],
    },
    check: Check::Tree(|it| {
        let Some(table) = it.table.as_deref().filter(|_| it.is(K::CREATE_INDEX)) else { return Vec::new() };
        let new = index_of(&it.node, table);
        it.whole((new.method == "btree" && !new.unique && new.columns.len() > 3) || new.method == "hash")
    }),
    fix: None,
};
