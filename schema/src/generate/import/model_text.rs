//! A model as Rust text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use diesel_schema_core::declared::{
    Column, DeclaredSchema, Default, Deferrable, Expr, ForeignKey, ForeignKeyAction, Identity, Index, IndexKeyWhat,
    Inheritance, Key, Model, Sequence,
};

use super::attributes::{Argument, attribute, doc, literal};
use super::columns::unsaid_identity;
use super::constraints::field_of;
use super::raise::InRust;

/// What a model's text is made from.
pub(super) struct Text<'a> {
    pub(super) declared: &'a DeclaredSchema,
    pub(super) model: &'a Model,
    pub(super) in_rust: &'a InRust,
    /// The folder of each model, by its Rust name.
    pub(super) folders: &'a BTreeMap<&'a str, Option<&'a str>>,
}

fn known(text: impl Into<String>) -> Argument {
    Argument::Known(text.into())
}

fn free(text: impl Into<String>) -> Argument {
    Argument::Free(text.into())
}

fn named(name: Option<&String>) -> Option<Argument> {
    name.map(|name| Argument::text("name", name))
}

fn deferrable(when: Deferrable) -> Option<Argument> {
    match when {
        Deferrable::No => None,
        Deferrable::InitiallyImmediate => Some(free("deferrable = initially_immediate")),
        Deferrable::InitiallyDeferred => Some(free("deferrable = initially_deferred")),
    }
}

/// The words that are said where they hold.
fn flags<const N: usize>(words: [(bool, &str); N]) -> impl Iterator<Item = Argument> {
    words.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| known(word))
}

fn expression(expr: &Expr) -> Argument {
    match &expr.sqlite {
        Some(sqlite) if *sqlite == expr.sql => Argument::text("sqlite", sqlite),
        _ => known(literal(&expr.sql)),
    }
}

fn action(key: &str, action: ForeignKeyAction, sets: &str) -> Option<Argument> {
    let word = match action {
        ForeignKeyAction::NoAction => return None,
        ForeignKeyAction::Restrict => "restrict",
        ForeignKeyAction::Cascade => "cascade",
        ForeignKeyAction::SetNull => "set_null",
        ForeignKeyAction::SetDefault => "set_default",
    };
    Some(free(format!("{key} = {word}{sets}")))
}

fn default(default: &Default) -> Argument {
    match default {
        Default::Bool(value) => known(value.to_string()),
        Default::Int(value) if *value < 0 => free(value.to_string()),
        Default::Int(value) => known(value.to_string()),
        Default::Float(value) if value.starts_with('-') => free(value.clone()),
        Default::Float(value) => known(value.clone()),
        Default::Text(value) => known(literal(value)),
        Default::Expr(expr) if is_call(expr) => free(expr.sql.clone()),
        Default::Expr(expr) => match &expr.sqlite {
            Some(sqlite) if *sqlite == expr.sql => Argument::text("sqlite", sqlite),
            _ => Argument::text("sql", &expr.sql),
        },
    }
}

/// Whether the macro makes the same expression of the bare words.
fn is_call(expr: &Expr) -> bool {
    let Some(name) = expr.sql.strip_suffix("()") else { return false };
    let word = name.chars().all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit());
    // The macro says `now()` for SQLite, too.
    let says = if name == "now" { expr.sqlite.is_some() } else { expr.sqlite.is_none() };
    word && says && syn::parse_str::<syn::Ident>(name).is_ok()
}

impl Text<'_> {
    /// The whole file.
    pub(super) fn file(&self) -> String {
        let body = self.body();
        let mut out = String::new();
        let mut imports: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (module, name) in self.in_rust.fields.iter().flat_map(|field| &field.imports) {
            imports.entry(module).or_default().insert(name);
        }
        imports.insert("diesel_schema::prelude", BTreeSet::from(["*"]));
        // rustfmt's order.
        for (module, names) in imports {
            out.push_str(&import(module, &names.into_iter().collect::<Vec<_>>()));
        }
        let (here, above) = self.siblings();
        if !here.is_empty() || !above.is_empty() {
            out.push('\n');
        }
        if !above.is_empty() {
            above.iter().for_each(|(path, names)| out.push_str(&import(path, names)));
        }
        if !here.is_empty() {
            out.push_str(&import("super", &here));
        }
        out.push('\n');
        out.push_str(&body);
        out
    }

    /// From the model's module to the folder of all models.
    fn up(&self) -> &'static str {
        if self.in_rust.folder.is_some() { "super::super::" } else { "super::" }
    }

    /// The models and enums that the file names: those beside it, and those elsewhere by their path.
    fn siblings(&self) -> (Vec<&str>, Vec<(String, Vec<&str>)>) {
        let mut by_folder: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
        let tied = self.model.inheritance.parents.iter().filter_map(|it| self.at(it));
        for parent in self.model.foreign_keys.iter().filter_map(|key| self.parent(key)).chain(tied) {
            if parent.rust != self.model.rust {
                let folder = self.folders.get(parent.rust.as_str()).copied().flatten();
                by_folder.entry(folder).or_default().insert(&parent.rust);
            }
        }
        for column in &self.model.columns {
            if let Some(found) = self.declared.enums.iter().find(|item| {
                column.ty.kind == diesel_schema_core::declared::TypeKind::Enum
                    && item.name == column.ty.name
                    && item.namespace == column.ty.namespace
            }) {
                by_folder.entry(None).or_default().insert(&found.rust);
            }
        }
        let own = self.in_rust.folder.as_deref();
        let here = by_folder.remove(&own).unwrap_or_default().into_iter().collect();
        let above = by_folder.into_iter().map(|(folder, names)| {
            let path = match folder {
                None => "super::super".to_owned(),
                Some(folder) => format!("{}{folder}", self.up()),
            };
            (path, names.into_iter().collect())
        });
        let mut above: Vec<(String, Vec<&str>)> = above.collect();
        above.sort();
        (here, above)
    }

    fn parent(&self, key: &ForeignKey) -> Option<&Model> {
        let leads = |it: &&Model| it.table == key.references_table && it.namespace == key.references_namespace;
        self.declared.models.iter().find(leads)
    }

    fn body(&self) -> String {
        let model = self.model;
        let mut out = doc(0, &model.comment);
        let mut arguments = vec![Argument::text("table", &model.table)];
        arguments.extend(model.namespace.as_ref().map(|namespace| Argument::text("schema", namespace)));
        if model.primary_key.columns.is_empty() {
            arguments.push(known("no_primary_key"));
        }
        arguments.extend(self.ties());
        arguments.extend(model.options.iter().map(|it| known(it.to_ascii_lowercase().replace(' ', "_"))));
        out.push_str(&attribute(0, "model", &arguments));
        self.on_struct(&mut out);
        out.push_str("#[derive(Debug, Clone)]\n");
        let _ = writeln!(out, "pub struct {} {{", model.rust);
        for at in 0..model.columns.len() {
            self.field(at, &mut out);
        }
        out.push_str("}\n");
        out
    }

    /// What it is split into, and whose part or child it is.
    fn ties(&self) -> Vec<Argument> {
        let Inheritance { partition_by, parents, bound } = &self.model.inheritance;
        let parents: Vec<String> = parents.iter().filter_map(|it| self.at(it)).map(|it| it.rust.clone()).collect();
        let parents = parents.join(", ");
        let tie = bound.as_ref().map(|bound| format!("partition_of({parents}, {})", literal(bound)));
        let tie = tie.or_else(|| (!parents.is_empty()).then(|| format!("inherits({parents})")));
        let by = partition_by.as_ref().map(|by| Argument::text("partition_by", by));
        tie.map(free).into_iter().chain(by).collect()
    }

    fn at(&self, (namespace, table): &(Option<String>, String)) -> Option<&Model> {
        self.declared.models.iter().find(|it| it.table == *table && it.namespace == *namespace)
    }

    /// A column's field, as attributes name it.
    fn rust(&self, column: &str) -> String {
        let found = self.model.columns.iter().find(|it| it.name == column);
        found.map_or_else(|| column.to_owned(), |column| column.rust.clone())
    }

    fn words(&self, columns: &[String]) -> Vec<Argument> {
        columns.iter().map(|column| known(self.rust(column))).collect()
    }

    /// The fields of these columns, as they stand in parentheses.
    fn list(&self, columns: &[String]) -> String {
        columns.iter().map(|column| self.rust(column)).collect::<Vec<_>>().join(", ")
    }

    fn included(&self, columns: &[String]) -> Option<Argument> {
        (!columns.is_empty()).then(|| known(format!("include({})", self.list(columns))))
    }

    fn key_options(&self, key: &Key) -> Vec<Argument> {
        let nulls = flags([(key.nulls_not_distinct, "nulls_not_distinct"), (key.without_overlaps, "without_overlaps")]);
        let included = self.included(&key.include).into_iter();
        included.chain(nulls).chain(deferrable(key.deferrable)).chain(named(key.name.as_ref())).collect()
    }

    /// Whether the fields themselves say the primary key.
    fn key_on_fields(&self) -> bool {
        let key = &self.model.primary_key;
        let in_order = self.model.columns.iter().map(|it| &it.name).filter(|name| key.columns.contains(name));
        let plain = key.include.is_empty() && !key.without_overlaps && key.deferrable == Deferrable::No;
        key.name.is_none() && plain && in_order.eq(&key.columns)
    }

    fn on_struct(&self, out: &mut String) {
        let model = self.model;
        if !model.primary_key.columns.is_empty() && !self.key_on_fields() {
            let mut arguments = self.words(&model.primary_key.columns);
            arguments.extend(self.key_options(&model.primary_key));
            out.push_str(&attribute(0, "primary_key", &arguments));
        }
        for key in model.uniques.iter().filter(|key| key.columns.len() != 1) {
            let mut arguments = self.words(&key.columns);
            arguments.extend(self.key_options(key));
            out.push_str(&attribute(0, "unique", &arguments));
        }
        for (at, key) in model.foreign_keys.iter().enumerate().filter(|(_, key)| key.columns.len() != 1) {
            let columns = self.list(&key.columns);
            let (parent, there) = self.target(key);
            let there = if there.is_empty() { String::new() } else { format!("({})", there.join(", ")) };
            let mut arguments = vec![free(format!("({columns}) -> {parent}{there}"))];
            arguments.extend(self.reference_options(at, key));
            out.push_str(&attribute(0, "foreign_key", &arguments));
        }
        for check in &model.checks {
            let mut arguments = vec![expression(&check.expr)];
            arguments.extend(flags([
                (check.not_valid, "not_valid"),
                (check.no_inherit, "no_inherit"),
                (check.not_enforced, "not_enforced"),
            ]));
            arguments.extend(named(check.name.as_ref()));
            out.push_str(&attribute(0, "check", &arguments));
        }
        for index in model.indexes.iter().filter(|index| field_of(index).is_none()) {
            out.push_str(&attribute(0, "index", &self.index(index)));
        }
    }

    /// The parent's name, and the columns there where they are not its primary key.
    fn target(&self, key: &ForeignKey) -> (String, Vec<String>) {
        let Some(parent) = self.parent(key) else { return (String::new(), Vec::new()) };
        let is_self = parent.rust == self.model.rust;
        let name = if is_self { "Self".to_owned() } else { parent.rust.clone() };
        if parent.primary_key.columns == key.references_columns {
            return (name, Vec::new());
        }
        let there = key.references_columns.iter();
        (name, if is_self { there.map(|it| self.rust(it)).collect() } else { there.cloned().collect() })
    }

    fn reference_options(&self, at: usize, key: &ForeignKey) -> Vec<Argument> {
        let join = (!self.in_rust.joins[at]).then(|| known("join = false"));
        let sets = self.list(&key.on_delete_columns);
        let sets = if sets.is_empty() { String::new() } else { format!("({sets})") };
        let on_delete = action("on_delete", key.on_delete, &sets).into_iter();
        let actions = on_delete.chain(action("on_update", key.on_update, ""));
        let flags = flags([
            (key.match_full, "match_full"),
            (key.period, "period"),
            (key.not_valid, "not_valid"),
            (key.not_enforced, "not_enforced"),
        ]);
        actions.chain(deferrable(key.deferrable)).chain(join).chain(flags).chain(named(key.name.as_ref())).collect()
    }

    fn index(&self, index: &Index) -> Vec<Argument> {
        let mut arguments: Vec<Argument> = Vec::new();
        for key in &index.keys {
            let mut text = match &key.what {
                IndexKeyWhat::Column(column) => self.rust(column),
                IndexKeyWhat::Expr(expr) => literal(&expr.sql),
            };
            let plain = text.clone();
            if let Some(collation) = &key.collation {
                let _ = write!(text, " collate {}", literal(collation));
            }
            if let Some(opclass) = &key.opclass {
                let _ = write!(text, " {opclass}");
            }
            text.push_str(if key.descending { " desc" } else { "" });
            text.push_str(key.nulls_first.map_or("", |word| if word { " nulls_first" } else { " nulls_last" }));
            arguments.push(if text == plain { known(text) } else { free(text) });
        }
        arguments.extend(self.index_options(index));
        arguments
    }

    fn index_options(&self, index: &Index) -> Vec<Argument> {
        let mut arguments = Vec::new();
        if index.unique {
            arguments.push(known("unique"));
        }
        if index.nulls_not_distinct {
            arguments.push(known("nulls_not_distinct"));
        }
        if let Some(using) = &index.using {
            arguments.push(Argument::text("using", using));
        }
        arguments.extend(self.included(&index.include));
        if let Some(with) = &index.with {
            arguments.push(Argument::text("with", with));
        }
        if let Some(predicate) = &index.predicate {
            arguments.push(Argument::text("where", &predicate.sql));
        }
        arguments.extend(named(index.name.as_ref()));
        arguments
    }

    fn field(&self, at: usize, out: &mut String) {
        let (model, column, ty) = (self.model, &self.model.columns[at], &self.in_rust.fields[at]);
        out.push_str(&doc(4, &column.comment));
        let attribute = |name: &str, arguments: &[Argument]| attribute(4, name, arguments);
        if self.key_on_fields() && model.primary_key.columns.contains(&column.name) {
            let nullable = column.nullable.then(|| known("nullable"));
            out.push_str(&attribute("primary_key", nullable.as_slice()));
        }
        if let Some(word) = identity(model, column) {
            let options = column.sequence.as_ref().map(sequence_options).unwrap_or_default();
            let arguments: Vec<Argument> = [known(word)].into_iter().chain(options).collect();
            out.push_str(&attribute("identity", &arguments));
        }
        if column.rust != column.name {
            out.push_str(&attribute("sql_name", &[known(literal(&column.name))]));
        }
        if let Some(name) = &self.in_rust.column_names[at] {
            out.push_str(&attribute("diesel", &[free(format!("column_name = {name}"))]));
        }
        out.push_str(&ty.attribute(self.up()));
        if let Some(collation) = &column.collation {
            out.push_str(&attribute("collation", &[known(literal(collation))]));
        }
        for key in model.uniques.iter().filter(|key| key.columns == [column.name.clone()]) {
            out.push_str(&attribute("unique", &self.key_options(key)));
        }
        for index in model.indexes.iter().filter(|index| field_of(index) == Some(&column.name)) {
            out.push_str(&attribute("index", &self.index_on_field(index)));
        }
        for (number, key) in model.foreign_keys.iter().enumerate() {
            if key.columns == [column.name.clone()] {
                let (parent, there) = self.target(key);
                let mut arguments = vec![known(parent)];
                arguments.extend(there.first().map(|column| free(format!("column = {column}"))));
                arguments.extend(self.reference_options(number, key));
                out.push_str(&attribute("references", &arguments));
            }
        }
        if let Some(value) = &column.default {
            out.push_str(&attribute("default", &[default(value)]));
        }
        if let Some(generated) = &column.generated {
            let mut arguments = vec![expression(generated)];
            arguments.extend(column.is_virtual.then(|| free("virtual")));
            out.push_str(&attribute("generated", &arguments));
        }
        if let Some(said) = &column.not_null {
            let words = flags([(said.no_inherit, "no_inherit"), (said.not_valid, "not_valid")]);
            out.push_str(&attribute("not_null", &words.chain(named(said.name.as_ref())).collect::<Vec<_>>()));
        }
        let rust = if column.nullable { format!("Option<{}>", ty.rust) } else { ty.rust.clone() };
        let _ = writeln!(out, "    pub {}: {rust},", column.rust);
    }

    fn index_on_field(&self, index: &Index) -> Vec<Argument> {
        let mut arguments = Vec::new();
        for key in &index.keys {
            arguments.extend(key.descending.then(|| known("desc")));
            arguments.extend(key.nulls_first.map(|first| known(if first { "nulls_first" } else { "nulls_last" })));
            arguments.extend(key.opclass.as_ref().map(|opclass| Argument::text("opclass", opclass)));
        }
        arguments.extend(self.index_options(index));
        arguments
    }
}

fn sequence_options(sequence: &Sequence) -> Vec<Argument> {
    let Sequence { namespace, name, data_type, start, increment, min, max, cache, cycle, .. } = sequence;
    let name = Some(name).filter(|name| !name.is_empty()).map(|name| Argument::text("sequence", name));
    let namespace = namespace.as_ref().map(|it| Argument::text("schema", it));
    let data_type = data_type.as_ref().map(|it| Argument::text("type", it));
    let numbers = [("start", start), ("increment", increment), ("min", min), ("max", max), ("cache", cache)];
    let number = |(key, value): (&str, &Option<i64>)| {
        let text = format!("{key} = {}", (*value)?);
        Some(if value.is_some_and(|it| it < 0) { free(text) } else { known(text) })
    };
    let options = name.into_iter().chain(namespace).chain(data_type).chain(numbers.into_iter().filter_map(number));
    options.chain(cycle.then(|| known("cycle"))).collect()
}

/// The word of `#[identity(..)]`, where the macro would not take it for that by itself.
fn identity(model: &Model, column: &Column) -> Option<&'static str> {
    if column.identity == unsaid_identity(model, column) && column.sequence.is_none() {
        return None;
    }
    Some(match column.identity {
        None => "none",
        Some(Identity::ByDefault) => "by_default",
        Some(Identity::Always) => "always",
        Some(Identity::Serial) => "serial",
    })
}

/// `use module::{names};`
fn import(module: &str, names: &[&str]) -> String {
    match names {
        [name] => format!("use {module}::{name};\n"),
        _ => {
            let line = format!("use {module}::{{{}}};\n", names.join(", "));
            if line.chars().count() <= 101 {
                return line;
            }
            let mut out = format!("use {module}::{{\n");
            let mut row = String::new();
            for name in names {
                // The indent, and the comma behind it.
                if !row.is_empty() && row.chars().count() + name.chars().count() + 2 + 4 > 100 {
                    let _ = writeln!(out, "    {row}");
                    row.clear();
                }
                let gap = if row.is_empty() { "" } else { " " };
                let _ = write!(row, "{gap}{name},");
            }
            let _ = writeln!(out, "    {row}\n}};");
            out
        }
    }
}
