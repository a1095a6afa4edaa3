//! Columns of a table that has rows.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use crate::lint::names::{below, children, words};
use crate::lint::script::Statement;
use crate::lint::{Level, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "adding-field-with-default",
        aliases: &["addingFieldWithDefault"],
        level: Level::Error,
        danger: "each row needs its own value: the table and its indexes are written again under ACCESS EXCLUSIVE",
        safe: "ADD COLUMN, then SET DEFAULT, and fill the rows in batches",
        check: |it, _| {
            let mut found = columns(it);
            found.retain(|node| {
                let volatile = children(node, K::DEFAULT_CONSTRAINT).iter().any(volatile);
                volatile || !below(node, &[K::GENERATED_STORED]).is_empty()
            });
            found
        },
    },
    Rule {
        name: "adding-serial-field",
        aliases: &["addSerialColumn", "E11"],
        level: Level::Error,
        danger: "each row gets a number: the table and its indexes are written again under ACCESS EXCLUSIVE",
        safe: "a sequence, a nullable column with nextval as its default, rows filled in batches, then NOT NULL by a validated CHECK",
        check: |it, _| {
            let mut found = columns(it);
            let rewrites = [K::GENERATED_IDENTITY, K::GENERATED_STORED];
            found.retain(|node| is_serial(node) || !below(node, &rewrites).is_empty());
            found
        },
    },
    Rule {
        name: "adding-required-field",
        aliases: &["addingRequiredField"],
        level: Level::Error,
        danger: "it fails where the table has rows, and so does every INSERT of an application that does not know the column",
        safe: "ADD COLUMN .. NOT NULL DEFAULT a constant",
        check: |it, _| {
            let mut found = columns(it);
            found.retain(|node| {
                let filled = [K::DEFAULT_CONSTRAINT, K::GENERATED_CONSTRAINT];
                let required = !children(node, K::NOT_NULL_CONSTRAINT).is_empty();
                required && below(node, &filled).is_empty() && !is_serial(node)
            });
            found
        },
    },
    Rule {
        name: "changing-column-type",
        aliases: &["changingColumnType", "E5"],
        level: Level::Error,
        danger: "unless the type only becomes wider, the table and its indexes are written again under ACCESS EXCLUSIVE; what the type was is not known here",
        safe: "a second column, kept equal by a trigger and filled in batches, which takes the name over",
        check: |it, _| {
            let mut found = if it.fresh { Vec::new() } else { below(&it.node, &[K::SET_TYPE]) };
            found.retain(|node| it.is(K::ALTER_TABLE) && !widest(node));
            found
        },
    },
];

/// The columns that an ALTER TABLE adds to a table that was there.
fn columns(it: &Statement) -> Vec<SyntaxNode> {
    if it.is(K::ALTER_TABLE) && !it.fresh { children(&it.node, K::ADD_COLUMN) } else { Vec::new() }
}

pub(super) fn is_serial(column: &SyntaxNode) -> bool {
    const NAMES: &[&str] = &["serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"];
    let types = children(column, K::PATH_TYPE);
    types.iter().any(|it| words(it).any(|word| NAMES.contains(&word.trim_matches('"'))))
}

/// Whether a default calls what is not known to give one value for the statement.
fn volatile(default: &SyntaxNode) -> bool {
    const STABLE: &[&str] = &[
        "now",
        "transaction_timestamp",
        "statement_timestamp",
        "current_setting",
        "to_timestamp",
        "make_interval",
        "make_date",
        "make_timestamptz",
        "date_trunc",
        "lower",
        "upper",
        "coalesce",
        "jsonb_build_object",
        "jsonb_build_array",
        "to_jsonb",
        "md5",
        "length",
        "abs",
        "timezone",
        "concat",
        "array",
        "age",
    ];
    below(default, &[K::CALL_EXPR]).iter().any(|call| {
        let list: Vec<String> = words(call).take_while(|word| word != "(").collect();
        let name = list.last().map_or("", |word| word.trim_matches('"'));
        !STABLE.contains(&name)
    })
}

/// Types that hold whatever the usual type of before held, in the same bytes: text, and varchar and numeric without limits.
fn widest(set_type: &SyntaxNode) -> bool {
    let list: Vec<String> = words(set_type).skip_while(|word| word != "type").skip(1).collect();
    let text: Vec<&str> = list.iter().map(String::as_str).collect();
    matches!(text.as_slice(), ["text" | "varchar" | "numeric"])
}
