//! What subscribers are told.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-replica-identity",
    aliases: &[],
    level: Level::Warn,
    danger: "what is replicated changes: rows are missing on the other side from now on, or an UPDATE fails",
    harm: Harm::Breaks,
    safe: "change it with the subscribers in view",
    example: Example {
        before: "CREATE PUBLICATION all_of_it;",
        bad: together("ALTER TABLE t REPLICA IDENTITY FULL;"),
        good: &[together("ALTER PUBLICATION all_of_it ADD TABLE t;")],
    },
    check: Check::Tree(|it| {
        let drops = it.is(K::DROP_PUBLICATION);
        let alters = [
            K::DROP_PUBLICATION_OBJECTS,
            K::SET_PUBLICATION_OBJECTS,
            K::SET_ALL_PUBLICATION_OBJECT_LIST,
            K::SET_OPTIONS,
        ];
        let mut found = if it.own { Vec::new() } else { below(&it.node, &[K::REPLICA_IDENTITY]) };
        found.extend(it.whole(drops));
        found.extend(if it.is(K::ALTER_PUBLICATION) { below(&it.node, &alters) } else { Vec::new() });
        found
    }),
    fix: None,
};
