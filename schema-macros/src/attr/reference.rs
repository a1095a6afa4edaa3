//! `#[references(..)]` on a field, `#[foreign_key(..)]` on a struct.

use diesel_schema_core::declared::ForeignKeyAction;
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Path, Result, Token, parenthesized, token};

use super::key::{deferrable, idents};
use super::{comma, flag_bool, name, once, option_name, take_option, unknown};
use crate::ast::ForeignKey;
use crate::suggest;

/// `#[references(User, on_delete = cascade)]` on `field`.
pub(super) fn references(input: ParseStream, span: Span, field: &Ident) -> Result<ForeignKey> {
    let parent = parent(input, "references")?;
    if input.peek(token::Paren) {
        return Err(input.error(
            "a reference names the model alone, as in `#[references(User)]`; `column = field` is another column than its \
             primary key",
        ));
    }
    comma(input)?;
    options(
        input,
        "references",
        ForeignKeyHead { columns: vec![field.clone()], parent, parent_columns: Vec::new(), span },
    )
}

/// `#[foreign_key((a, b) -> Other(a, b), on_delete = cascade)]`.
pub(super) fn foreign_key(input: ParseStream, span: Span) -> Result<ForeignKey> {
    const SHAPE: &str = "write the foreign key as `(a, b) -> Other(a, b)`";
    if !input.peek(token::Paren) {
        return Err(input.error(SHAPE));
    }
    let content;
    parenthesized!(content in input);
    let columns = idents(&content)?;
    if columns.is_empty() {
        return Err(content.error("the foreign key has no columns: write the fields between the parentheses"));
    }
    input.parse::<Token![->]>().map_err(|error| syn::Error::new(error.span(), SHAPE))?;
    let parent = parent(input, "foreign_key")?;
    let mut parent_columns = Vec::new();
    if input.peek(token::Paren) {
        let content;
        parenthesized!(content in input);
        parent_columns = idents(&content)?;
        if parent_columns.len() != columns.len() {
            return Err(content.error(format!(
                "{} columns can't point at {}: write as many on both sides of `->`",
                columns.len(),
                parent_columns.len()
            )));
        }
    }
    comma(input)?;
    options(input, "foreign_key", ForeignKeyHead { columns, parent, parent_columns, span })
}

fn parent(input: ParseStream, attr: &str) -> Result<Path> {
    input.call(Path::parse_mod_style).map_err(|error| {
        let example = if attr == "references" { "User" } else { "(a, b) -> User(a, b)" };
        syn::Error::new(error.span(), format!("the model is missing: write its struct, as in `#[{attr}({example})]`"))
    })
}

struct ForeignKeyHead {
    columns: Vec<Ident>,
    parent: Path,
    parent_columns: Vec<Ident>,
    span: Span,
}

fn options(input: ParseStream, attr: &str, head: ForeignKeyHead) -> Result<ForeignKey> {
    let (mut found_name, mut on_delete, mut on_update, mut deferred, mut join) = (None, None, None, None, true);
    let (mut column, mut match_full, mut period) = (None, false, false);
    let (mut not_valid, mut not_enforced) = (false, false);
    let mut on_delete_columns = Vec::new();
    let known: &[&str] = match attr {
        "references" => {
            &["on_delete", "on_update", "deferrable", "name", "column", "join", "not_valid", "not_enforced"]
        }
        _ => &[
            "on_delete",
            "on_update",
            "deferrable",
            "name",
            "join",
            "match_full",
            "period",
            "not_valid",
            "not_enforced",
        ],
    };
    while !input.is_empty() {
        let Some(option) = option_name(input) else {
            let word = input.call(Ident::parse_any)?;
            match word.to_string().as_str() {
                "not_valid" => not_valid = true,
                "not_enforced" => not_enforced = true,
                "period" if attr == "foreign_key" => period = true,
                "match_full" if attr == "foreign_key" => match_full = true,
                _ => return Err(unknown(&word, attr, known)),
            }
            comma(input)?;
            continue;
        };
        take_option(input)?;
        let span = option.span();
        match option.to_string().as_str() {
            "name" => once(&mut found_name, name(input, "the constraint's name")?, span, "the name")?,
            "on_delete" => {
                once(&mut on_delete, action(input)?, span, "`on_delete`")?;
                if input.peek(token::Paren) {
                    on_delete_columns = some_columns(input, on_delete)?;
                }
            }
            "on_update" => once(&mut on_update, action(input)?, span, "`on_update`")?,
            "deferrable" => once(&mut deferred, deferrable(input)?, span, "`deferrable`")?,
            "column" if attr == "references" => {
                once(&mut column, input.call(Ident::parse_any)?, span, "the column")?;
            }
            "join" => join = flag_bool(input)?,
            _ => return Err(unknown(&option, attr, known)),
        }
        comma(input)?;
    }
    let ForeignKeyHead { columns, parent, mut parent_columns, span } = head;
    parent_columns.extend(column);
    Ok(ForeignKey {
        columns,
        parent,
        parent_columns,
        name: found_name,
        on_delete: on_delete.unwrap_or_default(),
        on_delete_columns,
        on_update: on_update.unwrap_or_default(),
        match_full,
        period,
        deferrable: deferred.unwrap_or_default(),
        not_valid,
        not_enforced,
        join,
        span,
    })
}

/// The fields after `set_null` or `set_default`: `(a, b)`.
fn some_columns(input: ParseStream, action: Option<ForeignKeyAction>) -> Result<Vec<Ident>> {
    let content;
    let parentheses = parenthesized!(content in input);
    if !matches!(action, Some(ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault)) {
        let error = "only `set_null` and `set_default` take the fields that they set";
        return Err(syn::Error::new(parentheses.span.open(), error));
    }
    idents(&content)
}

fn action(input: ParseStream) -> Result<ForeignKeyAction> {
    const KNOWN: &[&str] = &["cascade", "restrict", "set_null", "set_default", "no_action"];
    let word = input.call(Ident::parse_any).map_err(|error| {
        syn::Error::new(error.span(), format!("write one of {} here, without quotes", suggest::list(KNOWN)))
    })?;
    Ok(match word.to_string().as_str() {
        "cascade" => ForeignKeyAction::Cascade,
        "restrict" => ForeignKeyAction::Restrict,
        "set_null" => ForeignKeyAction::SetNull,
        "set_default" => ForeignKeyAction::SetDefault,
        "no_action" => ForeignKeyAction::NoAction,
        other => {
            return Err(syn::Error::new(
                word.span(),
                format!("`{other}` is nothing that a foreign key can do: {}", suggest::hint(other, KNOWN)),
            ));
        }
    })
}
