//! Rust names for what the database calls as it likes.

use proc_macro2::Span;
use quote::format_ident;
use syn::Ident;
use syn::ext::IdentExt;

use crate::ast::{Field, Model};

/// The hidden module beside a model that holds its `table!`.
pub(crate) fn module(model: &Ident) -> Ident {
    format_ident!("__table_of_{}", model.unraw(), span = Span::call_site())
}

/// A name in the database as Diesel writes it in Rust: `type` is `type_`, `2fa-code` is `_2fa_code`.
pub(crate) fn rust(name: &str, span: Span) -> Ident {
    let mut text: String = name.chars().map(|c| if c == '_' || c.is_alphanumeric() { c } else { '_' }).collect();
    if text.starts_with(|c: char| c.is_numeric()) {
        text.insert(0, '_');
    }
    if text == "_" || syn::parse_str::<Ident>(&text).is_err() {
        text.push('_');
    }
    Ident::new(&text, span)
}

impl Model {
    /// The name of the `table!`.
    pub(crate) fn table_ident(&self) -> Ident {
        rust(&self.table.value(), self.table.span())
    }

    /// The name of a field's column in the `table!`; Diesel refuses one that is named as its table.
    pub(crate) fn column_ident(&self, field: &Field) -> Ident {
        if let Some(name) = &field.column_name {
            return name.clone();
        }
        let ident = rust(&field.ident.unraw().to_string(), field.ident.span());
        if ident == self.table_ident() || ident == "table" || ident == "star" || ident == "columns" {
            return format_ident!("{ident}_");
        }
        ident
    }

    /// The column's name in the database, for a field's name; the name itself where there is no such field.
    pub(crate) fn column(&self, name: &Ident) -> String {
        self.field(name).map_or_else(|| name.unraw().to_string(), Field::column)
    }
}

impl Field {
    /// The column's name in the database.
    pub(crate) fn column(&self) -> String {
        match (&self.sql_name, &self.column_name) {
            (Some(name), _) => name.value(),
            (None, Some(name)) => name.unraw().to_string(),
            (None, None) => self.ident.unraw().to_string(),
        }
    }
}
