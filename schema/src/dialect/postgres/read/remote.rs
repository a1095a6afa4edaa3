//! What reaches other servers, as text: foreign data wrappers, servers, user mappings, foreign tables, subscriptions.

use super::kinds::{collate, object};
use super::queries::{Part, no_ext, part, select};
use super::seldom::Seldom;

fn options(options: &str) -> String {
    format!(
        "coalesce(E'\\n    OPTIONS (' || (SELECT string_agg(quote_ident(split_part(o, '=', 1)) || ' ' || \
         quote_literal(substr(o, strpos(o, '=') + 1)), ', ' ORDER BY o) FROM unnest({options}) o) || ')', '')"
    )
}

pub(super) fn parts() -> Vec<Part> {
    let wrapper = format!(
        "'CREATE FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname) \
         || CASE WHEN f.fdwhandler = 0 THEN '' ELSE ' HANDLER ' || f.fdwhandler::regproc END \
         || CASE WHEN f.fdwvalidator = 0 THEN '' ELSE ' VALIDATOR ' || f.fdwvalidator::regproc END || {}",
        options("f.fdwoptions")
    );
    let server = format!(
        "'CREATE SERVER ' || quote_ident(s.srvname) || coalesce(' TYPE ' || quote_literal(s.srvtype), '') \
         || coalesce(' VERSION ' || quote_literal(s.srvversion), '') || ' FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname) || {}",
        options("s.srvoptions")
    );
    let user = "CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(m.usename) END";
    let mapping = format!(
        "'CREATE USER MAPPING FOR ' || {user} || ' SERVER ' || quote_ident(m.srvname) || {}",
        options("m.umoptions")
    );
    let default = "coalesce((SELECT CASE a.attgenerated WHEN '' THEN ' DEFAULT ' || pg_get_expr(e.adbin, e.adrelid) \
         ELSE ' GENERATED ALWAYS AS (' || pg_get_expr(e.adbin, e.adrelid) || ') STORED' END FROM pg_attrdef e \
         WHERE e.adrelid = a.attrelid AND e.adnum = a.attnum), '')";
    let table = format!(
        "'CREATE FOREIGN TABLE ' || c.oid::regclass || ' (' || coalesce((SELECT string_agg(E'\\n    ' || line, ',' ORDER BY k) FROM (\
         SELECT a.attnum::text::int AS k, quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) \
         || replace({}, E'\\n    ', ' ') || {} || {default} || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END AS line \
         FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         UNION ALL SELECT 9999, 'CONSTRAINT ' || quote_ident(o.conname) || ' ' || pg_get_constraintdef(o.oid) \
         FROM pg_constraint o WHERE o.conrelid = c.oid AND o.contype = 'c') lines), '') || E'\\n)\\n    SERVER ' || quote_ident(s.srvname) || {}",
        options("a.attfdwoptions"),
        collate("a.attcollation", "t.typcollation"),
        options("f.ftoptions")
    );
    vec![
        object(
            "foreign data wrapper",
            [
                "f.oid",
                "NULL",
                "f.fdwname",
                &wrapper,
                "'DROP FOREIGN DATA WRAPPER ' || quote_ident(f.fdwname)",
                "nullif(f.fdwhandler, 0)",
            ],
            &format!("pg_foreign_data_wrapper f WHERE {}", no_ext("pg_foreign_data_wrapper", "f.oid")),
        )
        .of(&[Seldom::ForeignDataWrapper]),
        object(
            "server",
            [
                "s.oid",
                "NULL",
                "s.srvname",
                &server,
                "'DROP SERVER ' || quote_ident(s.srvname)",
                // Where an extension made the wrapper, it is the extension that has to stand.
                "coalesce((SELECT d.refobjid FROM pg_depend d WHERE d.classid = 'pg_foreign_data_wrapper'::regclass \
                  AND d.objid = f.oid AND d.deptype = 'e'), f.oid)",
            ],
            &format!(
                "pg_foreign_server s JOIN pg_foreign_data_wrapper f ON f.oid = s.srvfdw WHERE {}",
                no_ext("pg_foreign_server", "s.oid")
            ),
        )
        .of(&[Seldom::ForeignServer]),
        object(
            "user mapping",
            [
                "m.umid",
                "NULL",
                &format!("{user} || ' of ' || m.srvname"),
                &mapping,
                &format!("'DROP USER MAPPING FOR ' || {user} || ' SERVER ' || quote_ident(m.srvname)"),
                "m.srvid",
            ],
            "pg_user_mappings m",
        )
        .of(&[Seldom::ForeignServer]),
        object(
            "foreign table",
            ["c.oid", "c.nspname", "c.relname", &table, "'DROP FOREIGN TABLE ' || c.oid::regclass", "f.ftserver"],
            "rel c JOIN pg_foreign_table f ON f.ftrelid = c.oid JOIN pg_foreign_server s ON s.oid = f.ftserver \
             WHERE NOT EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid)",
        )
        .of(&[Seldom::ForeignTable]),
        part(
            "subscription",
            &["s.subname", "has_table_privilege('pg_subscription', 'SELECT')"],
            "pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database()",
        ),
    ]
}

/// The subscriptions, in rows like those of [`object`]. What a server before does not know has no key in its row.
pub(super) fn subscriptions() -> String {
    let flag = |word: &str, column: &str, usual: &str| {
        format!("|| CASE WHEN j ->> '{column}' <> '{usual}' THEN ', {word} = ' || (j ->> '{column}') ELSE '' END ")
    };
    let publications =
        "(SELECT string_agg(quote_ident(p), ', ' ORDER BY p) FROM jsonb_array_elements_text(j -> 'subpublications') p)";
    let with = [
        "'WITH (connect = false, enabled = ' || (j ->> 'subenabled') || ', slot_name = ' || coalesce(quote_literal(j ->> 'subslotname'), 'NONE') "
            .to_owned(),
        "|| ', synchronous_commit = ' || quote_literal(j ->> 'subsynccommit') ".to_owned(),
        flag("binary", "subbinary", "false"),
        "|| CASE j ->> 'substream' WHEN 't' THEN ', streaming = on' WHEN 'true' THEN ', streaming = on' \
         WHEN 'p' THEN ', streaming = parallel' ELSE '' END "
            .to_owned(),
        "|| CASE WHEN j ->> 'subtwophasestate' IN ('p', 'e') THEN ', two_phase = true' ELSE '' END ".to_owned(),
        flag("disable_on_error", "subdisableonerr", "false"),
        flag("password_required", "subpasswordrequired", "true"),
        flag("run_as_owner", "subrunasowner", "false"),
        flag("origin", "suborigin", "any"),
        flag("failover", "subfailover", "false"),
        "|| ')'".to_owned(),
    ]
    .concat();
    let name = "quote_ident(j ->> 'subname')";
    let definition = format!(
        "'CREATE SUBSCRIPTION ' || {name} || E'\\n    CONNECTION ' || quote_literal(j ->> 'subconninfo') \
         || E'\\n    PUBLICATION ' || {publications} || E'\\n    ' || {with}"
    );
    let columns = [
        "j ->> 'oid'",
        "'subscription'",
        "NULL",
        "j ->> 'subname'",
        &definition,
        &format!("'DROP SUBSCRIPTION ' || {name}"),
        "NULL",
    ];
    let from = "(SELECT to_jsonb(s) AS j FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid \
                WHERE d.datname = current_database()) found ORDER BY j ->> 'subname'";
    select("object", &columns, from)
}
