//! Owners and privileges, in a query of their own that is asked only where they are compared.

use std::collections::BTreeMap;

use diesel::QueryResult;

use super::assemble::name;
use super::queries::select;
use super::{Kinds, Row};
use crate::connection::SqlConnection;
use crate::schema::*;

/// Between the grants of a list, and within one.
const LISTED: char = '\u{1f}';
const WITHIN: char = '\u{1e}';

fn role(oid: &str) -> String {
    format!("CASE WHEN {oid} IN (SELECT oid FROM own) THEN 'own' ELSE 'role ' || pg_get_userbyid({oid}) END")
}

fn grants(acl: &str, owner: &str) -> String {
    let other = role("e.grantee");
    format!(
        "(SELECT string_agg(concat_ws(chr(30), CASE e.grantee WHEN 0 THEN 'public' WHEN {owner} THEN 'owner' ELSE {other} END, \
         e.privilege_type, e.is_grantable), chr(31)) FROM aclexplode({acl}) e)"
    )
}

/// What is granted on objects of a catalog.
struct On<'a> {
    kind: &'a str,
    namespace: &'a str,
    name: &'a str,
    column: &'a str,
    class: &'a str,
    subject: &'a str,
    alter: &'a str,
    owner: &'a str,
    acl: &'a str,
    /// Catalog and oid, for what an extension made.
    object: Option<(&'a str, &'a str)>,
    from: &'a str,
}

impl On<'_> {
    fn part(&self) -> String {
        let usual = if self.class == "''" || self.class == "'c'" {
            "NULL::aclitem[]".to_owned()
        } else {
            format!("acldefault(({})::\"char\", {})", self.class, self.owner)
        };
        let (usual, of_extension) = match self.object {
            None => (usual, "false".to_owned()),
            Some((catalog, oid)) => (
                format!(
                    "coalesce((SELECT i.initprivs FROM pg_init_privs i WHERE i.classoid = '{catalog}'::regclass \
                     AND i.objoid = {oid} AND i.objsubid = 0), {usual})"
                ),
                format!("EXISTS (SELECT FROM ext WHERE ext.classid = '{catalog}'::regclass AND ext.objid = {oid})"),
            ),
        };
        let acl = if self.acl == "NULL" { usual.clone() } else { format!("coalesce({}, {usual})", self.acl) };
        select(
            "held",
            &[
                self.kind,
                self.namespace,
                self.name,
                self.column,
                self.class,
                self.subject,
                self.alter,
                &role(self.owner),
                &grants(&acl, self.owner),
                &grants(&usual, self.owner),
                &of_extension,
            ],
            self.from,
        )
    }
}

/// What has an owner and no privileges.
fn owned(kind: &str, catalog: &str, name: &str, owner: &str) -> String {
    let subject = format!("upper('{kind}') || ' ' || quote_ident({name})");
    let (kind, from) = (format!("'{kind}'"), format!("{catalog} x"));
    let on = On {
        kind: &kind,
        namespace: "NULL",
        name,
        column: "NULL",
        class: "''",
        subject: &subject,
        alter: &subject,
        owner,
        acl: "NULL",
        object: None,
        from: &from,
    };
    on.part()
}

pub(super) fn query() -> String {
    // `own` is who reads, or owns the database; asked for once, because the planner counts what stands at each row so dear
    // that it compiles the query, which takes longer than all else.
    let head = "WITH was AS MATERIALIZED (SELECT current_setting('search_path') AS path), \
         pin AS MATERIALIZED (SELECT set_config('search_path', 'public', true) AS path FROM was), \
         own AS MATERIALIZED (SELECT oid FROM pg_roles WHERE rolname IN (current_user, 'pg_database_owner') UNION \
           SELECT datdba FROM pg_database WHERE datname = current_database()), \
         ext AS MATERIALIZED (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'), \
         ns AS MATERIALIZED (SELECT n.oid, n.nspname, n.nspowner, n.nspacl FROM pg_namespace n, pin \
           WHERE pin.path = 'public' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'), \
         rel AS MATERIALIZED (SELECT c.*, ns.nspname FROM pg_class c JOIN ns ON ns.oid = c.relnamespace \
           WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relname !~ '^__diesel_schema_' AND c.relpersistence <> 't') ";
    let relation_word = "CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' \
         WHEN 'f' THEN 'foreign table' ELSE 'table' END";
    let qualified = |namespace: &str, name: &str| format!("quote_ident({namespace}) || '.' || quote_ident({name})");
    let relation = qualified("c.nspname", "c.relname");
    let subject = format!("CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || {relation}");
    // A sequence that a column owns goes with its table, whoever owns that.
    let follows = "c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend w WHERE w.classid = 'pg_class'::regclass AND w.objid = c.oid \
         AND w.objsubid = 0 AND w.refclassid = 'pg_class'::regclass AND w.deptype IN ('a', 'i'))";
    let alter = format!("CASE WHEN NOT ({follows}) THEN upper({relation_word}) || ' ' || {relation} END");
    let types =
        "(SELECT string_agg(format_type(y, NULL), ', ' ORDER BY k) FROM unnest(p.proargtypes) WITH ORDINALITY u(y, k))";
    let routine = qualified("n.nspname", "p.proname");
    let identity =
        "coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), CASE p.prokind WHEN 'a' THEN '*' ELSE '' END)";
    let routine_subject = format!(
        "CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END || {routine} || '(' || coalesce({types}, '') || ')'"
    );
    let routine_alter = format!(
        "CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' WHEN 'a' THEN 'AGGREGATE ' ELSE 'FUNCTION ' END || {routine} || '(' || {identity} || ')'"
    );
    let routine_name =
        format!("p.proname || '(' || CASE p.prokind WHEN 'a' THEN {identity} ELSE coalesce({types}, '') END || ')'");
    let ty = format!("'TYPE ' || {}", qualified("n.nspname", "t.typname"));
    let parts = [
        On {
            kind: relation_word,
            namespace: "c.nspname",
            name: "c.relname",
            column: "NULL",
            class: "CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END",
            subject: &subject,
            alter: &alter,
            owner: "c.relowner",
            acl: "c.relacl",
            object: Some(("pg_class", "c.oid")),
            from: "rel c",
        },
        On {
            kind: relation_word,
            namespace: "c.nspname",
            name: "c.relname",
            column: "a.attname",
            class: "'c'",
            subject: &subject,
            alter: "NULL",
            owner: "c.relowner",
            acl: "a.attacl",
            object: None,
            from: "rel c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
                   WHERE a.attacl IS NOT NULL",
        },
        On {
            kind: "CASE p.prokind WHEN 'a' THEN 'aggregate' ELSE 'function' END",
            namespace: "n.nspname",
            name: &routine_name,
            column: "NULL",
            class: "'f'",
            subject: &routine_subject,
            alter: &routine_alter,
            owner: "p.proowner",
            acl: "p.proacl",
            object: Some(("pg_proc", "p.oid")),
            from: "pg_proc p JOIN ns n ON n.oid = p.pronamespace WHERE p.prosrc !~ '^(multi)?range_constructor'",
        },
        On {
            kind: "CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' ELSE 'type' END",
            namespace: "n.nspname",
            name: "t.typname",
            column: "NULL",
            class: "'T'",
            subject: &ty,
            alter: &ty,
            owner: "t.typowner",
            acl: "t.typacl",
            object: Some(("pg_type", "t.oid")),
            from: "pg_type t JOIN ns n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid \
                   WHERE t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c'",
        },
        On {
            kind: "'schema'",
            namespace: "NULL",
            name: "n.nspname",
            column: "NULL",
            class: "'n'",
            subject: "'SCHEMA ' || quote_ident(n.nspname)",
            alter: "'SCHEMA ' || quote_ident(n.nspname)",
            owner: "n.nspowner",
            acl: "n.nspacl",
            object: Some(("pg_namespace", "n.oid")),
            from: "ns n",
        },
        On {
            kind: "'foreign data wrapper'",
            namespace: "NULL",
            name: "f.fdwname",
            column: "NULL",
            class: "'F'",
            subject: "'FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname)",
            alter: "'FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname)",
            owner: "f.fdwowner",
            acl: "f.fdwacl",
            object: Some(("pg_foreign_data_wrapper", "f.oid")),
            from: "pg_foreign_data_wrapper f",
        },
        On {
            kind: "'server'",
            namespace: "NULL",
            name: "f.srvname",
            column: "NULL",
            class: "'S'",
            subject: "'FOREIGN SERVER ' || quote_ident(f.srvname)",
            alter: "'SERVER ' || quote_ident(f.srvname)",
            owner: "f.srvowner",
            acl: "f.srvacl",
            object: Some(("pg_foreign_server", "f.oid")),
            from: "pg_foreign_server f",
        },
    ];
    let mut parts: Vec<String> = parts.iter().map(On::part).collect();
    parts.push(owned("publication", "pg_publication", "x.pubname", "x.pubowner"));
    parts.push(owned("event trigger", "pg_event_trigger", "x.evtname", "x.evtowner"));
    let here = "(SELECT s.subname, s.subowner FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid \
         WHERE d.datname = current_database())";
    parts.push(owned("subscription", here, "x.subname", "x.subowner"));
    let usual = "acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)";
    parts.push(select(
        "default",
        &[
            &role("d.defaclrole"),
            "n.nspname",
            "d.defaclobjtype",
            &grants("d.defaclacl", "d.defaclrole"),
            &grants(&format!("CASE WHEN d.defaclnamespace = 0 THEN {usual} END"), "d.defaclrole"),
        ],
        "pg_default_acl d LEFT JOIN ns n ON n.oid = d.defaclnamespace",
    ));
    parts.push(select(
        "all",
        &[
            "k",
            "(SELECT string_agg(e.privilege_type, chr(31)) FROM aclexplode(acldefault(k::\"char\", 10)) e WHERE e.grantee = 10)",
        ],
        "unnest(ARRAY['r', 's', 'f', 'T', 'n', 'F', 'S']) k",
    ));
    parts.push(select("path", &["set_config('search_path', was.path, true)"], "was"));
    format!("{head}{}", parts.join(" UNION ALL "))
}

fn role_of(text: &str) -> Role {
    match text {
        "public" => Role::Public,
        "owner" => Role::Owner,
        "own" => Role::Own,
        other => Role::Named(other.strip_prefix("role ").unwrap_or(other).to_owned()),
    }
}

fn grants_of(text: Option<&str>) -> Grants {
    let mut grants = Grants::new();
    for grant in text.unwrap_or_default().split(LISTED).filter(|grant| !grant.is_empty()) {
        let mut words = grant.split(WITHIN);
        let (Some(role), Some(privilege), Some(further)) = (words.next(), words.next(), words.next()) else { continue };
        // Two roles may have granted the same.
        *grants.entry(role_of(role)).or_default().entry(privilege.to_owned()).or_default() |= further == "t";
    }
    grants
}

fn id(row: &Row) -> Option<ObjectId> {
    let named = match row.opt(1) {
        Some(namespace) => name(namespace, row.text(2)),
        None => Name::new(row.text(2)),
    };
    if let Some(column) = row.string(3) {
        return Some(ObjectId::Column(named, column));
    }
    let kind = match row.text(0) {
        "table" => return Some(ObjectId::Table(named)),
        "sequence" => return Some(ObjectId::Sequence(named)),
        "enum" => return Some(ObjectId::Enum(named)),
        "schema" => return Some(ObjectId::Namespace(named.name)),
        "view" => ObjectKind::View,
        "materialized view" => ObjectKind::MaterializedView,
        "foreign table" => ObjectKind::ForeignTable,
        "function" => ObjectKind::Function,
        "aggregate" => ObjectKind::Aggregate,
        "domain" => ObjectKind::Domain,
        "type" => ObjectKind::Type,
        "foreign data wrapper" => ObjectKind::ForeignDataWrapper,
        "server" => ObjectKind::Server,
        "publication" => ObjectKind::Publication,
        "event trigger" => ObjectKind::EventTrigger,
        "subscription" => ObjectKind::Subscription,
        _ => return None,
    };
    Some(ObjectId::Object(kind, named))
}

pub(in crate::dialect::postgres) fn read(connection: &mut dyn SqlConnection) -> QueryResult<Privileges> {
    let mut rows = Kinds::default();
    connection.each_text(&query(), &mut |record| rows.keep(Row::new(record)))?;
    let of = |kind: &str| rows.of(kind);
    let mut found = Privileges::default();
    for row in of("held") {
        let Some(id) = id(row) else { continue };
        let held = Held {
            class: row.text(4).to_owned(),
            subject: row.text(5).to_owned(),
            alter: row.string(6).filter(|_| !row.flag(10)),
            owner: role_of(row.text(7)),
            grants: grants_of(row.opt(8)),
            usual: grants_of(row.opt(9)),
            of_extension: row.flag(10),
        };
        found.held.insert(id, held);
    }
    for row in of("default") {
        let scope = (role_of(row.text(0)), row.string(1), row.text(2).to_owned());
        found.defaults.insert(scope, Defaults { grants: grants_of(row.opt(3)), usual: grants_of(row.opt(4)) });
    }
    let all = of("all").iter().map(|row| {
        let listed = row.text(1).split(LISTED).map(str::to_owned).collect();
        (row.text(0).to_owned(), listed)
    });
    found.all = all.collect::<BTreeMap<_, Vec<_>>>();
    Ok(found)
}
