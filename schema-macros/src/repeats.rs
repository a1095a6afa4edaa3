//! Indexes that repeat another one, or a key, which has an index of its own.

use quote::quote;

use crate::ast::{Index, IndexKeyWhat, Model};

/// What an index is, without its name.
fn words(index: &Index) -> String {
    let text = |literal: &Option<syn::LitStr>| literal.as_ref().map(syn::LitStr::value);
    let keys: Vec<_> = index
        .keys
        .iter()
        .map(|key| {
            let what = match &key.what {
                IndexKeyWhat::Column(column) => column.to_string(),
                IndexKeyWhat::Expr(sql) => format!("sql {}", sql.value()),
            };
            (what, key.descending, key.nulls_first, key.opclass.clone(), text(&key.collation))
        })
        .collect();
    let include: Vec<String> = index.include.iter().map(ToString::to_string).collect();
    let using = text(&index.using).filter(|method| method != "btree");
    format!("{keys:?} {} {} {using:?} {include:?} {:?}", index.unique, index.nulls_not_distinct, text(&index.predicate))
}

/// The indexes that an earlier one makes useless. One with a name of its own is taken to be meant: it is how an index is
/// built anew beside the old one, and how a model is imported from a database that has both.
pub(crate) fn indexes(model: &Model) -> Vec<&Index> {
    let repeats = |at: usize, index: &Index| {
        index.name.is_none() && model.indexes[..at].iter().any(|earlier| words(earlier) == words(index))
    };
    model.indexes.iter().enumerate().filter(|(at, index)| repeats(*at, index)).map(|(_, index)| index).collect()
}

/// A warning at each index whose columns are those of a key. No error: a database that is imported may have them.
pub(crate) fn warnings(model: &Model) -> proc_macro2::TokenStream {
    let key = |columns: &[syn::Ident]| columns.iter().map(ToString::to_string).collect::<Vec<_>>();
    let primary = key(&model.primary_key_columns());
    let uniques: Vec<Vec<String>> = model.uniques.iter().map(|unique| key(&unique.columns)).collect();
    let plain = |index: &&Index| {
        let plain = |key: &crate::ast::IndexKey| {
            !key.descending && key.nulls_first.is_none() && key.opclass.is_none() && key.collation.is_none()
        };
        index.keys.iter().all(plain)
            && index.using.as_ref().is_none_or(|method| method.value() == "btree")
            && index.include.is_empty()
            && index.predicate.is_none()
    };
    let all = model.indexes.iter().filter(plain).filter_map(|index| {
        let columns: Option<Vec<String>> = index
            .keys
            .iter()
            .map(|key| match &key.what {
                IndexKeyWhat::Column(column) => Some(column.to_string()),
                IndexKeyWhat::Expr(_) => None,
            })
            .collect();
        let columns = columns?;
        let what = if columns == primary {
            "the primary key"
        } else if uniques.contains(&columns) {
            "the unique constraint"
        } else {
            return None;
        };
        let note = format!("{what} on ({}) has an index already: remove this one", columns.join(", "));
        Some(crate::expand::deprecated(index.span, "REPEATED", &note))
    });
    quote!(#(#all)*)
}
