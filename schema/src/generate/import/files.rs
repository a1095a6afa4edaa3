//! The files of an import.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::ImportRequest;
use super::crates::Crates;
use super::field_type::Custom;
use super::model_text::Text;
use super::raise::Raised;
use super::{enums, schema_text};

/// Modules, and whether each is public.
type Modules<'a> = BTreeSet<(&'a str, bool)>;

/// What is written, and what is left to its author.
pub(super) struct ImportFiles {
    pub(super) written: Vec<(PathBuf, String)>,
    pub(super) to_add: Vec<(PathBuf, String)>,
    /// Files that are not overwritten and that the compiler would take for the same modules.
    pub(super) in_the_way: Vec<PathBuf>,
}

pub(super) fn of(request: &ImportRequest<'_>, raised: &Raised, crates: &Crates) -> ImportFiles {
    let root = request.directory.join(request.to);
    let mut written: Vec<(PathBuf, String)> =
        texts(raised).into_iter().map(|(path, text)| (root.join(path), text)).collect();
    written.extend(raised.sql.iter().map(|(path, text)| (request.directory.join(path), text.clone())));
    let mut to_add = dependencies(request, raised, crates);
    let library = request.directory.join("src/lib.rs");
    let module = request.to.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let lines = format!("pub mod {module};\n\npub use {module}::schema;");
    // What leads to any other folder is its author's to know.
    if request.to.parent() == Some(Path::new("src")) {
        if library.exists() {
            to_add.push((library, lines));
        } else {
            written.push((library, format!("//! What the application's binaries share.\n\n{lines}\n")));
        }
    }
    let in_the_way = Some(root.with_extension("rs")).filter(|path| path.exists()).into_iter().collect();
    ImportFiles { written, to_add, in_the_way }
}

/// The files below the folder of the models.
pub(super) fn texts(raised: &Raised) -> Vec<(PathBuf, String)> {
    let declared = &raised.declared;
    let folders: BTreeMap<&str, Option<&str>> = declared
        .models
        .iter()
        .zip(&raised.models)
        .map(|(model, in_rust)| (model.rust.as_str(), in_rust.folder.as_deref()))
        .collect();
    let customs: BTreeSet<Custom> =
        raised.models.iter().flat_map(|it| &it.fields).flat_map(|field| field.customs.iter().cloned()).collect();
    let mut files = vec![(PathBuf::from("mod.rs"), schema_text::root(raised, !customs.is_empty()))];
    if !customs.is_empty() {
        files.push((PathBuf::from("sql_types.rs"), schema_text::sql_types(&customs)));
    }
    if !declared.enums.is_empty() {
        files.push((PathBuf::from("enums.rs"), enums::text(&declared.enums)));
    }
    let mut inside: BTreeMap<&str, (&str, Modules<'_>)> = BTreeMap::new();
    for (model, in_rust) in declared.models.iter().zip(&raised.models) {
        let text = Text { declared, model, in_rust, folders: &folders }.file();
        let file = format!("{}.rs", in_rust.module);
        match (&in_rust.folder, &model.namespace) {
            (Some(folder), Some(namespace)) => {
                let modules = &mut inside.entry(folder).or_insert_with(|| (namespace, BTreeSet::new())).1;
                modules.insert((&in_rust.module, false));
                files.push((Path::new(folder).join(file), text));
            }
            _ => files.push((PathBuf::from(file), text)),
        }
    }
    for (folder, (namespace, modules)) in inside {
        files.push((Path::new(folder).join("mod.rs"), schema_text::folder(namespace, &modules)));
    }
    files
}

/// What Cargo.toml has to say for the fields' types.
fn dependencies(request: &ImportRequest<'_>, raised: &Raised, crates: &Crates) -> Vec<(PathBuf, String)> {
    let needs: BTreeSet<&'static str> =
        raised.models.iter().flat_map(|it| &it.fields).filter_map(|field| field.needs).collect();
    let needs: Vec<&'static str> = needs.into_iter().collect();
    let mut lines = crates.lines(&needs);
    let features = crates.missing_features(&needs);
    if !features.is_empty() {
        let words: Vec<String> = features.iter().map(|it| format!("\"{it}\"")).collect();
        lines.push(format!("# and to the features of diesel-schema: {}", words.join(", ")));
    }
    let widest = raised.declared.models.iter().map(|model| model.columns.len()).max().unwrap_or_default();
    if widest > 32 {
        let feature = if widest > 64 { "128-column-tables" } else { "64-column-tables" };
        lines.push(format!("# and to the features of diesel: \"{feature}\""));
    }
    if lines.is_empty() {
        return Vec::new();
    }
    vec![(request.directory.join("Cargo.toml"), format!("[dependencies]\n{}", lines.join("\n")))]
}
