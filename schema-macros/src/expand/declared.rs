//! The model as the lock would hold it. What only the compiler knows is a hole: a type behind a trait, another model's table.

use diesel_schema_core::columns_in::columns_in;
use diesel_schema_core::declared::{self, Deferrable, Identity as Identified, Type, TypeKind};
use diesel_schema_core::def::TypeDef;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{LitStr, Path};

use super::joins::own;
use super::{at, option};
use crate::ast::*;
use crate::rust_type;

/// What begins a hole's place in the text of the lines.
pub(super) const MARK: &str = "__diesel_schema_hole_";

/// A hole's place in the text of the lines: a word, so that nothing quotes it.
fn hole(number: usize) -> String {
    format!("{MARK}{number}__")
}

/// What the compiler fills in, and what to call it where only the source is there to read.
pub(super) struct Hole {
    pub(super) tokens: TokenStream,
    pub(super) word: String,
}

pub(super) fn declared(model: &Model, spans: &mut Vec<(String, Span)>) -> (declared::Model, Vec<Hole>) {
    let mut holes = Vec::new();
    let mut here = |span: Span| {
        let place = at(span);
        spans.push((place.clone(), span));
        place
    };
    let columns = model.fields.iter().map(|field| column(model, field, &mut here, &mut holes)).collect();
    let key_span = model.fields.iter().find_map(|field| field.primary_key).unwrap_or_else(|| model.ident.span());
    let primary_key = match &model.primary_key {
        Some(it) => key(model, it, &mut here),
        None => declared::Key {
            name: None,
            columns: model.primary_key_columns().iter().map(|it| model.column(it)).collect(),
            include: Vec::new(),
            nulls_not_distinct: false,
            without_overlaps: false,
            deferrable: Deferrable::No,
            at: here(key_span),
        },
    };
    let names: Vec<String> = model.fields.iter().map(Field::column).collect();
    let out = declared::Model {
        namespace: model.namespace.as_ref().map(LitStr::value),
        table: model.table.value(),
        rust: model.ident.unraw().to_string(),
        comment: model.comment.clone(),
        renamed_from: None,
        columns,
        primary_key,
        uniques: model.uniques.iter().map(|it| key(model, it, &mut here)).collect(),
        foreign_keys: model.foreign_keys.iter().map(|it| foreign_key(model, it, &mut here, &mut holes)).collect(),
        checks: model
            .checks
            .iter()
            .map(|it| declared::Check {
                name: text(it.name.as_ref()),
                expr: expr(&it.expr),
                columns: columns_in(&it.expr.sql.value(), &names),
                not_valid: it.not_valid,
                no_inherit: it.no_inherit,
                not_enforced: it.not_enforced,
                at: here(it.span),
            })
            .collect(),
        indexes: model.indexes.iter().map(|it| index(model, it, &mut here)).collect(),
        inheritance: inheritance(model, &mut holes),
        options: model.options.iter().map(|it| (*it).to_owned()).collect(),
        at: at(model.ident.span()),
    };
    (out, holes)
}

fn inheritance(model: &Model, holes: &mut Vec<Hole>) -> declared::Inheritance {
    let Inheritance { partition_by, parents, bound } = &model.inheritance;
    declared::Inheritance {
        partition_by: text(partition_by.as_ref()),
        parents: parents.iter().map(|parent| (None, table_of(model, parent, holes).0)).collect(),
        bound: text(bound.as_ref()),
    }
}

/// The hole for another model's table, and what the source calls it.
fn table_of(model: &Model, parent: &Path, holes: &mut Vec<Hole>) -> (String, String) {
    let parent = own(model, parent);
    let word = parent.to_string().replace(' ', "");
    holes.push(Hole {
        tokens: quote!(__def::HoleDef::Table(<#parent as __Model>::KEY.namespace, <#parent as __Model>::KEY.table)),
        word: word.clone(),
    });
    (hole(holes.len() - 1), word)
}

fn text(literal: Option<&LitStr>) -> Option<String> {
    literal.map(LitStr::value)
}

fn expr(expr: &Expr) -> declared::Expr {
    declared::Expr {
        sql: expr.sql.value(),
        postgres: text(expr.postgres.as_ref()),
        sqlite: text(expr.sqlite.as_ref()),
        mysql: text(expr.mysql.as_ref()),
    }
}

fn words(sql: &str) -> declared::Expr {
    declared::Expr { sql: sql.to_owned(), postgres: None, sqlite: None, mysql: None }
}

fn named(kind: TypeKind, name: String) -> Type {
    Type { kind, namespace: None, name, modifiers: Vec::new(), array: 0 }
}

fn column(
    model: &Model,
    field: &Field,
    here: &mut impl FnMut(Span) -> String,
    holes: &mut Vec<Hole>,
) -> declared::Column {
    let inner = rust_type::inside_option(&field.ty);
    let rust = inner.unwrap_or(&field.ty);
    let known = rust_type::known(rust);
    let implied = asked(model, field);
    let said = match field.identity.map(|(identity, _)| identity) {
        Some(Identity::Always) => Some(Identified::Always),
        Some(Identity::ByDefault) => Some(Identified::ByDefault),
        Some(Identity::Serial) => Some(Identified::Serial),
        Some(Identity::None) | None => None,
    };
    let ty = match (&field.sql_type, &known) {
        (Some(SqlType::Diesel { name, modifiers, array }), _) => {
            let ty = named(TypeKind::Diesel, name.to_string());
            Some(Type { modifiers: modifiers.clone(), array: *array, ..ty })
        }
        (Some(SqlType::Sql { sql, .. }), _) => Some(named(TypeKind::Sql, sql.value())),
        (None, Some(known)) => Some(named(TypeKind::Diesel, known.name.to_owned())),
        (None, None) => None,
    };
    let identity = match &ty {
        Some(ty) if implied && ty.array == 0 && ty.kind == TypeKind::Diesel => {
            TypeDef::is_integer(&ty.name).then_some(Identified::ByDefault)
        }
        _ => said,
    };
    let ty = ty.unwrap_or_else(|| {
        let span = rust.span();
        let the_type = quote_spanned!(span=> <#rust as ::diesel_schema::model::SqlColumn>::TYPE);
        let nullable = match inner {
            // The line says it itself.
            Some(_) => quote!(false),
            None => quote_spanned!(span=> <#rust as ::diesel_schema::model::SqlColumn>::NULLABLE),
        };
        let identity =
            if implied { quote!(::diesel_schema::model::identity_of(&#the_type)) } else { option(None::<bool>) };
        holes.push(Hole {
            tokens: quote!(__def::HoleDef::Type { ty: #the_type, nullable: #nullable, identity: #identity }),
            word: rust.to_token_stream().to_string().replace(' ', ""),
        });
        named(TypeKind::Diesel, hole(holes.len() - 1))
    });
    declared::Column {
        name: field.column(),
        rust: field.ident.unraw().to_string(),
        ty,
        nullable: inner.is_some(),
        default: field.default.as_ref().map(default),
        identity,
        sequence: field.sequence.as_ref().map(|it| sequence(it, &here(field.ident.span()))),
        generated: field.generated.as_ref().map(expr),
        is_virtual: field.is_virtual,
        not_null: field.not_null.as_ref().map(|it| declared::NotNull {
            name: text(it.name.as_ref()),
            no_inherit: it.no_inherit,
            not_valid: it.not_valid,
        }),
        collation: text(field.collation.as_ref()),
        comment: field.comment.clone(),
        renamed_from: None,
        at: here(field.ident.span()),
    }
}

pub(crate) fn sequence(sequence: &Sequence, at: &str) -> declared::Sequence {
    let [start, increment, min, max, cache] = sequence.numbers;
    declared::Sequence {
        namespace: text(sequence.namespace.as_ref()),
        name: text(sequence.name.as_ref()).unwrap_or_default(),
        data_type: text(sequence.data_type.as_ref()),
        start,
        increment,
        min,
        max,
        cache,
        cycle: sequence.cycle,
        at: at.to_owned(),
    }
}

fn default(default: &DefaultValue) -> declared::Default {
    match default {
        DefaultValue::Bool(value, _) => declared::Default::Bool(*value),
        DefaultValue::Int(value, _) => declared::Default::Int(*value),
        DefaultValue::Float(value, _) => declared::Default::Float(value.clone()),
        DefaultValue::Text(value) => declared::Default::Text(value.value()),
        DefaultValue::Expr(value) => declared::Default::Expr(expr(value)),
        DefaultValue::Words(value) if value.eq_ignore_ascii_case("now()") => {
            declared::Default::Expr(declared::Expr { sqlite: Some("CURRENT_TIMESTAMP".to_owned()), ..words("now()") })
        }
        DefaultValue::Words(value) => declared::Default::Expr(words(value)),
    }
}

fn key(model: &Model, key: &Key, here: &mut impl FnMut(Span) -> String) -> declared::Key {
    declared::Key {
        name: text(key.name.as_ref()),
        columns: key.columns.iter().map(|it| model.column(it)).collect(),
        include: key.include.iter().map(|it| model.column(it)).collect(),
        nulls_not_distinct: key.nulls_not_distinct,
        without_overlaps: key.without_overlaps,
        deferrable: key.deferrable,
        at: here(key.span),
    }
}

fn foreign_key(
    model: &Model,
    key: &ForeignKey,
    here: &mut impl FnMut(Span) -> String,
    holes: &mut Vec<Hole>,
) -> declared::ForeignKey {
    let parent = own(model, &key.parent);
    let (references_table, word) = table_of(model, &key.parent, holes);
    let references_columns = if key.parent_columns.is_empty() {
        holes.push(Hole {
            tokens: quote!(__def::HoleDef::Columns(<#parent as __Model>::KEY.primary_key)),
            word: "its primary key".to_owned(),
        });
        vec![hole(holes.len() - 1)]
    } else {
        let itself = model.ident == word;
        let name = |it| if itself { model.column(it) } else { it.unraw().to_string() };
        key.parent_columns.iter().map(name).collect()
    };
    declared::ForeignKey {
        name: text(key.name.as_ref()),
        columns: key.columns.iter().map(|it| model.column(it)).collect(),
        references_namespace: None,
        references_table,
        references_columns,
        on_delete: key.on_delete,
        on_delete_columns: key.on_delete_columns.iter().map(|it| model.column(it)).collect(),
        on_update: key.on_update,
        match_full: key.match_full,
        period: key.period,
        deferrable: key.deferrable,
        not_valid: key.not_valid,
        not_enforced: key.not_enforced,
        at: here(key.span),
    }
}

fn index(model: &Model, index: &Index, here: &mut impl FnMut(Span) -> String) -> declared::Index {
    let keys = index.keys.iter().map(|key| declared::IndexKey {
        what: match &key.what {
            IndexKeyWhat::Column(column) => declared::IndexKeyWhat::Column(model.column(column)),
            IndexKeyWhat::Expr(sql) => declared::IndexKeyWhat::Expr(words(&sql.value())),
        },
        descending: key.descending,
        nulls_first: key.nulls_first,
        opclass: key.opclass.clone(),
        collation: text(key.collation.as_ref()),
    });
    declared::Index {
        name: text(index.name.as_ref()),
        keys: keys.collect(),
        unique: index.unique,
        nulls_not_distinct: index.nulls_not_distinct,
        using: text(index.using.as_ref()),
        include: index.include.iter().map(|it| model.column(it)).collect(),
        with: text(index.with.as_ref()),
        predicate: index.predicate.as_ref().map(|sql| words(&sql.value())),
        at: here(index.span),
    }
}

/// Whether the column is one whose type decides if it is an identity.
fn asked(model: &Model, field: &Field) -> bool {
    let alone = model.primary_key_columns() == [field.ident.clone()];
    let points = model.foreign_keys.iter().any(|key| key.columns.contains(&field.ident));
    field.identity.is_none() && alone && !points && field.default.is_none() && field.generated.is_none()
}
