//! A constraint dropped.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-drop-constraint",
    aliases: &[],
    level: Level::Warn,
    danger: "what the constraint kept out comes in; a foreign key's parent is locked against reads too",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "drop it once nothing relies on it",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t DROP CONSTRAINT t_pkey;"),
        good: &[
            together("ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID;"),
            together("ALTER TABLE t VALIDATE CONSTRAINT c;"),
            together(
                "ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT c;",
            ),
        ],
    },
    check: Check::Tree(|it| {
        let mut found = it.altered(&[K::DROP_CONSTRAINT]);
        let table = it.table.as_ref().and_then(|table| it.known.tables.get(table));
        // A proof that SET NOT NULL has used says nothing more.
        found.retain(|node| {
            let check = first(node, &[K::CONSTRAINT_NAME_REF]).and_then(|name| table?.checks.get(&name));
            let columns = table.into_iter().flat_map(|it| it.columns.iter());
            !check.is_some_and(|check| {
                check.words.len() == 4 && columns.into_iter().any(|(name, it)| it.not_null && check.says_not_null(name))
            })
        });
        found
    }),
    fix: None,
};
