//! Owner and privileges of what is dropped and made again: read before, given back behind.

use std::collections::BTreeSet;

use super::quote;
use crate::change::Step;
use crate::schema::text::dollar_quoted;
use crate::schema::{Name, ObjectId, ObjectKind};

/// Where the session keeps them meanwhile: what goes and what comes may be in two transactions.
const REMEMBERED: &str = "'diesel_schema.privileges'";

/// The statement that comes before the first of `remade` goes, and the one behind the last that comes.
///
/// A new object has what the server's default privileges give to it, which may be more than there was: a function
/// whose `EXECUTE` was revoked is open to `PUBLIC` again.
pub(super) fn steps(remade: &BTreeSet<ObjectId>) -> Option<(Option<Step>, Step)> {
    let held = held(remade);
    if held.is_empty() {
        return None;
    }
    let held = held.join("\n    UNION ALL ");
    let remember = format!(
        "SELECT set_config({REMEMBERED}, (SELECT jsonb_agg(held)::text FROM (\n    {held}\n) held (what, only_of, owner, acl)), false)"
    );
    // Columns have none of their own.
    let has_owner = remade.iter().any(|id| !matches!(id, ObjectId::Column(..) | ObjectId::Sequence(_)));
    let owners = if has_owner {
        "    FOR held IN
        SELECT what, owner FROM jsonb_to_recordset(remembered) AS was (what text, owner oid)
        WHERE owner <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
    LOOP
        EXECUTE format('ALTER %s OWNER TO %s', regexp_replace(held.what, '^FOREIGN SERVER', 'SERVER'), held.owner::regrole);
    END LOOP;
"
    } else {
        ""
    };
    // Nobody has a privilege on a new column yet.
    let only_columns = remade.iter().all(|id| matches!(id, ObjectId::Column(..)));
    let grants = if only_columns {
        "        SELECT 'GRANT' AS verb, 'TO' AS word, was.what, was.only_of, a.grantee, a.privilege_type, a.is_grantable
        FROM jsonb_to_recordset(remembered) AS was (what text, only_of text, acl aclitem[])
            CROSS JOIN aclexplode(nullif(acl, '{}')) a"
            .to_owned()
    } else {
        format!(
            "        WITH now (what, only_of, owner, acl) AS (
            {}
        ), was AS (
            SELECT was.what, was.only_of, was.acl
            FROM jsonb_to_recordset(remembered) AS was (what text, only_of text, acl aclitem[])
                JOIN now ON now.what = was.what AND now.only_of IS NOT DISTINCT FROM was.only_of
        ), before AS (
            SELECT what, only_of, a.grantee, a.privilege_type, a.is_grantable FROM was CROSS JOIN aclexplode(nullif(acl, '{{}}')) a
        ), present AS (
            SELECT what, only_of, a.grantee, a.privilege_type, a.is_grantable FROM now CROSS JOIN aclexplode(nullif(acl, '{{}}')) a
        )
        SELECT 'REVOKE' AS verb, 'FROM' AS word, more.* FROM (TABLE present EXCEPT TABLE before) more
        UNION ALL
        SELECT 'GRANT', 'TO', less.* FROM (TABLE before EXCEPT TABLE present) less
        ORDER BY verb DESC",
            held.replace('\n', "\n            ")
        )
    };
    let give_back = format!(
        "
DECLARE
    remembered jsonb := nullif(current_setting({REMEMBERED}, true), '');
    held record;
BEGIN
    IF remembered IS NULL THEN
        RAISE WARNING 'nobody knows any more who could use what has been made again: grant it anew';
    END IF;
{owners}    FOR held IN
{grants}
    LOOP
        EXECUTE concat_ws(' ', held.verb, held.privilege_type, '(' || quote_ident(held.only_of) || ')', 'ON', held.what, held.word,
            CASE held.grantee WHEN 0 THEN 'PUBLIC' ELSE held.grantee::regrole::text END,
            CASE WHEN held.verb = 'GRANT' AND held.is_grantable THEN 'WITH GRANT OPTION' END);
    END LOOP;
    PERFORM set_config({REMEMBERED}, '', false);
END
"
    );
    let give_back = format!("DO {}", dollar_quoted("privileges", &give_back));
    Some((Some(Step::harmless(remember)), Step::harmless(give_back)))
}

/// A query a catalog: what it is, which column of it, whose it is, and who may do what with it.
fn held(remade: &BTreeSet<ObjectId>) -> Vec<String> {
    use ObjectKind::{
        Aggregate, Domain, ForeignDataWrapper, ForeignTable, Function, MaterializedView, Server, Type, View,
    };
    let listed = |of: &dyn Fn(&ObjectId) -> Option<String>| {
        let all: Vec<String> = remade.iter().filter_map(of).collect();
        (!all.is_empty()).then(|| all.join(", "))
    };
    // What is not there under this name yet, or any more, is nobody's: no error.
    let cast = |text: &str, to: &str| format!("to_{to}({})", quote::literal(text));
    let relations = listed(&|id| match id {
        ObjectId::Table(name) | ObjectId::Object(View | MaterializedView | ForeignTable, name) => {
            Some(cast(&quote::name(name), "regclass"))
        }
        _ => None,
    });
    let sequences = listed(&|id| match id {
        ObjectId::Sequence(name) => Some(cast(&quote::name(name), "regclass")),
        _ => None,
    });
    let columns = listed(&|id| match id {
        ObjectId::Column(table, column) => {
            Some(format!("({}, {})", cast(&quote::name(table), "regclass"), quote::literal(column)))
        }
        _ => None,
    });
    let routines = listed(&|id| match id {
        ObjectId::Object(Function, name) => Some(cast(&signature(name), "regprocedure")),
        _ => None,
    });
    let aggregates = listed(&|id| match id {
        ObjectId::Object(Aggregate, name) => {
            let namespace = name.namespace.as_deref().unwrap_or("public");
            Some(format!(
                "(to_regnamespace({}), {})",
                quote::literal(&quote::ident(namespace)),
                quote::literal(&name.name)
            ))
        }
        _ => None,
    });
    let types = listed(&|id| match id {
        ObjectId::Enum(name) | ObjectId::Object(Domain | Type, name) => Some(cast(&quote::name(name), "regtype")),
        _ => None,
    });
    let wrappers = listed(&|id| match id {
        ObjectId::Object(ForeignDataWrapper, name) => Some(quote::literal(&name.name)),
        _ => None,
    });
    let servers = listed(&|id| match id {
        ObjectId::Object(Server, name) => Some(quote::literal(&name.name)),
        _ => None,
    });
    let own = |what: &str, prefix: &str, class: char, from: &str| {
        format!(
            "SELECT {what}, NULL::text, {prefix}owner, coalesce({prefix}acl, acldefault('{class}', {prefix}owner))\n    \
             FROM {from}"
        )
    };
    let of_columns = |which: String| {
        format!(
            "SELECT 'TABLE ' || attrelid::regclass, attname::text, NULL::oid, attacl\n    FROM pg_attribute \
             WHERE {which} AND attnum > 0 AND NOT attisdropped"
        )
    };
    let aggregate = "proname || '(' || coalesce(nullif(pg_get_function_identity_arguments(oid), ''), '*') || ')'";
    let routine = "'ROUTINE ' || oid::regprocedure";
    [
        relations
            .as_ref()
            .map(|it| own("'TABLE ' || oid::regclass", "rel", 'r', &format!("pg_class WHERE oid IN ({it})"))),
        sequences.map(|it| {
            let from = format!("pg_class WHERE oid IN ({it})");
            // Its owner is that of its table.
            own("'SEQUENCE ' || oid::regclass", "rel", 's', &from).replacen(", relowner,", ", NULL::oid,", 1)
        }),
        routines.map(|it| own(routine, "pro", 'f', &format!("pg_proc WHERE oid IN ({it})"))),
        aggregates.map(|it| own(routine, "pro", 'f', &format!("pg_proc WHERE (pronamespace, {aggregate}) IN ({it})"))),
        types.map(|it| own("'TYPE ' || oid::regtype", "typ", 'T', &format!("pg_type WHERE oid IN ({it})"))),
        wrappers.map(|it| {
            let from = format!("pg_foreign_data_wrapper WHERE fdwname IN ({it})");
            own("'FOREIGN DATA WRAPPER ' || quote_ident(fdwname)", "fdw", 'F', &from)
        }),
        servers.map(|it| {
            let from = format!("pg_foreign_server WHERE srvname IN ({it})");
            own("'FOREIGN SERVER ' || quote_ident(srvname)", "srv", 'S', &from)
        }),
        relations.map(|it| of_columns(format!("attrelid IN ({it})"))),
        columns.map(|it| of_columns(format!("(attrelid, attname) IN ({it})"))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A function's name as the server looks it up.
fn signature(name: &Name) -> String {
    let (function, arguments) = name.name.split_once('(').unwrap_or((&name.name, ")"));
    format!("{}({arguments}", quote::name(&Name::qualified(name.namespace.clone(), function)))
}
