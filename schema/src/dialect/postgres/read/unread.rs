//! What is not read, by kind and name, so that nobody takes it for compared. The words are `pg_identify_object`'s, which
//! are those of no language but SQL's.

use super::queries::{Part, part};

/// Catalogs none of whose objects are read.
const CATALOGS: &[&str] = &[
    "pg_am",
    "pg_conversion",
    "pg_language",
    "pg_opclass",
    "pg_opfamily",
    "pg_transform",
    "pg_ts_parser",
    "pg_ts_template",
];

/// Those that come with their parents'.
const INDEXES: &str = "(SELECT i.indexrelid AS oid, i.indexprs, i.reloptions FROM idx i WHERE i.relispartition) c";

/// Something of an object: what is said before and behind its name, by catalog and oid.
fn of(before: &str, class: &str, oid: &str, behind: &str, from: &str) -> String {
    format!("SELECT {before}, '{class}'::regclass, {oid}, 0, '{behind}' FROM {from}")
}

fn whole(catalog: &str, is: &str) -> String {
    of("''", catalog, "o.oid", "", &format!("{catalog} o WHERE o.oid >= 16384{is}"))
}

/// One part for all of it: to plan a part takes the server longer than to run it.
pub(super) fn part_of_all() -> Part {
    let table =
        |before: &str, behind: &str, from: &str| of(&format!("'{before} of '"), "pg_class", "c.oid", behind, from);
    let mut arms: Vec<String> = CATALOGS.iter().map(|catalog| whole(catalog, "")).collect();
    arms.extend([
        // What is only named by another.
        whole("pg_operator", " AND o.oprcode = 0"),
        // Operators and functions that were added to a family of the server's own.
        whole("pg_amop", " AND o.amopfamily < 16384"),
        whole("pg_amproc", " AND o.amprocfamily < 16384"),
        // Base types and those of which only the name is there; another kind of type has a query of its own.
        whole("pg_type", " AND o.typtype IN ('b', 'p') AND o.typcategory <> 'A'"),
        "SELECT 'security label of ' || o.provider || ' on ', o.classoid, o.objoid, o.objsubid, '' FROM pg_seclabel o".to_owned(),
        "SELECT 'dependence on an extension of ', o.classid, o.objid, o.objsubid, '' FROM on_ext o WHERE o.deptype = 'x'"
            .to_owned(),
        of(
            "'privileges of '",
            "pg_language",
            "o.oid",
            "",
            "pg_language o WHERE o.oid < 16384 AND o.lanacl IS DISTINCT FROM (SELECT i.initprivs FROM pg_init_privs i \
             WHERE i.classoid = 'pg_language'::regclass AND i.objoid = o.oid)",
        ),
        of(
            "''",
            "pg_class",
            "c.oid",
            ", which is a part or a child of another table",
            "rel c WHERE c.relkind = 'f' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid)",
        ),
        table("tablespace", "", "rel c WHERE c.reltablespace <> 0"),
        table(
            "tablespace",
            "",
            "(SELECT oid FROM pg_class WHERE reltablespace <> 0 AND relkind IN ('i', 'I') OFFSET 0) c CROSS JOIN LATERAL \
             (SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = c.oid OFFSET 0) i WHERE (i.indrelid IN (SELECT oid FROM rel)) IS TRUE",
        ),
        table("access method", "", "rel c JOIN pg_am m ON m.oid = c.relam WHERE m.amname <> 'heap'"),
        table("type", "", "rel c WHERE c.reloftype <> 0"),
        table(
            "persistence",
            ", which is another than its table''s",
            "seq c JOIN pg_class t ON t.oid = c.refobjid WHERE c.relpersistence <> t.relpersistence \
             AND EXISTS (SELECT FROM rel WHERE relpersistence = 'u') \
             AND current_setting('server_version_num')::int >= 150000",
        ),
        // A partition's index comes with its parent's.
        table("storage parameters", "", &format!("{INDEXES} WHERE c.reloptions IS NOT NULL")),
        table(
            "statistics targets",
            "",
            &format!(
                "{INDEXES} WHERE c.indexprs IS NOT NULL AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid \
                 AND coalesce(a.attstattarget, -1) >= 0)"
            ),
        ),
        table("comment", "", &format!("{INDEXES} JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid")),
        of(
            "'comment of '",
            "pg_constraint",
            "o.oid",
            "",
            "pg_constraint o JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = o.oid \
             WHERE o.contype = 'n' AND (o.conrelid IN (SELECT oid FROM tab)) IS TRUE",
        ),
        // So does its trigger; one that checks a foreign key has a name of the server's own.
        of(
            "'state of '",
            "pg_trigger",
            "g.oid",
            ", which is another than its parent''s",
            "pg_trigger g JOIN pg_trigger p ON p.oid = g.tgparentid WHERE g.tgenabled <> p.tgenabled AND g.tgconstrrelid = 0 \
             AND (g.tgrelid IN (SELECT oid FROM tab)) IS TRUE",
        ),
        of(
            "'state of the triggers of '",
            "pg_constraint",
            "o.oid",
            "",
            "(SELECT DISTINCT g.tgconstraint FROM pg_trigger g WHERE g.tgenabled <> 'O' AND g.tgisinternal) g \
             JOIN pg_constraint o ON o.oid = g.tgconstraint WHERE o.contype = 'f' AND (o.conrelid IN (SELECT oid FROM tab)) IS TRUE",
        ),
    ]);
    let from = format!(
        "({}) o (before, class, oid, sub, behind) CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, o.sub) w \
         WHERE o.oid < 16384 OR (o.class, o.oid) NOT IN (SELECT classid, objid FROM ext)",
        arms.join(" UNION ALL ")
    );
    part("unread", &["o.before || w.type || ' ' || w.identity || o.behind"], &from)
}
