//! The one query that reads a database: parts of the same width under `UNION ALL`.

use super::seldom::Seldom;
use super::{kinds, unread};

/// Separates the elements of a list within one text.
pub(super) const SEPARATOR: char = '\u{1f}';

/// Columns of every part, its kind not counted.
pub(super) const WIDTH: usize = 20;

/// A part, and what it is about where that is [`Seldom`]: any of these.
pub(super) struct Part {
    sql: String,
    of: &'static [Seldom],
}

impl Part {
    /// Not asked where there is none of these.
    pub(super) const fn of(mut self, of: &'static [Seldom]) -> Self {
        self.of = of;
        self
    }
}

pub(super) fn part(kind: &str, columns: &[&str], from: &str) -> Part {
    Part { sql: select(kind, columns, from), of: &[] }
}

/// Rows of a kind.
pub(super) fn select(kind: &str, columns: &[&str], from: &str) -> String {
    let mut sql = format!("SELECT '{kind}'::text");
    for at in 0..WIDTH {
        sql.push_str(", (");
        sql.push_str(columns.get(at).copied().unwrap_or("NULL"));
        sql.push_str(")::text");
    }
    format!("{sql} FROM {from}")
}

/// That it is not owned by an extension. Not an anti join: a server that expects one extension's object would go over
/// all of them for each row.
pub(super) fn no_ext(class: &str, oid: &str) -> String {
    format!("{oid} NOT IN (SELECT objid FROM ext WHERE classid = '{class}'::regclass)")
}

/// `c`, the relation of that oid, where it is in `of` (`rel` or `tab`). Found by its index and then looked up, because a
/// server that expects one row to ask for it would go over all of `of` for each, whatever there turns out to be.
pub(super) fn relation(of: &str, oid: &str) -> String {
    format!(
        "JOIN LATERAL (SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.oid = {oid} AND (c.oid IN (SELECT oid FROM {of})) IS TRUE) c ON true"
    )
}

/// The query, for every server from 13 on, of a database that holds these of what is [`Seldom`].
pub(super) fn query(there: &[Seldom]) -> String {
    // A column that 13 and 14 do not have: there, the name is that of the outer query.
    let nulls_not_distinct = "CASE WHEN i.indisunique THEN (SELECT indnullsnotdistinct FROM pg_index u \
        WHERE u.indexrelid = i.indexrelid) END";
    // Everything reads `ns`, and `ns` reads `pin`, so no expression is printed before the path is set; parts of a
    // UNION ALL run in their order, and set_config allows no parallel plan, so the last one puts it back last.
    //
    // All that is asked of a column stands in `att`, because to go through all columns is what takes the time. How one
    // is compressed PostgreSQL 13 does not know: there, the name is that of the outer query.
    //
    // The planner takes one table in a hundred for a table, which is as well: with as many as there are, what it expects
    // to spend on a database that was never analyzed is more than `jit_above_cost`, and compiling takes seconds.
    let columns = |name: &str, of: &str| {
        format!(
            "{name} AS MATERIALIZED (SELECT x.* FROM (SELECT ''::\"char\" AS attcompression) before_14, LATERAL (\
             SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.atthasdef, a.attidentity, \
             a.attgenerated, a.attcollation, a.attstorage, a.attstattarget, a.attoptions, attcompression AS compression, \
             t.typcollation, t.typstorage FROM pg_attribute a JOIN {of} r ON r.oid = a.attrelid \
             JOIN pg_type t ON t.oid = a.atttypid WHERE a.attnum > 0 AND NOT a.attisdropped) x)"
        )
    };
    let (att, side) = (columns("att", "tab"), columns("side", "(SELECT oid FROM rel WHERE relkind IN ('m', 'f'))"));
    let head = format!(
        "WITH was AS MATERIALIZED (SELECT current_setting('search_path') AS path), \
         pin AS MATERIALIZED (SELECT set_config('search_path', 'public', true) AS path FROM was), \
         ext AS MATERIALIZED (SELECT classid, objid FROM pg_depend WHERE deptype = 'e'), \
         ns AS MATERIALIZED (SELECT n.oid, n.nspname FROM pg_namespace n, pin WHERE pin.path = 'public' AND n.nspname !~ '^pg_' \
           AND n.nspname <> 'information_schema' \
           AND {}), \
         rel AS MATERIALIZED (SELECT c.*, ns.nspname FROM pg_class c JOIN ns ON ns.oid = c.relnamespace \
           WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c') AND c.relpersistence <> 't' \
           AND NOT (c.relname >= '__diesel_schema_' AND c.relname < '__diesel_schema`') \
           AND c.relname NOT IN ('alembic_version', '_sqlx_migrations', 'refinery_schema_history') \
           AND {}), \
         tab AS MATERIALIZED (SELECT * FROM rel c WHERE c.relkind IN ('r', 'p')), \
         {att}, {side}, \
         used AS MATERIALIZED (SELECT DISTINCT atttypid AS oid FROM att) ",
        no_ext("pg_namespace", "n.oid"),
        no_ext("pg_class", "c.oid")
    );
    let mut parts = vec![
        part("namespace", &["ns.nspname", "ns.oid"], "ns"),
        // Joined to what they are about by whoever reads them: a server that expects few goes over all for each row.
        part(
            "description",
            &["d.classoid::regclass", "d.objoid", "d.objsubid", "d.description"],
            "pg_description d WHERE d.objoid >= 16384 AND d.classoid IN ('pg_namespace'::regclass, 'pg_class'::regclass, \
             'pg_type'::regclass, 'pg_constraint'::regclass)",
        ).of(&[Seldom::Comment]),
        part(
            "type",
            &["t.oid", "format_type(t.oid, -1)", "e.typname", "n.nspname", "e.typtype"],
            "pg_type t JOIN pg_type e ON e.oid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN t.typelem ELSE t.oid END \
             JOIN pg_namespace n ON n.oid = e.typnamespace JOIN used ON used.oid = t.oid",
        ),
        part(
            "table",
            &[
                "c.oid",
                "c.nspname",
                "c.relname",
                "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END",
                "CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END",
            ],
            "tab c",
        ),
        part(
            "column",
            &[
                "a.attrelid",
                "a.attnum",
                "a.attname",
                "a.atttypid",
                "CASE WHEN a.atttypmod >= 0 THEN format_type(a.atttypid, a.atttypmod) END",
                "a.attnotnull",
                // A default names no column. To print an expression without its table is much faster, because the
                // session need not learn of the table.
                "CASE WHEN a.atthasdef THEN (SELECT pg_get_expr(e.adbin, CASE a.attgenerated WHEN '' THEN 0::oid \
               ELSE e.adrelid END) FROM pg_attrdef e WHERE e.adrelid = a.attrelid AND e.adnum = a.attnum) END",
                "a.attidentity",
                "a.attgenerated",
                "a.attcollation",
                "CASE WHEN a.attcollation <> a.typcollation THEN (SELECT CASE WHEN n.nspname IN ('pg_catalog', 'public') \
               THEN quote_ident(l.collname) ELSE quote_ident(n.nspname) || '.' || quote_ident(l.collname) END \
               FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid = a.attcollation) END",
            ],
            "att a",
        ),
        part(
            "inherits",
            &["h.inhrelid", "h.inhparent"],
            "(SELECT h.* FROM pg_inherits h JOIN tab ON tab.oid = h.inhrelid ORDER BY h.inhrelid, h.inhseqno) h",
        ).of(&[Seldom::Inheritance]),
        part(
            "attached",
            &["c.oid", "x.relname", "y.relname", "h.inhrelid", "h.inhparent"],
            &format!(
                "pg_inherits h JOIN pg_index i ON i.indexrelid = h.inhrelid {} \
                 JOIN pg_class x ON x.oid = h.inhrelid JOIN pg_class y ON y.oid = h.inhparent",
                relation("tab", "i.indrelid")
            ),
        ).of(&[Seldom::Inheritance]),
        part(
            "constraint",
            &[
                "o.conrelid",
                "o.conname",
                "o.contype",
                "array_to_string(o.conkey, ' ')",
                "o.confrelid",
                "array_to_string(o.confkey, ' ')",
                "o.confdeltype",
                "o.confupdtype",
                "o.confmatchtype",
                "o.condeferrable",
                "o.condeferred",
                "o.convalidated",
                "o.connoinherit",
                "o.conindid",
                "CASE WHEN o.contype = 'c' THEN pg_get_expr(o.conbin, o.conrelid) END",
                "o.oid",
                // What it has from the table that it is a part of.
                "o.conparentid <> 0 OR NOT o.conislocal",
                // PostgreSQL 15's; before it, the name is that of the outer query.
                "CASE WHEN o.contype = 'f' THEN array_to_string((SELECT confdelsetcols FROM pg_constraint u WHERE u.oid = o.oid), ' ') END",
                // PostgreSQL 18's.
                "CASE WHEN o.contype IN ('f', 'c') THEN (SELECT conenforced FROM pg_constraint u WHERE u.oid = o.oid) END",
                "CASE WHEN o.contype IN ('p', 'u', 'f') THEN (SELECT conperiod FROM pg_constraint u WHERE u.oid = o.oid) END",
            ],
            // Of each NOT NULL that is a constraint, only what there is to say: there is one for most columns.
            "pg_constraint o CROSS JOIN (SELECT NULL::int2[] AS confdelsetcols, true AS conenforced, false AS conperiod) before_18 \
             WHERE o.conrelid IN (SELECT oid FROM tab) AND (o.contype IN ('p', 'u', 'f', 'c', 'x') \
             OR o.contype = 'n' AND (NOT o.convalidated OR o.connoinherit OR o.conname !~ '_not_null[0-9]*$'))",
        ),
        part(
            "index",
            &[
                "i.indrelid",
                "i.indexrelid",
                "c.relname",
                "i.indisunique",
                nulls_not_distinct,
                "m.amname",
                "i.indkey",
                "i.indoption",
                "i.indclass",
                "i.indcollation",
                "i.indnkeyatts",
                "pg_get_expr(i.indpred, i.indrelid)",
                "CASE WHEN i.indexprs IS NOT NULL THEN (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, false), \
               chr(31) ORDER BY k) FROM generate_series(1, i.indnkeyatts) k) END",
                "array_to_string(c.reloptions, chr(31))",
                "i.indisvalid",
                "c.relispartition",
            ],
            "pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam \
             CROSS JOIN (SELECT NULL::boolean AS indnullsnotdistinct) before_15 WHERE i.indrelid IN (SELECT oid FROM tab)",
        ),
        part(
            "opclass",
            &["o.oid", "o.opcname", "n.nspname"],
            "pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE NOT o.opcdefault",
        ),
        // Parameters of operator classes; none of the usual methods has any.
        part(
            "opclass parameters",
            &[
                "i.indexrelid",
                "a.attnum",
                "CASE WHEN n.nspname IN ('pg_catalog', 'public') THEN quote_ident(o.opcname) ELSE quote_ident(n.nspname) || '.' || \
                 quote_ident(o.opcname) END || (SELECT ' (' || string_agg(split_part(w, '=', 1) || '=' || quote_literal(substr(w, strpos(w, '=') + 1)), \
                 ', ' ORDER BY k) || ')' FROM unnest(a.attoptions) WITH ORDINALITY u(w, k))",
            ],
            "pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam \
             JOIN pg_attribute a ON a.attrelid = x.oid JOIN pg_opclass o ON o.oid = i.indclass[a.attnum - 1] \
             JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE m.amname NOT IN ('btree', 'hash') AND a.attoptions IS NOT NULL \
             AND i.indrelid IN (SELECT oid FROM tab)",
        ),
        part(
            "collation",
            &["l.oid", "l.collname", "n.nspname"],
            "pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid IN (SELECT unnest(i.indcollation) \
             FROM pg_index i WHERE i.indrelid IN (SELECT oid FROM tab))",
        ),
        part(
            "enum",
            &[
                "n.nspname",
                "t.typname",
                "(SELECT string_agg(e.enumlabel, chr(31) ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)",
                "t.oid || ' ' || t.typarray",
            ],
            &format!(
                "pg_type t JOIN ns n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND {}",
                no_ext("pg_type", "t.oid")
            ),
        ).of(&[Seldom::Enum]),
        part(
            "sequence",
            &[
                "c.nspname",
                "c.relname",
                "format_type(s.seqtypid, NULL)",
                "s.seqstart",
                "s.seqincrement",
                "s.seqmin",
                "s.seqmax",
                "s.seqcache",
                "s.seqcycle",
                "w.refobjid",
                "w.refobjsubid",
                "c.oid",
                "w.deptype",
            ],
            "rel c JOIN pg_sequence s ON s.seqrelid = c.oid LEFT JOIN pg_depend w ON w.classid = 'pg_class'::regclass \
             AND w.objid = c.oid AND w.objsubid = 0 AND w.refclassid = 'pg_class'::regclass AND w.deptype IN ('a', 'i')",
        ),
        part(
            "extension",
            &["e.oid", "e.extname", "n.nspname", "'pg_extension'::regclass::oid"],
            "pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'",
        ),
        part(
            "function",
            &[
                "p.oid",
                "n.nspname",
                "p.proname",
                "pg_get_functiondef(p.oid)",
                "(SELECT string_agg(format_type(y, NULL), ', ' ORDER BY k) FROM unnest(p.proargtypes) WITH ORDINALITY u(y, k))",
            ],
            // The CASE has the source looked at behind the join, where few functions are left.
            &format!(
                "pg_proc p JOIN ns n ON n.oid = p.pronamespace WHERE p.prokind IN ('f', 'p', 'w') \
                 AND CASE WHEN n.oid IS NOT NULL THEN p.prosrc !~ '^(multi)?range_constructor' END AND {}",
                no_ext("pg_proc", "p.oid")
            ),
        ).of(&[Seldom::Function]),
        part(
            "view",
            &[
                "c.oid",
                "c.nspname",
                "c.relname",
                "c.relkind",
                "pg_get_viewdef(c.oid)",
                "array_to_string(c.reloptions, ', ')",
                "(SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attcollation, \
                 chr(31) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)",
            ],
            "rel c WHERE c.relkind IN ('v', 'm')",
        ).of(&[Seldom::View]),
        part(
            "trigger",
            &["g.oid", "c.nspname", "c.relname", "g.tgname", "pg_get_triggerdef(g.oid)"],
            &format!("pg_trigger g {} WHERE NOT g.tgisinternal AND g.tgparentid = 0", relation("rel", "g.tgrelid")),
        ).of(&[Seldom::Trigger]),
        part(
            "depend",
            &[
                "x.object",
                "x.refclassid::regclass",
                "x.refobjid",
                "x.refobjsubid",
                "x.relation",
                "x.number",
                "x.name",
                "x.is_index",
            ],
            // Who needs the type of a table's rows, or of arrays of them, needs the table. Of what has a shape of its
            // own here, only what its fields don't say: which types, functions and collations it needs.
            "(SELECT DISTINCT CASE WHEN p.classid = 'pg_rewrite'::regclass AND r.rulename = '_RETURN' THEN r.ev_class \
              ELSE coalesce(nullif(o.contypid, 0), pr.prpubid, p.objid) END AS object, \
              p.refclassid, coalesce(nullif(e.typrelid, 0), nullif(t.typrelid, 0), e.oid, p.refobjid) AS refobjid, \
              p.refobjsubid, coalesce(f.adrelid, i.indrelid, nullif(o.conrelid, 0), c.oid) AS relation, \
              coalesce(f.adnum, p.objsubid) AS number, coalesce(o.conname, CASE WHEN c.relkind IN ('i', 'I') THEN c.relname END) AS name, \
              i.indrelid IS NOT NULL AS is_index FROM pg_depend p \
              LEFT JOIN pg_rewrite r ON p.classid = 'pg_rewrite'::regclass AND r.oid = p.objid \
              LEFT JOIN pg_constraint o ON p.classid = 'pg_constraint'::regclass AND o.oid = p.objid \
              LEFT JOIN pg_attrdef f ON p.classid = 'pg_attrdef'::regclass AND f.oid = p.objid \
              LEFT JOIN pg_class c ON p.classid = 'pg_class'::regclass AND c.oid = p.objid \
              LEFT JOIN pg_index i ON i.indexrelid = c.oid \
              LEFT JOIN pg_publication_rel pr ON p.classid = 'pg_publication_rel'::regclass AND pr.oid = p.objid \
              LEFT JOIN pg_type t ON p.refclassid = 'pg_type'::regclass AND t.oid = p.refobjid \
              LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typlen = -1 \
              WHERE p.deptype IN ('n', 'a') AND p.objid >= 16384 AND p.refobjid >= 16384 \
              AND (p.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass, \
                'pg_type'::regclass, 'pg_statistic_ext'::regclass, 'pg_event_trigger'::regclass, 'pg_publication_rel'::regclass, \
                'pg_operator'::regclass, 'pg_cast'::regclass, 'pg_extension'::regclass) \
              OR p.classid IN ('pg_class'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass) \
                AND p.refclassid IN ('pg_type'::regclass, 'pg_proc'::regclass, 'pg_collation'::regclass, 'pg_extension'::regclass, \
                'pg_operator'::regclass, 'pg_ts_config'::regclass, 'pg_ts_dict'::regclass) \
              OR p.classid = 'pg_constraint'::regclass AND p.refobjsubid > 0 AND o.contype = 'x')) x",
        ),
        // A column may be of one of the server's own, in `information_schema`.
        part(
            "domain",
            &["format_type(t.oid, NULL)", "format_type(t.typbasetype, t.typtypmod)", "t.typnotnull"],
            "pg_type t JOIN used ON used.oid = t.oid WHERE t.typtype = 'd'",
        ),
    ];
    parts.extend(kinds::parts());
    parts.push(unread::part_of_all());
    parts.push(part("path", &["set_config('search_path', was.path, true)"], "was"));
    let asked = parts.iter().filter(|it| it.of.is_empty() || it.of.iter().any(|kind| there.contains(kind)));
    let asked: Vec<&str> = asked.map(|it| it.sql.as_str()).collect();
    format!("{head}{}", asked.join(" UNION ALL "))
}
