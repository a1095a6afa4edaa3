//! Several foreign keys in one transaction.

use super::prelude::*;
use crate::lint::earlier::parents;

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
        if !it.is(K::ALTER_TABLE) || it.quiet() {
            return Vec::new();
        }
        let own = parents(it);
        let busy = |parent: &String| !it.known.is_small(parent);
        let others = own.iter().any(|parent| {
            busy(parent) && it.earlier().parents(it.statement).any(|taken| taken != parent && busy(taken))
        });
        it.whole(others || own.iter().any(|parent| own.iter().any(|it| it != parent)))
    }),
    fix: None,
};
