//! The declared schema in SQLite's words.

use std::collections::BTreeSet;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{self, DeclaredSchema, Model, TypeKind};
use diesel_schema_core::naming::{self, label};

use super::{beyond, ddl, expr, objects, token, types};
use crate::dialect::Unsupported;
use crate::schema::{
    Column, ColumnType, Default, Deferrable, ForeignKey, Identity, IdentityKind, Index, IndexKey, IndexKeyWhat, Key,
    Name, NullsOrder, Schema, Table,
};

/// Collects everything that SQLite can't say.
#[derive(std::default::Default)]
pub(super) struct Errors(Vec<Unsupported>);

impl Errors {
    pub(super) fn add(&mut self, at: &str, what: impl Into<String>, instead: &str) {
        self.0.push(Unsupported {
            at: at.to_owned(),
            what: what.into(),
            dialect: Dialect::Sqlite,
            instead: instead.to_owned(),
        });
    }
}

/// See [`crate::dialect::DialectImpl::lower`].
pub(super) fn lower(declared: &DeclaredSchema) -> Result<Schema, Vec<Unsupported>> {
    let mut errors = Errors::default();
    let mut schema = Schema::default();
    for sequence in &declared.sequences {
        errors.add(
            &sequence.at,
            format!("sequence {}", sequence.name),
            "number rows by an integer primary key, or create the sequence in an `sql:` file for postgres only",
        );
    }
    // Indexes share one set of names in the whole database.
    let mut indexes: BTreeSet<String> =
        declared.models.iter().flat_map(|model| &model.indexes).filter_map(|index| index.name.clone()).collect();
    for model in &declared.models {
        if let Some(namespace) = &model.namespace {
            errors.add(&model.at, format!("schema {namespace} of `{}`", model.rust), "leave `schema = ..` out");
        }
        let table = table(model, declared, &mut indexes, &mut errors);
        schema.tables.insert(table.name.clone(), table);
    }
    for file in &declared.sql {
        if !file.dialects.is_empty() && !file.dialects.contains(&Dialect::Sqlite) {
            continue;
        }
        for statement in objects::statements(&file.text) {
            match statement {
                Ok(object) => {
                    schema.objects.insert(object.id.clone(), object);
                }
                Err(text) => errors.add(
                    &file.path,
                    format!("`{}`", naming::clip(&text, 60)),
                    "only CREATE VIEW and CREATE TRIGGER; restrict the file to the dialects that it is written for",
                ),
            }
        }
    }
    objects::find_dependencies(&mut schema);
    if errors.0.is_empty() { Ok(schema) } else { Err(errors.0) }
}

fn table(model: &Model, all: &DeclaredSchema, indexes: &mut BTreeSet<String>, errors: &mut Errors) -> Table {
    beyond::refuse(model, errors);
    let mut taken: BTreeSet<String> = model
        .uniques
        .iter()
        .chain([&model.primary_key])
        .filter_map(|key| key.name.clone())
        .chain(model.checks.iter().filter_map(|check| check.name.clone()))
        .chain(model.foreign_keys.iter().filter_map(|key| key.name.clone()))
        .collect();
    let mut choose = |given: &Option<String>, columns: &[String], label: &str| {
        given.clone().unwrap_or_else(|| {
            let part = naming::columns_part(columns.iter().map(String::as_str));
            naming::choose(&mut taken, &model.table, &part, label)
        })
    };
    let primary_key = (!model.primary_key.columns.is_empty()).then(|| {
        let name = choose(&model.primary_key.name, &[], label::PRIMARY_KEY);
        key(name, &model.primary_key, model, errors)
    });
    let mut uniques: Vec<Key> = model
        .uniques
        .iter()
        .map(|unique| key(choose(&unique.name, &unique.columns, label::UNIQUE), unique, model, errors))
        .collect();
    let mut checks = Vec::new();
    for column in model.columns.iter().filter(|column| column.ty.kind == TypeKind::Enum && column.ty.array == 0) {
        let found = all.enums.iter().find(|e| e.name == column.ty.name && e.namespace == column.ty.namespace);
        let Some(found) = found else {
            errors.add(&column.at, format!("enum {}", column.ty.name), "list it in `schema!`'s `enums:`");
            continue;
        };
        let values: Vec<String> = found.values.iter().map(|value| token::literal(value)).collect();
        let name = choose(&None, std::slice::from_ref(&column.name), label::CHECK);
        checks.push(ddl::check(
            name,
            token::canonical(&format!("{} IN ({})", token::quote(&column.name), values.join(", "))),
        ));
    }
    for check in &model.checks {
        let part = if check.columns.len() == 1 { check.columns.as_slice() } else { &[] };
        checks.push(ddl::check(choose(&check.name, part, label::CHECK), expr::lower(&check.expr)));
    }
    for key in &model.foreign_keys {
        if key.match_full {
            errors.add(
                &key.at,
                format!("match_full of a foreign key of `{}`", model.rust),
                "leave it out, or add a check",
            );
        }
        if !key.on_delete_columns.is_empty() {
            let what = format!("ON DELETE that sets some columns of `{}`", model.rust);
            errors.add(&key.at, what, "let it set all of them");
        }
    }
    let mut foreign_keys: Vec<ForeignKey> = model
        .foreign_keys
        .iter()
        .map(|key| ForeignKey {
            name: choose(&key.name, &key.columns, label::FOREIGN_KEY),
            columns: key.columns.clone(),
            references: Name::new(&key.references_table),
            references_columns: key.references_columns.clone(),
            on_delete_columns: Vec::new(),
            on_delete: key.on_delete,
            on_update: key.on_update,
            match_full: false,
            period: false,
            deferrable: key.deferrable,
            validated: true,
            enforced: true,
            comment: None,
        })
        .collect();
    let columns = model.columns.iter().map(|c| column(c, model, errors)).collect();
    let mut lowered: Vec<Index> = model.indexes.iter().map(|i| index(i, model, indexes, errors)).collect();
    uniques.sort_by(|a, b| a.name.cmp(&b.name));
    checks.sort_by(|a, b| a.name.cmp(&b.name));
    foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
    lowered.sort_by(|a, b| a.name.cmp(&b.name));
    Table {
        name: Name::new(&model.table),
        columns,
        primary_key,
        uniques,
        foreign_keys,
        checks,
        indexes: lowered,
        comment: None,
        options: model.options.clone(),
        inheritance: crate::schema::Inheritance::default(),
    }
}

fn key(name: String, key: &declared::Key, model: &Model, errors: &mut Errors) -> Key {
    if key.nulls_not_distinct {
        errors.add(&key.at, format!("NULLS NOT DISTINCT of {name}"), "make the columns NOT NULL, or leave it out");
    }
    if !key.include.is_empty() {
        errors.add(
            &key.at,
            format!("include(..) of a key of `{}`", model.rust),
            "leave it out, or add an index on those columns",
        );
    }
    if key.deferrable != Deferrable::No {
        errors.add(&key.at, format!("a deferrable key of `{}`", model.rust), "only foreign keys can be deferred");
    }
    ddl::key(name, key.columns.clone())
}

fn column(column: &declared::Column, model: &Model, errors: &mut Errors) -> Column {
    let what = format!("`{}.{}`", model.rust, column.rust);
    let has_rowid = !model.options.iter().any(|it| it == beyond::WITHOUT_ROWID);
    let only_key = model.primary_key.columns == [column.name.clone()] && has_rowid;
    // ALWAYS promises numbers of the database's own making, which only AUTOINCREMENT never gives twice.
    let identity = column.identity.and_then(|declared| {
        if only_key {
            let kind = match declared {
                declared::Identity::Always => IdentityKind::Autoincrement,
                declared::Identity::ByDefault | declared::Identity::Serial => IdentityKind::Rowid,
            };
            return Some(Identity { kind, sequence: None });
        }
        errors.add(
            &column.at,
            format!("{what}, numbered by the database,"),
            match has_rowid {
                true => "only a single integer primary key can be",
                false => "a table without_rowid has no numbers: write `#[identity(none)]`",
            },
        );
        None
    });
    let mut ty = types::lower(&column.ty).unwrap_or_else(|message| {
        errors.add(
            &column.at,
            format!("{what}, {},", message.split("; ").next().unwrap_or_default()),
            message.split_once("; ").map_or("use another type", |m| m.1),
        );
        String::new()
    });
    if identity.is_some() || (only_key && ty == "INTEGER") {
        // Only the exact word makes the column the rowid; it holds 64 bits under either Rust type.
        "INTEGER".clone_into(&mut ty);
    }
    beyond::refuse_untyped(&ty, column, model, errors);
    let identity =
        identity.or((only_key && ty == "INTEGER").then_some(Identity { kind: IdentityKind::Rowid, sequence: None }));
    let default = column.default.as_ref().map(|default| {
        let sql = match default {
            declared::Default::Bool(true) => "TRUE".to_owned(),
            declared::Default::Bool(false) => "FALSE".to_owned(),
            declared::Default::Int(number) => number.to_string(),
            declared::Default::Float(number) => token::canonical(number),
            declared::Default::Text(text) => token::literal(text),
            declared::Default::Expr(expression) => expr::lower(expression),
        };
        Default { volatile: expr::is_volatile(&sql), sql }
    });
    Column {
        name: column.name.clone(),
        ty: ColumnType::builtin(ty),
        nullable: column.nullable,
        default: default.filter(|default| default.sql != "NULL"),
        identity,
        generated: column.generated.as_ref().map(expr::lower),
        is_virtual: column.is_virtual,
        not_null: None,
        collation: column.collation.as_ref().map(|name| name.to_ascii_uppercase()),
        comment: None,
    }
}

fn index(index: &declared::Index, model: &Model, taken: &mut BTreeSet<String>, errors: &mut Errors) -> Index {
    let mut refuse =
        |what: &str, instead: &str| errors.add(&index.at, format!("{what} of an index of `{}`", model.rust), instead);
    if index.nulls_not_distinct {
        refuse("NULLS NOT DISTINCT", "make the columns NOT NULL, or leave it out");
    }
    if let Some(method) = index.using.as_deref().filter(|method| *method != "btree") {
        refuse(
            &format!("using = \"{method}\""),
            "leave it out, or create that index in an `sql:` file for postgres only",
        );
    }
    if !index.include.is_empty() {
        refuse("include(..)", "leave it out, or list the columns as keys");
    }
    if index.with.is_some() {
        refuse("with = \"..\"", "leave it out, or create that index in an `sql:` file for postgres only");
    }
    let mut part = Vec::new();
    let keys = index
        .keys
        .iter()
        .map(|key| {
            if key.nulls_first.is_some() {
                refuse("nulls", "leave it out: NULLs come first, and last with desc");
            }
            if key.opclass.is_some() {
                refuse("opclass", "leave it out, or create that index in an `sql:` file for postgres only");
            }
            let what = match &key.what {
                declared::IndexKeyWhat::Column(name) => {
                    part.push(name.clone());
                    IndexKeyWhat::Column(name.clone())
                }
                declared::IndexKeyWhat::Expr(expression) => {
                    part.push(expression_name(&expression.sql));
                    IndexKeyWhat::Expr(expr::lower(expression))
                }
            };
            IndexKey {
                what,
                descending: key.descending,
                nulls: NullsOrder::Default,
                opclass: None,
                collation: key.collation.as_ref().map(|name| name.to_ascii_uppercase()),
            }
        })
        .collect();
    let name = index.name.clone().unwrap_or_else(|| {
        let part = naming::columns_part(part.iter().map(String::as_str));
        naming::choose(taken, &model.table, &part, label::INDEX)
    });
    Index {
        name,
        unique: index.unique,
        nulls_not_distinct: false,
        method: "btree".to_owned(),
        keys,
        include: Vec::new(),
        predicate: index.predicate.as_ref().map(expr::lower),
        with: Vec::new(),
        valid: true,
        comment: None,
    }
}

/// What PostgreSQL calls an expression key: the function's name, else `expr` (`FigureIndexColname`).
fn expression_name(sql: &str) -> String {
    match token::tokens(sql).as_slice() {
        [function, open, ..] if open.text == "(" => function.name().unwrap_or_else(|| "expr".to_owned()),
        _ => "expr".to_owned(),
    }
}
