//! The files that tie the models together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use diesel_schema_core::declared::Sequence;

use super::attributes::literal;
use super::field_type::{Custom, CustomKind};
use super::raise::Raised;

/// `mod.rs` of all models, with the `schema!` call.
pub(super) fn root(raised: &Raised, with_sql_types: bool) -> String {
    let mut out =
        "//! The tables. `cargo run --bin autogenerate -- \"what changes\"` turns an edit here into a migration.\n\n"
            .to_owned();
    let mut modules: BTreeSet<(&str, bool)> = raised
        .models
        .iter()
        .map(|model| model.folder.as_deref().map_or((model.module.as_str(), false), |it| (it, true)))
        .collect();
    if with_sql_types {
        modules.insert(("sql_types", true));
    }
    if !raised.declared.enums.is_empty() {
        modules.insert(("enums", false));
    }
    mods(&mut out, &modules);
    if !modules.is_empty() {
        out.push('\n');
    }
    schema(&mut out, raised);
    out
}

/// `mod.rs` of one namespace.
pub(super) fn folder(namespace: &str, modules: &BTreeSet<(&str, bool)>) -> String {
    let mut out = format!("//! The tables of the schema `{namespace}`.\n\n");
    mods(&mut out, modules);
    out
}

fn mods(out: &mut String, modules: &BTreeSet<(&str, bool)>) {
    for (module, public) in modules {
        let _ = writeln!(out, "{}mod {module};", if *public { "pub " } else { "" });
    }
    let private: Vec<&str> = modules.iter().filter(|(_, public)| !public).map(|(module, _)| *module).collect();
    if !private.is_empty() {
        out.push_str("\n// Globs: what #[model] makes beside a struct has to be seen with it.\n");
    }
    for module in private {
        let _ = writeln!(out, "pub use self::{module}::*;");
    }
}

fn list(out: &mut String, key: &str, items: &[String]) {
    if items.is_empty() {
        return;
    }
    let _ = writeln!(out, "    {key}: [");
    items.iter().for_each(|item| _ = writeln!(out, "        {item},"));
    out.push_str("    ],\n");
}

fn schema(out: &mut String, raised: &Raised) {
    let declared = &raised.declared;
    out.push_str("diesel_schema::prelude::schema! {\n    pub mod schema;\n");
    let models = declared.models.iter().zip(&raised.models).map(|(model, in_rust)| match &in_rust.folder {
        Some(folder) => format!("{folder}::{}", model.rust),
        None => model.rust.clone(),
    });
    list(out, "models", &models.collect::<Vec<_>>());
    list(out, "enums", &declared.enums.iter().map(|item| item.rust.clone()).collect::<Vec<_>>());
    list(out, "sequences", &declared.sequences.iter().map(sequence).collect::<Vec<_>>());
    list(out, "sql", &declared.sql.iter().map(|file| literal(&file.path)).collect::<Vec<_>>());
    if declared.comments {
        out.push_str("    comments: true,\n");
    }
    if declared.models.len() > 1 {
        // As in what `diesel print-schema` prints, so that the queries that are there go on to compile.
        out.push_str("    same_query: all,\n");
    }
    let dialects: Vec<&str> = declared.dialects.iter().map(|dialect| dialect.name()).collect();
    let _ = writeln!(out, "    dialects: [{}],\n}}", dialects.join(", "));
}

fn sequence(item: &Sequence) -> String {
    let plain = syn::parse_str::<syn::Ident>(&item.name).is_ok();
    let mut options = Vec::new();
    if !plain {
        options.push(format!("name = {}", literal(&item.name)));
    }
    options.extend(item.namespace.as_ref().map(|it| format!("schema = {}", literal(it))));
    options.extend(item.data_type.as_ref().map(|it| format!("type = {}", literal(it))));
    let numbers = [
        ("start", item.start),
        ("increment", item.increment),
        ("min", item.min),
        ("max", item.max),
        ("cache", item.cache),
    ];
    options.extend(numbers.into_iter().filter_map(|(key, value)| Some(format!("{key} = {}", value?))));
    options.extend(item.cycle.then(|| "cycle".to_owned()));
    let ident = if plain { item.name.clone() } else { super::names::field(&item.name) };
    if options.is_empty() { ident } else { format!("{ident}({})", options.join(", ")) }
}

/// `sql_types.rs`.
pub(super) fn sql_types(customs: &BTreeSet<Custom>) -> String {
    let mut out = "//! The database's types that Diesel does not know.\n".to_owned();
    let mut by_name: BTreeMap<&str, &Custom> = BTreeMap::new();
    customs.iter().for_each(|custom| _ = by_name.entry(&custom.rust).or_insert(custom));
    for (rust, custom) in by_name {
        match &custom.kind {
            CustomKind::Server(namespace, name) => {
                let namespace = namespace.as_ref().map(|it| format!(", schema = {}", literal(it))).unwrap_or_default();
                let _ = writeln!(
                    out,
                    "\n/// `{name}`.\n#[derive(Debug, Clone, Copy, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]\n\
                     #[diesel(postgres_type(name = {}{namespace}))]\npub struct {rust};",
                    literal(name)
                );
            }
            CustomKind::Alias(of) => {
                let line = format!("pub type {rust} = {of};");
                let line = if line.chars().count() > 100 { format!("pub type {rust} =\n    {of};") } else { line };
                let _ = writeln!(out, "\n/// Several of them.\n{line}");
            }
        }
    }
    out
}
