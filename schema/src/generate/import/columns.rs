//! Columns.

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{self, Default, Expr, Identity, Model, TypeKind};
use diesel_schema_core::naming::{self, label};
use diesel_schema_core::sql::split;

use super::field_type::FieldType;
use super::raise::Raising;
use super::{constraints, postgres_types, sqlite_types};
use crate::generate::print_schema;
use crate::schema::{Column, IdentityKind, Name, Sequence, SequenceOptions, Table};

/// The ways to say a column's type and default, and which one it is for now.
pub(super) struct Choice {
    types: Vec<FieldType>,
    ty: usize,
    default: usize,
    expr: usize,
    /// Whether the sequence behind an identity is not as the server would have it.
    sequence: bool,
}

impl Choice {
    pub(super) fn ty(&self) -> &FieldType {
        &self.types[self.ty]
    }

    pub(super) fn into_type(mut self) -> FieldType {
        self.types.swap_remove(self.ty)
    }

    /// Takes the next way where this one is lowered to something else than was read. False where it is not, or none is
    /// left.
    pub(super) fn next(&mut self, read: &Column, lowered: &Column) -> bool {
        if lowered.ty != read.ty {
            if self.ty + 1 < self.types.len() {
                self.ty += 1;
                self.default = 0;
                return true;
            }
            return false;
        }
        let sql = |column: &Column| column.default.as_ref().map(|default| default.sql.clone());
        let mut again = false;
        if sql(lowered) != sql(read) && self.default < DEFAULTS {
            self.default += 1;
            again = true;
        }
        if lowered.identity != read.identity && !self.sequence {
            self.sequence = true;
            again = true;
        }
        if lowered.generated != read.generated && self.expr == 0 {
            self.expr = 1;
            again = true;
        }
        again
    }
}

/// More than the number of ways to say a default.
const DEFAULTS: usize = 6;

pub(super) fn choice(raising: &Raising<'_>, column: &Column) -> Choice {
    let types = match raising.dialect.dialect() {
        Dialect::Sqlite => sqlite_types::ways(&column.ty, raising.crates),
        _ => postgres_types::ways(&column.ty, raising.schema, &raising.enums, raising.crates),
    };
    Choice { types, ty: 0, default: 0, expr: 0, sequence: false }
}

/// The column as the macros would declare it with this choice.
pub(super) fn declared(
    raising: &Raising<'_>,
    model: &Model,
    column: &Column,
    rust: &str,
    choice: &Choice,
) -> declared::Column {
    let ty = choice.ty();
    let sqlite = raising.dialect.dialect() == Dialect::Sqlite;
    let defaults = column.default.as_ref().map(|default| defaults(&default.sql, ty)).unwrap_or_default();
    let is_key = model.primary_key.columns.contains(&column.name);
    let mut declared = declared::Column {
        name: column.name.clone(),
        rust: rust.to_owned(),
        ty: ty.declared.clone(),
        nullable: column.nullable && (sqlite || !is_key),
        default: defaults.into_iter().nth(choice.default),
        identity: None,
        sequence: None,
        generated: column.generated.as_deref().map(|sql| expr(sql, choice.expr)),
        is_virtual: column.is_virtual,
        not_null: column.not_null.as_ref().map(|it| declared::NotNull {
            name: it.name.clone(),
            no_inherit: it.no_inherit,
            not_valid: !it.validated,
        }),
        collation: column.collation.clone(),
        comment: column.comment.clone().unwrap_or_default().trim().to_owned(),
        renamed_from: None,
        at: String::new(),
    };
    if declared.default.is_none()
        && let Some(default) = &column.default
    {
        declared.default = Some(Default::Expr(expr(&default.sql, 1)));
    }
    declared.identity = match column.identity.as_ref().map(|identity| identity.kind) {
        // What the macros make of such a column by themselves.
        Some(IdentityKind::Rowid) => unsaid_identity(model, &declared),
        Some(IdentityKind::ByDefault) => Some(Identity::ByDefault),
        Some(IdentityKind::Always | IdentityKind::Autoincrement) => Some(Identity::Always),
        Some(IdentityKind::Serial) => Some(Identity::Serial),
        None => None,
    };
    if let (true, Some((name, options))) =
        (choice.sequence, column.identity.as_ref().and_then(|it| it.sequence.as_ref()))
    {
        declared.sequence = Some(sequence(model, column, name, options));
    }
    declared
}

/// What is to be said of the sequence behind an identity.
fn sequence(model: &Model, column: &Column, name: &Name, options: &SequenceOptions) -> declared::Sequence {
    let usual = naming::object_name(&model.table, &column.name, label::SEQUENCE);
    let said = constraints::sequence(&Sequence { name: name.clone(), options: options.clone(), comment: None });
    declared::Sequence {
        name: if name.name == usual { String::new() } else { name.name.clone() },
        namespace: (name.namespace != model.namespace)
            .then(|| name.namespace.clone().unwrap_or_else(|| "public".to_owned())),
        data_type: Some(options.data_type.clone()).filter(|it| *it != column.ty.sql),
        ..said
    }
}

/// What the macro takes a column to be of which no identity is said.
pub(super) fn unsaid_identity(model: &Model, column: &declared::Column) -> Option<Identity> {
    const INTEGERS: [&str; 6] = ["Int2", "Int4", "Int8", "SmallInt", "Integer", "BigInt"];
    let alone = model.primary_key.columns == [column.name.clone()];
    let points = model.foreign_keys.iter().any(|key| key.columns.contains(&column.name));
    let plain = column.default.is_none() && column.generated.is_none();
    let ty = &column.ty;
    let integer = ty.kind == TypeKind::Diesel && ty.array == 0 && INTEGERS.contains(&ty.name.as_str());
    (alone && !points && plain && integer).then_some(Identity::ByDefault)
}

/// An expression; `way` 1 is in SQLite's own words, which nothing translates.
pub(super) fn expr(sql: &str, way: usize) -> Expr {
    let own = (way == 1).then(|| sql.to_owned());
    Expr { sql: sql.to_owned(), postgres: None, sqlite: own, mysql: None }
}

/// The ways to say a default, the shortest first.
fn defaults(sql: &str, ty: &FieldType) -> Vec<Default> {
    let mut found = Vec::new();
    let is_integer = matches!(ty.rust.as_str(), "i16" | "i32" | "i64");
    let is_float = matches!(ty.rust.as_str(), "f32" | "f64");
    let is_bool = ty.rust == "bool";
    // Of Rust's own types the macro holds a default against the type.
    let is_no_number = is_bool || matches!(ty.rust.as_str(), "String" | "Vec<u8>");
    let quoted = literal(sql);
    let number = quoted.as_deref().unwrap_or(sql);
    match sql.to_ascii_lowercase().as_str() {
        "true" if is_bool => found.push(Default::Bool(true)),
        "false" if is_bool => found.push(Default::Bool(false)),
        _ => {}
    }
    if let Ok(value) = number.parse::<i64>()
        && !is_no_number
        && fits(value, &ty.rust)
        && value.to_string() == number
    {
        found.push(Default::Int(value));
    }
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_fraction = digits.split_once('.').is_some_and(|(whole, part)| {
        [whole, part].iter().all(|it| !it.is_empty() && it.chars().all(|c| c.is_ascii_digit()))
    });
    if is_fraction && (is_float || !is_integer && !is_no_number) {
        found.push(Default::Float(number.to_owned()));
    }
    if let Some(text) = quoted
        && !is_integer
        && !is_float
        && !is_bool
    {
        found.push(Default::Text(text));
    }
    if matches!(sql, "now()" | "CURRENT_TIMESTAMP") {
        let sqlite = Some("CURRENT_TIMESTAMP".to_owned());
        found.push(Default::Expr(Expr { sql: "now()".to_owned(), postgres: None, sqlite, mysql: None }));
    }
    found.push(Default::Expr(expr(sql, 0)));
    found
}

fn fits(value: i64, rust: &str) -> bool {
    match rust {
        "i16" => i16::try_from(value).is_ok(),
        "i32" => i32::try_from(value).is_ok(),
        _ => true,
    }
}

/// The text of an expression that is one string literal, cast or not.
fn literal(sql: &str) -> Option<String> {
    let tokens = split::tokens(sql, Dialect::Postgres);
    let first = tokens.first()?.sql;
    let inside = first.strip_prefix('\'')?.strip_suffix('\'').filter(|_| first.len() > 1)?;
    let rest = sql.strip_prefix(first)?;
    let cast = rest.is_empty() || rest.starts_with("::") && !rest[2..].contains("::");
    cast.then(|| inside.replace("''", "'"))
}

/// What Diesel's queries call the column, where that differs from the field and is to be kept.
pub(super) fn column_name(raising: &Raising<'_>, table: &Table, column: &declared::Column) -> Option<String> {
    if !raising.diesel_names {
        return None;
    }
    let diesel = print_schema::column_name(&column.name, &table.name.name);
    (diesel != column.rust && diesel != format!("{}_", column.rust)).then_some(diesel)
}
