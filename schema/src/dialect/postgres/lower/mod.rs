//! The declared schema in PostgreSQL's words.

mod comment;
mod index;
mod inherit;
mod object;
mod operator;

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::declared::{self, DeclaredSchema};
use diesel_schema_core::naming::{self, label};
use diesel_schema_core::{Dialect, sql::split};

use super::{default, quote, types};
use crate::dialect::Unsupported;
use crate::schema::*;

pub(super) use object::{subject, unquote};

/// Lowers everything, or says all that can't be.
pub(super) fn lower(declared: &DeclaredSchema) -> Result<Schema, Vec<Unsupported>> {
    let mut lowering = Lowering { comments: declared.comments, ..Lowering::default() };
    for model in &declared.models {
        lowering.take(model.namespace.as_deref(), &model.table);
    }
    for sequence in &declared.sequences {
        lowering.take(sequence.namespace.as_deref(), &sequence.name);
    }
    for declared in &declared.enums {
        let name = lowering.name(declared.namespace.as_deref(), &declared.name);
        let comment = lowering.comment(&declared.comment);
        lowering.schema.enums.insert(name.clone(), Enum { name, values: declared.values.clone(), comment });
    }
    for sequence in &declared.sequences {
        lowering.sequence(sequence);
    }
    for model in &declared.models {
        lowering.model(model);
    }
    inherit::tie(&declared.models, &mut lowering.schema);
    for file in &declared.sql {
        if file.dialects.is_empty() || file.dialects.contains(&Dialect::Postgres) {
            lowering.file(file);
        }
    }
    if lowering.errors.is_empty() { Ok(lowering.schema) } else { Err(lowering.errors) }
}

#[derive(Default)]
struct Lowering {
    schema: Schema,
    errors: Vec<Unsupported>,
    comments: bool,
    /// The names of relations, a namespace each: indexes and sequences share them with tables.
    relations: BTreeMap<Option<String>, BTreeSet<String>>,
}

pub(in crate::dialect::postgres) fn expr(expr: &declared::Expr) -> String {
    expr.postgres.as_ref().unwrap_or(&expr.sql).trim().to_owned()
}

pub(super) fn not_public(namespace: Option<&str>) -> Option<String> {
    namespace.filter(|namespace| *namespace != "public").map(str::to_owned)
}

impl Lowering {
    fn take(&mut self, namespace: Option<&str>, name: &str) {
        self.relations.entry(not_public(namespace)).or_default().insert(name.to_owned());
    }

    fn name(&mut self, namespace: Option<&str>, name: &str) -> Name {
        let namespace = not_public(namespace);
        if let Some(name) = &namespace {
            let namespace = Namespace { name: name.clone(), comment: None };
            self.schema.namespaces.entry(name.clone()).or_insert(namespace);
        }
        Name::qualified(namespace, name)
    }

    fn comment(&self, comment: &str) -> Option<String> {
        (self.comments && !comment.is_empty()).then(|| comment.to_owned())
    }

    fn refuse(&mut self, at: &str, what: String, instead: &str) {
        let (at, instead) = (at.to_owned(), instead.to_owned());
        self.errors.push(Unsupported { at, what, dialect: Dialect::Postgres, instead });
    }

    fn sequence(&mut self, declared: &declared::Sequence) {
        let name = self.name(declared.namespace.as_deref(), &declared.name);
        let written = declared.data_type.as_deref().unwrap_or("bigint").to_ascii_lowercase();
        let data_type = match written.as_str() {
            "smallint" | "int2" => "smallint",
            "integer" | "int" | "int4" => "integer",
            "bigint" | "int8" => "bigint",
            _ => {
                let what = format!("the type `{written}` of sequence `{}`", declared.name);
                return self.refuse(&declared.at, what, "write smallint, integer or bigint");
            }
        };
        let options = options(declared, data_type);
        self.schema.sequences.insert(name.clone(), Sequence { name, options, comment: None });
    }

    fn model(&mut self, model: &declared::Model) {
        let name = self.name(model.namespace.as_deref(), &model.table);
        let mut taken = self.relations.remove(&name.namespace).unwrap_or_default();
        // Names that are given are taken before any is chosen: they would clash otherwise.
        taken.extend(
            model.primary_key.name.iter().chain(model.uniques.iter().filter_map(|key| key.name.as_ref())).cloned(),
        );
        taken.extend(model.indexes.iter().filter_map(|index| index.name.clone()));
        let sequences = model.columns.iter().filter_map(|column| column.sequence.as_ref());
        taken.extend(sequences.map(|sequence| sequence.name.clone()).filter(|name| !name.is_empty()));
        let columns =
            model.columns.iter().filter_map(|column| self.column(model, &name, column, &mut taken)).collect::<Vec<_>>();
        let mut constraints: BTreeSet<String> = model
            .foreign_keys
            .iter()
            .filter_map(|key| key.name.clone())
            .chain(model.checks.iter().filter_map(|check| check.name.clone()))
            .collect();
        // The order is the server's: checks are named while the table is parsed, keys with their indexes, then
        // the foreign keys.
        let mut checks: Vec<Check> = Vec::new();
        for check in &model.checks {
            let part = match check.columns.as_slice() {
                [column] => column.as_str(),
                _ => "",
            };
            let chosen = check.name.clone();
            let chosen = chosen.unwrap_or_else(|| naming::choose(&mut constraints, &model.table, part, label::CHECK));
            let expr = quote::bare(&expr(&check.expr));
            let (no_inherit, enforced) = (check.no_inherit, !check.not_enforced);
            let validated = enforced && !check.not_valid;
            checks.push(Check { name: chosen, expr, no_inherit, validated, enforced, comment: None });
        }
        let primary_key = (!model.primary_key.columns.is_empty())
            .then(|| key(&model.primary_key, &model.table, "", label::PRIMARY_KEY, &mut taken));
        let mut uniques: Vec<Key> = model
            .uniques
            .iter()
            .map(|unique| {
                let part = naming::columns_part(unique.columns.iter().chain(&unique.include).map(String::as_str));
                key(unique, &model.table, &part, label::UNIQUE, &mut taken)
            })
            .collect();
        constraints.extend(primary_key.iter().chain(&uniques).map(|key| key.name.clone()));
        let mut foreign_keys: Vec<ForeignKey> = Vec::new();
        for foreign in &model.foreign_keys {
            let part = naming::columns_part(foreign.columns.iter().map(String::as_str));
            let chosen = foreign.name.clone();
            foreign_keys.push(ForeignKey {
                name: chosen
                    .unwrap_or_else(|| naming::choose(&mut constraints, &model.table, &part, label::FOREIGN_KEY)),
                columns: foreign.columns.clone(),
                references: self.name(foreign.references_namespace.as_deref(), &foreign.references_table),
                references_columns: foreign.references_columns.clone(),
                on_delete_columns: foreign.on_delete_columns.clone(),
                on_delete: foreign.on_delete,
                on_update: foreign.on_update,
                match_full: foreign.match_full,
                period: foreign.period,
                deferrable: foreign.deferrable,
                validated: !foreign.not_valid && !foreign.not_enforced,
                enforced: !foreign.not_enforced,
                comment: None,
            });
        }
        let mut indexes: Vec<Index> =
            model.indexes.iter().map(|declared| index::index(declared, &model.table, &columns, &mut taken)).collect();
        checks.sort_by(|a, b| a.name.cmp(&b.name));
        uniques.sort_by(|a, b| a.name.cmp(&b.name));
        foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        indexes.sort_by(|a, b| a.name.cmp(&b.name));
        self.relations.insert(name.namespace.clone(), taken);
        let comment = self.comment(&model.comment);
        let options = Vec::new();
        let table = Table {
            name: name.clone(),
            columns,
            primary_key,
            uniques,
            foreign_keys,
            checks,
            indexes,
            comment,
            options,
            inheritance: Inheritance::default(),
        };
        self.schema.tables.insert(name, table);
    }

    fn column(
        &mut self,
        model: &declared::Model,
        table: &Name,
        column: &declared::Column,
        taken: &mut BTreeSet<String>,
    ) -> Option<Column> {
        let ty = match types::lower(&column.ty) {
            Ok(ty) => ty,
            Err(what) => {
                let what = format!("`{}.{}` ({what})", model.rust, column.rust);
                self.refuse(&column.at, what, "name a type of diesel::sql_types, or write #[sql_type(sql = \"..\")]");
                return None;
            }
        };
        if let Some(name) = &ty.depends_on {
            self.name(name.namespace.as_deref(), &name.name);
        }
        let identity = column.identity.map(|identity| {
            let said = column.sequence.as_ref();
            let chosen = said.map(|it| it.name.clone()).filter(|name| !name.is_empty());
            let sequence = chosen.unwrap_or_else(|| naming::choose(taken, &model.table, &column.name, label::SEQUENCE));
            let namespace = said.and_then(|it| it.namespace.as_deref()).map(|it| not_public(Some(it)));
            let namespace = namespace.unwrap_or_else(|| table.namespace.clone());
            let options = said.map_or_else(
                || SequenceOptions::of_type(&ty.sql),
                |it| options(it, it.data_type.as_deref().unwrap_or(&ty.sql)),
            );
            Identity {
                kind: match identity {
                    declared::Identity::ByDefault => IdentityKind::ByDefault,
                    declared::Identity::Always => IdentityKind::Always,
                    declared::Identity::Serial => IdentityKind::Serial,
                },
                sequence: Some((Name::qualified(namespace, sequence), options)),
            }
        });
        Some(Column {
            name: column.name.clone(),
            nullable: column.nullable && identity.is_none() && !model.primary_key.columns.contains(&column.name),
            default: column.default.as_ref().and_then(|value| default::default(value, &ty.sql)),
            identity,
            generated: column.generated.as_ref().map(|text| quote::bare(&expr(text))),
            is_virtual: column.is_virtual,
            not_null: column.not_null.as_ref().map(|it| NotNull {
                name: it.name.clone(),
                no_inherit: it.no_inherit,
                validated: !it.not_valid,
            }),
            collation: column.collation.as_deref().map(quote::collation).filter(|collation| collation != "\"default\""),
            comment: self.comment(&column.comment),
            ty,
        })
    }

    fn file(&mut self, file: &declared::SqlFile) {
        for statement in split::split(&file.text, Dialect::Postgres) {
            if comment::place(&mut self.schema, statement.sql) {
                continue;
            }
            if let Some(name) = object::namespace(statement.sql) {
                self.name(Some(&name), "");
                continue;
            }
            let Some(id) = object::object(statement.sql) else {
                let line = file.text[..statement.offset].matches('\n').count() + 1;
                let first = statement.sql.lines().next().unwrap_or_default();
                self.refuse(
                    &format!("{}:{line}:1", file.path),
                    format!("`{first}`"),
                    "a `sql:` file holds CREATE SCHEMA, FUNCTION, PROCEDURE, AGGREGATE, DOMAIN, TYPE, COLLATION, VIEW, MATERIALIZED \
                     VIEW and its INDEX, STATISTICS, TRIGGER, EVENT TRIGGER, RULE, POLICY, PUBLICATION and EXTENSION, \
                     COMMENT ON them, and what ALTER TABLE and ALTER SEQUENCE set that a model can't say; put anything else into \
                     a revision of its own",
                );
                continue;
            };
            let object = Object {
                id: id.clone(),
                definition: statement.sql.to_owned(),
                drop: None,
                columns: Vec::new(),
                depends_on: Vec::new(),
            };
            if let ObjectId::Object(_, name) = &id {
                self.name(name.namespace.as_deref(), &name.name);
            }
            self.schema.objects.insert(id, object);
        }
    }
}

/// How a sequence counts of which this is said.
fn options(declared: &declared::Sequence, data_type: &str) -> SequenceOptions {
    let mut options = SequenceOptions::of_type(data_type);
    options.increment = declared.increment.unwrap_or(1);
    if options.increment < 0 {
        (options.min, options.max) = (-options.max - 1, -1);
    }
    options.min = declared.min.unwrap_or(options.min);
    options.max = declared.max.unwrap_or(options.max);
    let first = if options.increment < 0 { options.max } else { options.min };
    options.start = declared.start.unwrap_or(first);
    options.cache = declared.cache.unwrap_or(1);
    options.cycle = declared.cycle;
    options
}

fn key(key: &declared::Key, table: &str, part: &str, label: &str, taken: &mut BTreeSet<String>) -> Key {
    Key {
        name: key.name.clone().unwrap_or_else(|| naming::choose(taken, table, part, label)),
        columns: key.columns.clone(),
        include: key.include.clone(),
        nulls_not_distinct: key.nulls_not_distinct,
        without_overlaps: key.without_overlaps,
        deferrable: key.deferrable,
        comment: None,
    }
}
