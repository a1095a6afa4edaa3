//! The model as a constant of `diesel_schema::def`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use diesel_schema_core::columns_in::columns_in;

use super::facts::Facts;
use super::joins::own;
use crate::ast::*;
use crate::rust_type;

/// Where a token stands, as `file:line:column`: a literal, because `concat!(file!(), ..)` would be four macros more for
/// each field.
pub(crate) fn at(span: Span) -> String {
    let start = span.start();
    format!("{}:{}:{}", span.file(), start.line, start.column + 1)
}

/// `Some(..)` or `None`.
pub(crate) fn option(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// A literal's text without its place: nothing in a constant has to point at it.
fn string(literal: &syn::LitStr) -> String {
    literal.value()
}

fn optional_text(text: Option<&syn::LitStr>) -> TokenStream {
    option(text.map(string))
}

pub(super) fn model_def(model: &Model, facts: &Facts) -> TokenStream {
    let namespace = optional_text(model.namespace.as_ref());
    let table = model.table.value();
    let primary_key: Vec<String> = model.primary_key_columns().iter().map(|c| model.column(c)).collect();
    let (rust, comment) = (model.ident.unraw().to_string(), &model.comment);
    let renamed_from = optional_text(model.renamed_from.as_ref());
    let columns = model.fields.iter().map(|field| column(model, field));
    let included = model.primary_key.iter().flat_map(|key| &key.include).map(|it| model.column(it));
    let (key_name, key_deferrable, key_at) = match &model.primary_key {
        Some(key) => (optional_text(key.name.as_ref()), key.deferrable.clone(), at(key.span)),
        None => {
            let span = model.fields.iter().find_map(|field| field.primary_key).unwrap_or_else(|| model.ident.span());
            (option(None::<String>), quote!(No), at(span))
        }
    };
    let uniques = model.uniques.iter().map(|unique| key(model, unique));
    let foreign_keys = model.foreign_keys.iter().map(|key| foreign_key(model, key));
    let names: Vec<String> = model.fields.iter().map(Field::column).collect();
    let checks = model.checks.iter().map(|check| {
        let (name, expr, at) = (optional_text(check.name.as_ref()), expr(&check.expr), at(check.span));
        let columns = columns_in(&check.expr.sql.value(), &names);
        let (not_valid, no_inherit, not_enforced) = (check.not_valid, check.no_inherit, check.not_enforced);
        quote! {
            __def::CheckDef {
                name: #name,
                expr: #expr,
                columns: &[#(#columns),*],
                not_valid: #not_valid,
                no_inherit: #no_inherit,
                not_enforced: #not_enforced,
                at: #at,
            }
        }
    });
    let indexes = model.indexes.iter().map(|found| index(model, found));
    let (inheritance, options) = (inheritance(model), &model.options);
    let without_overlaps = model.primary_key.as_ref().is_some_and(|key| key.without_overlaps);
    let facts = facts.def();
    let at = at(model.ident.span());
    quote! {
        const NAMESPACE: ::core::option::Option<&'static str> = #namespace;
        const TABLE: &'static str = #table;
        const PRIMARY_KEY: &'static [&'static str] = &[#(#primary_key),*];
        const DEF: __def::ModelDef = __def::ModelDef {
            namespace: #namespace,
            table: #table,
            rust: #rust,
            comment: #comment,
            renamed_from: #renamed_from,
            columns: &[#(#columns),*],
            primary_key: __def::KeyDef {
                name: #key_name,
                columns: <Self as __Model>::PRIMARY_KEY,
                include: &[#(#included),*],
                nulls_not_distinct: false,
                without_overlaps: #without_overlaps,
                deferrable: __def::Deferrable::#key_deferrable,
                at: #key_at,
            },
            uniques: &[#(#uniques),*],
            foreign_keys: &[#(#foreign_keys),*],
            checks: &[#(#checks),*],
            indexes: &[#(#indexes),*],
            inheritance: #inheritance,
            options: &[#(#options),*],
            facts: #facts,
            at: #at,
        };
    }
}

fn inheritance(model: &Model) -> TokenStream {
    let Inheritance { partition_by, parents, bound } = &model.inheritance;
    if partition_by.is_none() && parents.is_empty() {
        return quote!(__def::InheritanceDef::NONE);
    }
    let [partition_by, bound] = [partition_by, bound].map(|text| optional_text(text.as_ref()));
    let parents = parents.iter().map(|it| own(model, it));
    quote! {
        __def::InheritanceDef {
            partition_by: #partition_by,
            parents: &[#((<#parents as __Model>::NAMESPACE, <#parents as __Model>::TABLE)),*],
            bound: #bound,
        }
    }
}

fn column(model: &Model, field: &Field) -> TokenStream {
    let (name, rust, comment) = (field.column(), field.ident.unraw().to_string(), &field.comment);
    let inner = rust_type::inside_option(&field.ty);
    let ty = inner.unwrap_or(&field.ty);
    let known = rust_type::known(ty);
    let span = ty.span();
    let nullable = match (inner, &field.sql_type, &known) {
        (Some(_), ..) => quote!(true),
        (None, None, None) => quote_spanned!(span=> <#ty as ::diesel_schema::model::SqlColumn>::NULLABLE),
        _ => quote!(false),
    };
    let ty = match (&field.sql_type, &known) {
        (Some(SqlType::Diesel { name, modifiers, array }), _) => {
            let name = name.to_string();
            let with = (!modifiers.is_empty() || *array > 0).then(|| quote!(.with(&[#(#modifiers),*], #array)));
            quote!(__def::TypeDef::diesel(#name) #with)
        }
        (Some(SqlType::Sql { sql, .. }), _) => {
            let sql = string(sql);
            quote!(__def::TypeDef::sql(#sql))
        }
        (None, Some(known)) => {
            let name = known.name;
            quote!(__def::TypeDef::diesel(#name))
        }
        (None, None) => quote_spanned!(span=> <#ty as ::diesel_schema::model::SqlColumn>::TYPE),
    };
    let identity = identity(model, field, &ty).map(|identity| quote!(.identity(#identity)));
    let sequence = field.sequence.as_ref().map(|it| sequence(it, &at(field.ident.span())));
    let default = field.default.as_ref().map(default).map(|default| quote!(.default(#default)));
    let generated = field.generated.as_ref().map(expr).map(|generated| match field.is_virtual {
        true => quote!(.generated_virtual(#generated)),
        false => quote!(.generated(#generated)),
    });
    let not_null = field.not_null.as_ref().map(|it| {
        let (name, no_inherit, not_valid) = (optional_text(it.name.as_ref()), it.no_inherit, it.not_valid);
        quote!(.not_null(__def::NotNullDef { name: #name, no_inherit: #no_inherit, not_valid: #not_valid }))
    });
    let collation = field.collation.as_ref().map(string).map(|collation| quote!(.collation(#collation)));
    let comment = (!comment.is_empty()).then(|| quote!(.comment(#comment)));
    let renamed_from = field.renamed_from.as_ref().map(string).map(|name| quote!(.renamed_from(#name)));
    let at = at(field.ident.span());
    quote! {
        __def::ColumnDef::new(#name, #rust, #ty, #nullable, #at)
            #default #identity #sequence #generated #not_null #collation #comment #renamed_from
    }
}

/// `.sequence(..)`.
fn sequence(sequence: &Sequence, at: &str) -> TokenStream {
    let name = sequence.name.as_ref().map(string).unwrap_or_default();
    let [namespace, data_type] = [&sequence.namespace, &sequence.data_type].map(|text| optional_text(text.as_ref()));
    let [start, increment, min, max, cache] = sequence.numbers.map(option);
    let cycle = sequence.cycle;
    quote! {
        .sequence(__def::SequenceDef {
            namespace: #namespace,
            name: #name,
            data_type: #data_type,
            start: #start,
            increment: #increment,
            min: #min,
            max: #max,
            cache: #cache,
            cycle: #cycle,
            fact: "",
            at: #at,
        })
    }
}

/// What was said, else identity for the one integer column of a primary key that points nowhere.
fn identity(model: &Model, field: &Field, ty: &TokenStream) -> Option<TokenStream> {
    match field.identity.map(|(identity, _)| identity) {
        Some(Identity::None) => return None,
        Some(Identity::Always) => return Some(option(Some(quote!(__def::IdentityDef::Always)))),
        Some(Identity::ByDefault) => return Some(option(Some(quote!(__def::IdentityDef::ByDefault)))),
        Some(Identity::Serial) => return Some(option(Some(quote!(__def::IdentityDef::Serial)))),
        None => {}
    }
    // The type may be behind an alias, so that it is asked and not its name.
    asked(model, field).then(|| quote!(::diesel_schema::model::identity_of(&#ty)))
}

/// Whether the column is one whose type decides if it is an identity.
pub(super) fn asked(model: &Model, field: &Field) -> bool {
    let alone = model.primary_key_columns() == [field.ident.clone()];
    let points = model.foreign_keys.iter().any(|key| key.columns.contains(&field.ident));
    field.identity.is_none() && alone && !points && field.default.is_none() && field.generated.is_none()
}

fn default(default: &DefaultValue) -> TokenStream {
    match default {
        DefaultValue::Bool(value, _) => quote!(__def::DefaultDef::Bool(#value)),
        DefaultValue::Int(value, _) => quote!(__def::DefaultDef::Int(#value)),
        DefaultValue::Float(value, _) => quote!(__def::DefaultDef::Float(#value)),
        DefaultValue::Text(value) => {
            let value = value.value();
            quote!(__def::DefaultDef::Text(#value))
        }
        DefaultValue::Expr(value) => {
            let value = expr(value);
            quote!(__def::DefaultDef::Expr(#value))
        }
        // The one function of everyday that SQLite lacks under this name.
        DefaultValue::Words(words) if words.eq_ignore_ascii_case("now()") => quote! {
            __def::DefaultDef::Expr(__def::ExprDef {
                sqlite: ::core::option::Option::Some("CURRENT_TIMESTAMP"),
                ..__def::ExprDef::new("now()")
            })
        },
        DefaultValue::Words(words) => quote!(__def::DefaultDef::Expr(__def::ExprDef::new(#words))),
    }
}

fn expr(expr: &Expr) -> TokenStream {
    let sql = string(&expr.sql);
    if expr.postgres.is_none() && expr.sqlite.is_none() && expr.mysql.is_none() {
        return quote!(__def::ExprDef::new(#sql));
    }
    let [postgres, sqlite, mysql] =
        [&expr.postgres, &expr.sqlite, &expr.mysql].map(|words| optional_text(words.as_ref()));
    quote!(__def::ExprDef { sql: #sql, postgres: #postgres, sqlite: #sqlite, mysql: #mysql })
}

fn key(model: &Model, key: &Key) -> TokenStream {
    let (name, columns) = (optional_text(key.name.as_ref()), key.columns.iter().map(|c| model.column(c)));
    let include = key.include.iter().map(|c| model.column(c));
    let (nulls, deferrable, at) = (key.nulls_not_distinct, &key.deferrable, at(key.span));
    let without_overlaps = key.without_overlaps;
    quote! {
        __def::KeyDef {
            name: #name,
            columns: &[#(#columns),*],
            include: &[#(#include),*],
            nulls_not_distinct: #nulls,
            without_overlaps: #without_overlaps,
            deferrable: __def::Deferrable::#deferrable,
            at: #at,
        }
    }
}

fn foreign_key(model: &Model, key: &ForeignKey) -> TokenStream {
    let (name, columns) = (optional_text(key.name.as_ref()), key.columns.iter().map(|c| model.column(c)));
    let parent = own(model, &key.parent);
    let columns_there = if key.parent_columns.is_empty() {
        quote!(<#parent as __Model>::PRIMARY_KEY)
    } else {
        let columns = key
            .parent_columns
            .iter()
            .map(|c| if model.ident == parent.to_string() { model.column(c) } else { c.unraw().to_string() });
        quote!(&[#(#columns),*])
    };
    let ForeignKey { match_full, period, not_valid, not_enforced, .. } = *key;
    let on_delete_columns = key.on_delete_columns.iter().map(|c| model.column(c));
    let (on_delete, on_update, deferrable, at) = (&key.on_delete, &key.on_update, &key.deferrable, at(key.span));
    quote! {
        __def::ForeignKeyDef {
            name: #name,
            columns: &[#(#columns),*],
            references_namespace: <#parent as __Model>::NAMESPACE,
            references_table: <#parent as __Model>::TABLE,
            references_columns: #columns_there,
            on_delete: __def::ForeignKeyAction::#on_delete,
            on_delete_columns: &[#(#on_delete_columns),*],
            on_update: __def::ForeignKeyAction::#on_update,
            match_full: #match_full,
            period: #period,
            deferrable: __def::Deferrable::#deferrable,
            not_valid: #not_valid,
            not_enforced: #not_enforced,
            at: #at,
        }
    }
}

fn index(model: &Model, index: &Index) -> TokenStream {
    let keys = index.keys.iter().map(|key| {
        let what = match &key.what {
            IndexKeyWhat::Column(column) => {
                let column = model.column(column);
                quote!(__def::IndexKeyWhat::Column(#column))
            }
            IndexKeyWhat::Expr(sql) => {
                let sql = string(sql);
                quote!(__def::IndexKeyWhat::Expr(__def::ExprDef::new(#sql)))
            }
        };
        let (descending, nulls_first) = (key.descending, option(key.nulls_first));
        let (opclass, collation) = (option(key.opclass.as_ref()), optional_text(key.collation.as_ref()));
        quote! {
            __def::IndexKeyDef {
                what: #what,
                descending: #descending,
                nulls_first: #nulls_first,
                opclass: #opclass,
                collation: #collation,
            }
        }
    });
    let (name, using) = (optional_text(index.name.as_ref()), optional_text(index.using.as_ref()));
    let with = optional_text(index.with.as_ref());
    let include = index.include.iter().map(|column| model.column(column));
    let (unique, nulls, at) = (index.unique, index.nulls_not_distinct, at(index.span));
    let predicate = option(index.predicate.as_ref().map(|sql| {
        let sql = string(sql);
        quote!(__def::ExprDef::new(#sql))
    }));
    quote! {
        __def::IndexDef {
            name: #name,
            keys: &[#(#keys),*],
            unique: #unique,
            nulls_not_distinct: #nulls,
            using: #using,
            include: &[#(#include),*],
            with: #with,
            predicate: #predicate,
            at: #at,
        }
    }
}
