//! Rows that were let in, and no longer are.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "ban-new-write-restriction",
    aliases: &[],
    level: Level::Off,
    danger: "an INSERT or UPDATE of an application that runs fails from now on, NOT VALID or not",
    harm: Harm::Refused("violates check constraint"),
    safe: "once every release writes rows that pass",
    example: Example {
        before: "",
        bad: together(
            "ALTER TABLE t ADD CONSTRAINT a_positive CHECK (a > 0) NOT VALID;
INSERT INTO t (id, a) VALUES (0, 0);",
        ),
        good: &[alone("CREATE INDEX CONCURRENTLY t_a_idx ON t (a);")],
    },
    check: Check::Tree(|it| {
        let constraints = [
            K::CHECK_CONSTRAINT,
            K::FOREIGN_KEY_CONSTRAINT,
            K::UNIQUE_CONSTRAINT,
            K::PRIMARY_KEY_CONSTRAINT,
            K::EXCLUDE_CONSTRAINT,
            K::NOT_NULL_CONSTRAINT,
        ];
        if it.own {
            return Vec::new();
        }
        let unique = it.is(K::CREATE_INDEX) && has_word(&it.node, "unique");
        let mut found = it.whole(unique);
        match it.node.kind() {
            K::ALTER_TABLE | K::ALTER_FOREIGN_TABLE => {
                let added = children(&it.node, K::ADD_CONSTRAINT);
                let mut added = added.iter().flat_map(|it| below(it, &constraints)).collect::<Vec<_>>();
                added.retain(|it| below(it, &[K::NOT_ENFORCED]).is_empty());
                found.extend(added);
                found.extend(below(&it.node, &[K::SET_NOT_NULL]));
                let tightens =
                    [K::ENFORCED, K::NOT_DEFERRABLE_CONSTRAINT_OPTION, K::INITIALLY_IMMEDIATE_CONSTRAINT_OPTION];
                let mut altered = below(&it.node, &[K::ALTER_CONSTRAINT]);
                altered.retain(|it| !below(it, &tightens).is_empty());
                found.extend(altered);
            }
            K::ALTER_DOMAIN => found.extend(below(&it.node, &[K::SET_NOT_NULL, K::ADD_CONSTRAINT])),
            _ => {}
        }
        found
    }),
    fix: None,
};
