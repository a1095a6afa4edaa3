//! `schema! { .. }`.

mod expand;
mod together;

use proc_macro2::Ident;
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Attribute, LitInt, LitStr, Path, Result, Token, Visibility, bracketed, parenthesized, token};

use crate::ast;
use crate::attr::{flag_bool, text};
use crate::suggest;

pub(crate) use expand::{expand, listed};

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
    same_query: SameQuery,
}

/// Which tables may stand in one query with others than those that foreign keys tie them to.
enum SameQuery {
    ByKey,
    All,
    Of(Vec<Vec<Path>>),
}

/// A sequence that no column owns; its name is always there.
struct Sequence {
    ident: Ident,
    options: ast::Sequence,
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
            same_query: SameQuery::ByKey,
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
            "same_query" => self.same_query = same_query(input)?,
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
            let name = spelt(path);
            if seen.contains(&name) {
                return Err(syn::Error::new(path.span(), format!("`{name}` is listed twice: remove one")));
            }
            seen.push(name);
        }
        if let SameQuery::Of(groups) = &self.same_query {
            for path in groups.iter().flatten() {
                let name = spelt(path);
                if !self.models.iter().any(|model| spelt(model) == name) {
                    let said = format!("`{name}` is not in `models`: add it there, or write it as it stands there");
                    return Err(syn::Error::new(path.span(), said));
                }
            }
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

fn spelt(path: &Path) -> String {
    quote!(#path).to_string().replace(' ', "")
}

fn same_query(input: ParseStream) -> Result<SameQuery> {
    if input.peek(token::Bracket) {
        return Ok(SameQuery::Of(list(input, |input| list(input, Path::parse_mod_style))?));
    }
    let word = input.call(Ident::parse_any)?;
    if word == "all" {
        return Ok(SameQuery::All);
    }
    Err(syn::Error::new(word.span(), "write `all`, or lists of models as in `[[models::A, models::B]]`"))
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
    let name = LitStr::new(&ident.unraw().to_string(), ident.span());
    let mut options = ast::Sequence { name: Some(name), ..ast::Sequence::default() };
    if !input.peek(token::Paren) {
        return Ok(Sequence { ident, options });
    }
    let content;
    parenthesized!(content in input);
    while !content.is_empty() {
        let word = content.call(Ident::parse_any)?;
        let text_of = word.to_string();
        match KNOWN.iter().position(|known| *known == text_of) {
            Some(5) if !content.peek(Token![=]) => options.cycle = true,
            Some(index) => {
                content.parse::<Token![=]>()?;
                match index {
                    0..5 => options.numbers[index] = Some(number(&content)?),
                    5 => options.cycle = flag_bool(&content)?,
                    6 => options.namespace = Some(text(&content, "the schema's name")?),
                    7 => options.data_type = Some(text(&content, "the type")?),
                    _ => options.name = Some(text(&content, "the sequence's name")?),
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
    Ok(Sequence { ident, options })
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
