//! Types as `ALTER COLUMN .. TYPE` compares them: which changes leave rows and indexes as they are (measured on
//! PostgreSQL 12 to 18; `pg_cast` and the types' transform functions say the same).

/// A type with its modifiers, under the name that `format_type` has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Type {
    base: String,
    modifiers: Vec<i64>,
    dimensions: usize,
}

impl Type {
    /// Reads a type as it is written in SQL or printed by the server.
    pub(super) fn parse(text: &str) -> Self {
        let mut base = String::new();
        let mut modifiers = Vec::new();
        let mut dimensions = 0;
        let mut rest = text.trim();
        while let Some(letter) = rest.chars().next() {
            let (taken, closing) = match letter {
                '(' => (1, ')'),
                '[' => (1, ']'),
                _ => {
                    base.extend(if text.contains('"') { vec![letter] } else { letter.to_lowercase().collect() });
                    rest = &rest[letter.len_utf8()..];
                    continue;
                }
            };
            let end = rest.find(closing).unwrap_or(rest.len());
            if closing == ')' {
                modifiers = rest[taken..end].split(',').filter_map(|it| it.trim().parse().ok()).collect();
            } else {
                dimensions = 1;
            }
            // What follows the modifiers is a part of the name: `timestamp(3) with time zone`.
            base.push(' ');
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        let base = base.replace('"', "").split_whitespace().collect::<Vec<_>>().join(" ").replace(" . ", ".");
        let base = base.strip_prefix("pg_catalog.").or_else(|| base.strip_prefix("public.")).unwrap_or(&base);
        let (base, arrays) = base.strip_suffix(" array").map_or((base, 0), |base| (base, 1));
        let (base, modifiers) = canonical(base, modifiers);
        Self { base, modifiers, dimensions: dimensions.max(arrays) }
    }

    /// Its name without modifiers.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// Whether it has no limit, where its kind may have one.
    pub(super) const fn is_unlimited(&self) -> bool {
        self.modifiers.is_empty() && self.dimensions == 0
    }

    pub(super) const fn is_array(&self) -> bool {
        self.dimensions > 0
    }

    /// Whether it takes every value of `old` in the bytes in which it is stored, so that neither the table nor its indexes
    /// are made anew. Of types that it does not know it says no.
    pub(super) fn keeps_bytes_of(&self, old: &Self) -> bool {
        if self == old {
            return true;
        }
        if self.dimensions != old.dimensions || self.dimensions > 0 {
            return false;
        }
        let unlimited = self.modifiers.is_empty();
        let wider =
            || unlimited || matches!((old.modifiers.first(), self.modifiers.first()), (Some(a), Some(b)) if a <= b);
        match (old.base.as_str(), self.base.as_str()) {
            ("character varying", "character varying") | ("bit varying", "bit varying") => wider(),
            ("numeric", "numeric") => {
                let scale = |it: &Self| it.modifiers.get(1).copied().unwrap_or(0);
                unlimited || (wider() && scale(old) == scale(self))
            }
            ("character varying" | "xml", "text") => true,
            ("text", "character varying") => unlimited,
            (was, is) if was == is && has_precision(is) => precision(self) >= precision(old),
            ("cidr", "inet") | ("integer", "oid" | "regclass" | "regtype" | "regproc") => true,
            ("regclass" | "regtype" | "regproc", "oid") => true,
            _ => false,
        }
    }
}

fn has_precision(base: &str) -> bool {
    base.starts_with("time") || base == "interval"
}

/// Digits of a second; all six where none are named.
fn precision(ty: &Type) -> i64 {
    ty.modifiers.first().copied().unwrap_or(6)
}

fn canonical(base: &str, modifiers: Vec<i64>) -> (String, Vec<i64>) {
    let name = match base {
        "int" | "int4" | "serial" | "serial4" => "integer",
        "int8" | "bigserial" | "serial8" => "bigint",
        "int2" | "smallserial" | "serial2" => "smallint",
        "varchar" | "char varying" | "national character varying" | "national char varying" | "nchar varying" => {
            "character varying"
        }
        "char" | "nchar" | "national character" | "national char" | "bpchar" => "character",
        "varbit" => "bit varying",
        "decimal" | "dec" => "numeric",
        "bool" => "boolean",
        "float4" => "real",
        "float8" => "double precision",
        "float" => {
            return (
                if modifiers.first().is_some_and(|it| *it <= 24) { "real" } else { "double precision" }.into(),
                Vec::new(),
            );
        }
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        other => other,
    };
    // char is char(1), and numeric(5) is numeric(5, 0).
    let modifiers = match (name, modifiers.as_slice()) {
        ("character", []) if base != "bpchar" => vec![1],
        ("numeric", [precision]) => vec![*precision, 0],
        _ => modifiers,
    };
    (name.to_owned(), modifiers)
}

#[cfg(test)]
mod tests {
    use super::Type;

    /// As PostgreSQL 12 to 18 did.
    #[test]
    fn changes_that_keep_the_bytes_are_known() {
        let keeps = [
            ("varchar(20)", "character varying(40)"),
            ("varchar(20)", "text"),
            ("varchar(20)", "varchar"),
            ("text", "varchar"),
            ("numeric(10,2)", "decimal(12, 2)"),
            ("numeric(10,2)", "numeric"),
            ("timestamp(3)", "timestamp(6) without time zone"),
            ("timestamp(3)", "timestamp"),
            ("cidr", "inet"),
            ("varbit(8)", "bit varying"),
            ("interval(3)", "interval(6)"),
            ("int", "oid"),
            ("int4", "integer"),
            ("pg_catalog.int4", "integer"),
        ];
        let rewrites = [
            ("varchar(20)", "varchar(10)"),
            ("text", "varchar(50)"),
            ("char(5)", "text"),
            ("char(5)", "char(10)"),
            ("numeric(10,2)", "numeric(12,4)"),
            ("numeric(10,2)", "numeric(8,2)"),
            ("timestamp(6)", "timestamp(0)"),
            ("timestamp", "timestamptz"),
            ("int", "bigint"),
            ("json", "jsonb"),
            ("mood", "text"),
            ("varchar(5)[]", "varchar(9)[]"),
        ];
        for (old, new) in keeps {
            assert!(Type::parse(new).keeps_bytes_of(&Type::parse(old)), "{old} to {new}");
        }
        for (old, new) in rewrites {
            assert!(!Type::parse(new).keeps_bytes_of(&Type::parse(old)), "{old} to {new}");
        }
    }
}
