//! What is not read, by kind and name, so that nobody takes it for compared. The words are `pg_identify_object`'s, which
//! are those of no language but SQL's.

use super::queries::part;

/// Catalogs none of whose objects are read.
const CATALOGS: &[&str] = &[
    "pg_am",
    "pg_cast",
    "pg_conversion",
    "pg_language",
    "pg_opclass",
    "pg_operator",
    "pg_opfamily",
    "pg_transform",
    "pg_ts_config",
    "pg_ts_dict",
    "pg_ts_parser",
    "pg_ts_template",
];

/// Operators and functions that were added to a family of the server's own.
const MEMBERS: [(&str, &str); 2] = [("pg_amop", "amopfamily"), ("pg_amproc", "amprocfamily")];

/// `text` is said of an object, which it calls `w`: its type and identity.
fn of(text: &str, class: &str, oid: &str, from: &str, is: &str) -> String {
    let from = format!("{from} CROSS JOIN LATERAL pg_identify_object('{class}'::regclass, {oid}, 0) w WHERE {is}");
    part("unread", &[text], &from)
}

pub(super) fn parts() -> Vec<String> {
    let itself = "w.type || ' ' || w.identity";
    let not_of_extension = |class: &str| {
        format!("o.oid >= 16384 AND NOT EXISTS (SELECT FROM ext WHERE classid = '{class}'::regclass AND objid = o.oid)")
    };
    let whole = CATALOGS
        .iter()
        .map(|catalog| of(itself, catalog, "o.oid", &format!("{catalog} o"), &not_of_extension(catalog)));
    let members = MEMBERS.iter().map(|(catalog, family)| {
        let is = format!("{} AND o.{family} < 16384", not_of_extension(catalog));
        of(itself, catalog, "o.oid", &format!("{catalog} o"), &is)
    });
    let table = |text: &str, from: &str, is: &str| of(text, "pg_class", "c.oid", from, is);
    let mut parts: Vec<String> = whole.chain(members).collect();
    parts.extend([
        // Base types and those of which only the name is there; another kind of type has a query of its own.
        of(
            itself,
            "pg_type",
            "o.oid",
            "pg_type o",
            &format!("{} AND o.typtype IN ('b', 'p') AND o.typcategory <> 'A'", not_of_extension("pg_type")),
        ),
        part(
            "unread",
            &["'security label of ' || o.provider || ' on ' || w.type || ' ' || w.identity"],
            "pg_seclabel o CROSS JOIN LATERAL pg_identify_object(o.classoid, o.objoid, o.objsubid) w",
        ),
        part(
            "unread",
            &["'dependence on an extension of ' || w.type || ' ' || w.identity"],
            "pg_depend o CROSS JOIN LATERAL pg_identify_object(o.classid, o.objid, o.objsubid) w WHERE o.deptype = 'x'",
        ),
        of(
            "'privileges of language ' || w.identity",
            "pg_language",
            "o.oid",
            "pg_language o",
            "o.oid < 16384 AND o.lanacl IS DISTINCT FROM (SELECT i.initprivs FROM pg_init_privs i \
             WHERE i.classoid = 'pg_language'::regclass AND i.objoid = o.oid)",
        ),
        table(
            "'foreign table ' || w.identity || ', which is a part or a child of another table'",
            "rel c",
            "c.relkind = 'f' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid)",
        ),
        table("'tablespace of ' || w.type || ' ' || w.identity", "rel c", "c.reltablespace <> 0"),
        table(
            "'tablespace of index ' || w.identity",
            "pg_index i JOIN rel t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid",
            "c.reltablespace <> 0",
        ),
        table(
            "'access method of ' || w.type || ' ' || w.identity",
            "rel c JOIN pg_am m ON m.oid = c.relam",
            "m.amname <> 'heap'",
        ),
        table("'type that the table ' || w.identity || ' is of'", "rel c", "c.reloftype <> 0"),
        table(
            "'that ' || w.identity || ' is UNLOGGED or is not, as its table'",
            "rel c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0 \
             AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') JOIN pg_class t ON t.oid = d.refobjid",
            "c.relkind = 'S' AND c.relpersistence <> t.relpersistence AND current_setting('server_version_num')::int >= 150000",
        ),
        // A partition's index comes with its parent's.
        table(
            "'storage parameters of index ' || w.identity",
            "pg_index i JOIN tab t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid",
            "c.relispartition AND c.reloptions IS NOT NULL",
        ),
        table(
            "'statistics targets of index ' || w.identity",
            "pg_index i JOIN tab t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid",
            "c.relispartition AND i.indexprs IS NOT NULL AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid \
             AND coalesce(a.attstattarget, -1) >= 0)",
        ),
        table(
            "'comment on index ' || w.identity",
            "pg_index i JOIN tab t ON t.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid \
             JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid",
            "c.relispartition",
        ),
        of(
            "'comment on constraint ' || w.identity",
            "pg_constraint",
            "o.oid",
            "pg_constraint o JOIN tab ON tab.oid = o.conrelid \
             JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = o.oid",
            "o.contype = 'n'",
        ),
        // So does its trigger; one that checks a foreign key has a name of the server's own.
        of(
            "'state of trigger ' || w.identity || ', which is another than its parent''s'",
            "pg_trigger",
            "g.oid",
            "pg_trigger g JOIN tab c ON c.oid = g.tgrelid JOIN pg_trigger p ON p.oid = g.tgparentid",
            "g.tgenabled <> p.tgenabled AND g.tgconstrrelid = 0",
        ),
        of(
            "'state of the triggers of foreign key ' || w.identity",
            "pg_constraint",
            "o.oid",
            "pg_constraint o JOIN tab c ON c.oid = o.conrelid",
            "o.contype = 'f' AND o.oid IN (SELECT g.tgconstraint FROM pg_trigger g WHERE g.tgenabled <> 'O' AND g.tgisinternal)",
        ),
    ]);
    parts
}
