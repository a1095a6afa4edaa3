//! Two columns of one table that a trigger keeps equal, whichever of them is written: a name, and the one that it had.

use diesel_schema_core::naming;

use crate::schema::Name;
#[cfg(feature = "cli")]
use crate::schema::text::{dollar_quoted, quoted};
#[cfg(feature = "postgres")]
use crate::schema::{ObjectId, ObjectKind, Schema};

/// The trigger's function.
fn function(table: &Name, from: &str, to: &str) -> Name {
    let name = naming::object_name(&table.name, &format!("{from}_{to}"), "in_step");
    Name::qualified(table.namespace.clone(), name)
}

/// The statements that begin it, for PostgreSQL. Where neither column is written, as in a back-fill, the one that is NULL
/// takes the other one's value, and where none is, each keeps its own spelling of it. PL/pgSQL casts what it assigns, by way
/// of its text where there is no cast (<https://www.postgresql.org/docs/current/plpgsql-expressions.html>). The trigger comes last of its kind by its name, and sees what others made of a row.
#[cfg(feature = "cli")]
pub(crate) fn statements(table: &Name, from: &str, to: &str) -> String {
    let function = function(table, from, to).quoted();
    let trigger = quoted(&naming::object_name("zzz", &format!("{from}_{to}"), "in_step"));
    let (from, to, on) = (quoted(from), quoted(to), table.quoted());
    // Compared as text, because not every type has an operator for it.
    let changed = |column: &str| format!("TG_OP = 'UPDATE' AND NEW.{column}::text IS DISTINCT FROM OLD.{column}::text");
    let body = format!(
        "
BEGIN
    IF {} THEN
        NEW.{to} := NEW.{from};
    ELSIF {} THEN
        NEW.{from} := NEW.{to};
    ELSIF NEW.{from} IS NULL THEN
        NEW.{from} := NEW.{to};
    ELSIF TG_OP = 'INSERT' OR NEW.{to} IS NULL THEN
        NEW.{to} := NEW.{from};
    END IF;
    RETURN NEW;
END
",
        changed(&from),
        changed(&to)
    );
    let body = dollar_quoted("", &body);
    format!(
        "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS {body};

CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {on}
    FOR EACH ROW EXECUTE FUNCTION {function}();
"
    )
}

/// Whether a trigger of this name is one of these.
#[cfg(feature = "postgres")]
pub(super) fn is_own(trigger: &str) -> bool {
    trigger.starts_with("zzz_") && trigger.ends_with("_in_step")
}

/// The other column that the schema keeps this one equal with.
#[cfg(feature = "postgres")]
pub(super) fn partner<'a>(table: &Name, column: &str, schema: &'a Schema) -> Option<&'a str> {
    let is_kept = |from: &str, to: &str| {
        let Name { namespace, name } = function(table, from, to);
        let id = ObjectId::Object(ObjectKind::Function, Name::qualified(namespace, format!("{name}()")));
        schema.objects.contains_key(&id)
    };
    let others = schema.tables.get(table)?.columns.iter().map(|it| it.name.as_str());
    others.filter(|other| *other != column).find(|other| is_kept(other, column) || is_kept(column, other))
}
