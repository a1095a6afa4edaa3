//! Several foreign keys in one transaction.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "several-foreign-keys",
    aliases: &[],
    level: Level::Warn,
    danger: "each locks both of its tables against writes, up to the end of all: two transactions that take the tables in another order wait for each other",
    harm: Harm::Locks("SHARE ROW EXCLUSIVE"),
    safe: "one foreign key a transaction",
    example: Example {
        before: "CREATE TABLE q (id bigint PRIMARY KEY);
INSERT INTO q SELECT i FROM generate_series(1, 1000) i;",
        bad: together(
            "ALTER TABLE t ADD CONSTRAINT t_p_fkey FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_q_fkey FOREIGN KEY (p_id) REFERENCES q (id) NOT VALID;",
        ),
        good: &[
            together("ALTER TABLE t ADD CONSTRAINT t_p_fkey FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;"),
            together("ALTER TABLE t ADD CONSTRAINT t_q_fkey FOREIGN KEY (p_id) REFERENCES q (id) NOT VALID;"),
        ],
    },
    check: Check::Tree(|it| {
        let parents = |node: &SyntaxNode| {
            let keys = below(node, &[K::FOREIGN_KEY_CONSTRAINT, K::REFERENCES_CONSTRAINT]);
            keys.iter().filter_map(|it| first(it, &[K::TABLE_NAME_REF])).collect::<Vec<_>>()
        };
        if !it.is(K::ALTER_TABLE) || it.quiet() {
            return Vec::new();
        }
        let own = parents(&it.node);
        let busy = |parent: &String| !it.known.is_small(parent);
        let before = it.before().filter(|before| before.is(K::ALTER_TABLE) && !before.fresh);
        let taken: Vec<String> = before.flat_map(|before| parents(&before.node)).collect();
        let others = own.iter().any(|parent| busy(parent) && taken.iter().any(|it| it != parent && busy(it)));
        it.whole(others || own.iter().any(|parent| own.iter().any(|it| it != parent)))
    }),
    fix: None,
};
