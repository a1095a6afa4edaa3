//! Operators and casts. Their classes and families are not read.

use super::kinds::object;
use super::queries::{Part, no_ext};
use super::seldom::Seldom;

pub(super) fn parts() -> Vec<Part> {
    let place = "CASE n.nspname WHEN 'public' THEN '' ELSE quote_ident(n.nspname) || '.' END || o.oprname";
    let operand = |column: &str| format!("CASE o.{column} WHEN 0 THEN 'NONE' ELSE format_type(o.{column}, NULL) END");
    let operands = format!("' (' || {} || ', ' || {} || ')'", operand("oprleft"), operand("oprright"));
    let clause = |word: &str, column: &str, value: &str| {
        format!("|| CASE WHEN o.{column} <> 0 THEN E',\\n    {word} = ' || {value} ELSE '' END ")
    };
    // Which of two has noted the other one depends on which was made first.
    let other = |word: &str, column: &str, noted: &str| {
        format!(
            "|| coalesce((SELECT E',\\n    {word} = OPERATOR(' || quote_ident(w.nspname) || '.' || c.oprname || ')' FROM pg_operator c \
             JOIN pg_namespace w ON w.oid = c.oprnamespace WHERE c.oid = coalesce(nullif(o.{column}, 0), {noted}.by)), '') "
        )
    };
    let noted = |column: &str, by: &str| {
        format!(
            "LEFT JOIN (SELECT {column} AS other, min(oid) AS by FROM pg_operator WHERE {column} >= 16384 GROUP BY {column}) {by} \
             ON {by}.other = o.oid"
        )
    };
    let operator = [
        format!("'CREATE OPERATOR ' || {place} || E' (\\n    FUNCTION = ' || o.oprcode "),
        clause("LEFTARG", "oprleft", "format_type(o.oprleft, NULL)"),
        clause("RIGHTARG", "oprright", "format_type(o.oprright, NULL)"),
        other("COMMUTATOR", "oprcom", "commutes"),
        other("NEGATOR", "oprnegate", "negates"),
        clause("RESTRICT", "oprrest", "o.oprrest"),
        clause("JOIN", "oprjoin", "o.oprjoin"),
        "|| CASE WHEN o.oprcanhash THEN E',\\n    HASHES' ELSE '' END ".to_owned(),
        "|| CASE WHEN o.oprcanmerge THEN E',\\n    MERGES' ELSE '' END || E'\\n)'".to_owned(),
    ]
    .concat();
    let cast = "'(' || format_type(k.castsource, NULL) || ' AS ' || format_type(k.casttarget, NULL) || ')'";
    vec![
        object(
            "operator",
            [
                "o.oid",
                "n.nspname",
                &format!("o.oprname || {operands}"),
                &operator,
                &format!("'DROP OPERATOR ' || {place} || {operands}"),
                "NULL",
            ],
            // One without a function is only named, by another that is still to come.
            &format!(
                "pg_operator o JOIN ns n ON n.oid = o.oprnamespace {} {} WHERE o.oprcode <> 0 AND {}",
                noted("oprcom", "commutes"),
                noted("oprnegate", "negates"),
                no_ext("pg_operator", "o.oid")
            ),
        ).of(&[Seldom::Operator]),
        object(
            "cast",
            [
                "k.oid",
                "NULL",
                cast,
                &format!(
                    "'CREATE CAST ' || {cast} || CASE k.castmethod WHEN 'f' THEN ' WITH FUNCTION ' || k.castfunc::regprocedure \
                     WHEN 'i' THEN ' WITH INOUT' ELSE ' WITHOUT FUNCTION' END || CASE k.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' \
                     WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END"
                ),
                &format!("'DROP CAST ' || {cast}"),
                "nullif(k.castfunc, 0)",
            ],
            // A range comes with a cast to its multirange.
            &format!(
                "pg_cast k WHERE k.oid >= 16384 AND {} AND k.oid NOT IN (SELECT d.objid FROM pg_depend d \
                 WHERE d.classid = 'pg_cast'::regclass AND d.deptype = 'i')",
                no_ext("pg_cast", "k.oid")
            ),
        ).of(&[Seldom::Cast]),
    ]
}
