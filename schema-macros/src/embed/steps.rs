//! `steps: { "id" => function, .. }`: code beside the SQL of revisions.

use diesel_schema_core::Dialect;
use diesel_schema_core::revision::Revision;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned as _;
use syn::{Ident, LitStr, Path, Token, braced};

use super::variant;
use crate::suggest::nearest;

/// All steps, as they are written.
#[derive(Default)]
pub(super) struct Steps(Vec<Step>);

struct Step {
    key: LitStr,
    dialect: Option<Dialect>,
    id: String,
    up: Option<Path>,
    down: Option<Path>,
}

impl Parse for Steps {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let body;
        braced!(body in input);
        let mut steps: Vec<Step> = Vec::new();
        while !body.is_empty() {
            let step: Step = body.parse()?;
            let same = |other: &Step| other.id == step.id && (other.dialect.is_none() || other.dialect == step.dialect);
            if steps.iter().any(|other| same(other) || step.dialect.is_none() && other.id == step.id) {
                return Err(syn::Error::new(step.key.span(), format!("revision {} has a step already", step.id)));
            }
            steps.push(step);
            if !body.is_empty() {
                body.parse::<Token![,]>()?;
            }
        }
        Ok(Self(steps))
    }
}

impl Parse for Step {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key: LitStr = input.parse()?;
        let text = key.value();
        let (dialect, id) = match text.split_once('/') {
            None => (None, text),
            Some((dialect, id)) => {
                let say = || syn::Error::new(key.span(), format!("there is no dialect {dialect}: postgres or sqlite"));
                (Some(dialect.parse().map_err(|_| say())?), id.to_owned())
            }
        };
        input.parse::<Token![=>]>()?;
        let (mut up, mut down) = (None, None);
        if input.peek(syn::token::Brace) {
            let body;
            braced!(body in input);
            while !body.is_empty() {
                let way: Ident = body.parse()?;
                body.parse::<Token![:]>()?;
                let slot = match way.to_string().as_str() {
                    "up" => &mut up,
                    "down" => &mut down,
                    _ => return Err(syn::Error::new(way.span(), "a step has `up: function` and `down: function`")),
                };
                *slot = Some(body.parse()?);
                if !body.is_empty() {
                    body.parse::<Token![,]>()?;
                }
            }
        } else {
            up = Some(input.parse()?);
        }
        Ok(Self { key, dialect, id, up, down })
    }
}

impl Steps {
    /// What does not fit the revisions, each at its own token.
    pub(super) fn check(&self, read: &[(Dialect, &[Revision])]) -> Vec<syn::Error> {
        let mut errors = Vec::new();
        for step in &self.0 {
            let of = read.iter().filter(|(dialect, _)| step.dialect.is_none_or(|it| it == *dialect));
            let all: Vec<&Revision> = of.flat_map(|(_, revisions)| *revisions).collect();
            let mut found: Vec<&&Revision> = all.iter().filter(|revision| revision.id == step.id).collect();
            // A plain folder is that of every dialect.
            found.dedup_by(|one, other| one.folder == other.folder);
            let mut say = |text: String| errors.push(syn::Error::new(step.key.span(), text));
            if found.is_empty() {
                let near = nearest(&step.id, all.iter().map(|revision| revision.id.as_str()));
                let near = near.map(|id| format!("; is it {id}?")).unwrap_or_default();
                say(format!("there is no revision {}{near}", step.key.value()));
            }
            for revision in found.iter().filter(|revision| !revision.rust_step) {
                say(format!(
                    "write `rust_step = true` into {}: whoever runs the folder without this program has to know",
                    revision.folder.join("metadata.toml").display()
                ));
            }
        }
        errors
    }

    /// What is wrong with the revisions that say they have a step.
    pub(super) fn missing(&self, dialect: Dialect, revisions: &[Revision]) -> Vec<String> {
        let known = |revision: &Revision| {
            self.0.iter().any(|step| step.id == revision.id && step.dialect.is_none_or(|it| it == dialect))
        };
        let missing = revisions.iter().filter(|revision| revision.rust_step && !known(revision));
        let say = |revision: &Revision| {
            let (file, id) = (revision.folder.join("metadata.toml"), &revision.id);
            format!(
                "{} says `rust_step = true`: name its function, embed_migrations!(.., steps: {{ \"{id}\" => .. }})",
                file.display()
            )
        };
        missing.map(say).collect()
    }

    /// The registered steps, as an array.
    pub(super) fn tokens(&self) -> TokenStream {
        let code = |path: &Option<Path>| match path {
            None => quote!(::core::option::Option::None),
            Some(path) => quote_spanned!(path.span()=> {
                const CODE: &dyn ::diesel_schema::upgrade::step::StepCode = &::diesel_schema::upgrade::StepFn(#path);
                ::core::option::Option::Some(CODE)
            }),
        };
        let steps = self.0.iter().map(|step| {
            let (id, up, down) = (&step.id, code(&step.up), code(&step.down));
            let dialect = step.dialect.map_or(quote!(::core::option::Option::None), |dialect| {
                let variant = variant(dialect);
                quote!(::core::option::Option::Some(::diesel_schema::Dialect::#variant))
            });
            quote!(::diesel_schema::upgrade::RustStep { id: #id, dialect: #dialect, up: #up, down: #down })
        });
        quote!(&[#(#steps),*])
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
