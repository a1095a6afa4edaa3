//! Declared schemas in a few words.

use diesel_schema::Dialect;
use diesel_schema::declared::*;

use crate::support::{column, model, schema};

pub(crate) fn expr(sql: &str) -> Expr {
    Expr { sql: sql.to_owned(), postgres: None, sqlite: None, mysql: None }
}

fn names(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|name| (*name).to_owned()).collect()
}

/// A column by its name and type: `Text`, `Varchar(20)`, `Numeric(10,2)`, `Int4[]`, `enum tone`.
pub(crate) fn c(name: &str, ty: &str) -> Column {
    let (array, ty) = ty.strip_suffix("[]").map_or((0, ty), |ty| (1, ty));
    let (kind, ty) = ty.strip_prefix("enum ").map_or((TypeKind::Diesel, ty), |ty| (TypeKind::Enum, ty));
    let (ty, modifiers) = ty.split_once('(').unwrap_or((ty, ""));
    let modifiers = modifiers.trim_end_matches(')').split(',').filter_map(|it| it.parse().ok()).collect();
    let (namespace, ty) = ty.split_once('.').map_or((None, ty), |(namespace, ty)| (Some(namespace.to_owned()), ty));
    Column { ty: Type { kind, namespace, name: ty.to_owned(), modifiers, array }, ..column(name, ty) }
}

pub(crate) trait ColumnWords: Sized {
    fn not_null(self) -> Self;
    fn default(self, default: Default) -> Self;
    fn text(self, text: &str) -> Self {
        self.default(Default::Text(text.to_owned()))
    }
    fn int(self, int: i64) -> Self {
        self.default(Default::Int(int))
    }
    fn sql(self, sql: &str) -> Self {
        self.default(Default::Expr(expr(sql)))
    }
    fn identity(self, identity: Identity) -> Self;
    fn generated(self, sql: &str) -> Self;
    fn collation(self, collation: &str) -> Self;
    fn comment(self, comment: &str) -> Self;
    fn from(self, name: &str) -> Self;
}

impl ColumnWords for Column {
    fn not_null(self) -> Self {
        Self { nullable: false, ..self }
    }
    fn default(self, default: Default) -> Self {
        Self { default: Some(default), ..self }
    }
    fn identity(self, identity: Identity) -> Self {
        Self { identity: Some(identity), nullable: false, ..self }
    }
    fn generated(self, sql: &str) -> Self {
        Self { generated: Some(expr(sql)), ..self }
    }
    fn collation(self, collation: &str) -> Self {
        Self { collation: Some(collation.to_owned()), ..self }
    }
    fn comment(self, comment: &str) -> Self {
        Self { comment: comment.to_owned(), ..self }
    }
    fn from(self, name: &str) -> Self {
        Self { renamed_from: Some(name.to_owned()), ..self }
    }
}

/// A table with an `id` that the database numbers, and these columns.
pub(crate) fn t(name: &str, columns: impl IntoIterator<Item = Column>) -> Model {
    bare(name, &["id"], std::iter::once(c("id", "Int4").identity(Identity::ByDefault)).chain(columns))
}

/// A table with these columns alone, and this key.
pub(crate) fn bare(name: &str, key: &[&str], columns: impl IntoIterator<Item = Column>) -> Model {
    let mut table = model(name, Vec::new());
    table.columns = columns.into_iter().collect();
    table.primary_key = crate::build::key(key);
    table
}

pub(crate) fn key(columns: &[&str]) -> Key {
    let at = "src/lib.rs:3:1".to_owned();
    Key {
        name: None,
        columns: names(columns),
        include: Vec::new(),
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: Deferrable::No,
        at,
    }
}

fn check(name: &str, sql: &str, at: String) -> Check {
    let (name, expr) = (Some(name.to_owned()), expr(sql));
    Check { name, expr, columns: Vec::new(), not_valid: false, no_inherit: false, not_enforced: false, at }
}

/// A foreign key of `columns` to `columns` of a table.
pub(crate) fn fk(columns: &[&str], table: &str, theirs: &[&str]) -> ForeignKey {
    ForeignKey {
        name: None,
        columns: names(columns),
        references_namespace: None,
        references_table: table.to_owned(),
        references_columns: names(theirs),
        on_delete: ForeignKeyAction::NoAction,
        on_delete_columns: Vec::new(),
        on_update: ForeignKeyAction::NoAction,
        match_full: false,
        period: false,
        deferrable: Deferrable::No,
        not_valid: false,
        not_enforced: false,
        at: "src/lib.rs:4:1".to_owned(),
    }
}

pub(crate) fn on(column: &str) -> IndexKey {
    let what = IndexKeyWhat::Column(column.to_owned());
    IndexKey { what, descending: false, nulls_first: None, opclass: None, collation: None }
}

pub(crate) fn of(sql: &str) -> IndexKey {
    IndexKey { what: IndexKeyWhat::Expr(expr(sql)), ..on("") }
}

pub(crate) fn index(keys: impl IntoIterator<Item = IndexKey>) -> Index {
    Index {
        name: Some("i".to_owned()),
        keys: keys.into_iter().collect(),
        unique: false,
        nulls_not_distinct: false,
        using: None,
        include: Vec::new(),
        with: None,
        predicate: None,
        at: "src/lib.rs:5:1".to_owned(),
    }
}

pub(crate) trait TableWords: Sized {
    fn unique(self, key: Key) -> Self;
    fn foreign_key(self, key: ForeignKey) -> Self;
    fn check(self, sql: &str) -> Self;
    fn not_valid(self, sql: &str) -> Self;
    fn not_inherited(self, sql: &str) -> Self;
    fn index(self, index: Index) -> Self;
    fn within(self, namespace: &str) -> Self;
    fn said(self, comment: &str) -> Self;
    fn was(self, name: &str) -> Self;
}

impl TableWords for Model {
    fn unique(mut self, key: Key) -> Self {
        self.uniques.push(key);
        self
    }
    fn foreign_key(mut self, key: ForeignKey) -> Self {
        self.foreign_keys.push(key);
        self
    }
    fn check(mut self, sql: &str) -> Self {
        let at = "src/lib.rs:6:1".to_owned();
        self.checks.push(check("positive", sql, at));
        self
    }
    fn not_valid(self, sql: &str) -> Self {
        let mut table = self.check(sql);
        table.checks.iter_mut().for_each(|check| check.not_valid = true);
        table
    }
    fn not_inherited(self, sql: &str) -> Self {
        let mut table = self.check(sql);
        table.checks.iter_mut().for_each(|check| check.no_inherit = true);
        table
    }
    fn index(mut self, index: Index) -> Self {
        self.indexes.push(index);
        self
    }
    fn within(mut self, namespace: &str) -> Self {
        self.namespace = Some(namespace.to_owned());
        self
    }
    fn said(mut self, comment: &str) -> Self {
        self.comment = comment.to_owned();
        self
    }
    fn was(mut self, name: &str) -> Self {
        self.renamed_from = Some(name.to_owned());
        self
    }
}

pub(crate) fn an_enum(name: &str, values: &[&str]) -> Enum {
    let (namespace, name) = name.split_once('.').map_or((None, name), |(it, name)| (Some(it.to_owned()), name));
    Enum {
        namespace,
        name: name.to_owned(),
        rust: name.to_owned(),
        values: names(values),
        comment: String::new(),
        at: "src/lib.rs:7:1".to_owned(),
    }
}

pub(crate) fn sequence(name: &str) -> Sequence {
    Sequence {
        namespace: None,
        name: name.to_owned(),
        data_type: None,
        start: None,
        increment: None,
        min: None,
        max: None,
        cache: None,
        cycle: false,
        at: "src/lib.rs:8:1".to_owned(),
    }
}

/// What a stage holds: tables, and enums and sequences where there are any.
#[derive(Clone, std::default::Default)]
pub(crate) struct Stage {
    tables: Vec<Model>,
    enums: Vec<Enum>,
    sequences: Vec<Sequence>,
    sql: Vec<SqlFile>,
}

impl Stage {
    pub(crate) fn and_enum(mut self, it: Enum) -> Self {
        self.enums.push(it);
        self
    }

    pub(crate) fn and_sequence(mut self, it: Sequence) -> Self {
        self.sequences.push(it);
        self
    }

    /// The statements of a `sql:` file.
    pub(crate) fn and_sql(mut self, text: &str) -> Self {
        self.sql.push(SqlFile { path: "sql/objects.sql".to_owned(), text: text.to_owned(), dialects: Vec::new() });
        self
    }

    pub(crate) fn of(self, dialect: Dialect) -> DeclaredSchema {
        DeclaredSchema {
            enums: self.enums,
            sequences: self.sequences,
            sql: self.sql,
            ..schema(&[dialect], self.tables)
        }
    }
}

impl From<Model> for Stage {
    fn from(table: Model) -> Self {
        [table].into()
    }
}

impl<const N: usize> From<[Model; N]> for Stage {
    fn from(tables: [Model; N]) -> Self {
        Self { tables: tables.into(), ..Self::default() }
    }
}
