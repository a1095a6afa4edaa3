//! The one query that reads a database: parts under `UNION ALL`, a record a row.

use super::seldom::Seldom;
use super::{kinds, settings, unread};

/// Separates the elements of a list within one text.
pub(super) const SEPARATOR: char = '\u{1f}';

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

/// Rows of a kind, each as a record.
pub(super) fn select(kind: &str, columns: &[&str], from: &str) -> String {
    format!("SELECT ROW('{kind}', ({}))::text FROM {from}", columns.join("), ("))
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
    // Everything reads `ns`, and `ns` reads `pin`, so no expression is printed before the path is set; parts of a
    // UNION ALL run in their order, and set_config allows no parallel plan, so the last one puts it back last.
    //
    // What is set of a column stands in `att`, because to go through all columns is what takes the time, and few have
    // anything set. How one is compressed PostgreSQL 13 does not know: there, the name is that of the outer query.
    //
    // The planner takes one table in a hundred for a table, which is as well: with as many as there are, what it expects
    // to spend on a database that was never analyzed is more than `jit_above_cost`, and compiling takes seconds.
    let head = format!(
        "WITH was AS MATERIALIZED (SELECT current_setting('search_path') AS path), \
         pin AS MATERIALIZED (SELECT set_config('search_path', 'public', true) AS path FROM was), \
         on_ext AS MATERIALIZED (SELECT classid, objid, objsubid, deptype FROM pg_depend WHERE deptype IN ('e', 'x')), \
         ext AS MATERIALIZED (SELECT classid, objid FROM on_ext WHERE deptype = 'e'), \
         ns AS MATERIALIZED (SELECT n.oid, n.nspname FROM pg_namespace n, pin WHERE pin.path = 'public' AND n.nspname !~ '^pg_' \
           AND n.nspname <> 'information_schema' \
           AND {}), \
         rel AS MATERIALIZED (SELECT c.*, ns.nspname FROM pg_class c JOIN ns ON ns.oid = c.relnamespace \
           WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c') AND c.relpersistence <> 't' \
           AND NOT (c.relname >= '__diesel_schema_' AND c.relname < '__diesel_schema`') \
           AND c.relname NOT IN ('alembic_version', '_sqlx_migrations', 'refinery_schema_history') \
           AND {}), \
         tab AS MATERIALIZED (SELECT * FROM rel c WHERE c.relkind IN ('r', 'p')), \
         att AS MATERIALIZED (SELECT a.*, (SELECT t.typstorage FROM pg_type t WHERE t.oid = a.atttypid) AS typstorage \
           FROM (SELECT a.* FROM (SELECT ''::\"char\" AS attcompression) before_14, LATERAL (SELECT a.attrelid, a.attname, \
           a.atttypid, a.attstorage, a.attstattarget, a.attoptions, attcompression AS compression FROM pg_attribute a \
           WHERE a.attrelid >= 16384 AND a.attnum > 0 AND NOT a.attisdropped AND (a.attstattarget >= 0 OR attcompression <> '' \
           OR {} OR a.attlen = -1 AND (a.atttypid, a.attstorage) NOT IN (SELECT t.oid, t.typstorage FROM pg_type t)) OFFSET 0) a) a \
           JOIN rel r ON r.oid = a.attrelid AND r.relkind IN ('r', 'p', 'm', 'f')), \
         idx AS MATERIALIZED (SELECT i.*, c.relname, c.relam, c.reloptions, c.relispartition FROM \
           (SELECT false AS indnullsnotdistinct) before_15, LATERAL (SELECT x.*, indnullsnotdistinct AS nulls_not_distinct \
           FROM pg_index x) i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid IN (SELECT oid FROM tab)), \
         seq AS MATERIALIZED (SELECT c.*, w.refobjid, w.refobjsubid, w.deptype FROM rel c LEFT JOIN pg_depend w \
           ON w.classid = 'pg_class'::regclass AND w.objid = c.oid AND w.objsubid = 0 AND w.refclassid = 'pg_class'::regclass \
           AND w.deptype IN ('a', 'i') WHERE c.relkind = 'S') ",
        no_ext("pg_namespace", "n.oid"),
        no_ext("pg_class", "c.oid"),
        settings::has_options("a.attoptions")
    );
    let exclusions = match there.contains(&Seldom::Exclusion) {
        true => " OR p.classid = 'pg_constraint'::regclass AND p.refobjsubid > 0 AND o.contype = 'x'",
        false => "",
    };
    // In an order in which `Assembly` can take them: what a row names comes before it.
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
            &["t.oid", "format_type(t.oid, -1)"],
            // The server's own; a column says any other.
            "pg_type t WHERE t.oid < 16384",
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
        // Of extensions, too: a column may be of one.
        part(
            "enum type",
            &["v.oid", "n.nspname", "t.typname"],
            "pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace CROSS JOIN LATERAL (VALUES (t.oid), (t.typarray)) v (oid) \
             WHERE t.typtype = 'e'",
        ).of(&[Seldom::Enum]),
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
                "CASE WHEN a.atttypmod >= 0 OR a.atttypid >= 16384 THEN format_type(a.atttypid, a.atttypmod) END",
                "a.attnotnull",
                // A default names no column. To print an expression without its table is much faster, because the
                // session need not learn of the table.
                "CASE WHEN a.atthasdef THEN (SELECT pg_get_expr(e.adbin, CASE a.attgenerated WHEN '' THEN 0::oid \
               ELSE e.adrelid END) FROM pg_attrdef e WHERE e.adrelid = a.attrelid AND e.adnum = a.attnum) END",
                "a.attidentity",
                "a.attgenerated",
                "a.attcollation",
                // A type of its own is looked up only where it is none of those that most columns have.
                "CASE WHEN a.attcollation <> 0 AND NOT (a.attcollation = '\"default\"'::regcollation AND a.atttypid IN \
               ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)) THEN (SELECT CASE WHEN n.nspname IN ('pg_catalog', 'public') \
               THEN quote_ident(l.collname) ELSE quote_ident(n.nspname) || '.' || quote_ident(l.collname) END \
               FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace JOIN pg_type t ON t.oid = a.atttypid \
               WHERE l.oid = a.attcollation AND l.oid <> t.typcollation) END",
            ],
            "pg_attribute a JOIN tab ON tab.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped",
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
            "index",
            &[
                "i.indrelid",
                "i.indexrelid",
                "i.relname",
                "i.indisunique",
                "i.nulls_not_distinct",
                // Its oid is the same on every server (`BTREE_AM_OID`).
                "CASE i.relam WHEN 403 THEN 'btree' ELSE (SELECT m.amname FROM pg_am m WHERE m.oid = i.relam) END",
                "i.indkey",
                "i.indoption",
                "i.indclass",
                "i.indcollation",
                "i.indnkeyatts",
                "pg_get_expr(i.indpred, i.indrelid)",
                "CASE WHEN i.indexprs IS NOT NULL THEN (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, false), \
               chr(31) ORDER BY k) FROM generate_series(1, i.indnkeyatts) k) END",
                "array_to_string(i.reloptions, chr(31))",
                "i.indisvalid",
                "i.relispartition",
            ],
            "idx i",
        ),
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
                // What it has from the table that it is a part or a child of. A child that came to its parent with a check of
                // its own can't drop it either.
                "o.conparentid <> 0 OR NOT o.conislocal OR o.contype = 'c' AND o.coninhcount > 0",
                // PostgreSQL 15's; before it, the name is that of the outer query.
                "array_to_string(o.set_columns, ' ')",
                // PostgreSQL 18's.
                "o.enforced",
                "o.period",
            ],
            // Of each NOT NULL that is a constraint, only what there is to say: there is one for most columns.
            "(SELECT NULL::int2[] AS confdelsetcols, true AS conenforced, false AS conperiod) before_18, LATERAL (\
             SELECT c.*, confdelsetcols AS set_columns, conenforced AS enforced, conperiod AS period FROM pg_constraint c) o \
             WHERE o.conrelid IN (SELECT oid FROM tab) AND (o.contype IN ('p', 'u', 'f', 'c', 'x') \
             OR o.contype = 'n' AND (NOT o.convalidated OR o.connoinherit OR o.conname !~ '_not_null[0-9]*$'))",
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
            // OFFSET 0: a server that expects one such index would go over all of `idx` for each column with options.
            "idx i CROSS JOIN LATERAL (SELECT a.attnum, a.attoptions FROM pg_attribute a WHERE a.attrelid = i.indexrelid \
             AND a.attoptions IS NOT NULL OFFSET 0) a JOIN pg_opclass o ON o.oid = i.indclass[a.attnum - 1] \
             JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE i.relam NOT IN (SELECT m.oid FROM pg_am m \
             WHERE m.amname IN ('btree', 'hash'))",
        ),
        part(
            "collation",
            &["l.oid", "l.collname", "n.nspname"],
            "pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace WHERE l.oid IN (SELECT unnest(i.indcollation) \
             FROM idx i)",
        ),
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
                "c.refobjid",
                "c.refobjsubid",
                "c.oid",
                "c.deptype",
            ],
            "seq c JOIN pg_sequence s ON s.seqrelid = c.oid",
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
                "(SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attcollation::regcollation, \
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
            &format!(
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
                'pg_operator'::regclass, 'pg_ts_config'::regclass, 'pg_ts_dict'::regclass){exclusions})) x"
            ),
        ),
        // With the server's own, in `information_schema`.
        part(
            "domain",
            &["format_type(t.oid, NULL)", "format_type(t.typbasetype, t.typtypmod)", "t.typnotnull"],
            "pg_type t WHERE t.typtype = 'd'",
        ),
    ];
    parts.extend(kinds::parts());
    parts.push(unread::part_of_all());
    parts.push(part("path", &["set_config('search_path', was.path, true)"], "was"));
    let asked = parts.iter().filter(|it| it.of.is_empty() || it.of.iter().any(|kind| there.contains(kind)));
    let asked: Vec<&str> = asked.map(|it| it.sql.as_str()).collect();
    format!("{head}{}", asked.join(" UNION ALL "))
}
