//! VACUUM, ALTER SYSTEM and what makes databases, inside a transaction.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "statement-refuses-transaction",
    aliases: &[],
    level: Level::Error,
    danger: "PostgreSQL refuses it inside a transaction",
    harm: Harm::Refused("cannot run inside a transaction block"),
    safe: "put it into a revision of its own with run_in_transaction = false",
    example: Example { before: "", bad: together("VACUUM t;"), good: &[alone("VACUUM t;")] },
    check: Check::Tree(|it| {
        let kinds = [
            K::VACUUM,
            K::ALTER_SYSTEM,
            K::CREATE_DATABASE,
            K::DROP_DATABASE,
            K::CREATE_TABLESPACE,
            K::DROP_TABLESPACE,
        ];
        let list: Vec<String> = words(&it.node).take(4).collect();
        let several =
            it.is(K::REINDEX) && ["schema", "database", "system"].iter().any(|it| list.iter().any(|word| word == it));
        let everything = it.is(K::CLUSTER) && list.iter().all(|word| matches!(word.as_str(), "cluster" | ";"));
        it.whole(it.transaction.is_some() && (kinds.contains(&it.node.kind()) || several || everything))
    }),
    fix: None,
};
