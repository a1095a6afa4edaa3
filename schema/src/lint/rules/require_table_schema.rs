//! A table without its schema.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "require-table-schema",
    aliases: &[],
    level: Level::Off,
    danger: "which table it is depends on the search_path of whoever runs it",
    harm: Harm::Regretted,
    safe: "write the schema: public.users",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN z integer;"),
        good: &[together("ALTER TABLE public.t ADD COLUMN z integer;")],
    },
    check: Check::Tree(|it| {
        let kinds = [K::CREATE_TABLE, K::CREATE_TABLE_AS, K::ALTER_TABLE, K::DROP_TABLE, K::SELECT_INTO, K::TRUNCATE];
        if !kinds.contains(&it.node.kind()) || is_temporary(&it.node) {
            return Vec::new();
        }
        // Its own name, or each of a list; not what a constraint points at.
        let mut found = below(&it.node, &[K::TABLE_NAME, K::TABLE_NAME_REF]);
        if !it.is(K::DROP_TABLE) && !it.is(K::TRUNCATE) {
            found.truncate(1);
        }
        found.retain(|node| !words(node).any(|word| word == "."));
        found
    }),
    fix: None,
};
