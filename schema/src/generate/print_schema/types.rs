//! `format_type`'s words → the type's own name (`udt_name` of `information_schema.columns`) → Diesel's.

use heck::ToUpperCamelCase;

use crate::config::PrintSchema;
use crate::schema::{Column, Schema};

/// A column's type as it is printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PrintedType {
    /// Its name in Rust: `Int4`.
    pub(super) rust: String,
    /// Its name in PostgreSQL, an array's being its element's.
    pub(super) sql: String,
    /// The namespace that it lives in; `None` is `public`.
    pub(super) namespace: Option<String>,
    /// Whether it is an array.
    pub(super) array: bool,
    /// Whether it is nullable.
    pub(super) nullable: bool,
    /// `#[max_length = ..]`.
    pub(super) max_length: Option<u64>,
}

impl PrintedType {
    /// As it stands in `table!`: `Nullable<Array<Nullable<Int4>>>`.
    pub(super) fn spelled(&self) -> String {
        let one = if self.array { format!("Array<Nullable<{}>>", self.rust) } else { self.rust.clone() };
        if self.nullable { format!("Nullable<{one}>") } else { one }
    }

    /// Whether it needs a definition.
    pub(super) fn is_custom(&self, options: &PrintSchema) -> bool {
        !lists(KNOWN, &self.rust)
            && !options.except_custom_type_definitions.iter().any(|pattern| pattern.matches(&self.rust))
    }
}

/// The type of a column.
pub(super) fn of_column(column: &Column, schema: &Schema, options: &PrintSchema) -> PrintedType {
    let (mut words, mut nullable) = (column.ty.sql.as_str(), column.nullable);
    if let Some(domain) = schema.domains.get(words) {
        nullable &= !domain.not_null;
        // One step, as `information_schema` goes: a domain over a domain has the inner one's name.
        let named = parse(words);
        if !options.pg_domains_as_custom_types.iter().any(|pattern| pattern.matches(&named.name)) {
            words = &domain.base;
        } else {
            let length = parse(&domain.base).max_length;
            return printed(Udt { max_length: length, ..named }, nullable);
        }
    }
    let mut udt = parse(words);
    if let (Some(name), true) = (&column.ty.depends_on, words == column.ty.sql) {
        udt.name.clone_from(&name.name);
        udt.namespace = Some(name.namespace.clone().unwrap_or_else(|| "public".to_owned()));
    }
    printed(udt, nullable)
}

fn printed(udt: Udt, nullable: bool) -> PrintedType {
    // What Diesel sees is the array type's name, which has an underscore in front of the element's; it takes every
    // name of that form for an array's.
    let name = if udt.array { array_name(&udt.name) } else { udt.name };
    let (array, sql) = match name.strip_prefix('_') {
        Some(element) => (true, element.to_owned()),
        None => (false, name),
    };
    PrintedType {
        rust: sql.to_upper_camel_case(),
        sql,
        namespace: udt.namespace.filter(|namespace| namespace != "public"),
        array,
        nullable,
        max_length: udt.max_length.filter(|_| !udt.array),
    }
}

/// The name that the server gives to the type of arrays of `element`: cut where it would be too long.
fn array_name(element: &str) -> String {
    let mut end = element.len().min(62);
    while !element.is_char_boundary(end) {
        end -= 1;
    }
    format!("_{}", &element[..end])
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Udt {
    name: String,
    namespace: Option<String>,
    array: bool,
    max_length: Option<u64>,
}

/// Takes a type apart as `format_type` prints it, or somebody wrote it.
fn parse(words: &str) -> Udt {
    let words = words.trim();
    let (element, array) = match words.find("[") {
        Some(at) if words.ends_with(']') && !words[at..].contains('"') => (words[..at].trim_end(), true),
        _ => (words, false),
    };
    let (parts, rest) = identifiers(element);
    let inside = rest.find('(').and_then(|open| Some(&rest[open + 1..open + rest[open..].find(')')?]));
    let length = inside.and_then(|inside| inside.trim().parse().ok());
    if let [namespace, name] = &parts[..] {
        return Udt { name: name.clone(), namespace: Some(namespace.clone()), array, max_length: None };
    }
    if element.starts_with('"') {
        let name = parts.into_iter().next().unwrap_or_default();
        let namespace = if lists(CATALOG, &name) { "pg_catalog" } else { "public" };
        return Udt { name, namespace: Some(namespace.to_owned()), array, max_length: None };
    }
    let lower = element.to_ascii_lowercase();
    let bare = match (lower.find('('), lower.find(')')) {
        (Some(open), Some(close)) if open < close => format!("{} {}", &lower[..open], &lower[close + 1..]),
        _ => lower,
    };
    let bare = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    let (name, has_length) = match bare.as_str() {
        "smallint" => ("int2", false),
        "integer" | "int" => ("int4", false),
        "bigint" => ("int8", false),
        "real" => ("float4", false),
        "double precision" => ("float8", false),
        "boolean" => ("bool", false),
        "decimal" => ("numeric", false),
        "character varying" | "varchar" => ("varchar", true),
        "character" | "char" | "bpchar" => ("bpchar", true),
        "bit varying" | "varbit" => ("varbit", true),
        "bit" => ("bit", true),
        "time without time zone" => ("time", false),
        "time with time zone" => ("timetz", false),
        "timestamp without time zone" => ("timestamp", false),
        "timestamp with time zone" => ("timestamptz", false),
        other if other.starts_with("interval ") => ("interval", false),
        other => (other, false),
    };
    let namespace = if lists(CATALOG, name) { "pg_catalog" } else { "public" };
    Udt {
        name: name.to_owned(),
        namespace: Some(namespace.to_owned()),
        array,
        max_length: length.filter(|_| has_length),
    }
}

/// The one or two identifiers that a type begins with, and what follows them.
fn identifiers(text: &str) -> (Vec<String>, &str) {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut name = String::new();
            let mut left = quoted.char_indices().peekable();
            let mut end = quoted.len();
            while let Some((at, character)) = left.next() {
                if character != '"' {
                    name.push(character);
                } else if left.next_if(|(_, next)| *next == '"').is_some() {
                    name.push('"');
                } else {
                    end = at + 1;
                    break;
                }
            }
            parts.push(name);
            rest = &quoted[end..];
        } else {
            let end = rest.find(|it: char| !(it.is_alphanumeric() || it == '_' || it == '$')).unwrap_or(rest.len());
            parts.push(rest[..end].to_ascii_lowercase());
            rest = &rest[end..];
        }
        match rest.strip_prefix('.') {
            Some(after) if parts.len() == 1 => rest = after,
            _ => return (parts, rest),
        }
    }
}

/// Whether a list of words has that word.
fn lists(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|it| it == word)
}

/// The Rust names that Diesel's CLI takes for Diesel's own SQL types on PostgreSQL.
const KNOWN: &str = "BigInt BigSerial Bigint Binary Bit Blob Bool Bpchar Bytea Char Cidr Citext Date Datemultirange \
    Daterange Decimal Double Float Float4 Float8 Inet Int2 Int4 Int4multirange Int4range Int8 \
    Int8multirange Int8range Integer Interval Json Jsonb Longblob Longtext MacAddr MacAddr8 Macaddr \
    Macaddr8 Mediumblob Mediumtext Money Numeric Nummultirange Numrange Oid PgLsn Range Record Serial \
    SmallInt SmallSerial Smallint Text Time Timestamp Timestamptz Tinyblob Tinytext Tsmultirange Tsrange \
    Tstzmultirange Tstzrange Uuid VarChar Varbinary Varchar";

/// The types of `pg_catalog` that a column can have.
const CATALOG: &str = "aclitem bit bool box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 \
    gtsvector inet int2 int2vector int4 int4multirange int4range int8 int8multirange int8range interval \
    json jsonb jsonpath line lseg macaddr macaddr8 money name numeric nummultirange numrange oid \
    oidvector path pg_brin_bloom_summary pg_brin_minmax_multi_summary pg_dependencies pg_lsn pg_mcv_list \
    pg_ndistinct pg_node_tree pg_snapshot point polygon refcursor regclass regcollation regconfig \
    regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype text tid time \
    timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector \
    txid_snapshot uuid varbit varchar xid xid8 xml";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_taken_apart() {
        for (words, namespace, name, array, length) in [
            ("character varying(64)", "pg_catalog", "varchar", false, Some(64)),
            ("character varying(9)[]", "pg_catalog", "varchar", true, Some(9)),
            ("\"char\"", "pg_catalog", "char", false, None),
            ("timestamp(3) with time zone", "pg_catalog", "timestamptz", false, None),
            ("interval day to second(3)", "pg_catalog", "interval", false, None),
            ("numeric(10,2)", "pg_catalog", "numeric", false, None),
            ("bit(5)", "pg_catalog", "bit", false, Some(5)),
            ("other.mood[]", "other", "mood", true, None),
            ("\"Other\".\"Weird.\"\"type[]\"", "Other", "Weird.\"type[]", false, None),
            ("Geometry(Point,4326)", "public", "geometry", false, None),
        ] {
            let expected =
                Udt { name: name.to_owned(), namespace: Some(namespace.to_owned()), array, max_length: length };
            assert_eq!(parse(words), expected, "{words}");
        }
    }
}
