//! `#[derive(SqlEnum)]`.

use std::collections::BTreeMap;

use diesel_schema_core::{declared, lock};
use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, Ident, LitStr, Result, Visibility};

use crate::attr::comment;
use crate::expand::{at, option};
use crate::{lockfile, suggest};

const CASES: &[&str] =
    &["snake_case", "lowercase", "UPPERCASE", "PascalCase", "camelCase", "kebab-case", "SCREAMING_SNAKE_CASE"];

#[derive(Default)]
struct Options {
    name: Option<LitStr>,
    namespace: Option<LitStr>,
    case: Option<LitStr>,
    no_values: Option<Span>,
}

pub(crate) fn expand(item: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &item.data else {
        return Err(syn::Error::new(
            item.ident.span(),
            "`SqlEnum` is for enums: write `#[model]` for a struct that is a table",
        ));
    };
    if !item.generics.params.is_empty() {
        return Err(syn::Error::new(item.generics.span(), "an enum of the database has no generics: remove them"));
    }
    if !matches!(item.vis, Visibility::Public(_)) {
        let say = "an enum of the database is public, as the columns of Diesel's tables are: write `pub enum`";
        return Err(syn::Error::new(item.ident.span(), say));
    }
    let options = options(item)?;
    match options.no_values {
        None if data.variants.is_empty() => {
            let say = "an enum without variants has no values: write at least one";
            return Err(syn::Error::new(item.ident.span(), say));
        }
        Some(span) if !data.variants.is_empty() => {
            return Err(syn::Error::new(
                span,
                "`no_values` is for an enum without variants: remove it, or the variants",
            ));
        }
        _ => {}
    }
    let (mut variants, mut values) = (Vec::new(), BTreeMap::new());
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(syn::Error::new(
                variant.fields.span(),
                "a value of a database's enum holds no fields: write the variant's name alone",
            ));
        }
        let (value, span) = value(variant, options.case.as_ref())?;
        if values.insert(value.clone(), ()).is_some() {
            return Err(syn::Error::new(
                span,
                format!("two variants are the value `{value}`: write `#[sql_value(\"..\")]` on one"),
            ));
        }
        variants.push((&variant.ident, value));
    }
    Ok(tokens(item, &options, &variants))
}

fn options(item: &DeriveInput) -> Result<Options> {
    let mut options = Options::default();
    for attr in item.attrs.iter().filter(|attr| attr.path().is_ident("sql_enum")) {
        attr.parse_nested_meta(|meta| {
            let word = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            if word == "no_values" {
                options.no_values = Some(meta.path.span());
                return Ok(());
            }
            let slot = match word.as_str() {
                "name" => &mut options.name,
                "schema" => &mut options.namespace,
                "rename_all" => &mut options.case,
                _ => {
                    let hint = suggest::hint(&word, &["name", "schema", "rename_all", "no_values"]);
                    return Err(meta.error(format!("`{word}` is no argument of `#[sql_enum(..)]`: {hint}")));
                }
            };
            let text = crate::attr::text(meta.value()?, "the text")?;
            if word == "rename_all" && !CASES.contains(&text.value().as_str()) {
                let hint = suggest::hint(&text.value(), CASES);
                return Err(syn::Error::new(
                    text.span(),
                    format!("`{}` is no way to write a name: {hint}", text.value()),
                ));
            }
            *slot = Some(text);
            Ok(())
        })?;
    }
    Ok(options)
}

fn value(variant: &syn::Variant, case: Option<&LitStr>) -> Result<(String, Span)> {
    let mut found = None;
    for attr in variant.attrs.iter().filter(|attr| attr.path().is_ident("sql_value")) {
        let text: LitStr =
            attr.parse_args_with(|input: syn::parse::ParseStream| crate::attr::text(input, "the value"))?;
        if text.value().len() > diesel_schema_core::naming::MAX_IDENTIFIER_BYTES {
            return Err(syn::Error::new(
                text.span(),
                "PostgreSQL keeps 63 bytes of an enum's value: write a shorter one",
            ));
        }
        found = Some((text.value(), text.span()));
    }
    let name = variant.ident.unraw().to_string();
    Ok(found.unwrap_or_else(|| {
        let value = match case.map(LitStr::value).as_deref() {
            Some("lowercase") => name.to_lowercase(),
            Some("UPPERCASE") => name.to_uppercase(),
            Some("PascalCase") => name.to_pascal_case(),
            Some("camelCase") => name.to_lower_camel_case(),
            Some("kebab-case") => name.to_kebab_case(),
            Some("SCREAMING_SNAKE_CASE") => name.to_shouty_snake_case(),
            _ => name.to_snake_case(),
        };
        (value, variant.ident.span())
    }))
}

fn tokens(item: &DeriveInput, options: &Options, variants: &[(&Ident, String)]) -> TokenStream {
    let ident = &item.ident;
    let rust = ident.unraw().to_string();
    let name = options.name.as_ref().map_or_else(|| rust.to_snake_case(), LitStr::value);
    let schema = options.namespace.as_ref().map(LitStr::value);
    let namespace = option(schema.as_ref());
    let (idents, values): (Vec<_>, Vec<_>) = variants.iter().map(|(ident, value)| (*ident, value)).unzip();
    let (comment, at) = (comment(&item.attrs), at(ident.span()));
    let unknown = format!("`{{}}` is no value of the enum {name}; update this program, or the row");
    let listed = quote_spanned!(ident.span()=> ::diesel_schema::model::listed::<#ident>());
    let fact = lock::enumeration(&declared::Enum {
        namespace: schema.clone(),
        name: name.clone(),
        rust: String::new(),
        values: values.iter().map(|value| (*value).clone()).collect(),
        comment: comment.clone(),
        at: String::new(),
    });
    let warning = lockfile::of_this_package().map(|file| {
        file.locked.enum_warning(ident.span(), &rust, &lock::qualified_name(schema.as_deref(), &name), &fact)
    });
    let this = if variants.is_empty() { quote!(*self) } else { quote!(self) };
    quote! {
        const _: () = {
            impl ::diesel_schema::model::SqlEnum for #ident {
                const DEF: ::diesel_schema::def::EnumDef = ::diesel_schema::def::EnumDef {
                    namespace: #namespace,
                    name: #name,
                    rust: #rust,
                    values: &[#(#values),*],
                    comment: #comment,
                    fact: #fact,
                    at: #at,
                };
                fn as_sql(&self) -> &'static str {
                    match #this { #(Self::#idents => #values,)* }
                }
                fn from_sql(value: &[u8]) -> ::core::option::Option<Self> {
                    #(if value == #values.as_bytes() { return ::core::option::Option::Some(Self::#idents); })*
                    ::core::option::Option::None
                }
            }
            impl ::diesel_schema::model::SqlColumn for #ident {
                type Sql = Self;
                const TYPE: ::diesel_schema::def::TypeDef = ::diesel_schema::def::TypeDef {
                    kind: ::diesel_schema::def::TypeKind::Enum,
                    namespace: #namespace,
                    name: #name,
                    modifiers: &[],
                    array: 0,
                };
                const VALUES: ::core::option::Option<&'static [&'static str]> =
                    ::core::option::Option::Some(<Self as ::diesel_schema::model::SqlEnum>::DEF.values);
            }
            ::diesel_schema::__if_postgres! { ::diesel_schema::__sql_enum_postgres!(#ident, #unknown); }
            ::diesel_schema::__if_sqlite! { ::diesel_schema::__sql_enum_sqlite!(#ident, #unknown); }
            ::diesel_schema::__sql_value!(#ident);
            #listed;
            #warning
        };
    }
}
