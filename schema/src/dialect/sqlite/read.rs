//! Reading a live schema: two queries, whatever the number of tables.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use diesel_schema_core::naming::{self, label};

use super::parse::{self, TableText};
use super::token::{canonical, settle, tokens};
use super::{ddl, objects};
use crate::connection::SqlConnection;
use crate::schema::{
    Check, Column, ColumnType, Default, ForeignKey, Identity, IdentityKind, Index, IndexKey, IndexKeyWhat, Key, Name,
    NullsOrder, Schema, Table,
};

const MASTER: &str = "SELECT type, name, tbl_name, sql FROM sqlite_master \
     WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
     AND tbl_name NOT LIKE '\\_\\_diesel\\_schema\\_%' ESCAPE '\\' \
     AND tbl_name NOT IN ('alembic_version', '_sqlx_migrations', 'refinery_schema_history') ORDER BY type, name";

const COLUMNS: &str = "SELECT m.name, c.name, c.type, CAST(c.\"notnull\" AS TEXT), CAST(c.hidden AS TEXT) \
     FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c \
     WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY m.name, c.cid";

/// What `pragma_table_xinfo` says of one column.
struct Pragma {
    name: String,
    ty: String,
    not_null: bool,
    hidden: String,
}

/// Reads everything; see [`crate::dialect::DialectImpl::read`].
pub(super) fn read(connection: &mut dyn SqlConnection) -> QueryResult<Schema> {
    let master = connection.rows(MASTER)?;
    let mut columns: BTreeMap<String, Vec<Pragma>> = BTreeMap::new();
    for row in connection.rows(COLUMNS)? {
        if let [Some(table), Some(name), ty, not_null, hidden] = row.as_slice() {
            columns.entry(table.clone()).or_default().push(Pragma {
                name: name.clone(),
                ty: ty.clone().unwrap_or_default(),
                not_null: not_null.as_deref() == Some("1"),
                hidden: hidden.clone().unwrap_or_default(),
            });
        }
    }

    let mut schema = Schema::default();
    let virtuals: Vec<String> = master
        .iter()
        .filter_map(|row| match row.as_slice() {
            [Some(kind), Some(name), _, Some(sql)] if kind == "table" && is_virtual(sql) => Some(name.clone()),
            _ => None,
        })
        .collect();
    let mut texts = BTreeMap::new();
    for row in &master {
        let [Some(kind), Some(name), Some(table), Some(sql)] = row.as_slice() else { continue };
        match kind.as_str() {
            "table" if is_virtual(sql) => schema.unread.push(format!("virtual table {name}")),
            "table" if is_shadow(name, &virtuals) => schema.unread.push(format!("shadow table {name}")),
            "table" => match parse::table(sql) {
                Some(text) => {
                    texts.insert(name.clone(), text);
                }
                None => schema.unread.push(format!("table {name}")),
            },
            "view" | "trigger" => {
                if let Some(object) = objects::object(sql, table) {
                    schema.objects.insert(object.id.clone(), object);
                } else {
                    schema.unread.push(format!("{kind} {name}"));
                }
            }
            _ => {}
        }
    }
    let keys: BTreeMap<String, Vec<String>> = texts
        .iter()
        .filter_map(|(name, text)| Some((name.to_ascii_lowercase(), text.primary_key.as_ref()?.columns.clone())))
        .collect();
    for (name, text) in &texts {
        for said in &text.unread {
            schema.unread.push(format!("{said} in table {name}"));
        }
        let table = table(name, text, columns.get(name).map_or(&[], Vec::as_slice), &keys);
        schema.tables.insert(table.name.clone(), table);
    }
    for row in &master {
        if let [Some(kind), Some(name), Some(on), Some(sql)] = row.as_slice()
            && kind == "index"
        {
            let table = schema.tables.values_mut().find(|table| table.name.name.eq_ignore_ascii_case(on));
            if let (Some(table), Some(index)) = (table, index(name, sql)) {
                let index = resolve(index, table);
                table.indexes.push(index);
            }
        }
    }
    for table in schema.tables.values_mut() {
        table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    }
    objects::find_dependencies(&mut schema);
    schema.unread.sort();
    Ok(schema)
}

fn is_virtual(sql: &str) -> bool {
    tokens(sql).get(1).is_some_and(|token| token.is("VIRTUAL"))
}

/// Whether a table is one that the FTS and R-Tree modules keep for a virtual table
/// (`pragma_table_list` would say so, from SQLite 3.37 on).
fn is_shadow(name: &str, virtuals: &[String]) -> bool {
    const SUFFIXES: [&str; 11] =
        ["data", "idx", "content", "docsize", "config", "segments", "segdir", "stat", "node", "parent", "rowid"];
    virtuals.iter().any(|owner| {
        name.strip_prefix(owner.as_str())
            .and_then(|rest| rest.strip_prefix('_'))
            .is_some_and(|suffix| SUFFIXES.contains(&suffix))
    })
}

fn table(name: &str, text: &TableText, pragmas: &[Pragma], keys: &BTreeMap<String, Vec<String>>) -> Table {
    // A name as the column itself is spelled: SQLite compares without case.
    let known = |column: &String| {
        pragmas.iter().find(|p| p.name.eq_ignore_ascii_case(column)).map_or_else(|| column.clone(), |p| p.name.clone())
    };
    let all = |columns: &[String]| columns.iter().map(known).collect::<Vec<_>>();
    let mut taken: BTreeSet<String> = text
        .uniques
        .iter()
        .chain(&text.primary_key)
        .filter_map(|key| key.name.clone())
        .chain(text.checks.iter().filter_map(|check| check.name.clone()))
        .chain(text.foreign_keys.iter().filter_map(|key| key.name.clone()))
        .collect();
    let mut choose = |given: &Option<String>, columns: &[String], label: &str| {
        given.clone().unwrap_or_else(|| {
            let part = naming::columns_part(columns.iter().map(String::as_str));
            naming::choose(&mut taken, name, &part, label)
        })
    };
    let primary_key = text.primary_key.as_ref().map(|key| {
        let columns = all(&key.columns);
        ddl::key(choose(&key.name, &[], label::PRIMARY_KEY), columns)
    });
    let mut uniques: Vec<Key> = text
        .uniques
        .iter()
        .map(|key| {
            let columns = all(&key.columns);
            ddl::key(choose(&key.name, &columns, label::UNIQUE), columns)
        })
        .collect();
    let column_names: Vec<&str> = pragmas.iter().map(|p| p.name.as_str()).collect();
    let mut checks: Vec<Check> = text
        .checks
        .iter()
        .map(|check| {
            let expr = settle(&check.expr, &column_names);
            let used = ddl::columns_of(&expr, &column_names);
            let part = if used.len() == 1 { used.as_slice() } else { &[] };
            ddl::check(choose(&check.name, part, label::CHECK), expr)
        })
        .collect();
    let mut foreign_keys: Vec<ForeignKey> = text
        .foreign_keys
        .iter()
        .map(|key| {
            let columns = all(&key.columns);
            let references_columns = if key.parent_columns.is_empty() {
                keys.get(&key.table.to_ascii_lowercase()).cloned().unwrap_or_default()
            } else {
                key.parent_columns.clone()
            };
            ForeignKey {
                name: choose(&key.name, &columns, label::FOREIGN_KEY),
                columns,
                references: Name::new(&key.table),
                references_columns,
                on_delete_columns: Vec::new(),
                on_delete: key.on_delete,
                on_update: key.on_update,
                match_full: false,
                period: false,
                deferrable: key.deferrable,
                validated: true,
                enforced: true,
                comment: None,
            }
        })
        .collect();
    uniques.sort_by(|a, b| a.name.cmp(&b.name));
    checks.sort_by(|a, b| a.name.cmp(&b.name));
    foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
    let without_rowid = text.options.iter().any(|option| option == "WITHOUT ROWID");
    let rowid = primary_key.as_ref().filter(|key| key.columns.len() == 1 && !without_rowid).map(|key| &key.columns[0]);
    let descending = text.primary_key.as_ref().is_some_and(|key| key.descending);
    let columns = pragmas
        .iter()
        .filter(|pragma| pragma.hidden != "1")
        .map(|pragma| {
            let said = text.columns.iter().find(|column| column.name == pragma.name);
            let identity = rowid
                .filter(|key| **key == pragma.name && pragma.ty.eq_ignore_ascii_case("INTEGER") && !descending)
                .map(|_| Identity {
                    kind: if text.autoincrement { IdentityKind::Autoincrement } else { IdentityKind::Rowid },
                    sequence: None,
                });
            let mut ty = canonical(&pragma.ty).to_ascii_uppercase();
            if said.is_some_and(|said| said.generated.is_some()) {
                ty = ty.trim_end_matches("GENERATED ALWAYS").trim_end().to_owned();
            }
            Column {
                name: pragma.name.clone(),
                ty: ColumnType::builtin(ty),
                nullable: !pragma.not_null && identity.is_none(),
                default: said
                    .and_then(|said| said.default.as_ref())
                    .map(|sql| settle(sql, &[]))
                    .filter(|sql| sql != "NULL")
                    .map(|sql| Default { volatile: super::expr::is_volatile(&sql), sql }),
                identity,
                generated: said.and_then(|said| Some(settle(said.generated.as_ref()?, &column_names))),
                is_virtual: said.is_some_and(|said| said.generated.is_some() && !said.stored),
                not_null: None,
                collation: said.and_then(|said| said.collation.clone()).map(|name| name.to_ascii_uppercase()),
                comment: None,
            }
        })
        .collect();
    Table {
        name: Name::new(name),
        columns,
        primary_key,
        uniques,
        foreign_keys,
        checks,
        indexes: Vec::new(),
        comment: None,
        options: text.options.clone(),
        inheritance: crate::schema::Inheritance::default(),
    }
}

fn index(name: &str, sql: &str) -> Option<Index> {
    let text = parse::index(sql)?;
    let keys = text.keys.into_iter().map(|part| IndexKey {
        what: part.column.map_or(IndexKeyWhat::Expr(part.expr), IndexKeyWhat::Column),
        descending: part.descending,
        nulls: NullsOrder::Default,
        opclass: None,
        collation: part.collation.map(|name| name.to_ascii_uppercase()),
    });
    Some(Index {
        name: name.to_owned(),
        unique: text.unique,
        nulls_not_distinct: false,
        method: "btree".to_owned(),
        keys: keys.collect(),
        include: Vec::new(),
        predicate: text.predicate,
        with: Vec::new(),
        valid: true,
        comment: None,
    })
}

/// Spells each key's column as its table does; a name that is no column is an expression.
fn resolve(mut index: Index, table: &Table) -> Index {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    index.predicate = index.predicate.map(|sql| settle(&sql, &columns));
    for key in &mut index.keys {
        if let IndexKeyWhat::Column(name) = &key.what {
            key.what = match table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)) {
                Some(column) => IndexKeyWhat::Column(column.name.clone()),
                None => IndexKeyWhat::Expr(name.clone()),
            };
        } else if let IndexKeyWhat::Expr(sql) = &mut key.what {
            *sql = settle(sql, &columns);
        }
    }
    index
}
