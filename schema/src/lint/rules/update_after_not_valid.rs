//! Rows filled behind a check that they do not pass yet.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "update-after-not-valid",
    aliases: &[],
    level: Level::Warn,
    danger: "NOT VALID spares the rows of before only as long as nobody writes them: an UPDATE of one that does not pass fails, even of another column",
    harm: Harm::Refused("violates check constraint"),
    safe: "fill the rows first, then ADD CONSTRAINT .. NOT VALID, then VALIDATE",
    example: Example {
        before: "",
        bad: alone(
            "ALTER TABLE t ADD CONSTRAINT b_there CHECK (b <> 'b') NOT VALID;
UPDATE t SET n = 1 WHERE id < 10;",
        ),
        good: &[
            together("UPDATE t SET b = 'c' WHERE id < 10;"),
            together("ALTER TABLE t ADD CONSTRAINT b_there CHECK (b <> 'b') NOT VALID;"),
        ],
    },
    check: Check::Tree(|it| {
        let table = it.table.as_deref().unwrap_or_default();
        let checks = it.known.tables.get(table).into_iter().flat_map(|it| it.checks.iter());
        let waits = |name: &String| it.earlier().names(name, it.statement);
        let fails =
            it.is(K::UPDATE) && !it.fresh && checks.filter(|(_, it)| !it.validated).any(|(name, _)| waits(name));
        it.whole(fails)
    }),
    fix: None,
};
