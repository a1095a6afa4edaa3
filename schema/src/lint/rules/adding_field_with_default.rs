//! A column whose rows each get a value of their own.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    name: "adding-field-with-default",
    aliases: &["addingFieldWithDefault"],
    level: Level::Error,
    danger: "each row needs its own value: the table and its indexes are written again under ACCESS EXCLUSIVE",
    harm: Harm::Rewrites,
    safe: "ADD COLUMN, then SET DEFAULT, and fill the rows in batches",
    example: Example {
        before: "",
        bad: together("ALTER TABLE t ADD COLUMN z uuid DEFAULT gen_random_uuid();"),
        good: &[
            together(
                "ALTER TABLE t ADD COLUMN z uuid;
ALTER TABLE t ALTER COLUMN z SET DEFAULT gen_random_uuid();",
            ),
            together("ALTER TABLE t ADD COLUMN y timestamptz NOT NULL DEFAULT now();"),
        ],
    },
    check: Check::Tree(|it| {
        let mut found = it.added_columns();
        found.retain(|node| {
            let volatile = children(node, K::DEFAULT_CONSTRAINT).iter().any(volatile);
            volatile || !below(node, &[K::GENERATED_STORED]).is_empty()
        });
        found
    }),
    fix: None,
};

/// Whether a default calls what is not known to give one value for the statement (`provolatile` is `i` or `s`).
fn volatile(default: &SyntaxNode) -> bool {
    const STABLE: &[&str] = &[
        "abs",
        "age",
        "array",
        "clamp",
        "coalesce",
        "concat",
        "concat_ws",
        "convert_from",
        "convert_to",
        "current_setting",
        "date",
        "date_part",
        "date_trunc",
        "decode",
        "encode",
        "extract",
        "floor",
        "format",
        "greatest",
        "jsonb_build_array",
        "jsonb_build_object",
        "json_build_array",
        "json_build_object",
        "least",
        "length",
        "lower",
        "make_date",
        "make_interval",
        "make_time",
        "make_timestamp",
        "make_timestamptz",
        "md5",
        "now",
        "nullif",
        "point",
        "round",
        "repeat",
        "replace",
        "row",
        "statement_timestamp",
        "substring",
        "timezone",
        "to_char",
        "to_date",
        "to_json",
        "to_jsonb",
        "to_number",
        "to_timestamp",
        "to_tsvector",
        "transaction_timestamp",
        "trim",
        "trunc",
        "upper",
    ];
    below(default, &[K::CALL_EXPR]).iter().any(|call| {
        let list: Vec<String> = words(call).take_while(|word| word != "(").collect();
        let name = list.last().map_or("", |word| word.trim_matches('"'));
        !STABLE.contains(&name)
    })
}
