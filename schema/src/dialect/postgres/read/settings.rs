//! What an `ALTER` sets that is no object of its own, each setting an object in rows like those of [`object`].

use super::kinds::object;
use super::queries::{Part, no_ext, part, relation};
use super::seldom::Seldom;

/// `ALTER TABLE` and its like: `what` is said of `relation`, `undo` takes it back.
fn setting(owner: &str, subject: &str, name: &str, what: &str, undo: &str, from: &str) -> Part {
    let (definition, drop) = (format!("{subject} || {what}"), format!("{subject} || {undo}"));
    object("setting", ["NULL", "c.nspname", name, &definition, &drop, owner], from)
}

pub(super) fn parts() -> Vec<Part> {
    let table = "CASE c.relkind WHEN 'm' THEN 'ALTER MATERIALIZED VIEW ' WHEN 'f' THEN 'ALTER FOREIGN TABLE ' ELSE 'ALTER TABLE ' END \
         || c.oid::regclass";
    let column = format!("{table} || ' ALTER COLUMN ' || quote_ident(a.attname)");
    let on_table = |is: &str, name: &str, what: &str, undo: &str| {
        setting("c.oid", table, &format!("c.relname || '.{name}'"), what, undo, &format!("tab c WHERE {is}"))
    };
    let on_column = |is: &str, name: &str, what: &str, undo: &str| {
        let of: [(&str, &[Seldom]); 2] =
            [("att a JOIN tab c", &[]), ("side a JOIN rel c", &[Seldom::View, Seldom::ForeignTable])];
        of.map(|(columns, of)| {
            let from = format!("{columns} ON c.oid = a.attrelid WHERE {is}");
            setting("c.oid", &column, &format!("c.relname || '.' || a.attname || '.{name}'"), what, undo, &from).of(of)
        })
    };
    // From 15.20 on the server notes at each column which one it is; no statement sets that, and no dump says it.
    let said = "o !~ '^pg_attver='";
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
    let parameters = |name: &str, options: &str, prefix: &str, from: &str| {
        setting(
            "c.oid",
            table,
            &format!("c.relname || '.{name}'"),
            &format!("' SET (' || {} || ')'", pairs(options, prefix)),
            &format!("' RESET (' || {} || ')'", words(options, prefix)),
            from,
        )
    };
    let enabled = |flag: &str, what: &str, name: &str| {
        format!(
            "CASE {flag} WHEN 'D' THEN ' DISABLE {what} ' WHEN 'R' THEN ' ENABLE REPLICA {what} ' \
             ELSE ' ENABLE ALWAYS {what} ' END || quote_ident({name})"
        )
    };
    let columns = [
        on_column(
            "a.attstorage <> a.typstorage",
            "storage",
            "' SET STORAGE ' || CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END",
            "' SET STORAGE ' || CASE a.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END",
        ),
        on_column(
            "coalesce(a.attstattarget, -1) >= 0",
            "statistics",
            "' SET STATISTICS ' || a.attstattarget",
            "' SET STATISTICS -1'",
        ),
        on_column(
            "a.attoptions IS NOT NULL AND (a.attoptions[1] !~ '^pg_attver=' OR a.attoptions[2] IS NOT NULL)",
            "options",
            &format!("' SET (' || {} || ')'", pairs("a.attoptions", "")),
            &format!("' RESET (' || {} || ')'", words("a.attoptions", "")),
        ),
        on_column(
            "a.compression <> ''",
            "compression",
            "' SET COMPRESSION ' || CASE a.compression WHEN 'l' THEN 'lz4' ELSE 'pglz' END",
            "' SET COMPRESSION default'",
        ),
    ];
    let mut parts = vec![
        on_table("c.relpersistence = 'u'", "unlogged", "' SET UNLOGGED'", "' SET LOGGED'"),
        on_table(
            "c.relrowsecurity",
            "row level security",
            "' ENABLE ROW LEVEL SECURITY'",
            "' DISABLE ROW LEVEL SECURITY'",
        ),
        on_table(
            "c.relforcerowsecurity",
            "forced row level security",
            "' FORCE ROW LEVEL SECURITY'",
            "' NO FORCE ROW LEVEL SECURITY'",
        ),
        setting(
            "c.oid",
            table,
            "c.relname || '.replica identity'",
            "' REPLICA IDENTITY ' || CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END",
            "' REPLICA IDENTITY DEFAULT'",
            "rel c WHERE c.relkind IN ('r', 'p', 'm') AND c.relreplident IN ('n', 'f')",
        ),
        parameters("storage parameters", "c.reloptions", "", "tab c WHERE c.reloptions IS NOT NULL"),
        parameters(
            "toast parameters",
            "x.reloptions",
            "toast.",
            "tab c JOIN pg_class x ON x.oid = c.reltoastrelid WHERE x.reloptions IS NOT NULL",
        ),
        // It takes no value of it: what numbers a column stands at the column.
        setting(
            "c.oid",
            "'ALTER SEQUENCE ' || c.oid::regclass",
            "c.relname || '.owner'",
            "' OWNED BY ' || t.oid::regclass || '.' || quote_ident(a.attname)",
            "' OWNED BY NONE'",
            // The table by its index: a server that expects one sequence would go over all of `tab` for each.
            "rel c JOIN pg_depend w ON w.classid = 'pg_class'::regclass AND w.objid = c.oid AND w.objsubid = 0 \
             AND w.refclassid = 'pg_class'::regclass AND w.deptype = 'a' JOIN pg_class t ON t.oid = w.refobjid \
             AND t.relkind IN ('r', 'p') JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = w.refobjsubid WHERE c.relkind = 'S'",
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
            "rel c WHERE c.relkind = 'S' AND c.relpersistence = 'u' AND NOT EXISTS (SELECT FROM pg_depend w \
             WHERE w.classid = 'pg_class'::regclass AND w.objid = c.oid AND w.objsubid = 0 \
             AND w.refclassid = 'pg_class'::regclass AND w.deptype IN ('a', 'i'))",
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
            "x.oid",
            "'ALTER INDEX ' || x.oid::regclass",
            "x.relname || '.storage parameters'",
            &format!("' SET (' || {} || ')'", pairs("x.reloptions", "")),
            &format!("' RESET (' || {} || ')'", words("x.reloptions", "")),
            &format!(
                "pg_class x JOIN pg_index i ON i.indexrelid = x.oid JOIN pg_constraint o ON o.conrelid = i.indrelid \
                 AND o.conindid = x.oid AND o.contype IN ('p', 'u') {} WHERE x.reloptions IS NOT NULL AND NOT x.relispartition",
                relation("tab", "i.indrelid")
            ),
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
    parts.extend(columns.into_iter().flatten());
    parts
}
