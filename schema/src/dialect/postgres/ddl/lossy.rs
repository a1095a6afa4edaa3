//! Casts that cut or round without an error (PostgreSQL manual, 8.1 to 8.8 and `pg_cast`): what a value held is then
//! gone, and no down brings it back.

use super::column::parts;

/// Digits of a second that a time keeps where its type names no number of them.
const ALL_DIGITS: i64 = 6;

/// Whether a value of type `old` may lose something on its way to `new`, other than by failing.
///
/// Both as `format_type` prints them. What only reads differently afterwards (a text's leading zeros in an integer, the
/// order of a json's keys in a jsonb) counts as kept.
pub(in crate::dialect::postgres) fn is_lossy(old: &str, new: &str) -> bool {
    if let (Some(old), Some(new)) = (old.strip_suffix("[]"), new.strip_suffix("[]")) {
        return is_lossy(old, new);
    }
    let ((from, was), (to, is)) = (parts(old), parts(new));
    if (&from, &was) == (&to, &is) {
        return false;
    }
    match (from.as_str(), to.as_str()) {
        (_, "numeric" | "money") => drops_decimals(&from, &was, &to, &is),
        ("numeric", "smallint" | "integer" | "bigint") => was.get(1) != Some(&0),
        ("real" | "double precision" | "money", "smallint" | "integer" | "bigint")
        | ("numeric" | "double precision" | "bigint" | "integer" | "money", "real")
        | ("numeric" | "bigint" | "money", "double precision")
        | ("integer", "boolean" | "bit")
        | ("bigint", "bit")
        | ("inet", "cidr")
        | ("box" | "circle" | "lseg" | "polygon", "point")
        | ("polygon", "box" | "circle") => true,
        // Up to 13 the server takes the first byte of what anything reads as; later it refuses.
        (_, "\"char\"") => {
            let longer = ["bigint", "real", "double", "numeric", "money", "interval", "cidr", "bit varying"];
            is_text(&from) || longer.iter().any(|it| from.starts_with(it))
        }
        (_, "name") => is_text(&from) && from != "name",
        (_, "date") => from.starts_with("timestamp") || is_text(&from),
        (_, "time without time zone") => drops_the_day_or_zone(&from) || drops_digits(&from, &was, &is),
        (_, "time with time zone") => from == "timestamp with time zone" || is_text(&from),
        (_, to) if to.starts_with("interval ") => has_a_clock(&from) || is_text(&from),
        (_, to) if has_a_clock(to) => drops_digits(&from, &was, &is),
        _ => false,
    }
}

fn is_text(base: &str) -> bool {
    matches!(base, "text" | "character varying" | "character" | "bpchar" | "name")
}

/// The types of which a fraction of a second is a part.
fn has_a_clock(base: &str) -> bool {
    base.starts_with("time") || base.starts_with("interval")
}

fn drops_the_day_or_zone(from: &str) -> bool {
    from.starts_with("timestamp") || from == "time with time zone" || from.starts_with("interval") || is_text(from)
}

fn drops_digits(from: &str, was: &[i64], is: &[i64]) -> bool {
    let digits = |modifiers: &[i64]| modifiers.first().copied().unwrap_or(ALL_DIGITS);
    let whole_days = from.starts_with("interval ") && !from.ends_with("second");
    (has_a_clock(from) && !whole_days && digits(is) < digits(was)) || (is_text(from) && digits(is) < ALL_DIGITS)
}

fn drops_decimals(from: &str, was: &[i64], to: &str, is: &[i64]) -> bool {
    let kept = match (to, is) {
        // Of most currencies; `lc_monetary` decides.
        ("money", _) => 2,
        (_, []) => return false,
        (_, [_, scale, ..]) => *scale,
        (_, [_]) => 0,
    };
    let held = match (from, was) {
        ("smallint" | "integer" | "bigint", _) => 0,
        ("money", _) => 2,
        ("numeric", [_, scale, ..]) => *scale,
        ("numeric", [_]) => 0,
        ("numeric" | "real" | "double precision", _) => return true,
        _ => return is_text(from),
    };
    kept < held
}

#[cfg(test)]
mod tests {
    use crate::change::{Change, HazardKind};
    use crate::schema::{Column, ColumnType, Name, Schema};

    fn hazards(old: &str, new: &str) -> Vec<HazardKind> {
        let column = |ty: &str| Column {
            name: "price".to_owned(),
            ty: ColumnType::builtin(ty.to_owned()),
            nullable: true,
            default: None,
            identity: None,
            generated: None,
            is_virtual: false,
            not_null: None,
            collation: None,
            comment: None,
        };
        let change = Change::AlterColumn { table: Name::new("goods"), old: column(old), new: column(new) };
        let steps = super::super::render(&change, &Schema::default(), &Schema::default()).unwrap();
        steps.iter().flat_map(|step| &step.hazards).map(|hazard| hazard.kind).collect()
    }

    #[test]
    fn rounding_is_a_loss_that_is_told() {
        assert!(hazards("numeric(10,4)", "numeric(10,2)").contains(&HazardKind::DataLoss));
        assert!(!hazards("numeric(10,2)", "numeric(12,4)").contains(&HazardKind::DataLoss));
    }
}
