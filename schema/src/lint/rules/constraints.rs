//! Constraints on a table that has rows.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use crate::lint::names::{below, children, first, folded, has_word};
use crate::lint::script::{Script, Statement};
use crate::lint::{Level, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "constraint-missing-not-valid",
        aliases: &["constraintMissingNotValid", "requireSeparateConstraintValidation", "E1"],
        level: Level::Error,
        danger: "the table is scanned while nobody can write to it",
        safe: "ADD CONSTRAINT .. NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own",
        check: |it, script| [missing_not_valid(it), validated_at_once(it, script)].concat(),
    },
    Rule {
        name: "adding-foreign-key-constraint",
        aliases: &["addingForeignKeyConstraint", "E3"],
        level: Level::Error,
        danger: "nobody can write to either table while the rows are compared",
        safe: "ADD CONSTRAINT .. FOREIGN KEY .. NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own",
        check: |it, _| {
            let mut found = added(it, K::FOREIGN_KEY_CONSTRAINT);
            found.retain(|node| below(node, &[K::NOT_VALID]).is_empty());
            found.extend(inline(it, K::REFERENCES_CONSTRAINT));
            found
        },
    },
    Rule {
        name: "disallowed-unique-constraint",
        aliases: &["disallowUniqueConstraint", "E7"],
        level: Level::Error,
        danger: "an index is built while the table is locked against reads and writes",
        safe: "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT .. UNIQUE USING INDEX",
        check: |it, _| {
            let mut found = added(it, K::UNIQUE_CONSTRAINT);
            found.retain(|node| below(node, &[K::USING_INDEX_NAME]).is_empty());
            found.extend(inline(it, K::UNIQUE_CONSTRAINT));
            found
        },
    },
    Rule {
        name: "adding-serial-primary-key-field",
        aliases: &["addingPrimaryKeyConstraint"],
        level: Level::Error,
        danger: "an index is built, and the columns are scanned for NULLs, while the table is locked against reads and writes",
        safe: "make the columns NOT NULL by a validated CHECK, CREATE UNIQUE INDEX CONCURRENTLY, then ADD PRIMARY KEY USING INDEX",
        check: |it, _| {
            let mut found = added(it, K::PRIMARY_KEY_CONSTRAINT);
            found.retain(|node| below(node, &[K::USING_INDEX_NAME]).is_empty());
            found.extend(inline(it, K::PRIMARY_KEY_CONSTRAINT));
            found
        },
    },
    Rule {
        name: "avoid-adding-exclusion-constraint",
        aliases: &["avoidAddingExclusionConstraint", "E8"],
        level: Level::Error,
        danger: "an index is built while the table is locked against reads and writes, and there is no other way",
        safe: "a window of maintenance, or a new table that is filled in batches",
        check: |it, _| added(it, K::EXCLUDE_CONSTRAINT),
    },
    Rule {
        name: "adding-not-nullable-field",
        aliases: &["addingNotNullField", "E2"],
        level: Level::Error,
        danger: "the table is scanned while it is locked against reads and writes",
        safe: "ADD CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in a transaction of its own, then SET NOT NULL and drop the CHECK",
        check: set_not_null,
    },
    Rule {
        name: "ban-alter-domain-with-add-constraint",
        aliases: &[],
        level: Level::Error,
        danger: "every table that uses the domain is scanned, and can't be written meanwhile",
        safe: "checks on the tables, NOT VALID and validated",
        check: |it, _| {
            let kinds = [K::ADD_CONSTRAINT, K::VALIDATE_CONSTRAINT, K::SET_NOT_NULL];
            if it.is(K::ALTER_DOMAIN) { below(&it.node, &kinds) } else { Vec::new() }
        },
    },
    Rule {
        name: "ban-create-domain-with-constraint",
        aliases: &[],
        level: Level::Warn,
        danger: "the constraint can't be changed later without locking every table that uses the domain",
        safe: "a domain without constraint, or checks on the tables",
        check: |it, _| {
            let kinds = [K::CHECK_CONSTRAINT, K::NOT_NULL_CONSTRAINT];
            if it.is(K::CREATE_DOMAIN) { below(&it.node, &kinds) } else { Vec::new() }
        },
    },
];

/// Constraints of `kind` that an ALTER TABLE adds to a table that was there.
fn added(it: &Statement, kind: K) -> Vec<SyntaxNode> {
    if !it.is(K::ALTER_TABLE) || it.fresh {
        return Vec::new();
    }
    children(&it.node, K::ADD_CONSTRAINT).iter().flat_map(|node| children(node, kind)).collect()
}

/// Constraints of `kind` of columns that an ALTER TABLE adds to a table that was there.
fn inline(it: &Statement, kind: K) -> Vec<SyntaxNode> {
    if !it.is(K::ALTER_TABLE) || it.fresh {
        return Vec::new();
    }
    children(&it.node, K::ADD_COLUMN).iter().flat_map(|node| children(node, kind)).collect()
}

fn missing_not_valid(it: &Statement) -> Vec<SyntaxNode> {
    let kinds = [K::CHECK_CONSTRAINT, K::FOREIGN_KEY_CONSTRAINT, K::UNIQUE_CONSTRAINT, K::PRIMARY_KEY_CONSTRAINT];
    let mut found: Vec<SyntaxNode> = kinds.into_iter().flat_map(|kind| added(it, kind)).collect();
    found.retain(|node| below(node, &[K::NOT_VALID, K::USING_INDEX_NAME]).is_empty());
    found.extend(inline(it, K::CHECK_CONSTRAINT));
    found
}

fn validated_at_once(it: &Statement, script: &Script) -> Vec<SyntaxNode> {
    let mut found = below(&it.node, &[K::VALIDATE_CONSTRAINT]);
    found.retain(|node| {
        let name = first(node, &[K::CONSTRAINT_NAME_REF]);
        script.before(it).filter(|before| before.table == it.table).any(|before| {
            let added = below(&before.node, &[K::ADD_CONSTRAINT]);
            added.iter().any(|added| first(added, &[K::CONSTRAINT_NAME]) == name)
        })
    });
    found
}

/// SET NOT NULL of a column that no constraint, validated further up in the file, says to have no NULL.
fn set_not_null(it: &Statement, script: &Script) -> Vec<SyntaxNode> {
    if !it.is(K::ALTER_TABLE) || it.fresh {
        return Vec::new();
    }
    let mut found = children(&it.node, K::ALTER_COLUMN);
    found.retain(|node| {
        let Some(column) = first(node, &[K::COLUMN_NAME_REF]) else { return false };
        !below(node, &[K::SET_NOT_NULL]).is_empty() && !proven(it, script, &column)
    });
    found
}

fn proven(it: &Statement, script: &Script, column: &str) -> bool {
    // Dropping the proof in the same statement happens before it is used.
    if !below(&it.node, &[K::DROP_CONSTRAINT]).is_empty() {
        return false;
    }
    let before = script.statements[..it.index].iter().filter(|before| before.table == it.table);
    let (mut checks, mut validated) = (Vec::new(), Vec::new());
    for statement in before {
        for added in below(&statement.node, &[K::CHECK_CONSTRAINT]) {
            let text = folded(&added.text().to_string());
            let says = text.contains(&format!("({column}isnotnull)")) && !has_word(&added, "or");
            checks.extend(says.then(|| first(&added, &[K::CONSTRAINT_NAME])).flatten());
        }
        for node in below(&statement.node, &[K::VALIDATE_CONSTRAINT]) {
            validated.extend(first(&node, &[K::CONSTRAINT_NAME_REF]));
        }
    }
    checks.iter().any(|check| validated.contains(check))
}
