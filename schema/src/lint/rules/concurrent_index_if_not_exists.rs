//! CREATE INDEX CONCURRENTLY IF NOT EXISTS.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "concurrent-index-if-not-exists",
    aliases: &[],
    level: Level::Warn,
    danger: "a build that failed leaves an invalid index of that name, which IF NOT EXISTS takes for the index: nothing uses it, and a unique one keeps nothing out",
    harm: Harm::Breaks,
    safe: "DROP INDEX CONCURRENTLY IF EXISTS, then CREATE INDEX CONCURRENTLY without IF NOT EXISTS",
    example: Example {
        before: "",
        bad: alone("CREATE INDEX CONCURRENTLY IF NOT EXISTS t_a_idx ON t (a);"),
        good: &[alone(
            "DROP INDEX CONCURRENTLY IF EXISTS t_a_idx;
CREATE INDEX CONCURRENTLY t_a_idx ON t (a);",
        )],
    },
    check: Check::Tree(|it| {
        let skips = it.is(K::CREATE_INDEX) && it.concurrently() && !children(&it.node, K::IF_NOT_EXISTS).is_empty();
        let name = first(&it.node, &[K::INDEX]);
        it.whole(skips && !it.earlier().drops_index(&name, it.statement))
    }),
    fix: Some(drop_first),
};

fn drop_first(it: &Place<'_>, _: &SyntaxNode) -> Option<Fix> {
    let name = below(&it.node, &[K::INDEX]).first()?.text().to_string();
    let table = relation(&it.node)?;
    // An index stands in its table's schema.
    let schema = table.rsplit_once('.').filter(|_| !name.contains('.')).map(|(schema, _)| format!("{schema}."));
    let schema = schema.unwrap_or_default();
    let text = it.node.text().to_string();
    let clause = children(&it.node, K::IF_NOT_EXISTS).first()?.text().to_string();
    let create = text.trim_end().trim_end_matches(';').replacen(&format!("{clause} "), "", 1);
    Fix::statements(&it.node, &[format!("DROP INDEX CONCURRENTLY IF EXISTS {schema}{name}"), create]).alone(it)
}
