//! Declared schemas drawn at random, for property tests of everything that stands on them.
//!
//! A schema is read from a genome, a list of bytes with a fixed place for every table, column, key and so on; what a
//! byte says that would not be valid is left out. Zero is absent or plain, so a failing case shrinks to few and
//! plain things, and a pair that differs by a few bytes is a schema and its next version.

mod columns;
mod constraints;
mod defined;
mod families;
mod genes;
mod indexes;
mod objects;
mod other;
mod types;

use std::collections::BTreeSet;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{self, DeclaredSchema, Model};
use proptest::prelude::*;

use columns::{columns, tables_before};
use constraints::{checks, foreign_keys, key, keys, uniques};
use defined::{Defined, defined};
use genes::*;
use indexes::indexes;
use objects::objects;
use other::{comment, enums, sequences};

/// What may be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Whose words it has to fit.
    pub dialect: Dialect,
    /// PostgreSQL's major version, which says what there may be.
    pub version: u32,
    /// Whether there may be a `sql:` file, with what stands on tables (PostgreSQL).
    pub objects: bool,
    /// Whether that may define what tables are made of, and whether tables may have parts and children.
    pub definitions: bool,
}

impl Limits {
    /// Everything that every supported version of the dialect can express.
    #[must_use]
    pub const fn of(dialect: Dialect) -> Self {
        Self { dialect, version: 13, objects: false, definitions: false }
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
}

const TABLE_NAMES: [&str; 6] = ["a", "b", "c", "order", "Big T", "d"];

/// The version before, so that the next one says `renamed_from` and changes types only where it can.
struct Before<'a> {
    genome: &'a [u8],
    schema: &'a DeclaredSchema,
}

fn table_name(genes: &[u8], limits: Limits) -> (Option<String>, String) {
    let namespace = (limits.postgres() && rare(genes[2])).then(|| "side".to_owned());
    (namespace, pick(&TABLE_NAMES, genes[1]).to_owned())
}

fn build(genome: &[u8], limits: Limits, before: Option<&Before<'_>>) -> DeclaredSchema {
    let rest = &genome[TABLES * TABLE..];
    let mut schema = DeclaredSchema {
        models: Vec::new(),
        enums: enums(&rest[..2 * ENUM], limits),
        sequences: if limits.postgres() { sequences(&rest[2 * ENUM..2 * ENUM + 2 * SEQUENCE]) } else { Vec::new() },
        sql: Vec::new(),
        dialects: vec![limits.dialect],
        comments: true,
        at: "src/schema.rs:1:1".to_owned(),
    };
    let (_, rest) = rest.split_at(2 * ENUM + 2 * SEQUENCE);
    let (objects_of, rest) = rest.split_at(TABLES * OBJECTS);
    let (definitions, of_families) = rest.split_at(DEFINED);
    let defined = if limits.definitions { defined(definitions, &schema.enums) } else { Defined::default() };
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
        let was = before.map(|before| tables_before(&schema.models[at], before.schema)).unwrap_or_default();
        let built = columns(table_genes(genome, *place), old, &was, (&schema, &defined), limits);
        schema.models[at].columns = built;
        keys(&mut schema.models[at], table_genes(genome, *place), limits);
    }
    // The names of what an index stands behind are the whole database's on SQLite and the namespace's on PostgreSQL.
    let mut names = BTreeSet::new();
    for (at, place) in places.iter().enumerate() {
        let genes = table_genes(genome, *place);
        let all = (schema.enums.as_slice(), &defined);
        let model = &mut schema.models[at];
        uniques(model, genes, limits, &mut names);
        indexes(model, genes, limits, all, &mut names);
        checks(model, genes, limits, all);
    }
    if limits.definitions {
        schema.models.extend(families::families(of_families));
    }
    for (at, place) in places.iter().enumerate() {
        let found = foreign_keys(&schema, at, table_genes(genome, *place), limits);
        schema.models[at].foreign_keys = found;
    }
    if limits.objects {
        let own = |place: usize| &objects_of[place * OBJECTS..][..OBJECTS];
        let tables: Vec<_> =
            places.iter().zip(&schema.models).map(|(place, model)| (*place, model, own(*place))).collect();
        schema.sql = objects(&tables, &defined, limits);
    }
    schema
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
        inheritance: declared::Inheritance::default(),
        options: Vec::new(),
        at: "src/models.rs:1:1".to_owned(),
    }
}
