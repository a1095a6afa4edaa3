//! A view that has the name that a table had.

use super::quote;
use crate::change::Step;
use crate::schema::Name;
use crate::schema::text::dollar_quoted;

/// Whoever may use the table may use the view, which does it with the rights of its owner.
pub(super) fn granted_alike(table: &Name, view: &Name) -> Vec<Step> {
    let (on, view) = (quote::literal(&quote::name(table)), quote::literal(&quote::name(view)));
    let body = format!(
        "
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT a.privilege_type AS may, NULL AS only_of, a.is_grantable, coalesce(quote_ident(r.rolname), 'PUBLIC') AS who
        FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
        WHERE c.oid = {on}::regclass AND a.grantee <> c.relowner
        UNION ALL
        SELECT a.privilege_type, format('(%I)', c.attname), a.is_grantable, coalesce(quote_ident(r.rolname), 'PUBLIC')
        FROM pg_attribute c JOIN pg_attribute v ON v.attrelid = {view}::regclass AND v.attname = c.attname
            CROSS JOIN aclexplode(c.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
        WHERE c.attrelid = {on}::regclass
    LOOP
        EXECUTE concat_ws(' ', 'GRANT', held.may, held.only_of, 'ON', {view}, 'TO', held.who)
            || CASE WHEN held.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END;
    END LOOP;
END
"
    );
    vec![Step::harmless(format!("DO {}", dollar_quoted("", &body)))]
}
