//! `embed_migrations!`: the revisions of a folder, baked into the binary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use diesel_schema_core::Dialect;
use diesel_schema_core::lock::{FILE_NAME, Lock, LockedRevision};
use diesel_schema_core::revision::{self, Graph, Revision};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Ident, LitStr, Token};

use steps::Steps;

/// What `embed_migrations!` is given.
#[derive(Default)]
struct Input {
    path: Option<LitStr>,
    steps: Steps,
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
        if !input.is_empty() {
            let key: Ident = input.parse()?;
            if key != "steps" {
                return Err(syn::Error::new(key.span(), "only `steps: { .. }` may stand here"));
            }
            input.parse::<Token![:]>()?;
            parsed.steps = input.parse()?;
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
                "{error}: embed_migrations! takes nothing, or the path of a folder and steps in Rust: \
                 embed_migrations!(\"../migrations\", steps: {{ \"id\" => function }})"
            );
            return syn::Error::new(error.span(), say).to_compile_error();
        }
    };
    let span = input.path.as_ref().map_or(Span::call_site(), LitStr::span);
    match embed(input.path.map(|path| path.value()).as_deref(), &input.steps) {
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

fn embed(given: Option<&str>, steps: &Steps) -> Result<TokenStream, Wrong> {
    let one = |problem| Wrong::Folder(vec![problem]);
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| one("embed_migrations! needs CARGO_MANIFEST_DIR, which cargo sets".to_owned()))?;
    let root = folder(&manifest, given).map_err(one)?;
    let lock = root.join(FILE_NAME);
    let parts = dialects(&root, &lock).map_err(one)?;
    let mut problems = Vec::new();
    let mut read = Vec::new();
    for (dialect, folder) in parts {
        match revision::read(&folder) {
            Ok(revisions) => read.push((dialect, folder, revisions)),
            Err(error) => problems.push(error.to_string()),
        }
    }
    let lock_text = lock.is_file().then_some(&lock);
    if let (Some(path), true) = (lock_text, problems.is_empty()) {
        check(path, &read, &mut problems);
    }
    for (dialect, _, revisions) in &read {
        // A plain folder is that of every dialect.
        let missing = steps.missing(*dialect, revisions);
        problems.extend(missing.into_iter().filter(|problem| !problems.contains(problem)).collect::<Vec<_>>());
    }
    if !problems.is_empty() {
        return Err(Wrong::Folder(problems));
    }
    let revisions: Vec<_> = read.iter().map(|(dialect, _, revisions)| (*dialect, &revisions[..])).collect();
    let errors = steps.check(&revisions);
    if !errors.is_empty() {
        return Err(Wrong::Steps(errors));
    }
    let tracked = lock_text.map(|path| {
        let path = path.to_string_lossy();
        quote!(
            const _: &str = ::core::include_str!(#path);
        )
    });
    let with_steps = (!steps.is_empty()).then(|| {
        let steps = steps.tokens();
        quote!(.with_steps(#steps))
    });
    let dialects = read.iter().map(|(dialect, folder, revisions)| one_dialect(&manifest, *dialect, folder, revisions));
    Ok(quote! {{
        #tracked
        ::diesel_schema::upgrade::Migrations::new(&[#(#dialects),*])#with_steps
    }})
}

/// The folder of the migrations: what is given, relative to the crate or to a folder above it; else what the nearest
/// `diesel.toml` names; else the nearest `migrations`.
fn folder(manifest: &Path, given: Option<&str>) -> Result<PathBuf, String> {
    if let Some(given) = given {
        let found = manifest.ancestors().map(|above| above.join(given)).find(|path| path.is_dir());
        return found.and_then(|path| path.canonicalize().ok()).ok_or_else(|| {
            format!("there is no folder {given}, seen from {} or a folder above it", manifest.display())
        });
    }
    for above in manifest.ancestors() {
        let file = above.join("diesel.toml");
        if let Ok(text) = std::fs::read_to_string(&file) {
            let named =
                revision::directory_in_diesel_toml(&text).map_err(|error| format!("{}:{error}", file.display()))?;
            if let Some(directory) = named {
                let path = above.join(directory);
                // Diesel's file names one dialect's folder where there are several; the others stand beside it.
                let dialect =
                    path.file_name().and_then(|name| name.to_str()).is_some_and(|it| it.parse::<Dialect>().is_ok());
                let root = if dialect { path.parent().unwrap_or(&path) } else { &path };
                return root.canonicalize().map_err(|error| {
                    format!("{} names {}, which can't be read: {error}", file.display(), root.display())
                });
            }
        }
        let path = above.join("migrations");
        if path.is_dir() {
            return path.canonicalize().map_err(|error| format!("{}: {error}", path.display()));
        }
    }
    Err(format!(
        "there is no folder `migrations` and no diesel.toml that names one in {} or above; \
         run `cargo run --bin autogenerate -- \"initial\"`, or name the folder: embed_migrations!(\"path\")",
        manifest.display()
    ))
}

/// The dialects' folders. A folder that has none of them is a plain Diesel project's: its revisions are taken for
/// every dialect that its lock names, or without one for every dialect that the application may connect to, as Diesel
/// itself takes them.
fn dialects(root: &Path, lock: &Path) -> Result<Vec<(Dialect, PathBuf)>, String> {
    let named = |dialect: Dialect| (dialect, root.join(dialect.name()));
    let found: Vec<_> = Dialect::ALL.into_iter().map(named).filter(|(_, folder)| folder.is_dir()).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if let Some(dialect) = root.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok()) {
        return Ok(vec![(dialect, root.to_owned())]);
    }
    // What is wrong with a lock is told later.
    let locked = Lock::read(lock).map(|lock| lock.revisions.into_keys().collect()).unwrap_or_else(|_| Vec::new());
    let all = if locked.is_empty() { vec![Dialect::Postgres, Dialect::Sqlite] } else { locked };
    Ok(all.into_iter().map(|dialect| (dialect, root.to_owned())).collect())
}

/// What the lock says otherwise than the folders.
fn check(path: &Path, read: &[(Dialect, PathBuf, Vec<Revision>)], problems: &mut Vec<String>) {
    let lock = match Lock::read(path) {
        Ok(lock) => lock,
        Err(error) => return problems.push(format!("{}: {error}", path.display())),
    };
    let mend = "run `cargo run --bin autogenerate -- \"<name>\"`, which writes schema.lock anew";
    for (dialect, _, revisions) in read {
        let locked: BTreeMap<&str, &LockedRevision> =
            lock.revisions.get(dialect).into_iter().flatten().map(|locked| (locked.id.as_str(), locked)).collect();
        for revision in revisions {
            let folder = revision.folder.display();
            match locked.get(revision.id.as_str()) {
                None => problems.push(format!("{folder} is not in schema.lock; {mend}")),
                Some(locked) if locked.checksum != revision.checksum => {
                    let id = &revision.id;
                    problems.push(format!(
                        "{folder} was changed after schema.lock was written; take it in with \
                         `cargo run --bin migrate -- edit {id} --no-editor`, or put it back"
                    ));
                }
                Some(locked)
                    if locked.down_revision != revision.down_revision || locked.depends_on != revision.depends_on =>
                {
                    problems.push(format!("{folder}/metadata.toml names other parents than schema.lock; {mend}"));
                }
                Some(_) => {}
            }
        }
        let there: BTreeSet<&str> = revisions.iter().map(|revision| revision.id.as_str()).collect();
        for id in locked.keys().filter(|id| !there.contains(**id)) {
            problems.push(format!("schema.lock holds the {dialect} revision {id}, which has no folder; {mend}"));
        }
    }
}

fn variant(dialect: Dialect) -> TokenStream {
    match dialect {
        Dialect::Postgres => quote!(Postgres),
        Dialect::Sqlite => quote!(Sqlite),
        Dialect::Mysql => quote!(Mysql),
    }
}

fn one_dialect(manifest: &Path, dialect: Dialect, folder: &Path, revisions: &[Revision]) -> TokenStream {
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

fn one_revision(manifest: &Path, revision: &Revision) -> TokenStream {
    let Revision { id, slug, down_revision, depends_on, branch_labels, replaces, run_in_transaction, checksum, .. } =
        revision;
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
    let metadata = Path::new(&metadata).is_file().then(|| {
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
            run_in_transaction: #run_in_transaction,
            checksum: #checksum,
        }
    }}
}

/// The path from the outermost `Cargo.toml`'s folder on, with `/`: the same on every machine.
fn shown(manifest: &Path, folder: &Path) -> String {
    let roots = manifest.ancestors().filter(|above| above.join("Cargo.toml").is_file());
    let short = roots.filter_map(|root| folder.strip_prefix(root.canonicalize().ok()?).ok()).last().unwrap_or(folder);
    short.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/").replace("//", "/")
}

mod steps;
#[cfg(test)]
mod tests;
