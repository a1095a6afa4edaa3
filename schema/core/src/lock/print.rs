//! From a lock to its text.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use super::text::{name, quoted};
use super::waiting::WAITING;
use super::{Lock, LockedRevision, VERSION};
use crate::declared::*;
use crate::dialect::Dialect;

const GROUPS: u8 = 16;

impl fmt::Display for Lock {
    /// The file's text. The same facts give the same text, in whatever order they are held.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Written by autogenerate; not by hand.")?;
        writeln!(f, "version = {VERSION}")?;
        let declared = canonical(&self.declared);
        writeln!(f, "\ncomments = {}", declared.comments)?;
        writeln!(f, "\ndialects = {}", dialects(&declared.dialects))?;
        revisions(f, &self.revisions)?;
        for item in &declared.enums {
            writeln!(f, "\n{}", enumeration(item))?;
        }
        for item in &declared.sequences {
            writeln!(f, "\n{}", sequence(item))?;
        }
        for item in &declared.sql {
            writeln!(f, "\n{} text={}", sql_fact(&item.path, &item.dialects), quoted(&item.text))?;
        }
        for item in &declared.models {
            model(f, item)?;
        }
        if !self.waiting.is_empty() {
            writeln!(f)?;
        }
        self.waiting.iter().try_for_each(|fact| writeln!(f, "{WAITING}{fact}"))
    }
}

fn revisions(f: &mut fmt::Formatter<'_>, all: &BTreeMap<Dialect, Vec<LockedRevision>>) -> fmt::Result {
    let mut groups: BTreeMap<u8, Vec<(&str, Dialect, &LockedRevision)>> = BTreeMap::new();
    for (dialect, list) in all {
        for revision in list {
            groups.entry(group(&revision.id)).or_default().push((&revision.id, *dialect, revision));
        }
    }
    for number in 0..GROUPS {
        // A group's mark stands even where the group is empty: it is what keeps two insertions apart.
        writeln!(f, "\n# revisions {number:x}")?;
        let mut group = groups.remove(&number).unwrap_or_default();
        group.sort();
        for (id, dialect, revision) in group {
            let parents = names(&revision.down_revision);
            let needs = names(&revision.depends_on);
            let checksum = name(&revision.checksum);
            writeln!(
                f,
                "revision {dialect} {} down_revision={parents} depends_on={needs} checksum={checksum}",
                name(id)
            )?;
        }
    }
    Ok(())
}

fn group(id: &str) -> u8 {
    Sha256::digest(id.as_bytes()).first().map_or(0, |byte| byte % GROUPS)
}

fn model(f: &mut fmt::Formatter<'_>, model: &Model) -> fmt::Result {
    writeln!(f)?;
    for fact in model_facts(model) {
        writeln!(f, "{}", fact.line)?;
    }
    Ok(())
}

/// One line about a table, and where the model says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The line.
    pub line: String,
    /// Where it is declared.
    pub at: String,
    /// The columns that it is about.
    pub columns: Vec<String>,
}

/// A model's lines, in their order in the lock.
#[must_use]
pub fn model_facts(model: &Model) -> Vec<Fact> {
    let table = qualified(model.namespace.as_deref(), &model.table);
    let line = |line: String, at: &str, columns: &[String]| Fact { line, at: at.to_owned(), columns: columns.to_vec() };
    let about = format!("{}{}", ties(model), comment(&model.comment));
    let mut facts = vec![line(format!("table {table}{about}"), &model.at, &[])];
    let mut columns: Vec<&Column> = model.columns.iter().collect();
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    facts.extend(
        columns
            .into_iter()
            .map(|item| line(format!("column {table}.{}", column(item)), &item.at, std::slice::from_ref(&item.name))),
    );
    let of = &model.primary_key;
    facts.push(line(format!("primary_key {table} {}", key(of)), &of.at, &of.columns));
    let mut group = |word: &str, mut items: Vec<Fact>| {
        items.sort_by(|a, b| a.line.cmp(&b.line));
        facts.extend(items.into_iter().map(|fact| Fact { line: format!("{word} {table} {}", fact.line), ..fact }));
    };
    group("unique", model.uniques.iter().map(|it| line(key(it), &it.at, &it.columns)).collect());
    group("foreign_key", model.foreign_keys.iter().map(|it| line(foreign_key(it), &it.at, &it.columns)).collect());
    group("check", model.checks.iter().map(|it| line(check(it), &it.at, &it.columns)).collect());
    group("index", model.indexes.iter().map(|it| line(index(it), &it.at, &index_columns(it))).collect());
    facts
}

/// What a table's line says before its comment.
fn ties(model: &Model) -> String {
    let Inheritance { partition_by, parents, bound } = &model.inheritance;
    let parents: Vec<String> = parents.iter().map(|(namespace, name)| qualified(namespace.as_deref(), name)).collect();
    let parents = if parents.is_empty() { None } else { Some(list(parents)) };
    [
        option("partition_by", partition_by.as_deref().map(quoted)),
        option(if bound.is_some() { "partition_of" } else { "inherits" }, parents),
        option("bound", bound.as_deref().map(quoted)),
        option("options", (!model.options.is_empty()).then(|| list(model.options.iter().map(|it| quoted(it))))),
    ]
    .concat()
}

fn index_columns(index: &Index) -> Vec<String> {
    let name = |key: &IndexKey| match &key.what {
        IndexKeyWhat::Column(name) => Some(name.clone()),
        IndexKeyWhat::Expr(_) => None,
    };
    index.keys.iter().filter_map(name).collect()
}

/// The name of a table, enum or sequence as the lock writes it.
#[must_use]
pub fn qualified_name(namespace: Option<&str>, text: &str) -> String {
    qualified(namespace, text)
}

/// A `sql:` file's line without its text.
#[must_use]
pub fn sql_fact(path: &str, of: &[Dialect]) -> String {
    let mut of = of.to_vec();
    of.sort();
    of.dedup();
    format!("sql {} dialects={}", quoted(path), dialects(&of))
}

fn qualified(namespace: Option<&str>, text: &str) -> String {
    namespace.map_or_else(|| name(text), |namespace| format!("{}.{}", name(namespace), name(text)))
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(", "))
}

fn names(items: &[String]) -> String {
    format!("[{}]", bare_names(items))
}

/// Without the brackets.
pub(super) fn bare_names(items: &[String]) -> String {
    items.iter().map(|item| name(item)).collect::<Vec<_>>().join(", ")
}

fn dialects(items: &[Dialect]) -> String {
    list(items.iter().map(|item| item.name().to_owned()))
}

fn comment(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(" comment={}", quoted(text)) }
}

fn option(key: &str, value: Option<String>) -> String {
    value.map_or_else(String::new, |value| format!(" {key}={value}"))
}

fn flag(word: &str, set: bool) -> String {
    if set { format!(" {word}") } else { String::new() }
}

fn some_names(key: &str, items: &[String]) -> String {
    if items.is_empty() { String::new() } else { format!(" {key}={}", names(items)) }
}

fn expr(expr: &Expr) -> String {
    let own = [("postgres", &expr.postgres), ("sqlite", &expr.sqlite), ("mysql", &expr.mysql)];
    let own: String = own
        .iter()
        .filter_map(|(dialect, sql)| sql.as_ref().map(|sql| format!(", {dialect}={}", quoted(sql))))
        .collect();
    if own.is_empty() { quoted(&expr.sql) } else { format!("({}{own})", quoted(&expr.sql)) }
}

fn column(column: &Column) -> String {
    let default = column.default.as_ref().map(|default| match default {
        Default::Bool(value) => value.to_string(),
        Default::Int(value) => value.to_string(),
        Default::Float(value) => format!("float({})", quoted(value)),
        Default::Text(value) => format!("text({})", quoted(value)),
        Default::Expr(value) => format!("sql({})", expr(value)),
    });
    let identity = column.identity.map(|identity| match identity {
        Identity::ByDefault => "by_default".to_owned(),
        Identity::Always => "always".to_owned(),
        Identity::Serial => "serial".to_owned(),
    });
    format!(
        "{} type={}{}{}{}{}{}{}{}{}{}",
        name(&column.name),
        column_type(&column.ty),
        flag("null", column.nullable),
        option("default", default),
        option("identity", identity),
        column
            .sequence
            .as_ref()
            .map_or_else(String::new, |item| format!(" sequence=({})", sequence(item).replacen("sequence ", "", 1))),
        option("generated", column.generated.as_ref().map(expr)),
        flag("virtual", column.is_virtual),
        option("not_null", column.not_null.as_ref().map(not_null)),
        option("collation", column.collation.as_deref().map(quoted)),
        comment(&column.comment),
    )
}

fn not_null(said: &NotNull) -> String {
    let words = [
        option("name", said.name.as_deref().map(name)),
        flag("no_inherit", said.no_inherit),
        flag("not_valid", said.not_valid),
    ];
    format!("({})", words.concat().trim_start())
}

pub(super) fn column_type(ty: &Type) -> String {
    let what = match ty.kind {
        // A type of Diesel's has no namespace; one that is given all the same must not be lost.
        TypeKind::Diesel if ty.namespace.is_none() && !matches!(&*ty.name, "diesel" | "enum" | "sql") => name(&ty.name),
        TypeKind::Diesel => format!("diesel({})", qualified(ty.namespace.as_deref(), &ty.name)),
        TypeKind::Enum => format!("enum({})", qualified(ty.namespace.as_deref(), &ty.name)),
        TypeKind::Sql => {
            let namespace =
                ty.namespace.as_deref().map_or_else(String::new, |namespace| format!("{}.", name(namespace)));
            format!("sql({namespace}{})", quoted(&ty.name))
        }
    };
    let modifiers: Vec<String> = ty.modifiers.iter().map(i32::to_string).collect();
    let modifiers = if modifiers.is_empty() { String::new() } else { format!("({})", modifiers.join(", ")) };
    format!("{what}{modifiers}{}", "[]".repeat(usize::from(ty.array)))
}

fn deferrable(value: Deferrable) -> String {
    let word = match value {
        Deferrable::No => None,
        Deferrable::InitiallyImmediate => Some("immediate".to_owned()),
        Deferrable::InitiallyDeferred => Some("deferred".to_owned()),
    };
    option("deferrable", word)
}

fn key(key: &Key) -> String {
    format!(
        "columns={}{}{}{}{}{}",
        names(&key.columns),
        option("name", key.name.as_deref().map(name)),
        some_names("include", &key.include),
        flag("nulls_not_distinct", key.nulls_not_distinct),
        flag("without_overlaps", key.without_overlaps),
        deferrable(key.deferrable),
    )
}

fn action(key: &str, action: ForeignKeyAction) -> String {
    let word = match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some("restrict".to_owned()),
        ForeignKeyAction::Cascade => Some("cascade".to_owned()),
        ForeignKeyAction::SetNull => Some("set_null".to_owned()),
        ForeignKeyAction::SetDefault => Some("set_default".to_owned()),
    };
    option(key, word)
}

fn foreign_key(key: &ForeignKey) -> String {
    format!(
        "columns={} references={} references_columns={}{}{}{}{}{}{}{}{}{}",
        names(&key.columns),
        qualified(key.references_namespace.as_deref(), &key.references_table),
        names(&key.references_columns),
        option("name", key.name.as_deref().map(name)),
        action("on_delete", key.on_delete),
        some_names("on_delete_columns", &key.on_delete_columns),
        action("on_update", key.on_update),
        flag("match_full", key.match_full),
        flag("period", key.period),
        deferrable(key.deferrable),
        flag("not_valid", key.not_valid),
        flag("not_enforced", key.not_enforced),
    )
}

fn check(check: &Check) -> String {
    let name = option("name", check.name.as_deref().map(name));
    let flags = [
        flag("not_valid", check.not_valid),
        flag("no_inherit", check.no_inherit),
        flag("not_enforced", check.not_enforced),
    ]
    .concat();
    format!("expr={} columns={}{name}{flags}", expr(&check.expr), names(&check.columns))
}

fn index(index: &Index) -> String {
    format!(
        "keys={}{}{}{}{}{}{}{}",
        list(index.keys.iter().map(index_key)),
        option("name", index.name.as_deref().map(name)),
        flag("unique", index.unique),
        flag("nulls_not_distinct", index.nulls_not_distinct),
        option("using", index.using.as_deref().map(name)),
        some_names("include", &index.include),
        option("with", index.with.as_deref().map(name)),
        option("where", index.predicate.as_ref().map(expr)),
    )
}

fn index_key(key: &IndexKey) -> String {
    let what = match &key.what {
        IndexKeyWhat::Column(column) => name(column),
        IndexKeyWhat::Expr(value) => format!("sql({})", expr(value)),
    };
    // A column called `sql` can't be taken for an expression: no `(` follows it.
    format!(
        "{what}{}{}{}{}{}",
        flag("desc", key.descending),
        flag("nulls_first", key.nulls_first == Some(true)),
        flag("nulls_last", key.nulls_first == Some(false)),
        option("opclass", key.opclass.as_deref().map(name)),
        option("collation", key.collation.as_deref().map(quoted)),
    )
}

/// An enum's line.
#[must_use]
pub fn enumeration(item: &Enum) -> String {
    let values = list(item.values.iter().map(|value| quoted(value)));
    format!("enum {} values={values}{}", qualified(item.namespace.as_deref(), &item.name), comment(&item.comment))
}

/// A sequence's line.
#[must_use]
pub fn sequence(item: &Sequence) -> String {
    let number = |key: &str, value: Option<i64>| option(key, value.map(|value| value.to_string()));
    format!(
        "sequence {}{}{}{}{}{}{}{}",
        qualified(item.namespace.as_deref(), &item.name),
        option("data_type", item.data_type.as_deref().map(name)),
        number("start", item.start),
        number("increment", item.increment),
        number("min", item.min),
        number("max", item.max),
        number("cache", item.cache),
        flag("cycle", item.cycle),
    )
}

/// A declared schema as a lock holds it: sorted, and without places in the source, Rust names and
/// `renamed_from`. Two schemas are equal to a lock when these are.
#[must_use]
pub fn canonical(declared: &DeclaredSchema) -> DeclaredSchema {
    let mut out = declared.clone();
    out.at.clear();
    out.dialects.sort();
    out.dialects.dedup();
    for model in &mut out.models {
        canonical_model(model);
    }
    out.models.sort_by(|a, b| (&a.namespace, &a.table).cmp(&(&b.namespace, &b.table)));
    for item in &mut out.enums {
        item.rust.clear();
        item.at.clear();
    }
    out.enums.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    for item in &mut out.sequences {
        item.at.clear();
    }
    out.sequences.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    for item in &mut out.sql {
        item.dialects.sort();
        item.dialects.dedup();
    }
    out.sql.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

fn canonical_model(model: &mut Model) {
    model.rust.clear();
    model.at.clear();
    model.renamed_from = None;
    for column in &mut model.columns {
        column.rust.clear();
        column.at.clear();
        column.renamed_from = None;
        column.sequence.iter_mut().for_each(|item| item.at.clear());
    }
    model.columns.sort_by(|a, b| a.name.cmp(&b.name));
    model.primary_key.at.clear();
    model.uniques.iter_mut().for_each(|item| item.at.clear());
    model.uniques.sort_by_cached_key(key);
    model.foreign_keys.iter_mut().for_each(|item| item.at.clear());
    model.foreign_keys.sort_by_cached_key(foreign_key);
    model.checks.iter_mut().for_each(|item| item.at.clear());
    model.checks.sort_by_cached_key(check);
    model.indexes.iter_mut().for_each(|item| item.at.clear());
    model.indexes.sort_by_cached_key(index);
}
