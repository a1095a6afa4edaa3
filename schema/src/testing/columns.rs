//! Columns, their new names, and what they are made of.

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{Column, DeclaredSchema, Expr, Model, NotNull, Type};

use super::Limits;
use super::defined::Defined;
use super::genes::*;
use super::other::{comment, expr, quote};
use super::types::{Kind, castable, default, plain, ty};

const COLUMN_NAMES: [&str; 7] = ["a", "b", "text", "order", "My Col", "e", "f"];

pub(super) fn column_name(genes: &[u8], place: usize) -> String {
    // The first one is the key, more often than not under its usual name.
    if place == 0 && !rare(genes[1]) { "id".to_owned() } else { pick(&COLUMN_NAMES, genes[1]).to_owned() }
}

/// The tables that the differ may hold a model against: that of its name, or that of its name before where the first
/// one is not there or goes by another name itself.
pub(super) fn tables_before<'a>(model: &Model, old: &'a DeclaredSchema) -> Vec<&'a Model> {
    let may = |it: &&Model| it.table == model.table || Some(&it.table) == model.renamed_from.as_ref();
    old.models.iter().filter(|it| it.namespace == model.namespace).filter(may).collect()
}

pub(super) fn columns(
    genes: &[u8],
    old: Option<&[u8]>,
    was: &[&Model],
    (schema, defined): (&DeclaredSchema, &Defined),
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
        let may = |it: &&Column| it.name == name || Some(&it.name) == renamed_from.as_ref();
        let mut before = was.iter().flat_map(|was| &was.columns).filter(may);
        let mut ty = ty(if place == 0 { own[2] % 2 } else { own[2] }, schema, defined, limits);
        if before.any(|before| !castable(&before.ty, &ty)) {
            ty = plain("Text");
        }
        let kind = Kind::of(&ty);
        let collation = (kind == Kind::Text && rare(own[7])).then(|| {
            let known = match limits.dialect {
                _ if defined.collation => ["C", "coll"],
                Dialect::Postgres => ["C", "POSIX"],
                _ => ["NOCASE", "RTRIM"],
            };
            pick(&known, own[7] / 6).to_owned()
        });
        found.push(Column {
            default: default(own[4], &ty, schema, limits),
            not_null: (limits.version >= 18 && own[3] % 12 == 10).then(|| NotNull {
                name: Some(format!("nn{place}")),
                no_inherit: false,
                // A key asks for more.
                not_valid: kind == Kind::Other && own[3] % 24 == 10,
            }),
            collation,
            comment: comment(own[8]),
            renamed_from,
            ..column((name, format!("f{place}")), ty, own[3] % 2 == 1)
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
        let name = quote(&from);
        let sql = match kind {
            Kind::Number if defined.function && ty.name == "Int4" && own[6] % 12 == 5 => format!("f0({name})"),
            Kind::Number => format!("{name} + 1"),
            _ => format!("upper({name})"),
        };
        let column = &mut found[at];
        (column.generated, column.default) = (Some(expr(sql)), None);
    }
    found
}

/// A column, by its name in the database and in Rust, of which nothing more is said.
pub(super) fn column((name, rust): (String, String), ty: Type, nullable: bool) -> Column {
    Column {
        name,
        rust,
        ty,
        nullable,
        default: None,
        identity: None,
        sequence: None,
        generated: None,
        is_virtual: false,
        not_null: None,
        collation: None,
        comment: String::new(),
        renamed_from: None,
        at: "src/models.rs:2:5".to_owned(),
    }
}

pub(super) fn mentions(expr: Option<&Expr>, column: &str) -> bool {
    expr.is_some_and(|expr| expr.sql.contains(&quote(column)))
}
