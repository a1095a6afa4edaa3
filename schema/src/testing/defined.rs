//! What a `sql:` file defines for tables to be made of: domains, composite types, ranges, collations, functions; and
//! what stands beside them, procedures, aggregates, an event trigger.

use diesel_schema_core::declared::{Enum, Type, TypeKind};

use super::genes::*;
use super::other::qualified;
use super::types::plain;

/// The definitions, and which of them there are.
#[derive(Default)]
pub(super) struct Defined {
    pub(super) statements: Vec<String>,
    pub(super) domain: bool,
    pub(super) composite: bool,
    pub(super) range: bool,
    pub(super) collation: bool,
    /// `f0(integer)`, which gives a number.
    pub(super) function: bool,
    /// `total(integer)`.
    pub(super) aggregate: bool,
}

impl Defined {
    /// The type of a column by a byte; text where there is no such type.
    pub(super) fn ty(&self, byte: u8) -> Type {
        let sql = |name| Type { kind: TypeKind::Sql, ..plain(name) };
        match byte % 6 {
            0 if self.domain => sql("d0"),
            1 if self.composite => sql("pair"),
            2 if self.range => sql("span"),
            3 => sql("int4range"),
            4 => sql("tsvector"),
            5 if self.domain => sql("d0[]"),
            _ => plain("Text"),
        }
    }
}

/// By the bytes that are theirs.
pub(super) fn defined(genes: &[u8], enums: &[Enum]) -> Defined {
    let mut found = Defined {
        domain: there(genes[0]),
        composite: there(genes[4]),
        range: there(genes[8]),
        collation: there(genes[11]),
        function: there(genes[14]),
        aggregate: there(genes[19]),
        ..Defined::default()
    };
    let mut said = Vec::new();
    if found.domain {
        said.extend(domain(&genes[..4]));
    }
    if found.composite {
        said.push(composite(&genes[4..8], enums));
    }
    if found.range {
        let subtype = pick(&["float8", "numeric"], genes[9]);
        let more = if subtype == "float8" && rare(genes[10]) { ", subtype_diff = float8mi" } else { "" };
        said.push(format!("CREATE TYPE span AS RANGE (subtype = {subtype}{more})"));
    }
    if found.collation {
        let locale = pick(&["C", "POSIX"], genes[12]);
        said.push(format!("CREATE COLLATION coll (provider = libc, locale = '{locale}')"));
        if rare(genes[13]) {
            said.push("COMMENT ON COLLATION coll IS 'ours'".to_owned());
        }
    }
    if found.function {
        said.extend(function(&genes[14..19]));
    }
    if found.aggregate {
        let first = if rare(genes[20]) { ", initcond = '0'" } else { "" };
        said.push(format!("CREATE AGGREGATE total(integer) (sfunc = int4pl, stype = integer{first})"));
    }
    if there(genes[21]) {
        let (name, value) = (pick(&["n", "m"], genes[22]), pick(&[" DEFAULT 1", ""], genes[22] / 2));
        said.push(format!("CREATE PROCEDURE pr({name} integer{value}) LANGUAGE sql AS 'SELECT {}'", genes[22] % 3));
    }
    if let Some(it) = enums.first().filter(|_| there(genes[23])) {
        let name = qualified(&it.namespace, &it.name);
        said.push(format!(
            "CREATE FUNCTION feels(m {name}) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT m IS NOT NULL'"
        ));
    }
    if rare(genes[24]) {
        let when = if rare(genes[25]) { " WHEN TAG IN ('DROP TABLE')" } else { "" };
        said.push("CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RETURN; END'".to_owned());
        said.push(format!("CREATE EVENT TRIGGER ev ON ddl_command_end{when} EXECUTE FUNCTION on_ddl()"));
    }
    found.statements = said;
    found
}

fn domain(genes: &[u8]) -> Vec<String> {
    let base = pick(&["integer", "text", "bigint"], genes[1]);
    let check = match (genes[2] % 4, base) {
        (0, _) => String::new(),
        (1, "text") => " CHECK (char_length(VALUE) < 40)".to_owned(),
        (1, _) => " CHECK (VALUE > 0)".to_owned(),
        (2, "text") => " CONSTRAINT few CHECK (VALUE <> '')".to_owned(),
        (2, _) => format!(" CONSTRAINT few CHECK (VALUE < {})", 90 + genes[2] / 4 % 2),
        (_, "text") => " COLLATE \"C\"".to_owned(),
        _ => " CHECK (VALUE IS NOT NULL OR true) CHECK (VALUE <> 77)".to_owned(),
    };
    let default = if rare(genes[3]) { " DEFAULT '5'" } else { "" };
    let mut said = vec![format!("CREATE DOMAIN d0 AS {base}{default}{check}")];
    if rare(genes[3] / 6) {
        said.push("COMMENT ON DOMAIN d0 IS 'ours'".to_owned());
    }
    said
}

fn composite(genes: &[u8], enums: &[Enum]) -> String {
    let mut parts = vec![format!("x {}", pick(&["integer", "bigint"], genes[1]))];
    if there(genes[2]) {
        parts.push(format!("{} text", pick(&["y", "\"My Y\""], genes[2] / 3)));
    }
    if rare(genes[3]) {
        parts.push("z numeric(10,2)".to_owned());
    }
    if let Some(it) = enums.first().filter(|_| rare(genes[3] / 6)) {
        parts.push(format!("m {}", qualified(&it.namespace, &it.name)));
    }
    format!("CREATE TYPE pair AS ({})", parts.join(", "))
}

fn function(genes: &[u8]) -> Vec<String> {
    let argument = pick(&["x", "x", "y"], genes[1]);
    let returns = pick(&["integer", "integer", "bigint"], genes[2]);
    let more = pick(&["", " STRICT", " PARALLEL SAFE", " COST 5"], genes[3]);
    let body = format!("SELECT {argument} + {}", genes[4] % 2);
    let mut said = vec![format!(
        "CREATE FUNCTION f0({argument} integer) RETURNS {returns} LANGUAGE sql IMMUTABLE{more} AS '{body}'"
    )];
    if rare(genes[4]) {
        said.push("COMMENT ON FUNCTION f0(integer) IS 'counts'".to_owned());
    }
    said
}
