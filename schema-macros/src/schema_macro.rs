//! `schema! { .. }`.

use std::collections::BTreeMap;

use diesel_schema_core::{Dialect, declared, lock};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, LitInt, LitStr, Path, Result, Token, Visibility, bracketed, parenthesized, token};

use crate::attr::{flag_bool, text};
use crate::expand::{at, in_child, option};
use crate::{lockfile, names, suggest};

const KEYS: &[&str] = &["models", "enums", "sequences", "sql", "comments", "dialects", "same_query"];

/// What `schema!` lists.
pub(crate) struct Schema {
    attrs: Vec<Attribute>,
    vis: Visibility,
    module: Ident,
    models: Vec<Path>,
    enums: Vec<Path>,
    sequences: Vec<Sequence>,
    sql: Vec<(LitStr, Vec<Ident>)>,
    comments: bool,
    dialects: Option<Vec<Ident>>,
    same_query: Vec<Vec<Path>>,
}

struct Sequence {
    ident: Ident,
    name: String,
    namespace: Option<LitStr>,
    data_type: Option<LitStr>,
    numbers: [Option<i64>; 5],
    cycle: bool,
}

impl Parse for Schema {
    fn parse(input: ParseStream) -> Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if !input.peek(Token![mod]) {
            return Err(input.error("the module is missing: begin with `pub mod schema;`"));
        }
        input.parse::<Token![mod]>()?;
        let module = input.parse()?;
        input.parse::<Token![;]>()?;
        let mut schema = Self {
            attrs,
            vis,
            module,
            models: Vec::new(),
            enums: Vec::new(),
            sequences: Vec::new(),
            sql: Vec::new(),
            comments: false,
            dialects: None,
            same_query: Vec::new(),
        };
        let mut seen = Vec::new();
        while !input.is_empty() {
            let key = input.call(Ident::parse_any)?;
            if !input.peek(Token![:]) {
                return Err(input.error(format!("write a colon after `{key}`, as in `models: [models::User]`")));
            }
            input.parse::<Token![:]>()?;
            if seen.contains(&key) {
                return Err(syn::Error::new(key.span(), format!("`{key}` is said twice: write one list")));
            }
            schema.value(&key, input)?;
            seen.push(key);
            if input.is_empty() {
                break;
            }
            input.parse::<Token![,]>()?;
        }
        schema.check()?;
        Ok(schema)
    }
}

impl Schema {
    fn value(&mut self, key: &Ident, input: ParseStream) -> Result<()> {
        match key.to_string().as_str() {
            "models" => self.models = list(input, Path::parse_mod_style)?,
            "enums" => self.enums = list(input, Path::parse_mod_style)?,
            "sequences" => self.sequences = list(input, sequence)?,
            "sql" => self.sql = list(input, sql_file)?,
            "comments" => self.comments = flag_bool(input)?,
            "dialects" => self.dialects = Some(list(input, dialect)?),
            "same_query" => self.same_query = list(input, |input| list(input, Path::parse_mod_style))?,
            other => {
                return Err(syn::Error::new(
                    key.span(),
                    format!("`{other}` is nothing that `schema!` lists: {}", suggest::hint(other, KEYS)),
                ));
            }
        }
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let mut seen = Vec::new();
        for path in self.models.iter().chain(&self.enums) {
            let name = quote!(#path).to_string().replace(' ', "");
            if seen.contains(&name) {
                return Err(syn::Error::new(path.span(), format!("`{name}` is listed twice: remove one")));
            }
            seen.push(name);
        }
        if let Some(dialects) = &self.dialects
            && dialects.is_empty()
        {
            return Err(syn::Error::new(
                self.module.span(),
                "a schema is for a dialect at least: write `dialects: [postgres]`",
            ));
        }
        Ok(())
    }
}

fn list<T>(input: ParseStream, parse: impl Fn(ParseStream) -> Result<T>) -> Result<Vec<T>> {
    if !input.peek(token::Bracket) {
        return Err(input.error("write a list in square brackets here"));
    }
    let content;
    bracketed!(content in input);
    let mut items = Vec::new();
    while !content.is_empty() {
        items.push(parse(&content)?);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(items)
}

fn dialect(input: ParseStream) -> Result<Ident> {
    const KNOWN: &[&str] = &["postgres", "sqlite"];
    let word = input.call(Ident::parse_any).map_err(|error| {
        syn::Error::new(error.span(), format!("write {} here, without quotes", suggest::list(KNOWN)))
    })?;
    if KNOWN.contains(&word.to_string().as_str()) {
        return Ok(word);
    }
    Err(syn::Error::new(word.span(), format!("`{word}` is no dialect: {}", suggest::hint(&word.to_string(), KNOWN))))
}

fn sql_file(input: ParseStream) -> Result<(LitStr, Vec<Ident>)> {
    if !input.peek(token::Paren) {
        return Ok((text(input, "the file's path")?, Vec::new()));
    }
    let content;
    parenthesized!(content in input);
    let path = text(&content, "the file's path")?;
    let mut dialects = Vec::new();
    while !content.is_empty() {
        content.parse::<Token![,]>()?;
        if !content.is_empty() {
            dialects.push(dialect(&content)?);
        }
    }
    Ok((path, dialects))
}

fn sequence(input: ParseStream) -> Result<Sequence> {
    const KNOWN: &[&str] = &["start", "increment", "min", "max", "cache", "cycle", "schema", "type", "name"];
    let ident = input.call(Ident::parse_any)?;
    let mut sequence = Sequence {
        name: ident.unraw().to_string(),
        ident,
        namespace: None,
        data_type: None,
        numbers: [None; 5],
        cycle: false,
    };
    if !input.peek(token::Paren) {
        return Ok(sequence);
    }
    let content;
    parenthesized!(content in input);
    while !content.is_empty() {
        let word = content.call(Ident::parse_any)?;
        let text_of = word.to_string();
        match KNOWN.iter().position(|known| *known == text_of) {
            Some(5) if !content.peek(Token![=]) => sequence.cycle = true,
            Some(index) => {
                content.parse::<Token![=]>()?;
                match index {
                    0..5 => sequence.numbers[index] = Some(number(&content)?),
                    5 => sequence.cycle = flag_bool(&content)?,
                    6 => sequence.namespace = Some(text(&content, "the schema's name")?),
                    7 => sequence.data_type = Some(text(&content, "the type")?),
                    _ => sequence.name = text(&content, "the sequence's name")?.value(),
                }
            }
            None => {
                let hint = suggest::hint(&text_of, KNOWN);
                return Err(syn::Error::new(word.span(), format!("`{text_of}` is no option of a sequence: {hint}")));
            }
        }
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    Ok(sequence)
}

pub(crate) fn number(input: ParseStream) -> Result<i64> {
    let minus = input.peek(Token![-]);
    if minus {
        input.parse::<Token![-]>()?;
    }
    let literal: LitInt =
        input.parse().map_err(|error| syn::Error::new(error.span(), "write a whole number here, as in `start = 5`"))?;
    let sign = if minus { "-" } else { "" };
    format!("{sign}{}", literal.base10_digits())
        .parse()
        .map_err(|_| syn::Error::new(literal.span(), "this number does not fit 64 bits: write a smaller one"))
}

/// The hidden module beside what `path` names.
fn beside(path: &Path, name: impl Fn(&Ident) -> Ident) -> Path {
    let mut path = path.clone();
    if let Some(last) = path.segments.last_mut() {
        let span = last.ident.span();
        last.ident = name(&last.ident);
        // Where there is no such thing, it is what the user wrote.
        last.ident.set_span(span);
    }
    path
}

/// What is listed in a `schema!` that is no good, as far as it can be read.
pub(crate) fn listed(input: TokenStream) -> TokenStream {
    let trees: Vec<TokenTree> = input.into_iter().collect();
    let mut paths: BTreeMap<String, Path> = BTreeMap::new();
    for window in trees.windows(3) {
        let [TokenTree::Ident(key), TokenTree::Punct(colon), TokenTree::Group(group)] = window else { continue };
        if colon.as_char() != ':' || (key != "models" && key != "enums") {
            continue;
        }
        let found = Punctuated::<Path, Token![,]>::parse_terminated.parse2(group.stream());
        paths.extend(found.into_iter().flatten().map(|path| (quote!(#path).to_string(), path)));
    }
    let paths = paths.values();
    quote!(#(impl ::diesel_schema::model::Listed for #paths {})*)
}

/// Everything that `schema!` stands for.
pub(crate) fn expand(schema: &Schema) -> TokenStream {
    let Schema { attrs, vis, module, models, enums, comments, .. } = schema;
    let hidden = format_ident!("__SCHEMA_OF_{}", module.unraw().to_string().to_uppercase());
    let tables = models.iter().map(|path| {
        let path = from_child(&beside(path, names::module));
        // Of two models of one table something better is told.
        quote_spanned!(path.span()=> #[allow(ambiguous_glob_reexports)] pub use #path::*;)
    });
    let sequences = schema.sequences.iter().map(sequence_def);
    let sql = schema.sql.iter().map(|(path, dialects)| {
        let text = path.value();
        let at_root = quote_spanned!(path.span()=> ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/", #text)));
        let known: Vec<Dialect> = dialects.iter().filter_map(|it| it.to_string().parse().ok()).collect();
        let fact = lock::sql_fact(&text, &known);
        let dialects = dialects.iter().map(variant);
        quote! {
            ::diesel_schema::def::SqlFileDef {
                path: #text,
                text: #at_root,
                dialects: &[#(::diesel_schema::Dialect::#dialects),*],
                fact: #fact,
            }
        }
    });
    let dialects = match &schema.dialects {
        Some(dialects) => {
            let dialects = dialects.iter().map(variant);
            quote!(&[#(::diesel_schema::Dialect::#dialects),*])
        }
        None => quote!(::diesel_schema::__private::DIALECTS),
    };
    let at = at(module.span());
    let once = once(schema, &hidden);
    let same_query = same_query(schema);
    let watch = lockfile::watch();
    quote! {
        #watch
        #[doc(hidden)]
        const #hidden: ::diesel_schema::def::SchemaDef = ::diesel_schema::def::SchemaDef {
            models: &[#(&<#models as ::diesel_schema::model::Model>::DEF),*],
            enums: &[#(&<#enums as ::diesel_schema::model::SqlEnum>::DEF),*],
            sequences: &[#(#sequences),*],
            sql: &[#(#sql),*],
            dialects: #dialects,
            comments: #comments,
            at: #at,
        };
        #(impl ::diesel_schema::model::Listed for #models {})*
        #(impl ::diesel_schema::model::Listed for #enums {})*
        #once
        #same_query
        /// The tables of the declared schema, as Diesel's queries name them.
        #(#attrs)*
        #vis mod #module {
            #(#[allow(unused_imports)] #tables)*
            /// Everything that the application's models declare.
            pub static SCHEMA: ::diesel_schema::def::SchemaDef = super::#hidden;
            #[doc(hidden)]
            pub const __SCHEMA: ::diesel_schema::def::SchemaDef = super::#hidden;
        }
    }
}

/// An error at each model or enum whose name in the database an earlier one has.
fn once(schema: &Schema, hidden: &Ident) -> TokenStream {
    let of = |paths: &[Path], function: &str, what: &str| {
        let (function, count) = (Ident::new(function, Span::call_site()), paths.len());
        let first = format_ident!("{hidden}_{}", function.to_string().to_uppercase());
        let checks = paths.iter().enumerate().map(|(index, path)| {
            let message = format!(
                "`{}` declares a {what} that another one of this list declares already: give it another name",
                quote!(#path).to_string().replace(' ', "")
            );
            quote_spanned!(path.span()=> const _: () = ::core::assert!(#first[#index], #message);)
        });
        (count > 1).then(|| {
            quote! {
                #[doc(hidden)]
                const #first: &[bool; #count] = &::diesel_schema::model::#function(&#hidden);
                #(#checks)*
            }
        })
    };
    let models = of(&schema.models, "tables_first", "table");
    let enums = of(&schema.enums, "names_first", "type");
    quote!(#models #enums)
}

fn same_query(schema: &Schema) -> TokenStream {
    let groups = schema.same_query.iter().map(|group| {
        let names: Vec<Ident> = (0..group.len()).map(|index| format_ident!("__table{index}")).collect();
        let paths = group.iter().map(in_child);
        quote! {
            const _: () = {
                #(mod #names {
                    #[allow(unused_imports)]
                    use super::*;
                    #[allow(non_camel_case_types)]
                    pub(super) type table = <#paths as ::diesel_schema::model::Model>::Table;
                })*
                ::diesel::allow_tables_to_appear_in_same_query!(#(#names,)*);
            };
        }
    });
    quote!(#(#groups)*)
}

/// The path seen from a module beside it.
fn from_child(path: &Path) -> TokenStream {
    let first = path.segments.first().map(|segment| segment.ident.to_string());
    match first.as_deref() {
        _ if path.leading_colon.is_some() => quote!(#path),
        Some("crate") => quote!(#path),
        Some("self" | "super") => in_child(path),
        _ => quote_spanned!(path.span()=> super::#path),
    }
}

fn variant(dialect: &Ident) -> Ident {
    let name = if dialect == "sqlite" { "Sqlite" } else { "Postgres" };
    Ident::new(name, dialect.span())
}

fn sequence_def(sequence: &Sequence) -> TokenStream {
    let name = &sequence.name;
    let [start, increment, min, max, cache] = sequence.numbers;
    let fact = lock::sequence(&declared::Sequence {
        namespace: sequence.namespace.as_ref().map(LitStr::value),
        name: name.clone(),
        data_type: sequence.data_type.as_ref().map(LitStr::value),
        start,
        increment,
        min,
        max,
        cache,
        cycle: sequence.cycle,
        at: String::new(),
    });
    let namespace = option(sequence.namespace.as_ref().map(LitStr::value));
    let data_type = option(sequence.data_type.as_ref().map(LitStr::value));
    let [start, increment, min, max, cache] = sequence.numbers.map(option);
    let (cycle, at) = (sequence.cycle, at(sequence.ident.span()));
    quote! {
        ::diesel_schema::def::SequenceDef {
            namespace: #namespace,
            name: #name,
            data_type: #data_type,
            start: #start,
            increment: #increment,
            min: #min,
            max: #max,
            cache: #cache,
            cycle: #cycle,
            fact: #fact,
            at: #at,
        }
    }
}
