//! UPDATE or DELETE of all rows.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-update-without-where",
    aliases: &["banUpdateWithoutWhere", "banDeleteWithoutWhere"],
    level: Level::Error,
    danger: "every row is locked until the end of the transaction",
    harm: Harm::Scans("ROW EXCLUSIVE"),
    safe: "batches by primary key, each in a transaction of its own",
    example: Example {
        before: "",
        bad: together("UPDATE t SET n = 1;"),
        good: &[together("UPDATE t SET n = 1 WHERE id BETWEEN 1 AND 100;")],
    },
    check: Check::Tree(|it| {
        let all = (it.is(K::UPDATE) || it.is(K::DELETE)) && !has_word(&it.node, "where");
        it.whole(all && !it.quiet())
    }),
    fix: None,
};
