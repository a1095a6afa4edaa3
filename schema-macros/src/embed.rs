//! `embed_migrations!`: the revisions of a folder, baked into the binary.

use std::path::{Path as FilePath, PathBuf};

use diesel_schema_core::Dialect;
use diesel_schema_core::lock::{FILE_NAME, Lock};
use diesel_schema_core::revision::{self, Graph, Revision};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Path, Token};

use crate::folder::folder;
use crate::lockfile;
use steps::Steps;

/// What `embed_migrations!` is given.
#[derive(Default)]
struct Input {
    path: Option<LitStr>,
    schema: SchemaOf,
    steps: Steps,
}

/// Which models the migrations are for.
#[derive(Default)]
enum SchemaOf {
    #[default]
    Unsaid,
    /// `schema: none`: nobody compares.
    None,
    /// The module that `schema!` makes.
    Module(Path),
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut parsed = Self::default();
        if input.peek(LitStr) {
            parsed.path = Some(input.parse()?);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let mut seen: Vec<Ident> = Vec::new();
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            if seen.contains(&key) {
                return Err(syn::Error::new(key.span(), format!("`{key}` is said twice: say it once")));
            }
            input.parse::<Token![:]>()?;
            match key.to_string().as_str() {
                "steps" => parsed.steps = input.parse()?,
                "schema" => {
                    let path = input.call(Path::parse_mod_style)?;
                    parsed.schema = if path.is_ident("none") { SchemaOf::None } else { SchemaOf::Module(path) };
                }
                _ => {
                    let say = "only `schema: my_app::schema` and `steps: { .. }` may stand here";
                    return Err(syn::Error::new(key.span(), say));
                }
            }
            seen.push(key);
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        if input.is_empty() { Ok(parsed) } else { Err(input.error("nothing more may stand here")) }
    }
}

/// Expands to a `diesel_schema::upgrade::Migrations`, or to `compile_error!`s that list everything that is wrong.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: Input = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => {
            // Its own sentences say enough; the parser's do not.
            if !error.to_string().starts_with("expected") {
                return error.to_compile_error();
            }
            let say = format!(
                "{error}: embed_migrations! takes the path of a folder, the models' schema and steps in Rust: \
                 embed_migrations!(\"../migrations\", schema: my_app::schema, steps: {{ \"id\" => function }})"
            );
            return syn::Error::new(error.span(), say).to_compile_error();
        }
    };
    let span = input.path.as_ref().map_or(Span::call_site(), LitStr::span);
    match embed(input.path.as_ref().map(LitStr::value).as_deref(), &input.schema, &input.steps) {
        Ok(tokens) => tokens,
        Err(Wrong::Folder(problems)) => syn::Error::new(span, problems.join("\n")).to_compile_error(),
        Err(Wrong::Steps(errors)) => {
            let errors = errors.iter().map(syn::Error::to_compile_error);
            quote!({ #(#errors)* })
        }
    }
}

/// Why nothing can be baked in.
#[derive(Debug)]
enum Wrong {
    Folder(Vec<String>),
    Steps(Vec<syn::Error>),
}

fn embed(given: Option<&str>, schema: &SchemaOf, steps: &Steps) -> Result<TokenStream, Wrong> {
    let one = |problem| Wrong::Folder(vec![problem]);
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| one("embed_migrations! needs CARGO_MANIFEST_DIR, which cargo sets".to_owned()))?;
    let root = folder(&manifest, given).map_err(one)?;
    let path = root.join(FILE_NAME);
    let parts = dialects(&root, &path).map_err(one)?;
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for (dialect, folder) in parts {
        match revision::read(&folder) {
            Ok(revisions) => read.push((dialect, folder, revisions)),
            Err(error) => problems.push(error.to_string()),
        }
    }
    // A plain folder is that of every dialect.
    problems.dedup();
    let mut lock = None;
    if path.is_file() {
        match lockfile::read(&path) {
            Ok(found) => {
                problems.extend(stray::strays(&found.lock, &read));
                lock = Some(found);
            }
            Err(error) => problems.push(format!("{}: {error}", path.display())),
        }
    }
    for (dialect, _, revisions) in &read {
        // A plain folder is that of every dialect.
        let missing = steps.missing(*dialect, revisions);
        problems.extend(missing.into_iter().filter(|problem| !problems.contains(problem)).collect::<Vec<_>>());
    }
    if problems.is_empty() {
        problems.extend(unnamed(&root, schema, lock.as_ref().map(|found| &found.lock)));
    }
    if !problems.is_empty() {
        return Err(Wrong::Folder(problems));
    }
    let revisions: Vec<_> = read.iter().map(|(dialect, _, revisions)| (*dialect, &revisions[..])).collect();
    let errors = steps.check(&revisions);
    if !errors.is_empty() {
        return Err(Wrong::Steps(errors));
    }
    let tracked = lock.is_some().then(|| lockfile::tracked(&path));
    let drift = match (schema, &lock) {
        (SchemaOf::Module(module), Some(lock)) => {
            Some(drift::check(&manifest, &path, module, &lock.locked).map_err(one)?)
        }
        _ => None,
    };
    let with_steps = (!steps.is_empty()).then(|| {
        let steps = steps.tokens();
        quote!(.with_steps(#steps))
    });
    let dialects = read.iter().map(|(dialect, folder, revisions)| one_dialect(&manifest, *dialect, folder, revisions));
    Ok(quote! {{
        #tracked
        #drift
        ::diesel_schema::upgrade::Migrations::new(&[#(#dialects),*])#with_steps
    }})
}

/// That nobody could compare: models without a lock, or a lock without models.
fn unnamed(root: &FilePath, schema: &SchemaOf, lock: Option<&Lock>) -> Option<String> {
    let declares = |lock: &Lock| {
        let declared = &lock.declared;
        !(declared.models.is_empty() && declared.enums.is_empty() && declared.sql.is_empty())
    };
    match (schema, lock) {
        (SchemaOf::Module(_), None) => Some(format!(
            "there is no {FILE_NAME} in {} to hold the models against; run `cargo run --bin autogenerate -- \"initial\"`, \
             which writes it",
            root.display()
        )),
        (SchemaOf::Unsaid, Some(lock)) if declares(lock) => Some(
            "say which models these migrations are for, so that they are held against each other: \
             embed_migrations!(schema: my_app::schema), the module that `schema!` makes; or `schema: none`"
                .to_owned(),
        ),
        _ => None,
    }
}

/// The dialects' folders. A folder that has none of them is a plain Diesel project's: its revisions are taken for
/// every dialect that its lock names, or without one for every dialect that the application may connect to, as Diesel
/// itself takes them.
fn dialects(root: &FilePath, lock: &FilePath) -> Result<Vec<(Dialect, PathBuf)>, String> {
    let named = |dialect: Dialect| (dialect, root.join(dialect.name()));
    let found: Vec<_> = Dialect::ALL.into_iter().map(named).filter(|(_, folder)| folder.is_dir()).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if let Some(dialect) = root.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()) {
        return Ok(vec![(dialect, root.to_owned())]);
    }
    // What is wrong with a lock is told later.
    let locked: Vec<Dialect> =
        lockfile::read(lock).map(|found| found.lock.revisions.keys().copied().collect()).unwrap_or_default();
    let all = if locked.is_empty() { vec![Dialect::Postgres, Dialect::Sqlite] } else { locked };
    Ok(all.into_iter().map(|dialect| (dialect, root.to_owned())).collect())
}

fn variant(dialect: Dialect) -> TokenStream {
    match dialect {
        Dialect::Postgres => quote!(Postgres),
        Dialect::Sqlite => quote!(Sqlite),
        Dialect::Mysql => quote!(Mysql),
    }
}

fn one_dialect(manifest: &FilePath, dialect: Dialect, folder: &FilePath, revisions: &[Revision]) -> TokenStream {
    let variant = variant(dialect);
    // Its graph was good when it was read.
    let graph = Graph::new(revisions.iter().map(Revision::node));
    let heads = graph.map(|graph| graph.heads().into_iter().map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default();
    let all = revisions.iter().map(|revision| one_revision(manifest, revision));
    let folder = folder.to_string_lossy();
    quote! {
        ::diesel_schema::upgrade::MigrationsOf {
            embedded: ::diesel_schema::embedded::EmbeddedDialect {
                dialect: ::diesel_schema::Dialect::#variant,
                revisions: &[#(#all),*],
                heads: &[#(#heads),*],
            },
            source: {
                use ::diesel_schema::__private::diesel_migrations;
                const SOURCE: &diesel_migrations::EmbeddedMigrations = &diesel_migrations::embed_migrations!(#folder);
                SOURCE
            },
        }
    }
}

fn one_revision(manifest: &FilePath, revision: &Revision) -> TokenStream {
    let Revision {
        id,
        slug,
        down_revision,
        depends_on,
        branch_labels,
        replaces,
        run_in_transaction,
        irreversible,
        checksum,
        ..
    } = revision;
    let path = |name: &str| revision.folder.join(name).to_string_lossy().into_owned();
    let up = path("up.sql");
    let down = if revision.down.is_some() {
        let down = path("down.sql");
        quote!(::core::option::Option::Some(::core::include_str!(#down)))
    } else {
        quote!(::core::option::Option::None)
    };
    // Never used: it makes cargo notice an edit.
    let metadata = path("metadata.toml");
    let metadata = FilePath::new(&metadata).is_file().then(|| {
        quote!(
            const _: &str = ::core::include_str!(#metadata);
        )
    });
    let folder = shown(manifest, &revision.folder);
    quote! {{
        #metadata
        ::diesel_schema::embedded::EmbeddedRevision {
            id: #id,
            slug: #slug,
            folder: #folder,
            down_revision: &[#(#down_revision),*],
            depends_on: &[#(#depends_on),*],
            branch_labels: &[#(#branch_labels),*],
            replaces: &[#(#replaces),*],
            up: ::core::include_str!(#up),
            down: #down,
            irreversible: #irreversible,
            run_in_transaction: #run_in_transaction,
            checksum: #checksum,
        }
    }}
}

/// The path from the outermost `Cargo.toml`'s folder on, with `/`: the same on every machine.
fn shown(manifest: &FilePath, folder: &FilePath) -> String {
    let roots = manifest.ancestors().filter(|above| above.join("Cargo.toml").is_file());
    let short = roots.filter_map(|root| folder.strip_prefix(root.canonicalize().ok()?).ok()).last().unwrap_or(folder);
    short.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/").replace("//", "/")
}

mod drift;
mod steps;
mod stray;
#[cfg(test)]
mod tests;
