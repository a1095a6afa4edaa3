//! IF NOT EXISTS where a transaction keeps the statement from running twice.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "if-not-exists-hides-drift",
    aliases: &[],
    level: Level::Off,
    danger: "something of the same name and another shape passes for it: the revision counts as applied, and the schema is another one",
    harm: Harm::Breaks,
    safe: "without IF NOT EXISTS: the revision and its row are one transaction",
    example: Example {
        before: "",
        bad: together("CREATE TABLE IF NOT EXISTS t (other text);"),
        good: &[together("CREATE TABLE u (other text);")],
    },
    check: Check::Tree(|it| {
        let mut found = if it.transaction.is_some() { below(&it.node, &[K::IF_NOT_EXISTS]) } else { Vec::new() };
        let kinds = [
            K::CREATE_TABLE,
            K::CREATE_TABLE_AS,
            K::CREATE_INDEX,
            K::ALTER_TABLE,
            K::CREATE_SEQUENCE,
            K::CREATE_MATERIALIZED_VIEW,
        ];
        found.retain(|_| kinds.contains(&it.node.kind()) && !is_temporary(&it.node));
        found
    }),
    fix: None,
};
