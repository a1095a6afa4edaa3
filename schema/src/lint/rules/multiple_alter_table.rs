//! Two ALTER TABLEs of one table, one after the other.

use super::prelude::*;
use crate::lint::script::Statement;

pub(super) const RULE: Rule = Rule {
    name: "multiple-alter-table",
    aliases: &["multipleAlterTable", "W12"],
    level: Level::Warn,
    danger: "the table is locked, and maybe scanned, once more",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "one ALTER TABLE with both actions",
    example: Example {
        before: "",
        bad: together(
            "ALTER TABLE t ADD COLUMN y integer;
ALTER TABLE t ADD COLUMN z integer;",
        ),
        good: &[together("ALTER TABLE t ADD COLUMN y integer, ADD COLUMN z integer;")],
    },
    check: Check::Tree(|it| {
        let before = it.last();
        let same = before.is_some_and(|before| before.is(K::ALTER_TABLE) && before.table == it.table);
        it.whole(
            it.is(K::ALTER_TABLE) && !it.quiet() && same && can_merge(it.statement) && before.is_some_and(can_merge),
        )
    }),
    fix: None,
};

/// What takes a step of its own: a validation, and what a validation makes cheap.
fn can_merge(it: &Statement) -> bool {
    let apart = [
        K::VALIDATE_CONSTRAINT,
        K::NOT_VALID,
        K::DROP_CONSTRAINT,
        K::RENAME_COLUMN,
        K::TABLE_RENAME_TO,
        K::ATTACH_PARTITION,
        K::DETACH_PARTITION,
    ];
    below(&it.node, &apart).is_empty()
}
