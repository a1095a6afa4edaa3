//! A foreign key between columns of different types.

use super::prelude::*;
use crate::lint::catalog::foreign_key_columns;

pub(super) const RULE: Rule = Rule {
    name: "foreign-key-type-differs",
    aliases: &[],
    level: Level::Warn,
    danger: "each comparison casts, so that an index may not be used; the narrower one overflows first",
    harm: Harm::Regretted,
    safe: "give both columns one type",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD CONSTRAINT t_a_fkey FOREIGN KEY (a) REFERENCES p (id) NOT VALID;"),
        good: &[together("ALTER TABLE t ADD CONSTRAINT t_p_fkey FOREIGN KEY (p_id) REFERENCES p (id) NOT VALID;")],
    },
    check: Check::Tree(|it| {
        let Some(table) = it.table.as_deref() else { return Vec::new() };
        let mut found = below(&it.node, &[K::FOREIGN_KEY_CONSTRAINT, K::REFERENCES_CONSTRAINT]);
        if found.is_empty() {
            return found;
        }
        let mut known = it.known.clone();
        known.take(&it.node);
        found.retain(|node| {
            let (columns, mut parents) = foreign_key_columns(node, own_column(node));
            let Some(parent) = first(node, &[K::TABLE_NAME_REF]) else { return false };
            if parents.is_empty() {
                parents = known
                    .indexes
                    .get(&format!("{parent}_pkey"))
                    .map(|it| it.columns.iter().flatten().cloned().collect())
                    .unwrap_or_default();
            }
            let ty = |table: &str, column: &String| known.column(table, column).and_then(|it| it.ty.clone());
            columns.iter().zip(&parents).any(|(own, other)| match (ty(table, own), ty(&parent, other)) {
                (Some(own), Some(other)) => own.base() != other.base(),
                _ => false,
            })
        });
        found
    }),
    fix: None,
};
