//! The attributes of a field.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, Result};

use super::index::index;
use super::key::key;
use super::{
    ON_FIELD, comma, comment, inside, item, name, not_null, once, option_name, ours, reference, take_option, text, ty,
    unconditional, unknown,
};
use crate::ast::{Field, Identity, Model, Sequence};
use crate::suggest;

/// Adds a field to the model, and what its attributes say of the table.
pub(super) fn field(model: &mut Model, field: syn::Field) -> Result<()> {
    let Some(ident) = field.ident.clone() else {
        return Err(syn::Error::new(field.span(), "a model's fields have names: write `name: Type`"));
    };
    let mut out = Field {
        vis: field.vis,
        comment: comment(&field.attrs),
        ty: field.ty,
        attrs: Vec::new(),
        sql_name: None,
        column_name: None,
        primary_key: None,
        nullable_key: false,
        identity: None,
        sequence: None,
        sql_type: None,
        default: None,
        generated: None,
        is_virtual: false,
        not_null: None,
        collation: None,
        renamed_from: None,
        ident,
    };
    for attr in field.attrs {
        match ours(&attr, ON_FIELD, &["foreign_key"], "field", "struct")? {
            Some(name) => known(model, &mut out, &attr, name)?,
            None => {
                unconditional(&attr, ON_FIELD, "remove `#[cfg(..)]`, or make another model of it")?;
                if attr.path().is_ident("diesel") {
                    let (column_name, embed) = diesel_says(&attr);
                    if let Some(span) = embed {
                        let say = "a field is one column: embed structs in one of your own, under `Queryable`";
                        return Err(syn::Error::new(span, say));
                    }
                    out.column_name = column_name.or(out.column_name);
                }
                out.attrs.push(attr);
            }
        }
    }
    model.fields.push(out);
    Ok(())
}

fn known(model: &mut Model, field: &mut Field, attr: &Attribute, word: &str) -> Result<()> {
    let span = attr.path().span();
    let ident = field.ident.clone();
    match word {
        "primary_key" => {
            field.nullable_key = inside(attr, |input| {
                let nullable = input.fork().call(Ident::parse_any).is_ok_and(|word| word == "nullable");
                if nullable {
                    input.call(Ident::parse_any)?;
                }
                if input.is_empty() {
                    Ok(nullable)
                } else {
                    Err(input.error("write `#[primary_key]` alone on a field, or `#[primary_key(nullable)]`"))
                }
            })?;
            once(&mut field.primary_key, span, span, "`#[primary_key]`")
        }
        "identity" => {
            let identity = inside(attr, |input| {
                const KNOWN: &[&str] = &["always", "by_default", "serial", "none"];
                let word = input
                    .call(Ident::parse_any)
                    .map_err(|e| syn::Error::new(e.span(), format!("write one of {} here", suggest::list(KNOWN))))?;
                let kind = match word.to_string().as_str() {
                    "always" => Identity::Always,
                    "by_default" => Identity::ByDefault,
                    "serial" => Identity::Serial,
                    "none" => Identity::None,
                    other => {
                        return Err(syn::Error::new(
                            word.span(),
                            format!("`{other}` is no kind of identity: {}", suggest::hint(other, KNOWN)),
                        ));
                    }
                };
                Ok((kind, sequence(input, kind)?))
            })?;
            let (identity, sequence) = identity;
            field.sequence = sequence;
            once(&mut field.identity, (identity, span), span, "`#[identity]`")
        }
        "unique" => inside(attr, |input| key(input, "unique", span, Some(&ident))).map(|key| model.uniques.push(key)),
        "index" => inside(attr, |input| index(input, span, Some(&ident))).map(|index| model.indexes.push(index)),
        "references" => {
            inside(attr, |input| reference::references(input, span, &ident)).map(|key| model.foreign_keys.push(key))
        }
        "check" => inside(attr, |input| item::check(input, span)).map(|check| model.checks.push(check)),
        "sql_type" => once(&mut field.sql_type, inside(attr, ty::sql_type)?, span, "`#[sql_type]`"),
        "default" => once(&mut field.default, inside(attr, super::text::default)?, span, "`#[default]`"),
        "generated" => {
            let (expr, is_virtual) = inside(attr, super::text::generated)?;
            field.is_virtual = is_virtual;
            once(&mut field.generated, expr, span, "`#[generated]`")
        }
        "not_null" => {
            let said = inside(attr, |input| not_null::not_null(input, span))?;
            once(&mut field.not_null, said, span, "`#[not_null]`")
        }
        "collation" => {
            once(&mut field.collation, inside(attr, |input| text(input, "the collation"))?, span, "`#[collation]`")
        }
        "renamed_from" => {
            let from = inside(attr, |input| name(input, "the old name"))?;
            once(&mut field.renamed_from, from, span, "`#[renamed_from]`")
        }
        _ => once(&mut field.sql_name, inside(attr, |input| name(input, "the column's name"))?, span, "`#[sql_name]`"),
    }
}

/// The options behind `serial`, `always` and `by_default`: of the sequence that counts.
fn sequence(input: ParseStream, kind: Identity) -> Result<Option<Sequence>> {
    const KNOWN: &[&str] = &["start", "increment", "min", "max", "cache", "sequence", "schema", "type", "cycle"];
    comma(input)?;
    if input.is_empty() {
        return Ok(None);
    }
    if kind == Identity::None {
        return Err(syn::Error::new(input.span(), "`none` has no sequence: remove what follows it"));
    }
    let mut found = Sequence::default();
    while !input.is_empty() {
        if let Some(option) = option_name(input) {
            let word = take_option(input)?.to_string();
            match KNOWN.iter().position(|known| *known == word) {
                Some(at @ 0..5) => found.numbers[at] = Some(crate::schema_macro::number(input)?),
                Some(5) => found.name = Some(name(input, "the sequence's name")?),
                Some(6) => found.namespace = Some(name(input, "the schema's name")?),
                Some(7) => found.data_type = Some(text(input, "the type")?),
                _ => return Err(unknown(&option, "identity", KNOWN)),
            }
        } else {
            let word = input.call(Ident::parse_any)?;
            if word != "cycle" {
                return Err(unknown(&word, "identity", KNOWN));
            }
            found.cycle = true;
        }
        comma(input)?;
    }
    Ok(Some(found))
}

/// The name in `#[diesel(column_name = ..)]`, and where `embed` stands.
fn diesel_says(attr: &Attribute) -> (Option<Ident>, Option<Span>) {
    let (mut found, mut embed) = (None, None);
    // What else stands there is Diesel's to judge.
    let _ = attr.parse_nested_meta(|meta| {
        if meta.path.is_ident("column_name") {
            let value = meta.value()?;
            found = if value.peek(syn::LitStr) {
                value.parse::<syn::LitStr>()?.parse().ok()
            } else {
                Some(value.call(Ident::parse_any)?)
            };
        } else if meta.path.is_ident("embed") {
            embed = Some(meta.path.span());
        } else if meta.input.peek(syn::Token![=]) {
            meta.value()?.parse::<syn::Expr>()?;
        }
        Ok(())
    });
    (found, embed)
}
