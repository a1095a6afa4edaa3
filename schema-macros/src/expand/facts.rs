//! The model as the lines that `schema.lock` has for it, and a warning at each field where the lock has others.

use std::sync::Arc;

use diesel_schema_core::def::{FactsDef, HOLE, HoleDef, SeenDef};
use diesel_schema_core::drift::{Differences, Text};
use diesel_schema_core::lock::{Fact, model_facts, qualified_name};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::LitStr;
use syn::ext::IdentExt;

use super::at;
use super::declared::{Hole, MARK, declared};
use crate::ast::Model;
use crate::lockfile::{self, LockFile, Locked, Table};

pub(super) struct Facts {
    /// The lines, with a mark for each hole.
    lines: String,
    places: String,
    /// The holes in the order of the lines.
    holes: Vec<Hole>,
    /// What is in the source at the places, to warn there.
    spans: Vec<(String, Span)>,
    lock: Option<Arc<LockFile>>,
    /// The table's name in the lock.
    table: String,
}

impl Facts {
    /// `facts: ..` of the model's constant.
    pub(super) fn def(&self) -> TokenStream {
        let Self { lines, places, holes, .. } = self;
        let holes = holes.iter().map(|hole| &hole.tokens);
        let seen = self.seen().unwrap_or_else(|| quote!(__def::SeenDef::NOTHING));
        quote!(__def::FactsDef { lines: #lines, places: #places, holes: &[#(#holes),*], seen: #seen })
    }

    fn seen(&self) -> Option<TokenStream> {
        let (at, Table { lines, sum }) = (self.lock.as_ref()?.locked.place(&self.table), self.locked()?);
        let words = self.words(lines)?;
        Some(quote!(__def::SeenDef { at: #at, sum: #sum, words: &[#(#words),*] }))
    }

    fn locked(&self) -> Option<&Table> {
        self.lock.as_ref()?.locked.tables.get(&self.table)
    }

    /// The words in the holes with which the lines are the lock's, in the same order: the usual case, told at once.
    fn words<'a>(&self, lock: &'a str) -> Option<Vec<&'a str>> {
        let mut parts = self.lines.split(char::from(HOLE));
        let mut rest = lock.strip_prefix(parts.next()?)?;
        let (mut parts, mut words) = (parts.peekable(), Vec::new());
        while let Some(part) = parts.next() {
            let last = parts.peek().is_none();
            let at = if last { rest.strip_suffix(part).map(str::len) } else { rest.find(part) }?;
            words.push(rest.get(..at).filter(|word| !word.contains('\n'))?);
            rest = rest.get(at + part.len()..)?;
        }
        rest.is_empty().then_some(words)
    }
}

pub(super) fn facts(model: &Model) -> Facts {
    let mut spans = vec![(at(model.ident.span()), model.ident.span())];
    let (declared, mut holes) = declared(model, &mut spans);
    let all = model_facts(&declared);
    let (mut lines, mut order): (String, Vec<usize>) = (String::new(), Vec::new());
    let text: Vec<&str> = all.iter().map(|fact| fact.line.as_str()).collect();
    let text = text.join("\n");
    let mut rest = text.as_str();
    while let Some(found) = rest.find(MARK) {
        lines.push_str(&rest[..found]);
        lines.push(char::from(HOLE));
        let after = &rest[found + MARK.len()..];
        let end = after.find("__").unwrap_or(after.len());
        order.extend(after[..end].parse::<usize>());
        rest = after.get(end + 2..).unwrap_or_default();
    }
    lines.push_str(rest);
    let mut sorted = Vec::new();
    for number in order {
        if let Some(hole) = holes.get_mut(number) {
            sorted.push(Hole { tokens: std::mem::take(&mut hole.tokens), word: std::mem::take(&mut hole.word) });
        }
    }
    let places: Vec<String> = all.iter().map(|fact| place(model, fact)).collect();
    let table = qualified_name(model.namespace.as_ref().map(LitStr::value).as_deref(), &model.table.value());
    Facts { lines, places: places.join("\n"), holes: sorted, spans, lock: lockfile::of_this_package(), table }
}

fn place(model: &Model, fact: &Fact) -> String {
    let field = match fact.columns.as_slice() {
        [column] => model.fields.iter().find(|field| field.column() == *column),
        _ => None,
    };
    format!("{} {}", fact.at, field.map(|field| field.ident.unraw().to_string()).unwrap_or_default())
}

/// A warning at each field that the lock knows otherwise.
pub(super) fn warnings(model: &Model, facts: &Facts) -> TokenStream {
    let Some(file) = &facts.lock else { return TokenStream::new() };
    let rust = model.ident.unraw().to_string();
    let Some(Table { lines, .. }) = facts.locked() else {
        let said = format!("`{rust}` is the table `{}`; no revision creates it", facts.table);
        return warning(model.ident.span(), &said);
    };
    if facts.words(lines).is_some() {
        return TokenStream::new();
    }
    let words: Vec<HoleDef<'_>> = facts.holes.iter().map(|hole| HoleDef::Text(&hole.word)).collect();
    let ours = FactsDef { lines: &facts.lines, places: &facts.places, holes: &words, seen: SeenDef::NOTHING };
    let mut out = TokenStream::new();
    let mut all = Differences::new(ours, lines, file.locked.comments, true);
    while let Some(difference) = all.next() {
        let mut said: Text<8192> = Text::new();
        all.say(&mut said, &rust, &difference);
        let place = all.at(&difference);
        let span = facts.spans.iter().find(|(at, _)| at == place).map_or_else(|| model.ident.span(), |(_, span)| *span);
        out.extend(warning(span, said.as_str()));
    }
    out
}

fn warning(span: Span, said: &str) -> TokenStream {
    deprecated(span, "DRIFT", &format!("{said}: run `cargo run --bin autogenerate -- \"<name>\"`"))
}

/// A compiler warning at `span`, the only one that a macro can make on stable Rust: the use of a deprecated constant.
pub(crate) fn deprecated(span: Span, name: &str, note: &str) -> TokenStream {
    let constant = syn::Ident::new(name, Span::call_site());
    let here = syn::Ident::new(name, span);
    quote! {
        const _: () = {
            #[deprecated(note = #note)]
            const #constant: () = ();
            #here
        };
    }
}

impl Locked {
    /// The warning at an enum that the lock knows otherwise.
    pub(crate) fn enum_warning(&self, span: Span, rust: &str, name: &str, line: &str) -> TokenStream {
        let said = match self.enums.get(name) {
            Some(locked) if self.same(locked, line) => return TokenStream::new(),
            Some(_) => format!("`{rust}` is the enum `{name}`; the revisions make it another one"),
            None => format!("`{rust}` is the enum `{name}`; no revision creates it"),
        };
        warning(span, &said)
    }
}
