//! What is read as text: a query a kind. Each row has the object's oid, its kind, its namespace and name, the statement
//! that creates it, the one that drops it, and the oid of what it belongs to where `pg_depend` does not say so.

use super::queries::{Part, no_ext, part, relation};
use super::seldom::Seldom;
use super::{operators, remote, search, settings};
use crate::schema::ObjectKind;

/// Kinds by the word that stands for them in a row.
pub(super) const KINDS: &[(&str, ObjectKind)] = &[
    ("collation", ObjectKind::Collation),
    ("domain", ObjectKind::Domain),
    ("type", ObjectKind::Type),
    ("aggregate", ObjectKind::Aggregate),
    ("index", ObjectKind::Index),
    ("exclusion", ObjectKind::Exclusion),
    ("statistics", ObjectKind::Statistics),
    ("rule", ObjectKind::Rule),
    ("policy", ObjectKind::Policy),
    ("publication", ObjectKind::Publication),
    ("event trigger", ObjectKind::EventTrigger),
    ("foreign data wrapper", ObjectKind::ForeignDataWrapper),
    ("server", ObjectKind::Server),
    ("user mapping", ObjectKind::UserMapping),
    ("foreign table", ObjectKind::ForeignTable),
    ("subscription", ObjectKind::Subscription),
    ("operator", ObjectKind::Operator),
    ("cast", ObjectKind::Cast),
    ("text search dictionary", ObjectKind::TextSearchDictionary),
    ("text search configuration", ObjectKind::TextSearchConfiguration),
    ("text search mapping", ObjectKind::TextSearchMapping),
    ("setting", ObjectKind::Setting),
    ("comment", ObjectKind::Comment),
];

/// An object of a kind: its oid, namespace, name, definition, drop, and whose it is.
pub(super) fn object(kind: &str, columns: [&str; 6], from: &str) -> Part {
    let kind = format!("'{kind}'");
    let [oid, namespace, name, definition, drop, owner] = columns;
    part("object", &[oid, &kind, namespace, name, definition, drop, owner], from)
}

pub(super) fn parts() -> Vec<Part> {
    let mut parts = types();
    parts.extend(on_tables());
    parts.extend(global());
    parts.extend(remote::parts());
    parts.extend(operators::parts());
    parts.extend(search::parts());
    parts.extend(settings::parts());
    parts.push(comments());
    parts
}

/// `COLLATE`, where it is another one than the type's.
pub(super) fn collate(own: &str, usual: &str) -> String {
    format!(
        "CASE WHEN {own} <> {usual} AND {own} <> 0 THEN ' COLLATE ' || (SELECT CASE WHEN n.nspname IN \
         ('pg_catalog', 'public') THEN quote_ident(l.collname) ELSE quote_ident(n.nspname) || '.' || \
         quote_ident(l.collname) END FROM pg_collation l JOIN pg_namespace n ON n.oid = l.collnamespace \
         WHERE l.oid = {own}) ELSE '' END"
    )
}

fn types() -> Vec<Part> {
    let domain = format!(
        "'CREATE DOMAIN ' || format_type(t.oid, NULL) || ' AS ' || format_type(t.typbasetype, t.typtypmod) || {} \
         || coalesce(E'\\n    DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), '') \
         || CASE WHEN t.typnotnull THEN E'\\n    ' || coalesce((SELECT 'CONSTRAINT ' || quote_ident(o.conname) || ' ' FROM pg_constraint o \
         WHERE o.contypid = t.oid AND o.contype = 'n' AND o.conname <> left(t.typname, 54) || '_not_null'), '') || 'NOT NULL' ELSE '' END \
         || coalesce((SELECT string_agg(E'\\n    CONSTRAINT ' || quote_ident(o.conname) || ' ' || \
         pg_get_constraintdef(o.oid), '' ORDER BY o.conname) FROM pg_constraint o WHERE o.contypid = t.oid AND o.contype = 'c'), '')",
        collate("t.typcollation", "b.typcollation")
    );
    let composite = format!(
        "'CREATE TYPE ' || format_type(c.reltype, NULL) || ' AS (' || coalesce((SELECT string_agg(E'\\n    ' || \
         quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) || {}, ',' ORDER BY a.attnum) \
         FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 \
         AND NOT a.attisdropped), '') || E'\\n)'",
        collate("a.attcollation", "t.typcollation")
    );
    // Not the name that PostgreSQL picks for the multirange (manual, `CREATE TYPE`), which only 14 brought.
    let range = format!(
        "'CREATE TYPE ' || format_type(t.oid, NULL) || ' AS RANGE (subtype = ' || format_type(r.rngsubtype, NULL) \
         || CASE WHEN o.opcdefault THEN '' ELSE ', subtype_opclass = ' || quote_ident(o.opcname) END || {} \
         || CASE WHEN r.rngcanonical = 0 THEN '' ELSE ', canonical = ' || r.rngcanonical END \
         || CASE WHEN r.rngsubdiff = 0 THEN '' ELSE ', subtype_diff = ' || r.rngsubdiff END \
         || coalesce((SELECT ', multirange_type_name = ' || format_type(m.oid, NULL) FROM pg_type m \
         WHERE m.oid = (to_jsonb(r) ->> 'rngmultitypid')::oid AND (m.typnamespace, m.typname::text) <> (t.typnamespace, \
         CASE WHEN t.typname LIKE '%range%' THEN regexp_replace(t.typname::text, 'range', 'multirange') \
         ELSE t.typname || '_multirange' END)), '') || ')'",
        collate("r.rngcollation", "s.typcollation").replace("' COLLATE '", "', collation = '")
    );
    let collation = "'CREATE COLLATION ' || quote_ident(n.nspname) || '.' || quote_ident(l.collname) || ' (provider = ' \
         || CASE l.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END || \
         CASE WHEN l.collprovider = 'c' AND l.collcollate <> l.collctype THEN ', lc_collate = ' || quote_literal(l.collcollate) \
         || ', lc_ctype = ' || quote_literal(l.collctype) ELSE ', locale = ' || quote_literal(coalesce(to_jsonb(l) ->> 'colllocale', \
         to_jsonb(l) ->> 'colliculocale', l.collcollate)) END \
         || CASE WHEN l.collisdeterministic THEN '' ELSE ', deterministic = false' END \
         || coalesce(', rules = ' || quote_literal(to_jsonb(l) ->> 'collicurules'), '') || ')'";
    let option = |word: &str, value: &str, is: &str| {
        format!("|| CASE WHEN {is} THEN E',\\n    {word} = ' || {value} ELSE '' END ")
    };
    let function = |word: &str, column: &str| option(word, &format!("a.{column}"), &format!("a.{column} <> 0"));
    let flag = |word: &str, is: &str| format!("|| CASE WHEN {is} THEN E',\\n    {word}' ELSE '' END ");
    let modify = |word: &str, column: &str| {
        let words =
            format!("CASE a.{column} WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END");
        option(word, &words, &format!("a.{column} <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END::\"char\""))
    };
    let aggregate = [
        "'CREATE AGGREGATE ' || quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || \
         coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') || E') (\\n    sfunc = ' || a.aggtransfn \
         || E',\\n    stype = ' || format_type(a.aggtranstype, NULL) "
            .to_owned(),
        option("sspace", "a.aggtransspace", "a.aggtransspace <> 0"),
        function("finalfunc", "aggfinalfn"),
        flag("finalfunc_extra", "a.aggfinalextra"),
        modify("finalfunc_modify", "aggfinalmodify"),
        function("combinefunc", "aggcombinefn"),
        function("serialfunc", "aggserialfn"),
        function("deserialfunc", "aggdeserialfn"),
        option("initcond", "quote_literal(a.agginitval)", "a.agginitval IS NOT NULL"),
        function("msfunc", "aggmtransfn"),
        function("minvfunc", "aggminvtransfn"),
        option("mstype", "format_type(a.aggmtranstype, NULL)", "a.aggmtranstype <> 0"),
        option("msspace", "a.aggmtransspace", "a.aggmtransspace <> 0"),
        function("mfinalfunc", "aggmfinalfn"),
        flag("mfinalfunc_extra", "a.aggmfinalextra"),
        option("minitcond", "quote_literal(a.aggminitval)", "a.aggminitval IS NOT NULL"),
        option(
            "sortop",
            "(SELECT 'OPERATOR(' || quote_ident(w.nspname) || '.' || o.oprname || ')' FROM pg_operator o \
             JOIN pg_namespace w ON w.oid = o.oprnamespace WHERE o.oid = a.aggsortop)",
            "a.aggsortop <> 0",
        ),
        option("parallel", "CASE p.proparallel WHEN 's' THEN 'safe' ELSE 'restricted' END", "p.proparallel <> 'u'"),
        flag("hypothetical", "a.aggkind = 'h'"),
        "|| E'\\n)'".to_owned(),
    ]
    .concat();
    let arguments = "coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*')";
    vec![
        object(
            "collation",
            [
                "l.oid",
                "n.nspname",
                "l.collname",
                collation,
                "'DROP COLLATION ' || quote_ident(n.nspname) || '.' || quote_ident(l.collname)",
                "NULL",
            ],
            &format!("pg_collation l JOIN ns n ON n.oid = l.collnamespace WHERE {}", no_ext("pg_collation", "l.oid")),
        ).of(&[Seldom::Collation]),
        object(
            "domain",
            ["t.oid", "n.nspname", "t.typname", &domain, "'DROP DOMAIN ' || format_type(t.oid, NULL)", "NULL"],
            &format!(
                "pg_type t JOIN ns n ON n.oid = t.typnamespace JOIN pg_type b ON b.oid = t.typbasetype \
                 WHERE t.typtype = 'd' AND {}",
                no_ext("pg_type", "t.oid")
            ),
        ).of(&[Seldom::Domain]),
        object(
            "type",
            ["c.oid", "c.nspname", "c.relname", &composite, "'DROP TYPE ' || format_type(c.reltype, NULL)", "NULL"],
            &format!("rel c WHERE c.relkind = 'c' AND {}", no_ext("pg_type", "c.reltype")),
        ).of(&[Seldom::Composite]),
        object(
            "type",
            ["t.oid", "n.nspname", "t.typname", &range, "'DROP TYPE ' || format_type(t.oid, NULL)", "NULL"],
            &format!(
                "pg_type t JOIN ns n ON n.oid = t.typnamespace JOIN pg_range r ON r.rngtypid = t.oid \
                 JOIN pg_opclass o ON o.oid = r.rngsubopc JOIN pg_type s ON s.oid = r.rngsubtype WHERE {}",
                no_ext("pg_type", "t.oid")
            ),
        ).of(&[Seldom::Range]),
        object(
            "aggregate",
            [
                "p.oid",
                "n.nspname",
                &format!("p.proname || '(' || {arguments} || ')'"),
                &aggregate,
                &format!(
                    "'DROP AGGREGATE ' || quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' || {arguments} || ')'"
                ),
                "NULL",
            ],
            &format!(
                "pg_proc p JOIN ns n ON n.oid = p.pronamespace JOIN pg_aggregate a ON a.aggfnoid = p.oid WHERE {}",
                no_ext("pg_proc", "p.oid")
            ),
        ).of(&[Seldom::Aggregate]),
    ]
}

/// What stands on a relation, by its name.
fn on_tables() -> Vec<Part> {
    let policy = "'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || c.oid::regclass \
         || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END \
         || CASE p.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' \
         WHEN 'd' THEN ' FOR DELETE' ELSE '' END \
         || CASE WHEN p.polroles = '{0}' THEN '' ELSE (SELECT ' TO ' || string_agg(role, ', ' ORDER BY role) FROM \
         (SELECT CASE r WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END AS role FROM unnest(p.polroles) r) roles) END \
         || coalesce(E'\\n    USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') \
         || coalesce(E'\\n    WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')";
    let named = |name: &str| format!("c.relname || '.' || {name}");
    vec![
        object(
            "index",
            ["x.oid", "c.nspname", "x.relname", "pg_get_indexdef(x.oid)", "'DROP INDEX ' || x.oid::regclass", "c.oid"],
            &format!("pg_index i {} JOIN pg_class x ON x.oid = i.indexrelid WHERE c.relkind = 'm'", relation("rel", "i.indrelid")),
        ).of(&[Seldom::View]),
        object(
            "exclusion",
            [
                "o.oid",
                "c.nspname",
                &named("o.conname"),
                "'ALTER TABLE ' || c.oid::regclass || E'\\n    ADD CONSTRAINT ' || quote_ident(o.conname) || ' ' || pg_get_constraintdef(o.oid)",
                "'ALTER TABLE ' || c.oid::regclass || ' DROP CONSTRAINT ' || quote_ident(o.conname)",
                "c.oid",
            ],
            &format!("pg_constraint o {} WHERE o.contype = 'x' AND o.conparentid = 0", relation("tab", "o.conrelid")),
        ).of(&[Seldom::Exclusion]),
        object(
            "statistics",
            [
                "s.oid",
                "n.nspname",
                "s.stxname",
                // The server lists the columns as they came into the table, whatever the statement said.
                "coalesce(replace(pg_get_statisticsobjdef(s.oid), ' ON ' || l.by_number, ' ON ' || l.by_name), \
                 pg_get_statisticsobjdef(s.oid))",
                "'DROP STATISTICS ' || quote_ident(n.nspname) || '.' || quote_ident(s.stxname)",
                "s.stxrelid",
            ],
            "pg_statistic_ext s JOIN ns n ON n.oid = s.stxnamespace, LATERAL (SELECT \
             string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS by_number, \
             string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) AS by_name FROM pg_attribute a \
             WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) l",
        ).of(&[Seldom::Statistics]),
        object(
            "rule",
            [
                "r.oid",
                "c.nspname",
                &named("r.rulename"),
                "rtrim(pg_get_ruledef(r.oid), ';')",
                "'DROP RULE ' || quote_ident(r.rulename) || ' ON ' || c.oid::regclass",
                "c.oid",
            ],
            &format!("pg_rewrite r {} WHERE r.rulename <> '_RETURN'", relation("rel", "r.ev_class")),
        ).of(&[Seldom::Rule]),
        object(
            "policy",
            [
                "p.oid",
                "c.nspname",
                &named("p.polname"),
                policy,
                "'DROP POLICY ' || quote_ident(p.polname) || ' ON ' || c.oid::regclass",
                "c.oid",
            ],
            &format!("pg_policy p {}", relation("rel", "p.polrelid")),
        ).of(&[Seldom::Policy]),
    ]
}

/// What lives in no namespace.
fn global() -> Vec<Part> {
    // Columns and row filters are PostgreSQL 15's; before it, the names are those of the outer query.
    let publication = "'CREATE PUBLICATION ' || quote_ident(p.pubname) || CASE WHEN p.puballtables THEN ' FOR ALL TABLES' \
         ELSE coalesce(' FOR ' || (SELECT string_agg(what, ', ' ORDER BY what) FROM (\
         SELECT 'TABLE ' || r.prrelid::regclass \
         || coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) || ')' FROM pg_attribute a \
            WHERE a.attrelid = r.prrelid AND a.attnum = ANY ((SELECT prattrs FROM pg_publication_rel u WHERE u.oid = r.oid)::int2[])), '') \
         || coalesce(' WHERE ' || pg_get_expr((SELECT prqual FROM pg_publication_rel u WHERE u.oid = r.oid), r.prrelid), '') AS what \
         FROM pg_publication_rel r CROSS JOIN (SELECT NULL::int2vector AS prattrs, NULL::pg_node_tree AS prqual) before_15 \
         WHERE r.prpubid = p.oid \
         UNION ALL SELECT 'TABLES IN SCHEMA ' || quote_ident(n.nspname) FROM pg_depend d JOIN pg_depend s ON s.classid = d.classid \
         AND s.objid = d.objid AND s.refclassid = 'pg_namespace'::regclass JOIN pg_namespace n ON n.oid = s.refobjid \
         WHERE d.refclassid = 'pg_publication'::regclass AND d.refobjid = p.oid) parts), '') END \
         || E'\\n    WITH (publish = ''' || array_to_string(ARRAY[CASE WHEN p.pubinsert THEN 'insert' END, \
         CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, \
         CASE WHEN p.pubtruncate THEN 'truncate' END], ', ') || '''' \
         || CASE WHEN p.pubviaroot THEN ', publish_via_partition_root = true' ELSE '' END \
         || CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN ', publish_generated_columns = stored' ELSE '' END || ')'";
    vec![
        object(
            "publication",
            ["p.oid", "NULL", "p.pubname", publication, "'DROP PUBLICATION ' || quote_ident(p.pubname)", "NULL"],
            "pg_publication p",
        ).of(&[Seldom::Publication]),
        object(
            "event trigger",
            [
                "e.oid",
                "NULL",
                "e.evtname",
                "'CREATE EVENT TRIGGER ' || quote_ident(e.evtname) || ' ON ' || e.evtevent \
                 || coalesce(' WHEN TAG IN (' || (SELECT string_agg(quote_literal(t), ', ' ORDER BY k) FROM unnest(e.evttags) WITH ORDINALITY u(t, k)) || ')', '') \
                 || ' EXECUTE FUNCTION ' || e.evtfoid::regproc || '()'",
                "'DROP EVENT TRIGGER ' || quote_ident(e.evtname)",
                "NULL",
            ],
            &format!("pg_event_trigger e WHERE {}", no_ext("pg_event_trigger", "e.oid")),
        ).of(&[Seldom::EventTrigger]),
    ]
}

/// Comments on whatever is handled as text.
fn comments() -> Part {
    // Joined and not asked for one by one: the planner takes each question for so much work that it would compile a
    // query over a few thousand comments, which takes a minute.
    let arm = |class: &str, owner: &str, from: &str| {
        format!(
            "SELECT d.classoid, d.objoid, d.objsubid, d.description, {owner} AS owner FROM pg_description d {from} AND \
             d.objoid >= 16384 AND d.classoid {class}"
        )
    };
    let on_class = "= 'pg_class'::regclass";
    let arms = [
        arm(
            "IN ('pg_proc'::regclass, 'pg_trigger'::regclass, 'pg_policy'::regclass, 'pg_rewrite'::regclass, \
             'pg_event_trigger'::regclass, 'pg_statistic_ext'::regclass, 'pg_publication'::regclass, \
             'pg_collation'::regclass, 'pg_foreign_server'::regclass, 'pg_foreign_data_wrapper'::regclass, \
             'pg_operator'::regclass, 'pg_cast'::regclass, 'pg_ts_dict'::regclass, \
             'pg_ts_config'::regclass)",
            "d.objoid",
            "WHERE true",
        ),
        // A server forgets a subscription and keeps its comment, and 13 fails where it is asked what that is about. This
        // view shows the oids to everyone, which the catalog does from 14 on.
        arm("= 'pg_subscription'::regclass", "d.objoid", "WHERE d.objoid IN (SELECT subid FROM pg_stat_subscription)"),
        arm(
            "= 'pg_type'::regclass",
            "coalesce(nullif(t.typrelid, 0), d.objoid)",
            "JOIN pg_type t ON t.oid = d.objoid WHERE t.typtype <> 'e'",
        ),
        arm(
            "= 'pg_constraint'::regclass",
            "coalesce(nullif(o.contypid, 0), d.objoid)",
            "JOIN pg_constraint o ON o.oid = d.objoid WHERE (o.contype = 'x' OR o.contypid <> 0)",
        ),
        arm(on_class, "d.objoid", "JOIN pg_class c ON c.oid = d.objoid WHERE c.relkind IN ('v', 'm', 'c', 'f')"),
        arm(
            on_class,
            "d.objoid",
            "JOIN pg_index i ON i.indexrelid = d.objoid JOIN pg_class t ON t.oid = i.indrelid WHERE t.relkind = 'm'",
        ),
        // Of an index that a constraint made.
        arm(
            on_class,
            "CASE o.contype WHEN 'x' THEN o.oid ELSE d.objoid END",
            "JOIN pg_index i ON i.indexrelid = d.objoid JOIN pg_constraint o ON o.conrelid = i.indrelid \
             AND o.conindid = d.objoid AND o.contype IN ('p', 'u', 'x') JOIN pg_class x ON x.oid = d.objoid \
             WHERE NOT x.relispartition",
        ),
        // `public` comes with every database, and with this comment.
        "SELECT d.classoid, d.objoid, d.objsubid, d.description, NULL::oid FROM pg_description d JOIN ns ON ns.oid = d.objoid \
             WHERE d.classoid = 'pg_namespace'::regclass AND ns.nspname = 'public' AND d.description <> 'standard public schema'"
            .to_owned(),
        // Of a sequence that a column owns.
        arm(
            on_class,
            "w.refobjid",
            "JOIN pg_class c ON c.oid = d.objoid JOIN pg_depend w ON w.classid = 'pg_class'::regclass AND w.objid = d.objoid \
             AND w.objsubid = 0 AND w.refclassid = 'pg_class'::regclass AND w.deptype IN ('a', 'i') WHERE c.relkind = 'S'",
        ),
    ]
    .join(" UNION ALL ");
    let word = "CASE w.type WHEN 'table constraint' THEN 'CONSTRAINT' WHEN 'domain constraint' THEN 'CONSTRAINT' \
         WHEN 'statistics object' THEN 'STATISTICS' WHEN 'view column' THEN 'COLUMN' \
         WHEN 'materialized view column' THEN 'COLUMN' WHEN 'composite type column' THEN 'COLUMN' \
         WHEN 'composite type' THEN 'TYPE' WHEN 'foreign table column' THEN 'COLUMN' \
         WHEN 'foreign-data wrapper' THEN 'FOREIGN DATA WRAPPER' ELSE upper(w.type) END || ' ' || \
         CASE w.type WHEN 'domain constraint' THEN replace(w.identity, ' on ', ' ON DOMAIN ') \
         WHEN 'aggregate' THEN regexp_replace(w.identity, '\\(\\)$', '(*)') ELSE w.identity END";
    object(
        "comment",
        [
            "NULL",
            "NULL",
            word,
            &format!("'COMMENT ON ' || {word} || ' IS ' || quote_literal(d.description)"),
            &format!("'COMMENT ON ' || {word} || ' IS NULL'"),
            "d.owner",
        ],
        &format!(
            "({arms}) d CROSS JOIN LATERAL (SELECT o.type, regexp_replace(o.identity, '(^| on )public[.]', '\\1', 'g') \
             AS identity FROM pg_identify_object(d.classoid, d.objoid, d.objsubid) o) w WHERE w.identity IS NOT NULL \
             AND (d.classoid, d.objoid) NOT IN (SELECT classid, objid FROM ext)"
        ),
    )
    .of(&[Seldom::Comment])
}
