//! What a field's Rust type says by its spelling alone. The rest is the trait `SqlColumn`'s to say.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{GenericArgument, Ident, PathArguments, Type};

/// Rust's own types: nobody redefines them, so nothing is asked of the trait, which spares rustc the work.
pub(crate) struct Known {
    /// The name of Diesel's SQL type, in `diesel::sql_types`.
    pub(crate) diesel: &'static str,
    /// The name in `TypeDef`.
    pub(crate) name: &'static str,
}

/// The type within `Option<..>`, where it is spelt so.
pub(crate) fn inside_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != "Option" {
        return None;
    }
    argument(&last.arguments)
}

fn argument(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(list) = arguments else { return None };
    match list.args.first()? {
        GenericArgument::Type(ty) if list.args.len() == 1 => Some(ty),
        _ => None,
    }
}

/// The last word of the type's path.
pub(crate) fn last_word(ty: &Type) -> Option<String> {
    let Type::Path(path) = ty else { return None };
    Some(path.path.segments.last()?.ident.to_string())
}

/// Rust's own types.
pub(crate) fn known(ty: &Type) -> Option<Known> {
    let Type::Path(path) = ty else { return None };
    if path.qself.is_some() || path.path.segments.len() != 1 {
        return None;
    }
    let segment = path.path.segments.first()?;
    let (diesel, name) = match segment.ident.to_string().as_str() {
        "Vec" => {
            if last_word(argument(&segment.arguments)?)? != "u8" {
                return None;
            }
            ("Binary", "Binary")
        }
        _ if !segment.arguments.is_none() => return None,
        "i16" => ("SmallInt", "Int2"),
        "i32" => ("Integer", "Int4"),
        "i64" => ("BigInt", "Int8"),
        "f32" => ("Float", "Float4"),
        "f64" => ("Double", "Float8"),
        "bool" => ("Bool", "Bool"),
        "String" => ("Text", "Text"),
        _ => return None,
    };
    Some(Known { diesel, name })
}

/// Rust's own types that are no column, and what to write instead.
pub(crate) fn advice(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Reference(_) => return Some("a model owns its data: write `String` for `&str`, `Vec<u8>` for `&[u8]`"),
        Type::Path(_) => {}
        _ => return Some("this is no type of a column: write a named type"),
    }
    Some(match last_word(ty)?.as_str() {
        "i8" | "u8" => "no column holds 8 bits: write `i16`",
        "u16" => "databases have no unsigned integers: write `i32`",
        "u32" => "databases have no unsigned integers: write `i64`",
        "u64" | "i128" | "u128" => "no integer column is that wide: write `i64`, or `BigDecimal` for a `Numeric`",
        "usize" | "isize" => "a column's width does not depend on the machine: write `i64`",
        "char" => "no column holds one `char`: write `String`",
        "Box" | "Rc" | "Arc" | "Cow" => "a column holds the value itself: write it without this, `String` for a `str`",
        "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet" | "VecDeque" => {
            "no column holds this: write a `Vec`, or `serde_json::Value`, or say the column's type with `#[sql_type(..)]`"
        }
        "Option" => "a column is NULL or it is not: write one `Option`",
        _ => return None,
    })
}

/// The SQL type of a type that Diesel itself knows, by the last word of its path.
///
/// `table!` has to be told the SQL type itself: rustc can't check its expansion (`EqAll`) when the type is a
/// projection such as `<T as SqlColumn>::Sql`. What is not in this list is its own SQL type, as enums are.
pub(crate) fn sql_type(ty: &Type) -> Option<TokenStream> {
    if let Some(known) = known(ty) {
        let name = Ident::new(known.diesel, Span::call_site());
        return Some(quote!(::diesel::sql_types::#name));
    }
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let name = match segment.ident.to_string().as_str() {
        "DateTime" | "OffsetDateTime" => return Some(quote!(::diesel_schema::model::sql_types::Timestamptz)),
        "NaiveDateTime" | "PrimitiveDateTime" | "SystemTime" => "Timestamp",
        "NaiveDate" => "Date",
        "NaiveTime" => "Time",
        "Date" | "Time" if path.path.segments.len() > 1 => {
            let word = &segment.ident;
            return Some(quote!(::diesel::sql_types::#word));
        }
        "Uuid" => "Uuid",
        "Value" => "Jsonb",
        "BigDecimal" | "Decimal" => "Numeric",
        "IpNetwork" => "Inet",
        _ => return None,
    };
    let name = Ident::new(name, Span::call_site());
    Some(quote!(::diesel::sql_types::#name))
}

/// The element of `Vec<..>`, where it is spelt so.
pub(crate) fn inside_vec(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    if last.ident != "Vec" { None } else { argument(&last.arguments) }
}
