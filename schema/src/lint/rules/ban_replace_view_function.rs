//! A view or a function replaced in its place.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-replace-view-function",
    aliases: &[],
    level: Level::Off,
    danger: "an application that runs sees the new one at once; a view's readers wait for the lock",
    harm: Harm::Breaks,
    safe: "a second one under another name, and the old one dropped later",
    example: Example {
        before: "CREATE VIEW v AS SELECT id FROM t;",
        bad: together("CREATE OR REPLACE VIEW v AS SELECT id, a FROM t;"),
        good: &[together("CREATE VIEW v2 AS SELECT id, a FROM t;")],
    },
    check: Check::Tree(|it| {
        let kinds = [K::CREATE_VIEW, K::CREATE_FUNCTION, K::CREATE_PROCEDURE];
        it.whole(kinds.contains(&it.node.kind()) && !it.own && !children(&it.node, K::OR_REPLACE).is_empty())
    }),
    fix: None,
};
