//! A constraint that is checked at once.

use super::prelude::*;
use super::rewrites::not_valid_first;

pub(super) const RULE: Rule = Rule {
    name: "constraint-missing-not-valid",
    aliases: &["constraintMissingNotValid", "requireSeparateConstraintValidation", "E1"],
    level: Level::Error,
    danger: "the table is scanned while nobody can write to it",
    harm: Harm::Scans("ACCESS EXCLUSIVE"),
    safe: "ADD CONSTRAINT .. NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD CONSTRAINT a_positive CHECK (a > 0);"),
        good: &[
            together("ALTER TABLE t ADD CONSTRAINT a_positive CHECK (a > 0) NOT VALID;"),
            together("ALTER TABLE t VALIDATE CONSTRAINT a_positive;"),
        ],
    },
    check: Check::Tree(|it| [missing_not_valid(it), validated_at_once(it)].concat()),
    fix: Some(not_valid_first),
};

fn missing_not_valid(it: &Place<'_>) -> Vec<SyntaxNode> {
    let kinds = [
        K::CHECK_CONSTRAINT,
        K::FOREIGN_KEY_CONSTRAINT,
        K::UNIQUE_CONSTRAINT,
        K::PRIMARY_KEY_CONSTRAINT,
        K::NOT_NULL_CONSTRAINT,
    ];
    let mut found: Vec<SyntaxNode> = kinds.into_iter().flat_map(|kind| it.added_constraints(kind)).collect();
    found.retain(|node| below(node, &[K::NOT_VALID, K::USING_INDEX_NAME, K::NOT_ENFORCED]).is_empty());
    found.extend(it.inline_constraints(K::CHECK_CONSTRAINT));
    found
}

/// A validation in the transaction that still holds the lock of the statement which added the constraint.
fn validated_at_once(it: &Place<'_>) -> Vec<SyntaxNode> {
    let mut found = if it.quiet() { Vec::new() } else { below(&it.node, &[K::VALIDATE_CONSTRAINT]) };
    found.retain(|node| it.earlier().adds_constraint(first(node, &[K::CONSTRAINT_NAME_REF]), it.statement));
    found
}
