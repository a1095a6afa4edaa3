//! An index over the columns of another one.

use super::prelude::*;
use crate::lint::catalog::{Index, index_of};

pub(super) const RULE: Rule = Rule {
    name: "duplicate-index",
    aliases: &[],
    level: Level::Warn,
    danger: "every write keeps both, and no query needs the second",
    harm: Harm::Regretted,
    safe: "take one of them",
    example: Example {
        before: "",
        bad: alone("CREATE INDEX CONCURRENTLY t_b_again ON t (b);"),
        good: &[alone("CREATE INDEX CONCURRENTLY t_b_a_idx ON t (b, a);")],
    },
    check: Check::Tree(|it| {
        let Some(table) = it.table.as_deref().filter(|_| it.is(K::CREATE_INDEX)) else { return Vec::new() };
        let new = index_of(&it.node, table);
        let same = |old: &Index| {
            let plain = !old.partial && !new.partial && !new.columns.contains(&None);
            plain && old.valid && old.columns == new.columns && old.method == new.method && (old.unique || !new.unique)
        };
        let own = first(&it.node, &[K::INDEX]).map(|name| beside(table, &name));
        let ordered = ["desc", "nulls", "include", "collate"].iter().any(|word| has_word(&it.node, word));
        it.whole(!ordered && it.known.indexes_of(table).any(|(name, old)| Some(name) != own.as_ref() && same(old)))
    }),
    fix: None,
};
