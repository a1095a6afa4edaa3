//! The declared schema in PostgreSQL's words.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema_core::declared::{self, DeclaredSchema};
use diesel_schema_core::naming::{self, label};
use diesel_schema_core::{Dialect, sql::split};

use super::{quote, types};
use crate::dialect::Unsupported;
use crate::schema::*;

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

fn expr(expr: &declared::Expr) -> String {
    expr.postgres.as_ref().unwrap_or(&expr.sql).trim().to_owned()
}

fn not_public(namespace: Option<&str>) -> Option<String> {
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
            checks.push(Check { name: chosen, expr, no_inherit: false, validated: true, comment: None });
        }
        let primary_key = (!model.primary_key.columns.is_empty())
            .then(|| key(&model.primary_key, &model.table, "", label::PRIMARY_KEY, &mut taken));
        let mut uniques: Vec<Key> = model
            .uniques
            .iter()
            .map(|unique| {
                let part = naming::columns_part(unique.columns.iter().map(String::as_str));
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
                on_delete: foreign.on_delete,
                on_update: foreign.on_update,
                match_full: false,
                deferrable: foreign.deferrable,
                validated: true,
                comment: None,
            });
        }
        let mut indexes: Vec<Index> =
            model.indexes.iter().map(|declared| index(declared, &model.table, &columns, &mut taken)).collect();
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
            let sequence = naming::choose(taken, &model.table, &column.name, label::SEQUENCE);
            Identity {
                kind: match identity {
                    declared::Identity::ByDefault => IdentityKind::ByDefault,
                    declared::Identity::Always => IdentityKind::Always,
                    declared::Identity::Serial => IdentityKind::Serial,
                },
                sequence: Some((Name::qualified(table.namespace.clone(), sequence), SequenceOptions::of_type(&ty.sql))),
            }
        });
        Some(Column {
            name: column.name.clone(),
            nullable: column.nullable && identity.is_none() && !model.primary_key.columns.contains(&column.name),
            default: column.default.as_ref().and_then(|value| default(value, &ty.sql)),
            identity,
            generated: column.generated.as_ref().map(|text| quote::bare(&expr(text))),
            collation: column.collation.as_deref().map(quote::collation).filter(|collation| collation != "\"default\""),
            comment: self.comment(&column.comment),
            ty,
        })
    }

    fn file(&mut self, file: &declared::SqlFile) {
        for statement in split::split(&file.text, Dialect::Postgres) {
            let Some(id) = object(statement.sql) else {
                let line = file.text[..statement.offset].matches('\n').count() + 1;
                let first = statement.sql.lines().next().unwrap_or_default();
                self.refuse(
                    &format!("{}:{line}:1", file.path),
                    format!("`{first}`"),
                    "a `sql:` file holds CREATE FUNCTION, PROCEDURE, VIEW, MATERIALIZED VIEW, TRIGGER and EXTENSION; \
                     put anything else into a revision of its own",
                );
                continue;
            };
            let object = Object { id: id.clone(), definition: statement.sql.to_owned(), depends_on: Vec::new() };
            self.schema.objects.insert(id, object);
        }
    }
}

fn key(key: &declared::Key, table: &str, part: &str, label: &str, taken: &mut BTreeSet<String>) -> Key {
    Key {
        name: key.name.clone().unwrap_or_else(|| naming::choose(taken, table, part, label)),
        columns: key.columns.clone(),
        include: Vec::new(),
        nulls_not_distinct: key.nulls_not_distinct,
        deferrable: key.deferrable,
        comment: None,
    }
}

/// Operator classes that are what the server takes by itself for the types of that name (`pg_opclass.opcdefault`).
fn is_default_opclass(method: &str, opclass: &str) -> bool {
    let defaults: &[&str] = match method {
        "btree" | "hash" => &[
            "array",
            "bool",
            "bpchar",
            "bytea",
            "char",
            "date",
            "enum",
            "float4",
            "float8",
            "inet",
            "int2",
            "int4",
            "int8",
            "interval",
            "jsonb",
            "macaddr",
            "macaddr8",
            "name",
            "numeric",
            "oid",
            "pg_lsn",
            "range",
            "text",
            "time",
            "timestamp",
            "timestamptz",
            "timetz",
            "uuid",
        ],
        "gin" => &["array", "jsonb", "tsvector"],
        "gist" => &["box", "circle", "point", "poly", "range", "tsvector"],
        _ => &[],
    };
    opclass.strip_suffix("_ops").is_some_and(|name| defaults.contains(&name))
}

fn index(index: &declared::Index, table: &str, columns: &[Column], taken: &mut BTreeSet<String>) -> Index {
    let names: Vec<String> = index
        .keys
        .iter()
        .map(|key| match &key.what {
            declared::IndexKeyWhat::Column(column) => column.clone(),
            declared::IndexKeyWhat::Expr(text) => expression_name(&expr(text)),
        })
        .collect();
    // `ChooseIndexColumnNames`: the second `expr` is `expr1`.
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        let mut candidate = name.clone();
        let mut pass = 0;
        while distinct.contains(&candidate) {
            pass += 1;
            candidate = format!("{name}{pass}");
        }
        distinct.push(candidate);
    }
    distinct.extend(index.include.iter().cloned());
    let part = naming::columns_part(distinct.iter().map(String::as_str));
    let method = index.using.as_deref().unwrap_or("btree").to_ascii_lowercase();
    let own = |key: &declared::IndexKey| match &key.what {
        declared::IndexKeyWhat::Column(name) => columns.iter().find(|column| column.name == *name),
        declared::IndexKeyWhat::Expr(_) => None,
    };
    let keys = index
        .keys
        .iter()
        .map(|key| IndexKey {
            what: match &key.what {
                declared::IndexKeyWhat::Column(column) => IndexKeyWhat::Column(column.clone()),
                declared::IndexKeyWhat::Expr(text) => IndexKeyWhat::Expr(quote::bare(&expr(text))),
            },
            descending: key.descending,
            nulls: match key.nulls_first {
                Some(true) if !key.descending => NullsOrder::First,
                Some(false) if key.descending => NullsOrder::Last,
                _ => NullsOrder::Default,
            },
            opclass: key.opclass.clone().filter(|opclass| !is_default_opclass(&method, opclass)),
            collation: key.collation.as_deref().map(quote::collation).filter(|collation| {
                own(key).is_none_or(|column| column.collation.as_deref().unwrap_or("\"default\"") != collation)
            }),
        })
        .collect();
    Index {
        name: index.name.clone().unwrap_or_else(|| naming::choose(taken, table, &part, label::INDEX)),
        unique: index.unique,
        nulls_not_distinct: index.nulls_not_distinct,
        method,
        keys,
        include: index.include.clone(),
        predicate: index.predicate.as_ref().map(|text| quote::bare(&expr(text))),
        with: Vec::new(),
        valid: true,
        comment: None,
    }
}

/// What the server calls an expression key: the function's name where it is a call, else `expr`.
fn expression_name(sql: &str) -> String {
    let tokens = split::tokens(sql, Dialect::Postgres);
    let (Some(first), Some(second), Some(last)) = (tokens.first(), tokens.get(1), tokens.last()) else {
        return "expr".to_owned();
    };
    let mut depth = 0_i32;
    let one_call = tokens[1..].iter().enumerate().all(|(at, token)| {
        depth += match token.sql {
            "(" => 1,
            ")" => -1,
            _ => 0,
        };
        depth > 0 || at + 2 == tokens.len()
    });
    if second.sql == "(" && last.sql == ")" && one_call && first.sql.starts_with(|c: char| c.is_alphabetic()) {
        first.sql.to_ascii_lowercase()
    } else {
        "expr".to_owned()
    }
}

/// A default in the server's spelling, as far as it can be known without a server.
/// `NULL` is none.
fn default(value: &declared::Default, ty: &str) -> Option<Default> {
    let written = match value {
        declared::Default::Expr(text) => plain(&expr(text)),
        _ => None,
    };
    let value = written.as_ref().unwrap_or(value);
    let bare = types::without_modifiers(ty);
    let text_like = matches!(bare.as_str(), "text" | "character varying" | "bpchar" | "name");
    let sql = match value {
        declared::Default::Bool(value) => value.to_string(),
        declared::Default::Int(value) if text_like => format!("{}::{bare}", quote::literal(&value.to_string())),
        declared::Default::Int(value) => match (i32::try_from(*value).is_ok(), *value < 0) {
            (true, false) => value.to_string(),
            (true, true) => format!("'{value}'::integer"),
            (false, _) => format!("'{value}'::bigint"),
        },
        declared::Default::Float(value) => match value.strip_prefix('-') {
            Some(_) => format!("'{value}'::numeric"),
            None => value.clone(),
        },
        declared::Default::Text(value) => format!("{}::{bare}", quote::literal(value)),
        declared::Default::Expr(text) if expr(text).eq_ignore_ascii_case("null") => return None,
        declared::Default::Expr(text) => well_known(&expr(text)),
    };
    let volatile = is_volatile(&sql);
    Some(Default { sql, volatile })
}

/// An expression that is one literal, as that literal.
fn plain(sql: &str) -> Option<declared::Default> {
    if let Ok(number) = sql.parse::<i64>() {
        return Some(declared::Default::Int(number));
    }
    let tokens = split::tokens(sql, Dialect::Postgres);
    let [token] = tokens.as_slice() else { return None };
    let inside = token.sql.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(declared::Default::Text(inside.replace("''", "'")))
}

/// The spelling of expressions that nearly every schema has.
fn well_known(sql: &str) -> String {
    let lower = sql.to_ascii_lowercase();
    match lower.as_str() {
        "now()" | "gen_random_uuid()" | "random()" | "clock_timestamp()" | "true" | "false" => lower,
        "current_timestamp" | "current_date" | "current_time" | "localtimestamp" | "localtime" | "current_user"
        | "session_user" => lower.to_ascii_uppercase(),
        "current_timestamp()" => "CURRENT_TIMESTAMP".to_owned(),
        _ => sql.to_owned(),
    }
}

/// Whether the expression calls a function that the server marks volatile. A name that is unknown here counts as
/// volatile unless it is one of the stable ones that defaults use.
pub(super) fn is_volatile(sql: &str) -> bool {
    const CALM: &[&str] = &[
        "now",
        "transaction_timestamp",
        "statement_timestamp",
        "timezone",
        "date_trunc",
        "current_setting",
        "lower",
        "upper",
        "to_char",
        "to_timestamp",
        "make_interval",
        "jsonb_build_object",
        "json_build_object",
        "current_timestamp",
        "numeric",
        "varchar",
        "coalesce",
        "extract",
        "date_part",
        "array",
        "varying",
        "timestamp",
        "char",
        "time",
        "character",
        "bit",
        "interval",
        "decimal",
        "bpchar",
        "abs",
        "age",
        "array_fill",
        "btrim",
        "ceil",
        "char_length",
        "concat",
        "daterange",
        "decode",
        "encode",
        "floor",
        "format",
        "greatest",
        "int4range",
        "int8range",
        "jsonb_build_array",
        "least",
        "left",
        "length",
        "lpad",
        "make_date",
        "make_timestamp",
        "make_timestamptz",
        "md5",
        "nullif",
        "numrange",
        "replace",
        "right",
        "round",
        "sha256",
        "string_to_array",
        "substr",
        "substring",
        "to_date",
        "to_json",
        "to_jsonb",
        "to_number",
        "to_tsvector",
        "trim",
        "tsrange",
        "tstzrange",
    ];
    let tokens = split::tokens(sql, Dialect::Postgres);
    tokens.windows(2).any(|pair| {
        pair[1].sql == "("
            && pair[0].sql.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '"')
            && !CALM.contains(&pair[0].sql.to_ascii_lowercase().as_str())
    })
}

fn unquote(token: &str) -> String {
    match token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) => inside.replace("\"\"", "\""),
        None => token.to_ascii_lowercase(),
    }
}

/// What a statement of a `sql:` file creates; `None` where it is of no kind that is handled as text.
fn object(sql: &str) -> Option<ObjectId> {
    let tokens = split::tokens(sql, Dialect::Postgres);
    let word = |at: usize| tokens.get(at).map(|token| token.sql.to_ascii_lowercase()).unwrap_or_default();
    if word(0) != "create" {
        return None;
    }
    let mut at = 1;
    if word(1) == "or" && word(2) == "replace" {
        at = 3;
    }
    if matches!(word(at).as_str(), "constraint" | "recursive") {
        at += 1;
    }
    let kind = match (word(at).as_str(), word(at + 1).as_str()) {
        ("function" | "procedure", _) => ObjectKind::Function,
        ("view", _) => ObjectKind::View,
        ("materialized", "view") => ObjectKind::MaterializedView,
        ("trigger", _) => ObjectKind::Trigger,
        ("extension", _) => ObjectKind::Extension,
        _ => return None,
    };
    at += if kind == ObjectKind::MaterializedView { 2 } else { 1 };
    if word(at) == "if" && word(at + 1) == "not" {
        at += 3;
    }
    let (name, after) = qualified(&tokens, at)?;
    match kind {
        ObjectKind::Trigger => {
            let on = (after..tokens.len()).find(|at| word(*at) == "on")?;
            let (table, _) = qualified(&tokens, on + 1)?;
            let name = Name::qualified(table.namespace, format!("{}.{}", table.name, name.name));
            Some(ObjectId::Object(kind, name))
        }
        ObjectKind::Function => {
            let arguments = arguments(&tokens, after)?;
            let name = Name::qualified(name.namespace, format!("{}({arguments})", name.name));
            Some(ObjectId::Object(kind, name))
        }
        ObjectKind::Extension => Some(ObjectId::Object(kind, Name::new(name.name))),
        _ => Some(ObjectId::Object(kind, name)),
    }
}

fn qualified(tokens: &[split::Statement<'_>], at: usize) -> Option<(Name, usize)> {
    let first = unquote(tokens.get(at)?.sql);
    match (tokens.get(at + 1).map(|token| token.sql), tokens.get(at + 2)) {
        (Some("."), Some(second)) => Some((Name::qualified(not_public(Some(&first)), unquote(second.sql)), at + 3)),
        _ => Some((Name::new(first), at + 1)),
    }
}

/// The types of a function's input arguments in the server's spelling, as `pg_get_function_identity_arguments`
/// has them without names.
fn arguments(tokens: &[split::Statement<'_>], open: usize) -> Option<String> {
    if tokens.get(open)?.sql != "(" {
        return None;
    }
    let mut depth = 0;
    let mut found: Vec<Vec<String>> = vec![Vec::new()];
    for token in &tokens[open..] {
        match token.sql {
            "(" => {
                depth += 1;
                if depth == 1 {
                    continue;
                }
            }
            ")" => depth -= 1,
            "," if depth == 1 => {
                found.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if let Some(words) = found.last_mut() {
            words.push(token.sql.to_owned());
        }
    }
    let types: Vec<String> = found.into_iter().filter_map(argument).collect();
    Some(types.join(", "))
}

fn argument(mut words: Vec<String>) -> Option<String> {
    if let Some(end) = words.iter().position(|word| word == "=" || word.eq_ignore_ascii_case("default")) {
        words.truncate(end);
    }
    match words.first()?.to_ascii_lowercase().as_str() {
        "out" => return None,
        "in" | "inout" | "variadic" => {
            words.remove(0);
        }
        _ => {}
    }
    let joined = |words: &[String]| words.join(" ").replace(" [ ]", "[]").replace(" . ", ".");
    let bare = |sql: &str| types::without_modifiers(&types::normalise(sql));
    // A name may stand before the type; `double precision` and its like are two words that are both type.
    let whole = joined(&words);
    let two_words = ["double precision", "character varying", "bit varying", "timestamp with", "time with"];
    let starts = |sql: &str| two_words.iter().any(|two| sql.to_ascii_lowercase().starts_with(two));
    let named = words.len() > 1 && !starts(&whole) && !matches!(words[1].as_str(), "(" | "[" | ".");
    Some(if named { bare(&joined(&words[1..])) } else { bare(&whole) })
}
