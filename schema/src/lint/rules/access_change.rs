//! Who may see or change rows.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "access-change",
    aliases: &[],
    level: Level::Warn,
    danger: "another owner, a privilege, a policy or row level security changes at once who may see and write which rows; all but a privilege under ACCESS EXCLUSIVE",
    harm: Harm::Locks("ACCESS EXCLUSIVE"),
    safe: "with the roles in view, in a revision of its own",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ENABLE ROW LEVEL SECURITY;"),
        good: &[together(
            "CREATE TABLE u (id bigint);
ALTER TABLE u ENABLE ROW LEVEL SECURITY;",
        )],
    },
    check: Check::Tree(|it| {
        let kinds = [K::OWNER_TO, K::ENABLE_RLS, K::FORCE_RLS];
        if it.own {
            return Vec::new();
        }
        let mut found = if it.is(K::ALTER_TABLE) { below(&it.node, &kinds) } else { Vec::new() };
        found.extend(it.whole(
            [K::CREATE_POLICY, K::ALTER_POLICY, K::GRANT, K::ALTER_DEFAULT_PRIVILEGES].contains(&it.node.kind()),
        ));
        found
    }),
    fix: None,
};
