//! Strong locks on several tables in one transaction.

use super::prelude::*;
use crate::lint::script::Statement;

pub(super) const RULE: Rule = Rule {
    name: "avoid-wide-lock-window",
    aliases: &["avoidWideLockWindow"],
    level: Level::Warn,
    danger: "each table stays locked until the last one is done, and two transactions that take them in another order wait for each other",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "one table a transaction",
    example: Example {
        before: "",
        bad: together(
            "ALTER TABLE t ADD COLUMN z integer;
ALTER TABLE p ADD COLUMN z integer;",
        ),
        good: &[together("ALTER TABLE t ADD COLUMN z integer;"), together("ALTER TABLE p ADD COLUMN z integer;")],
    },
    check: Check::Tree(|it| {
        let small = |table: &Option<String>| table.as_ref().is_none_or(|table| it.known.is_small(table));
        let strong = |it: &Statement| lock(it) == Some("ACCESS EXCLUSIVE") && !it.fresh;
        let other = |before: &Option<String>| *before != it.table && !small(before);
        it.whole(strong(it.statement) && !small(&it.table) && it.earlier().locked(it.statement).any(other))
    }),
    fix: None,
};
