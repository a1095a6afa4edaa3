//! What undoes something that stands on a table, once the table has another name.

use crate::schema::{Name, Object, ObjectId, ObjectKind, text};

/// The statement that drops `object`, which stands on the table `from`, when the table is called `to`; `None` where the
/// object's own name is enough for one.
pub(crate) fn drop(object: &Object, from: &Name, to: &Name) -> Option<String> {
    let drop = object.drop.clone().or_else(|| dropped_from(object, from))?;
    Some(on_renamed(&drop, from, to))
}

/// Of those whose names are the table's and their own.
fn dropped_from(object: &Object, table: &Name) -> Option<String> {
    let ObjectId::Object(kind @ (ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule), name) = &object.id
    else {
        return None;
    };
    let own = name.name.strip_prefix(&table.name)?.strip_prefix('.')?;
    Some(format!("DROP {} {} ON {}", kind.name().to_uppercase(), text::quoted(own), table.quoted()))
}

/// A statement about a table, `DROP POLICY p ON t` or `ALTER TABLE t ..`, as it is said of the table under another name.
fn on_renamed(statement: &str, from: &Name, to: &Name) -> String {
    let start = match statement.strip_prefix("ALTER TABLE ") {
        Some(_) => "ALTER TABLE ".len(),
        None => match statement.rfind(" ON ") {
            Some(at) => at + " ON ".len(),
            None => return statement.to_owned(),
        },
    };
    let mut parts = text::identifiers(&statement[start..]).into_iter().peekable();
    let mut named: Vec<String> = Vec::new();
    let mut end = 0;
    while let Some((range, part)) = parts.next_if(|(range, _)| named.is_empty() || range.start == end + 1) {
        if !named.is_empty() && !statement[start + end..].starts_with('.') {
            break;
        }
        end = range.end;
        named.push(part);
    }
    let wanted: Vec<&String> = from.namespace.iter().chain([&from.name]).collect();
    if named.iter().collect::<Vec<_>>() != wanted {
        return statement.to_owned();
    }
    format!("{}{}{}", &statement[..start], to.quoted(), &statement[start + end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_about_a_table_follows_its_name() {
        let (from, to) = (Name::new("b"), Name::qualified(Some("side".to_owned()), "c"));
        let said = |statement: &str| on_renamed(statement, &from, &to);
        assert_eq!(said("DROP POLICY b ON b"), "DROP POLICY b ON \"side\".\"c\"");
        assert_eq!(
            said("ALTER TABLE b ALTER COLUMN b RESET (x)"),
            "ALTER TABLE \"side\".\"c\" ALTER COLUMN b RESET (x)"
        );
        assert_eq!(said("COMMENT ON TRIGGER t ON b IS NULL"), "COMMENT ON TRIGGER t ON \"side\".\"c\" IS NULL");
        for other in ["DROP POLICY p ON side.b", "DROP POLICY p ON \"B\"", "DROP VIEW b", "ALTER TABLE b.b RESET (x)"] {
            assert_eq!(said(other), other);
        }
    }
}
