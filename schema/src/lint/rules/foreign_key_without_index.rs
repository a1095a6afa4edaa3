//! A foreign key whose columns lead no index.

use super::prelude::*;
use crate::lint::catalog::{Index, foreign_key_columns};

pub(super) const RULE: Rule = Rule {
    name: "foreign-key-without-index",
    aliases: &["E15"],
    level: Level::Warn,
    danger: "each DELETE of the row that it points at scans the table",
    harm: Harm::Regretted,
    safe: "CREATE INDEX CONCURRENTLY on the columns, before the foreign key",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD CONSTRAINT t_p_fkey FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;"),
        good: &[
            alone("CREATE INDEX CONCURRENTLY t_p_idx ON t (p_id);"),
            together("ALTER TABLE t ADD CONSTRAINT t_p_fkey FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;"),
        ],
    },
    check: Check::Tree(|it| {
        let Some(table) = it.table.as_deref() else { return Vec::new() };
        // What else the table has is unknown.
        if !it.is(K::CREATE_TABLE) && (!it.is(K::ALTER_TABLE) || !it.known.tables.contains_key(table)) {
            return Vec::new();
        }
        let mut found = below(&it.node, &[K::FOREIGN_KEY_CONSTRAINT, K::REFERENCES_CONSTRAINT]);
        if found.is_empty() {
            return found;
        }
        found.retain(|node| {
            let (columns, _) = foreign_key_columns(node, own_column(node));
            let leads = |index: &Index| {
                let keys: Vec<&String> = index.columns.iter().take(columns.len()).flatten().collect();
                !index.partial && index.valid && columns.iter().all(|column| keys.contains(&column))
            };
            !columns.is_empty() && !it.left.indexes_of(table).any(|(_, index)| leads(index))
        });
        found
    }),
    fix: None,
};
