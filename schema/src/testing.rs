//! Declared schemas drawn at random, for property tests of everything that stands on them.
//!
//! A schema is read from a genome, a list of bytes with a fixed place for every table, column, key and so on; what a
//! byte says that would not be valid is left out. Zero is absent or plain, so a failing case shrinks to few and
//! plain things, and a pair that differs by a few bytes is a schema and its next version.

use std::collections::BTreeSet;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{
    Check, Column, DeclaredSchema, Default, Deferrable, Enum, Expr, ForeignKey, ForeignKeyAction, Identity, Index,
    IndexKey, IndexKeyWhat, Key, Model, Sequence, Type, TypeKind,
};
use proptest::prelude::*;

/// What may be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Whose words it has to fit.
    pub dialect: Dialect,
    /// Whether `NULLS NOT DISTINCT` may be there (PostgreSQL 15).
    pub nulls_not_distinct: bool,
    /// Whether a numbered table may take the name that another numbered one gives up in the same step. On PostgreSQL
    /// the renamed one's sequence still has the name that the newcomer's wants, and the plan fails.
    pub sequence_names_taken_over: bool,
}

impl Limits {
    /// Everything that every supported version of the dialect can express.
    #[must_use]
    pub const fn of(dialect: Dialect) -> Self {
        Self { dialect, nulls_not_distinct: false, sequence_names_taken_over: !matches!(dialect, Dialect::Postgres) }
    }

    const fn postgres(self) -> bool {
        matches!(self.dialect, Dialect::Postgres)
    }
}

/// A schema that the dialect can express and its server accepts.
pub fn schema(limits: Limits) -> impl Strategy<Value = DeclaredSchema> {
    genome().prop_map(move |genome| build(&genome, limits, None))
}

/// Two such schemas: mostly one and its next version, with `renamed_from` where a table or column goes by another
/// name, else two that have little in common. Types of columns that stay change only where values can be cast.
pub fn pair(limits: Limits) -> impl Strategy<Value = (DeclaredSchema, DeclaredSchema)> {
    let edits = prop::collection::vec((0..LENGTH, any::<u8>()), 0..40);
    prop_oneof![
        4 => (genome(), edits).prop_map(|(old, edits)| {
            let mut new = old.clone();
            edits.into_iter().for_each(|(at, byte)| new[at] = byte);
            (old, new)
        }),
        1 => (genome(), genome()),
    ]
    .prop_map(move |(old, new)| {
        let was = build(&old, limits, None);
        let is = build(&new, limits, Some(&Before { genome: &old, schema: &was }));
        (was, is)
    })
    .prop_filter("a sequence's name is taken over", move |(_, new)| {
        limits.sequence_names_taken_over || !takes_a_sequence_name_over(new)
    })
}

fn takes_a_sequence_name_over(new: &DeclaredSchema) -> bool {
    let numbered = |model: &Model| model.columns.iter().any(|column| column.identity.is_some());
    let newcomer = |from: &Model| {
        let takes = |it: &&Model| it.namespace == from.namespace && from.renamed_from.as_ref() == Some(&it.table);
        new.models.iter().find(takes).is_some_and(numbered)
    };
    new.models.iter().any(newcomer)
}

const TABLES: usize = 4;
const COLUMNS: usize = 6;
const HEAD: usize = 5;
const COLUMN: usize = 9;
const UNIQUE: usize = 5;
const FOREIGN: usize = 8;
const CHECK: usize = 5;
const INDEX: usize = 10;
const TABLE: usize = HEAD + COLUMNS * COLUMN + 2 * UNIQUE + 2 * FOREIGN + 2 * CHECK + 3 * INDEX;
const ENUM: usize = 5;
const SEQUENCE: usize = 7;
const LENGTH: usize = TABLES * TABLE + 2 * ENUM + 2 * SEQUENCE;

const TABLE_NAMES: [&str; 6] = ["a", "b", "c", "order", "Big T", "d"];
const COLUMN_NAMES: [&str; 7] = ["a", "b", "text", "order", "My Col", "e", "f"];
const NAMES: [&str; 4] = ["k1", "k2", "K 3", "a_key"];

fn genome() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), LENGTH..=LENGTH)
}

/// The version before, so that the next one says `renamed_from` and changes types only where it can.
struct Before<'a> {
    genome: &'a [u8],
    schema: &'a DeclaredSchema,
}

fn pick<T: Copy>(of: &[T], byte: u8) -> T {
    of[usize::from(byte) % of.len()]
}

fn there(byte: u8) -> bool {
    !byte.is_multiple_of(3)
}

fn rare(byte: u8) -> bool {
    byte % 6 == 5
}

/// The bytes of the table in a place.
fn table_genes(genome: &[u8], table: usize) -> &[u8] {
    &genome[table * TABLE..(table + 1) * TABLE]
}

fn column_genes(table: &[u8], column: usize) -> &[u8] {
    &table[HEAD + column * COLUMN..HEAD + (column + 1) * COLUMN]
}

/// The bytes of the nth of the parts that begin `skip` bytes into a table.
fn part(table: &[u8], skip: usize, size: usize, nth: usize) -> &[u8] {
    let start = HEAD + COLUMNS * COLUMN + skip + nth * size;
    &table[start..start + size]
}

fn table_name(genes: &[u8], limits: Limits) -> (Option<String>, String) {
    let namespace = (limits.postgres() && rare(genes[2])).then(|| "side".to_owned());
    (namespace, pick(&TABLE_NAMES, genes[1]).to_owned())
}

fn column_name(genes: &[u8], place: usize) -> String {
    // The first one is the key, more often than not under its usual name.
    if place == 0 && !rare(genes[1]) { "id".to_owned() } else { pick(&COLUMN_NAMES, genes[1]).to_owned() }
}

fn build(genome: &[u8], limits: Limits, before: Option<&Before<'_>>) -> DeclaredSchema {
    let rest = &genome[TABLES * TABLE..];
    let mut schema = DeclaredSchema {
        models: Vec::new(),
        enums: enums(&rest[..2 * ENUM], limits),
        sequences: if limits.postgres() { sequences(&rest[2 * ENUM..]) } else { Vec::new() },
        sql: Vec::new(),
        dialects: vec![limits.dialect],
        comments: true,
        at: "src/schema.rs:1:1".to_owned(),
    };
    let mut places = Vec::new();
    for place in 0..TABLES {
        let genes = table_genes(genome, place);
        let (namespace, table) = table_name(genes, limits);
        let taken = schema.models.iter().any(|it| it.namespace == namespace && it.table == table);
        if !there(genes[0]) || taken {
            continue;
        }
        let renamed_from = before.and_then(|before| {
            let (home, old) = table_name(table_genes(before.genome, place), limits);
            (home == namespace && old != table).then_some(old)
        });
        schema.models.push(model(namespace, table, renamed_from, genes, &comment(genes[3])));
        places.push(place);
    }
    for (at, place) in places.iter().enumerate() {
        let old = before.map(|before| table_genes(before.genome, *place));
        let was = before.and_then(|before| table_before(&schema.models[at], before.schema));
        let built = columns(table_genes(genome, *place), old, was, &schema, limits);
        schema.models[at].columns = built;
        keys(&mut schema.models[at], table_genes(genome, *place), limits);
    }
    // The names of what an index stands behind are the whole database's on SQLite and the namespace's on PostgreSQL.
    let mut names = BTreeSet::new();
    for (at, place) in places.iter().enumerate() {
        let genes = table_genes(genome, *place);
        let all = schema.enums.clone();
        let model = &mut schema.models[at];
        uniques(model, genes, limits, &mut names);
        indexes(model, genes, limits, &all, &mut names);
        checks(model, genes, &all);
    }
    for (at, place) in places.iter().enumerate() {
        let found = foreign_keys(&schema, at, table_genes(genome, *place));
        schema.models[at].foreign_keys = found;
    }
    schema
}

fn comment(byte: u8) -> String {
    if rare(byte) { format!("It's \"{}\"", byte / 64) } else { String::new() }
}

fn model(namespace: Option<String>, table: String, renamed_from: Option<String>, genes: &[u8], comment: &str) -> Model {
    Model {
        namespace,
        rust: format!("T{}", genes[1] % 6),
        table,
        comment: comment.to_owned(),
        renamed_from,
        columns: Vec::new(),
        primary_key: key(None, Vec::new()),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
        at: "src/models.rs:1:1".to_owned(),
    }
}

fn key(name: Option<String>, columns: Vec<String>) -> Key {
    Key { name, columns, nulls_not_distinct: false, deferrable: Deferrable::No, at: "src/models.rs:2:3".to_owned() }
}

/// The table that the differ holds a model against: by its name before where only that one is there.
fn table_before<'a>(model: &Model, old: &'a DeclaredSchema) -> Option<&'a Model> {
    let find = |name: &str| old.models.iter().find(|it| it.namespace == model.namespace && it.table == name);
    find(&model.table).or_else(|| find(model.renamed_from.as_ref()?))
}

fn columns(
    genes: &[u8],
    old: Option<&[u8]>,
    was: Option<&Model>,
    schema: &DeclaredSchema,
    limits: Limits,
) -> Vec<Column> {
    let mut found: Vec<Column> = Vec::new();
    for place in 0..COLUMNS {
        let own = column_genes(genes, place);
        let name = column_name(own, place);
        if (place != 0 && !there(own[0])) || found.iter().any(|it| it.name == name) {
            continue;
        }
        let renamed_from = old.map(|old| column_name(column_genes(old, place), place)).filter(|old| *old != name);
        let before = was.and_then(|was| {
            let find = |name: &str| was.columns.iter().find(|it| it.name == name);
            find(&name).or_else(|| find(renamed_from.as_ref()?))
        });
        let mut ty = if place == 0 { ty(own[2] % 2, schema, limits) } else { ty(own[2], schema, limits) };
        if before.is_some_and(|before| !castable(&before.ty, &ty)) {
            ty = plain("Text");
        }
        let kind = Kind::of(&ty);
        let collation = (kind == Kind::Text && rare(own[7])).then(|| {
            let known = if limits.postgres() { ["C", "POSIX"] } else { ["NOCASE", "RTRIM"] };
            pick(&known, own[7] / 6).to_owned()
        });
        found.push(Column {
            rust: format!("f{place}"),
            name,
            nullable: own[3] % 2 == 1,
            default: default(own[4], &ty, schema, limits),
            identity: None,
            generated: None,
            collation,
            comment: comment(own[8]),
            renamed_from,
            at: "src/models.rs:2:5".to_owned(),
            ty,
        });
    }
    // What is made of another column, once all are known.
    for at in 1..found.len() {
        let own = column_genes(genes, at);
        let kind = Kind::of(&found[at].ty);
        let base =
            found.iter().position(|it| it.generated.is_none() && Kind::of(&it.ty) == kind && it.name != found[at].name);
        let Some(base) = base.filter(|_| rare(own[6]) && matches!(kind, Kind::Number | Kind::Text)) else { continue };
        let (from, ty) = (found[base].name.clone(), found[base].ty.clone());
        if ty != found[at].ty || found.iter().any(|it| mentions(it.generated.as_ref(), &found[at].name)) {
            continue;
        }
        let sql =
            if kind == Kind::Number { format!("{} + 1", quote(&from)) } else { format!("upper({})", quote(&from)) };
        let column = &mut found[at];
        (column.generated, column.default) = (Some(expr(sql)), None);
    }
    found
}

fn mentions(expr: Option<&Expr>, column: &str) -> bool {
    expr.is_some_and(|expr| expr.sql.contains(&quote(column)))
}

fn plain(name: &str) -> Type {
    Type { kind: TypeKind::Diesel, namespace: None, name: name.to_owned(), modifiers: Vec::new(), array: 0 }
}

fn ty(byte: u8, schema: &DeclaredSchema, limits: Limits) -> Type {
    let sized = |name: &str, modifiers: &[i32]| Type { modifiers: modifiers.to_vec(), ..plain(name) };
    let common = 14;
    match byte % if limits.postgres() { common + 5 } else { common } {
        0 => plain("Int4"),
        1 => plain("Int8"),
        2 => plain("Text"),
        3 => sized("Varchar", &[20]),
        4 => plain("Bool"),
        5 | 6 => match schema.enums.get(usize::from(byte / 128)).or(schema.enums.first()) {
            Some(it) => Type { kind: TypeKind::Enum, namespace: it.namespace.clone(), ..plain(&it.name) },
            None => plain("Text"),
        },
        7 => plain("Int2"),
        8 => sized("Numeric", &[10, 2]),
        9 => plain("Float8"),
        10 => plain("Timestamp"),
        11 => plain("Date"),
        12 => plain("Bytea"),
        13 => sized("Varchar", &[40]),
        14 => plain("Timestamptz"),
        15 => plain("Jsonb"),
        16 => Type { array: 1, ..plain("Text") },
        17 => Type { array: 1, ..plain("Int4") },
        _ => plain("Uuid"),
    }
}

/// What an expression can do with a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Text,
    Enum,
    Other,
}

impl Kind {
    fn of(ty: &Type) -> Self {
        match (ty.kind, ty.name.as_str()) {
            _ if ty.array > 0 => Self::Other,
            (TypeKind::Enum, _) => Self::Enum,
            (_, "Int2" | "Int4" | "Int8" | "Numeric" | "Float8") => Self::Number,
            (_, "Text" | "Varchar") => Self::Text,
            _ => Self::Other,
        }
    }
}

/// Whether PostgreSQL has a cast from one to the other.
fn castable(from: &Type, to: &Type) -> bool {
    let time = |ty: &Type| matches!(ty.name.as_str(), "Timestamp" | "Timestamptz" | "Date") && ty.array == 0;
    let both = |kind| Kind::of(from) == kind && Kind::of(to) == kind;
    let text = |ty: &Type| Kind::of(ty) == Kind::Text;
    from == to || text(from) || text(to) || both(Kind::Number) || (time(from) && time(to))
}

fn default(byte: u8, ty: &Type, schema: &DeclaredSchema, limits: Limits) -> Option<Default> {
    if byte % 3 != 1 {
        return None;
    }
    let which = byte / 3;
    let sequence = schema.sequences.first().filter(|_| which % 4 == 3);
    let value = match (Kind::of(ty), ty.name.as_str()) {
        (Kind::Number, "Int8") if sequence.is_some() => {
            let name = sequence.map(|it| it.name.clone()).unwrap_or_default();
            Default::Expr(expr(format!("nextval('{name}'::regclass)")))
        }
        (Kind::Number, "Float8") => Default::Float(pick(&["1.5", "-2.5"], which).to_owned()),
        (Kind::Number, _) => Default::Int(pick(&[1, 7, -3], which)),
        (Kind::Text, _) => Default::Text(pick(&["x", "it's", "1"], which).to_owned()),
        (Kind::Enum, name) => {
            let found = schema.enums.iter().find(|it| it.name == name && it.namespace == ty.namespace)?;
            Default::Text(found.values.get(usize::from(which) % found.values.len())?.clone())
        }
        (Kind::Other, "Bool") => Default::Bool(which.is_multiple_of(2)),
        (Kind::Other, "Timestamp" | "Timestamptz") if ty.array == 0 => Default::Expr(expr("now()".to_owned())),
        (Kind::Other, _) if ty.array > 0 && limits.postgres() => Default::Text("{}".to_owned()),
        (Kind::Other, "Jsonb") => Default::Text("{}".to_owned()),
        _ => return None,
    };
    Some(value)
}

fn expr(sql: String) -> Expr {
    Expr { sql, postgres: None, sqlite: None, mysql: None }
}

/// A name as both dialects take it.
fn quote(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase()) && name != "order";
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}

/// The primary key, and the column that the database numbers.
fn keys(model: &mut Model, genes: &[u8], limits: Limits) {
    let can = |column: &Column| column.generated.is_none() && Kind::of(&column.ty) != Kind::Other;
    let second = model.columns.iter().skip(1).find(|it| can(it)).map(|it| it.name.clone());
    let mut columns = vec![model.columns[0].name.clone()];
    match genes[4] % 8 {
        5 | 6 => columns.extend(second),
        7 => columns = second.into_iter().chain(columns).collect(),
        _ => {}
    }
    for column in &mut model.columns {
        if columns.contains(&column.name) {
            column.nullable = false;
        }
    }
    let own = column_genes(genes, 0);
    let integer = model.columns[0].ty.name.starts_with("Int");
    if integer && columns[0] == model.columns[0].name && columns.len() == 1 && !own[5].is_multiple_of(3) {
        model.columns[0].default = None;
        let known = [Identity::ByDefault, Identity::Always, Identity::Serial];
        model.columns[0].identity = Some(if limits.postgres() { pick(&known, own[5] / 3) } else { known[0] });
    }
    let name = rare(genes[4] / 8).then(|| format!("{}_k", model.table.to_lowercase().replace(' ', "_")));
    model.primary_key = key(name, columns);
}

fn name(byte: u8, names: &mut BTreeSet<String>) -> Option<String> {
    (byte % 3 == 2).then(|| pick(&NAMES, byte / 3).to_owned()).filter(|name| names.insert(name.clone()))
}

/// One or two columns by two bytes.
fn some_columns(model: &Model, first: u8, second: u8, can: impl Fn(&Column) -> bool) -> Vec<String> {
    let able: Vec<&str> = model.columns.iter().filter(|it| can(it)).map(|it| it.name.as_str()).collect();
    if able.is_empty() {
        return Vec::new();
    }
    let mut found = vec![pick(&able, first).to_owned()];
    let other = pick(&able, second / 2);
    if second % 2 == 1 && other != found[0] {
        found.push(other.to_owned());
    }
    found
}

fn deferrable(byte: u8) -> Deferrable {
    pick(&[Deferrable::No, Deferrable::No, Deferrable::InitiallyImmediate, Deferrable::InitiallyDeferred], byte)
}

fn uniques(model: &mut Model, genes: &[u8], limits: Limits, names: &mut BTreeSet<String>) {
    for nth in 0..2 {
        let own = part(genes, 0, UNIQUE, nth);
        let columns = some_columns(model, own[1], own[2], |_| true);
        let same = |it: &Key| it.columns == columns;
        if !there(own[0]) || columns.is_empty() || same(&model.primary_key) || model.uniques.iter().any(same) {
            continue;
        }
        model.uniques.push(Key {
            nulls_not_distinct: limits.nulls_not_distinct && rare(own[4] / 4),
            deferrable: if limits.postgres() { deferrable(own[4]) } else { Deferrable::No },
            ..key(name(own[3], names), columns)
        });
    }
}

/// Something true or false of a column, and the columns that it names.
fn condition(model: &Model, which: u8, first: u8, second: u8, enums: &[Enum]) -> (Expr, Vec<String>) {
    let column = &model.columns[usize::from(first) % model.columns.len()];
    let other = &model.columns[usize::from(second) % model.columns.len()];
    let name = quote(&column.name);
    let found = enums.iter().find(|it| it.name == column.ty.name && it.namespace == column.ty.namespace);
    let sql = match (Kind::of(&column.ty), found) {
        _ if which % 4 == 3 && other.name != column.name => {
            let sql = format!("{name} IS NOT NULL OR {} IS NULL", quote(&other.name));
            return (expr(sql), vec![column.name.clone(), other.name.clone()]);
        }
        _ if which % 4 == 2 => format!("{name} IS NOT NULL"),
        (Kind::Number, _) => format!("{name} > {}", which % 5),
        (Kind::Text, _) => format!("char_length({name}) < {}", 90 + which % 5),
        (Kind::Enum, Some(found)) => {
            let value = found.values[usize::from(which) % found.values.len()].replace('\'', "''");
            format!("{name} <> '{value}'")
        }
        _ => format!("{name} IS NOT NULL"),
    };
    (expr(sql), vec![column.name.clone()])
}

fn checks(model: &mut Model, genes: &[u8], enums: &[Enum]) {
    let mut names = BTreeSet::new();
    for nth in 0..2 {
        let own = part(genes, 2 * UNIQUE + 2 * FOREIGN, CHECK, nth);
        if there(own[0]) {
            let (expr, columns) = condition(model, own[1], own[2], own[3], enums);
            let name = (own[4] % 3 == 2).then(|| format!("ck{}", own[4] % 2)).filter(|it| names.insert(it.clone()));
            model.checks.push(Check { name, expr, columns, at: "src/models.rs:1:2".to_owned() });
        }
    }
}

fn indexes(model: &mut Model, genes: &[u8], limits: Limits, enums: &[Enum], names: &mut BTreeSet<String>) {
    for nth in 0..3 {
        let own = part(genes, 2 * UNIQUE + 2 * FOREIGN + 2 * CHECK, INDEX, nth);
        if !there(own[0]) {
            continue;
        }
        let mut using = None;
        let columns = some_columns(model, own[1], own[2], |_| true);
        let mut keys: Vec<IndexKey> = columns
            .iter()
            .zip([own[3], own[3] / 16])
            .filter_map(|(name, byte)| Some((model.columns.iter().find(|it| it.name == *name)?, byte)))
            .map(|(column, byte)| index_key(column, byte, limits))
            .collect();
        let only = model.columns.iter().find(|it| it.name == columns[0]).filter(|_| keys.len() == 1);
        let unique = rare(own[4]) || rare(own[4] / 2);
        if let Some(column) = only.filter(|_| limits.postgres() && rare(own[5]) && !unique) {
            let array = column.ty.array > 0 || column.ty.name == "Jsonb";
            using = Some(if array { "gin" } else { "hash" }.to_owned());
            let what = IndexKeyWhat::Column(column.name.clone());
            keys = vec![IndexKey { what, descending: false, nulls_first: None, opclass: None, collation: None }];
        }
        let include = match some_columns(model, own[7], 0, |it| !columns.contains(&it.name)) {
            columns if limits.postgres() && using.is_none() && rare(own[7]) => columns,
            _ => Vec::new(),
        };
        model.indexes.push(Index {
            name: name(own[6], names),
            keys,
            unique,
            nulls_not_distinct: unique && limits.nulls_not_distinct && rare(own[5]),
            using,
            include,
            predicate: (own[8] % 3 == 2).then(|| condition(model, own[8] / 3, own[9], 0, enums).0),
            at: "src/models.rs:1:3".to_owned(),
        });
    }
}

fn index_key(column: &Column, byte: u8, limits: Limits) -> IndexKey {
    let name = quote(&column.name);
    let kind = Kind::of(&column.ty);
    let what = match kind {
        Kind::Text if byte % 8 == 7 => IndexKeyWhat::Expr(expr(format!("lower({name})"))),
        Kind::Number if byte % 8 == 7 => IndexKeyWhat::Expr(expr(format!("{name} * 2"))),
        _ => IndexKeyWhat::Column(column.name.clone()),
    };
    let known = if limits.postgres() { "C" } else { "NOCASE" };
    IndexKey {
        what,
        descending: byte % 4 == 1,
        nulls_first: (limits.postgres() && byte % 8 == 2).then_some(true),
        opclass: (limits.postgres() && column.ty.name == "Text" && kind == Kind::Text && byte % 8 == 3)
            .then(|| "text_pattern_ops".to_owned()),
        collation: (kind == Kind::Text && byte % 8 == 6).then(|| known.to_owned()),
    }
}

fn foreign_keys(schema: &DeclaredSchema, at: usize, genes: &[u8]) -> Vec<ForeignKey> {
    let model = &schema.models[at];
    let mut found: Vec<ForeignKey> = Vec::new();
    let mut names = BTreeSet::new();
    for nth in 0..2 {
        let own = part(genes, 2 * UNIQUE, FOREIGN, nth);
        let target = &schema.models[usize::from(own[1]) % schema.models.len()];
        let able: Vec<Vec<String>> = keys_of(target);
        let there = there(own[0]) && !able.is_empty();
        let Some(theirs) = there.then(|| &able[usize::from(own[2]) % able.len()]) else { continue };
        let mut ours: Vec<String> = Vec::new();
        for column in theirs {
            let ty = target.columns.iter().find(|it| it.name == *column).map(|it| &it.ty);
            let fits = |it: &&Column| Some(&it.ty) == ty && it.generated.is_none() && !ours.contains(&it.name);
            let fitting: Vec<&Column> = model.columns.iter().filter(fits).collect();
            if !fitting.is_empty() {
                ours.push(fitting[usize::from(own[3]) % fitting.len()].name.clone());
            }
        }
        let same = |it: &ForeignKey| it.columns == ours && it.references_table == target.table;
        if ours.len() != theirs.len() || found.iter().any(same) {
            continue;
        }
        use ForeignKeyAction::{Cascade, NoAction, Restrict, SetDefault, SetNull};
        let actions = [NoAction, Cascade, SetNull, Restrict, SetDefault];
        found.push(ForeignKey {
            name: (own[7] % 3 == 2).then(|| format!("fk{}", own[7] % 2)).filter(|it| names.insert(it.clone())),
            columns: ours,
            references_namespace: target.namespace.clone(),
            references_table: target.table.clone(),
            references_columns: theirs.clone(),
            on_delete: pick(&actions, own[4]),
            on_update: pick(&actions, own[5]),
            deferrable: deferrable(own[6]),
            at: "src/models.rs:1:4".to_owned(),
        });
    }
    found
}

/// The lists of columns that a foreign key may point at.
fn keys_of(model: &Model) -> Vec<Vec<String>> {
    let keys = model.uniques.iter().filter(|it| it.deferrable == Deferrable::No).map(|it| it.columns.clone());
    let plain = |it: &&Index| it.unique && it.predicate.is_none() && it.include.is_empty();
    let indexes = model.indexes.iter().filter(plain).filter_map(|it| {
        let column = |key: &IndexKey| match &key.what {
            IndexKeyWhat::Column(name) if key.opclass.is_none() && key.collation.is_none() => Some(name.clone()),
            _ => None,
        };
        it.keys.iter().map(column).collect::<Option<Vec<String>>>()
    });
    [model.primary_key.columns.clone()].into_iter().chain(keys).chain(indexes).collect()
}

fn enums(genes: &[u8], limits: Limits) -> Vec<Enum> {
    let mut found: Vec<Enum> = Vec::new();
    for own in genes.chunks(ENUM) {
        let name = pick(&["mood", "Tone"], own[1]).to_owned();
        if !there(own[0]) || found.iter().any(|it| it.name == name) {
            continue;
        }
        let known = ["sad", "ok", "it's", "Glad"];
        let mut values: Vec<String> =
            known.iter().enumerate().filter(|(at, _)| own[2] >> at & 1 == 0).map(|(_, it)| (*it).to_owned()).collect();
        if values.is_empty() {
            values.push("only".to_owned());
        }
        let turn = usize::from(own[3]) / 16 % values.len();
        if rare(own[3]) {
            values.rotate_left(turn);
        }
        found.push(Enum {
            namespace: (limits.postgres() && rare(own[3] / 6)).then(|| "side".to_owned()),
            rust: name.clone(),
            name,
            values,
            comment: comment(own[4]),
            at: "src/models.rs:9:1".to_owned(),
        });
    }
    found
}

fn sequences(genes: &[u8]) -> Vec<Sequence> {
    let mut found: Vec<Sequence> = Vec::new();
    for own in genes.chunks(SEQUENCE) {
        let name = pick(&["s1", "s2"], own[1]).to_owned();
        if !there(own[0]) || found.iter().any(|it| it.name == name) {
            continue;
        }
        found.push(Sequence {
            namespace: None,
            name,
            data_type: pick(&[None, Some("integer"), Some("smallint")], own[2]).map(str::to_owned),
            start: rare(own[3]).then(|| i64::from(own[3])),
            increment: rare(own[4]).then(|| i64::from(own[4] / 8 + 1)),
            min: None,
            max: rare(own[5]).then(|| 1000 + i64::from(own[5])),
            cache: rare(own[6]).then(|| i64::from(own[6])),
            cycle: rare(own[6] / 2),
            at: "src/schema.rs:3:1".to_owned(),
        });
    }
    found
}
