//! A table under another name.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "renaming-table",
    aliases: &["renamingTable"],
    level: Level::Error,
    danger: "an application that uses the old name fails at once",
    harm: Harm::Breaks,
    safe: "keep the name in the database: #[model(table = ..)]; or, in one transaction, a view of the old name",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t RENAME TO things;"),
        good: &[together(
            "ALTER TABLE t RENAME TO things;
CREATE VIEW t AS SELECT id, a, b, p_id, at, n FROM things;",
        )],
    },
    check: Check::Tree(|it| {
        let old = it.table.as_deref().map(folded);
        let later = &it.script.statements[it.index + 1..];
        let viewed = later.iter().any(|next| {
            let same = next.transaction.is_some() && next.transaction == it.transaction;
            same && next.is(K::CREATE_VIEW) && first(&next.node, &[K::VIEW]) == old
        });
        if viewed { Vec::new() } else { it.altered(&[K::TABLE_RENAME_TO]) }
    }),
    fix: None,
};
