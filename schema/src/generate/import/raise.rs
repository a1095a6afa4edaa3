//! A schema as a database has it → the models that lower to it: the shortest words that do.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{self, DeclaredSchema, Model};

use super::columns::{self, Choice};
use super::constraints;
use super::crates::Crates;
use super::field_type::FieldType;
use super::names::{self, Given};
use super::{enums, inherit, joins, sql_files};
use crate::dialect::DialectImpl;
use crate::schema::{Name, Schema, Table};

/// Models, and what of them Rust alone knows.
#[derive(Debug)]
pub(super) struct Raised {
    /// What the macros make of the text.
    pub(super) declared: DeclaredSchema,
    /// The rest of each model, in the order of [`DeclaredSchema::models`].
    pub(super) models: Vec<InRust>,
    /// The `sql/` files, by their path below the package.
    pub(super) sql: Vec<(String, String)>,
}

/// What Rust alone knows of a model.
#[derive(Debug, Clone)]
pub(super) struct InRust {
    /// Its module, in the folder of its namespace.
    pub(super) module: String,
    /// The module of its namespace; `None` for the default one.
    pub(super) folder: Option<String>,
    /// Its fields' types, in their order.
    pub(super) fields: Vec<FieldType>,
    /// Diesel's names of columns, where they have to be said.
    pub(super) column_names: Vec<Option<String>>,
    /// Of each foreign key, whether Diesel may join along it.
    pub(super) joins: Vec<bool>,
}

/// What models are raised with.
pub(super) struct Raising<'a> {
    pub(super) schema: &'a Schema,
    pub(super) dialect: &'static dyn DialectImpl,
    pub(super) crates: &'a Crates,
    /// Whether queries name the columns as Diesel's CLI does.
    pub(super) diesel_names: bool,
    /// The Rust enums.
    pub(super) enums: BTreeMap<Name, String>,
    /// The models.
    pub(super) models: BTreeMap<&'a Name, String>,
    declared_enums: Vec<declared::Enum>,
}

/// Nothing declared, for one dialect.
pub(super) fn nothing(dialect: Dialect) -> DeclaredSchema {
    DeclaredSchema {
        models: Vec::new(),
        enums: Vec::new(),
        sequences: Vec::new(),
        sql: Vec::new(),
        dialects: vec![dialect],
        comments: false,
        at: String::new(),
    }
}

/// Raises all of it.
pub(super) fn raise(schema: &Schema, dialect: &'static dyn DialectImpl, crates: &Crates, diesel_names: bool) -> Raised {
    let mut given = Given::types();
    let mut tables: Vec<&Name> = schema.tables.keys().collect();
    // Those of the default namespace have the first choice.
    tables.sort_by_key(|name| (name.namespace.is_some(), *name));
    let mut models = BTreeMap::new();
    for name in tables {
        let folder = name.namespace.as_deref().map(names::type_name).unwrap_or_default();
        let wanted = names::model(&name.name);
        let rust = match given.is_free(&wanted) || folder.is_empty() {
            true => given.choose(&wanted, "Row"),
            false => given.choose(&format!("{folder}{wanted}"), "Row"),
        };
        models.insert(name, rust);
    }
    let declared_enums = enums::raise(schema, &mut given);
    let by_name = |item: &declared::Enum| (Name::qualified(item.namespace.clone(), &*item.name), item.rust.clone());
    let enums = declared_enums.iter().map(by_name).collect();
    let raising = Raising { schema, dialect, crates, diesel_names, enums, models, declared_enums };
    raising.all()
}

impl Raising<'_> {
    fn all(&self) -> Raised {
        let mut declared = nothing(self.dialect.dialect());
        declared.comments = self.has_comments();
        let modules = self.modules();
        let mut models = Vec::new();
        for (name, table) in &self.schema.tables {
            let (model, mut in_rust) = self.table(table, declared.comments);
            (in_rust.folder, in_rust.module) = modules[name].clone();
            declared.models.push(model);
            models.push(in_rust);
        }
        declared.enums.clone_from(&self.declared_enums);
        declared.sequences = self.schema.sequences.values().map(constraints::sequence).collect();
        let sql = sql_files::files(self.schema);
        declared.sql = sql_files::declared(&sql);
        joins::decide(&declared, &mut models);
        self.name_what_others_took(&mut declared);
        Raised { declared, models, sql }
    }

    fn has_comments(&self) -> bool {
        let tables = self.schema.tables.values();
        self.schema.enums.values().any(|item| item.comment.is_some())
            || tables.into_iter().any(|it| it.comment.is_some() || it.columns.iter().any(|it| it.comment.is_some()))
    }

    /// Each table's folder and module.
    fn modules(&self) -> BTreeMap<&Name, (Option<String>, String)> {
        let namespaces: BTreeSet<&String> =
            self.schema.tables.keys().filter_map(|name| name.namespace.as_ref()).collect();
        let mut given = Given::with(["enums", "sql_types", "schema", "mod"]);
        let folders: BTreeMap<&String, String> =
            namespaces.into_iter().map(|name| (name, given.choose(&names::module(name), "_"))).collect();
        let mut inside: BTreeMap<&str, Given> =
            folders.values().map(|folder| (folder.as_str(), Given::with(["mod"]))).collect();
        let mut found = BTreeMap::new();
        for name in self.schema.tables.keys() {
            let folder = name.namespace.as_ref().and_then(|it| folders.get(it));
            let given = folder.and_then(|folder| inside.get_mut(folder.as_str())).unwrap_or(&mut given);
            found.insert(name, (folder.cloned(), given.choose(&names::module(&name.name), "_")));
        }
        found
    }

    /// What one model lowers to, alone.
    pub(super) fn lowered(&self, model: &Model, comments: bool) -> Option<Table> {
        let mut alone = nothing(self.dialect.dialect());
        alone.comments = comments;
        alone.models.push(model.clone());
        if self.dialect.dialect() == Dialect::Sqlite {
            alone.enums.clone_from(&self.declared_enums);
        }
        let schema = self.dialect.lower(&alone).ok()?;
        schema.tables.into_values().find(|table| table.name.name == model.table)
    }

    fn table(&self, table: &Table, comments: bool) -> (Model, InRust) {
        let mut given = Given::default();
        let fields: Vec<String> =
            table.columns.iter().map(|column| given.choose(&names::field(&column.name), "_")).collect();
        let mut choices: Vec<Choice> = table.columns.iter().map(|column| columns::choice(self, column)).collect();
        let mut model = Model {
            namespace: table.name.namespace.clone(),
            table: table.name.name.clone(),
            rust: self.models[&table.name].clone(),
            comment: table.comment.clone().unwrap_or_default().trim().to_owned(),
            renamed_from: None,
            columns: Vec::new(),
            primary_key: constraints::primary_key(table),
            uniques: constraints::uniques(table),
            foreign_keys: constraints::foreign_keys(self, table),
            checks: constraints::checks(table),
            indexes: constraints::indexes(table),
            inheritance: inherit::inheritance(table),
            options: table.options.clone(),
            at: String::new(),
        };
        loop {
            model.columns = (table.columns.iter().zip(&fields).zip(&choices))
                .map(|((column, rust), choice)| columns::declared(self, &model, column, rust, choice))
                .collect();
            let Some(lowered) = self.lowered(&model, comments) else { break };
            let mut again = false;
            for (column, choice) in table.columns.iter().zip(&mut choices) {
                again |= lowered.column(&column.name).is_some_and(|found| choice.next(column, found));
            }
            if !again {
                break;
            }
        }
        constraints::choose_words(self, table, &mut model);
        inherit::name_parts(self, table, &mut model);
        constraints::leave_names_out(self, &mut model);
        let column_names = model.columns.iter().map(|column| columns::column_name(self, table, column)).collect();
        let joins = vec![true; model.foreign_keys.len()];
        let fields = choices.into_iter().map(Choice::into_type).collect();
        (model, InRust { module: String::new(), folder: None, fields, column_names, joins })
    }

    /// Names that a model alone may leave out, and that in the whole schema another table has: they are given.
    fn name_what_others_took(&self, declared: &mut DeclaredSchema) {
        let Ok(lowered) = self.dialect.lower(declared) else { return };
        for model in &mut declared.models {
            let name = Name::qualified(model.namespace.clone(), &*model.table);
            let (Some(table), Some(found)) = (self.schema.tables.get(&name), lowered.tables.get(&name)) else {
                continue;
            };
            if constraints::all_names(table) != constraints::all_names(found) {
                constraints::give_names(table, model);
            }
        }
    }
}
