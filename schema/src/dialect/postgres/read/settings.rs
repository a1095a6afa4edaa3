//! What an `ALTER` sets that is no object of its own, each setting an object in rows like those of [`object`].

use super::kinds::object;
use super::queries::{Part, no_ext, part, relation};
use super::seldom::Seldom;

/// `ALTER TABLE` and its like: `what` is said of `relation`, `undo` takes it back.
fn setting(owner: &str, subject: &str, name: &str, what: &str, undo: &str, from: &str) -> Part {
    let (definition, drop) = (format!("{subject} || {what}"), format!("{subject} || {undo}"));
    object("setting", ["NULL", "c.nspname", name, &definition, &drop, owner], from)
}

/// One of the settings that a row may have: whether it has it, its name, what is said of it, and what takes it back.
struct OfRow<'a>(&'a str, &'a str, &'a str, &'a str);

/// All settings of a kind of rows as one part: to plan a part takes a server longer than to run it.
fn settings(owner: &str, subject: &str, name: &str, from: &str, of_row: &[OfRow<'_>]) -> Part {
    let any: Vec<String> = of_row.iter().map(|OfRow(is, ..)| format!("({is})")).collect();
    let arms = of_row.iter().map(|OfRow(is, name, what, undo)| format!("SELECT '{name}', {what}, {undo} WHERE {is}"));
    let from = format!(
        "{from} CROSS JOIN LATERAL ({}) s (name, what, undo) WHERE {}",
        arms.collect::<Vec<_>>().join(" UNION ALL "),
        any.join(" OR ")
    );
    setting(owner, subject, &format!("{name} || '.' || s.name"), "s.what", "s.undo", &from)
}

/// From 15.20 on the server notes at each column which one it is; no statement sets that, and no dump says it.
const NOTED: &str = "pg_attver=";

/// Whether anybody has set an option of a column.
pub(super) fn has_options(options: &str) -> String {
    format!("{options} IS NOT NULL AND (NOT starts_with({options}[1], '{NOTED}') OR {options}[2] IS NOT NULL)")
}

pub(super) fn parts() -> Vec<Part> {
    let table = "CASE c.relkind WHEN 'm' THEN 'ALTER MATERIALIZED VIEW ' WHEN 'f' THEN 'ALTER FOREIGN TABLE ' ELSE 'ALTER TABLE ' END \
         || c.oid::regclass";
    let column = format!("{table} || ' ALTER COLUMN ' || quote_ident(a.attname)");
    let said = format!("NOT starts_with(o, '{NOTED}')");
    let pairs = |options: &str, prefix: &str| {
        format!(
            "(SELECT string_agg('{prefix}' || split_part(o, '=', 1) || ' = ' || quote_literal(substr(o, strpos(o, '=') + 1)), \
             ', ' ORDER BY o) FROM unnest({options}) o WHERE {said})"
        )
    };
    let words = |options: &str, prefix: &str| {
        format!(
            "(SELECT string_agg('{prefix}' || split_part(o, '=', 1), ', ' ORDER BY o) FROM unnest({options}) o WHERE {said})"
        )
    };
    let set = |options: &str, prefix: &str| format!("' SET (' || {} || ')'", pairs(options, prefix));
    let reset = |options: &str, prefix: &str| format!("' RESET (' || {} || ')'", words(options, prefix));
    let enabled = |flag: &str, what: &str, name: &str| {
        format!(
            "CASE {flag} WHEN 'D' THEN ' DISABLE {what} ' WHEN 'R' THEN ' ENABLE REPLICA {what} ' \
             ELSE ' ENABLE ALWAYS {what} ' END || quote_ident({name})"
        )
    };
    let storage = |column: &str| {
        format!(
            "' SET STORAGE ' || CASE a.{column} WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' \
             ELSE 'EXTENDED' END"
        )
    };
    let of_column = [
        OfRow("a.attstorage <> a.typstorage", "storage", &storage("attstorage"), &storage("typstorage")),
        OfRow("a.attstattarget >= 0", "statistics", "' SET STATISTICS ' || a.attstattarget", "' SET STATISTICS -1'"),
        OfRow(&has_options("a.attoptions"), "options", &set("a.attoptions", ""), &reset("a.attoptions", "")),
        OfRow(
            "a.compression <> ''",
            "compression",
            "' SET COMPRESSION ' || CASE a.compression WHEN 'l' THEN 'lz4' ELSE 'pglz' END",
            "' SET COMPRESSION default'",
        ),
    ];
    let of_table = [
        OfRow("c.relpersistence = 'u'", "unlogged", "' SET UNLOGGED'", "' SET LOGGED'"),
        OfRow(
            "c.relrowsecurity",
            "row level security",
            "' ENABLE ROW LEVEL SECURITY'",
            "' DISABLE ROW LEVEL SECURITY'",
        ),
        OfRow(
            "c.relforcerowsecurity",
            "forced row level security",
            "' FORCE ROW LEVEL SECURITY'",
            "' NO FORCE ROW LEVEL SECURITY'",
        ),
        OfRow("c.reloptions IS NOT NULL", "storage parameters", &set("c.reloptions", ""), &reset("c.reloptions", "")),
    ];
    let parts = vec![
        settings("c.oid", &column, "c.relname || '.' || a.attname", "att a JOIN rel c ON c.oid = a.attrelid", &of_column),
        settings("c.oid", table, "c.relname", "tab c", &of_table),
        setting(
            "c.oid",
            table,
            "c.relname || '.replica identity'",
            "' REPLICA IDENTITY ' || CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END",
            "' REPLICA IDENTITY DEFAULT'",
            "rel c WHERE c.relkind IN ('r', 'p', 'm') AND c.relreplident IN ('n', 'f')",
        ),
        setting(
            "c.oid",
            table,
            "c.relname || '.toast parameters'",
            &set("x.reloptions", "toast."),
            &reset("x.reloptions", "toast."),
            "(SELECT oid, reloptions FROM pg_class WHERE relkind = 't' AND reloptions IS NOT NULL OFFSET 0) x \
             JOIN tab c ON c.reltoastrelid = x.oid",
        ),
        // It takes no value of it: what numbers a column stands at the column.
        setting(
            "c.oid",
            "'ALTER SEQUENCE ' || c.oid::regclass",
            "c.relname || '.owner'",
            "' OWNED BY ' || t.oid::regclass || '.' || quote_ident(a.attname)",
            "' OWNED BY NONE'",
            // The table by its index: a server that expects one sequence would go over all of `tab` for each.
            "seq c JOIN pg_class t ON t.oid = c.refobjid AND t.relkind IN ('r', 'p') \
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.refobjsubid WHERE c.deptype = 'a'",
        ),
        setting(
            "i.indexrelid",
            table,
            "c.relname || '.replica identity'",
            "' REPLICA IDENTITY USING INDEX ' || quote_ident(x.relname)",
            "' REPLICA IDENTITY DEFAULT'",
            &format!("pg_index i {} JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indisreplident", relation("rel", "i.indrelid")),
        ),
        setting(
            "i.indexrelid",
            table,
            "c.relname || '.cluster'",
            "' CLUSTER ON ' || quote_ident(x.relname)",
            "' SET WITHOUT CLUSTER'",
            &format!("pg_index i {} JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indisclustered", relation("rel", "i.indrelid")),
        ),
        setting(
            "g.oid",
            table,
            "c.relname || '.' || g.tgname || '.enabled'",
            &enabled("g.tgenabled", "TRIGGER", "g.tgname"),
            "' ENABLE TRIGGER ' || quote_ident(g.tgname)",
            &format!("pg_trigger g {} WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND g.tgenabled <> 'O'", relation("rel", "g.tgrelid")),
        ).of(&[Seldom::Trigger]),
        setting(
            "r.oid",
            table,
            "c.relname || '.' || r.rulename || '.enabled'",
            &enabled("r.ev_enabled", "RULE", "r.rulename"),
            "' ENABLE RULE ' || quote_ident(r.rulename)",
            &format!("pg_rewrite r {} WHERE r.ev_enabled <> 'O' AND r.rulename <> '_RETURN'", relation("rel", "r.ev_class")),
        ).of(&[Seldom::Rule]),
        setting(
            "c.oid",
            "'ALTER EVENT TRIGGER ' || quote_ident(c.evtname)",
            "c.evtname || '.enabled'",
            "CASE c.evtenabled WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' ELSE ' ENABLE ALWAYS' END",
            "' ENABLE'",
            &format!(
                "(SELECT e.*, NULL::name AS nspname FROM pg_event_trigger e) c WHERE c.evtenabled <> 'O' AND {}",
                no_ext("pg_event_trigger", "c.oid")
            ),
        ).of(&[Seldom::EventTrigger]),
        setting(
            "c.oid",
            "'ALTER STATISTICS ' || quote_ident(c.nspname) || '.' || quote_ident(c.stxname)",
            "c.stxname || '.target'",
            "' SET STATISTICS ' || c.stxstattarget",
            "' SET STATISTICS -1'",
            "(SELECT s.*, n.nspname FROM pg_statistic_ext s JOIN ns n ON n.oid = s.stxnamespace) c \
             WHERE coalesce(c.stxstattarget, -1) >= 0",
        ).of(&[Seldom::Statistics]),
        setting(
            "c.oid",
            "'ALTER SEQUENCE ' || c.oid::regclass",
            "c.relname || '.unlogged'",
            "' SET UNLOGGED'",
            "' SET LOGGED'",
            "seq c WHERE c.relpersistence = 'u' AND c.deptype IS NULL",
        ),
        setting(
            "c.oid",
            "'ALTER VIEW ' || c.oid::regclass || ' ALTER COLUMN ' || quote_ident(a.attname)",
            "c.relname || '.' || a.attname || '.default'",
            "' SET DEFAULT ' || pg_get_expr(e.adbin, e.adrelid)",
            "' DROP DEFAULT'",
            "rel c JOIN pg_attrdef e ON e.adrelid = c.oid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = e.adnum \
             WHERE c.relkind = 'v'",
        ).of(&[Seldom::View]),
        // A partition that came after a NOT VALID check of its parent's has it valid. Nothing makes it NOT VALID again, and
        // nothing has to: where the parent's goes or becomes valid, so does this.
        part(
            "object",
            &[
                "NULL",
                "'setting'",
                "c.nspname",
                "c.relname || '.' || o.conname || '.validated'",
                &format!("{table} || ' VALIDATE CONSTRAINT ' || quote_ident(o.conname)"),
                &format!("{table} || ' VALIDATE CONSTRAINT ' || quote_ident(o.conname)"),
                "c.oid",
                "h.inhparent",
                "o.conname",
            ],
            &format!(
                "pg_constraint o {} JOIN pg_inherits h ON h.inhrelid = o.conrelid \
                 JOIN pg_constraint q ON q.conrelid = h.inhparent AND q.conname = o.conname AND q.contype = 'c' \
                 WHERE o.contype = 'c' AND o.convalidated AND NOT q.convalidated AND (h.inhparent IN (SELECT oid FROM tab)) IS TRUE",
                relation("tab", "o.conrelid")
            ),
        ).of(&[Seldom::Inheritance]),
        // Of what is no constraint, an index itself says it.
        setting(
            "c.oid",
            "'ALTER INDEX ' || c.oid::regclass",
            "c.relname || '.storage parameters'",
            &set("c.reloptions", ""),
            &reset("c.reloptions", ""),
            "(SELECT i.indexrelid AS oid, i.indrelid, i.relname, i.reloptions, c.nspname FROM idx i JOIN tab c ON c.oid = i.indrelid \
             WHERE i.reloptions IS NOT NULL AND NOT i.relispartition OFFSET 0) c JOIN pg_constraint o ON o.conrelid = c.indrelid \
             AND o.conindid = c.oid AND o.contype IN ('p', 'u')",
        ),
        setting(
            "x.oid",
            "'ALTER INDEX ' || x.oid::regclass || ' ALTER COLUMN ' || a.attnum",
            "x.relname || '.' || a.attnum || '.statistics'",
            "' SET STATISTICS ' || a.attstattarget",
            "' SET STATISTICS -1'",
            &format!(
                "pg_index i {} JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = x.oid \
                 WHERE i.indexprs IS NOT NULL AND coalesce(a.attstattarget, -1) >= 0 AND NOT x.relispartition",
                relation("rel", "i.indrelid")
            ),
        ),
    ];
    parts
}
