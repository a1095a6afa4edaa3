//! How the values of a column become values of another type.

use super::types::without_modifiers;
use crate::schema::ColumnType;

/// What each of the server's own types is cast to, but for those that are text (`pg_cast`, the same from 13 to 18).
const CASTS: &[(&str, &[&str])] = &[
    ("smallint", &["integer", "bigint", "real", "double precision", "numeric", "oid"]),
    ("integer", &["smallint", "bigint", "real", "double precision", "numeric", "boolean", "money", "\"bit\"", "oid"]),
    ("bigint", &["smallint", "integer", "real", "double precision", "numeric", "money", "\"bit\"", "oid"]),
    ("oid", &["integer", "bigint"]),
    ("numeric", &["smallint", "integer", "bigint", "real", "double precision", "money"]),
    ("real", &["smallint", "integer", "bigint", "double precision", "numeric"]),
    ("double precision", &["smallint", "integer", "bigint", "real", "numeric"]),
    ("money", &["numeric"]),
    ("boolean", &["integer"]),
    ("\"bit\"", &["integer", "bigint", "bit varying"]),
    ("bit varying", &["\"bit\""]),
    ("date", &["timestamp without time zone", "timestamp with time zone"]),
    ("time without time zone", &["interval", "time with time zone"]),
    ("time with time zone", &["time without time zone"]),
    ("timestamp without time zone", &["date", "time without time zone", "timestamp with time zone"]),
    (
        "timestamp with time zone",
        &["date", "time without time zone", "timestamp without time zone", "time with time zone"],
    ),
    ("interval", &["time without time zone"]),
    ("uuid", &[]),
    ("json", &["jsonb"]),
    ("jsonb", &["json", "boolean", "smallint", "integer", "bigint", "real", "double precision", "numeric"]),
    ("inet", &["cidr"]),
    ("cidr", &["inet"]),
    ("macaddr", &["macaddr8"]),
    ("macaddr8", &["macaddr"]),
    ("int4range", &[]),
    ("int8range", &[]),
    ("numrange", &[]),
    ("daterange", &[]),
    ("tsrange", &[]),
    ("tstzrange", &[]),
    ("tsvector", &[]),
    ("tsquery", &[]),
    ("xml", &[]),
    ("pg_lsn", &[]),
    ("box", &["circle", "lseg", "point", "polygon"]),
    ("circle", &["box", "point", "polygon"]),
    ("line", &[]),
    ("lseg", &["point"]),
    ("point", &["box"]),
    ("polygon", &["box", "circle", "point"]),
];

/// The value as one of the other type, where that is another one. What has no cast goes by way of text, as enums do: a
/// value that reads the same in both types survives, and any other fails.
///
/// Without the type's modifiers: a cast to varchar(20) cuts what is longer off in silence, while a value that is to be
/// stored in one fails (PostgreSQL manual, 10.4 "Value Storage").
pub(super) fn cast(value: &str, old: &ColumnType, new: &ColumnType) -> Option<String> {
    let (from, to) = (without_modifiers(&old.sql), without_modifiers(&new.sql));
    let is_enum = old.depends_on.is_some() || new.depends_on.is_some();
    let through = if is_enum || is_read_anew(old, new) { "::text" } else { "" };
    (from != to).then(|| format!("{value}{through}::{to}"))
}

/// Whether the values are read from their text because the server has no cast, as far as is known.
pub(super) fn is_read_anew(old: &ColumnType, new: &ColumnType) -> bool {
    has_none(&without_modifiers(&old.sql), &without_modifiers(&new.sql))
}

/// Whether it is known that the server has no cast; one of the user's own types may have any.
fn has_none(from: &str, to: &str) -> bool {
    let of_elements = from.strip_suffix("[]").zip(to.strip_suffix("[]"));
    let (from, to) = of_elements.unwrap_or((from, to));
    let known = |name: &str| CASTS.iter().find(|(of, _)| *of == name);
    from != to && known(to).is_some() && known(from).is_some_and(|(_, casts)| !casts.contains(&to))
}

/// Whether the value comes out of the session's time zone: one of both types has a zone, and the other has none.
pub(super) fn depends_on_time_zone(old: &ColumnType, new: &ColumnType) -> bool {
    let named = |ty: &ColumnType| without_modifiers(&ty.sql).trim_end_matches("[]").to_owned();
    let (from, to) = (named(old), named(new));
    let with = |name: &str| name == "timestamp with time zone";
    let of_time = |name: &str| name == "date" || name.starts_with("time");
    from != to && of_time(&from) && of_time(&to) && (with(&from) || with(&to) || to == "time with time zone")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::SqlConnection;
    use crate::dialect::postgres::connect;

    #[test]
    fn a_server_has_these_casts_and_no_other() {
        let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
        let mut connection = connect(&url).expect("connect");
        for (from, _) in CASTS {
            for (to, _) in CASTS.iter().filter(|(to, _)| to != from) {
                let (old, new) = (column_type(from), column_type(to));
                let text = cast("NULL", &old, &new).expect("another type").contains("::text");
                let asked = connection.rows(&format!("SELECT (NULL::{from})::{to}::text"));
                assert_eq!(text, asked.is_err(), "{from} to {to}");
            }
        }
    }

    fn column_type(sql: &str) -> ColumnType {
        ColumnType { sql: sql.trim_matches('"').to_owned(), depends_on: None }
    }

    #[test]
    fn elements_are_cast_as_their_types_are() {
        let cast = |old: &str, new: &str| cast("c", &column_type(old), &column_type(new)).unwrap_or_default();
        assert_eq!(cast("bigint[]", "date[]"), "c::text::date[]");
        assert_eq!(cast("bigint[]", "numeric(3,1)[]"), "c::numeric[]");
        assert_eq!(cast("integer", "integer"), "");
        assert_eq!(cast("integer", "character varying(5)"), "c::character varying");
        assert_eq!(cast("integer", "public.money_like"), "c::public.money_like");
    }
}
