//! Where the migrations are.

use std::path::{Path, PathBuf};

use diesel_schema_core::Dialect;
use diesel_schema_core::revision;

/// The folder of the migrations: what is given, relative to the crate or to a folder above it; else what the nearest
/// `diesel.toml` names; else the nearest `migrations`.
pub(crate) fn folder(manifest: &Path, given: Option<&str>) -> Result<PathBuf, String> {
    if let Some(given) = given {
        let found = manifest.ancestors().map(|above| above.join(given)).find(|path| path.is_dir());
        return found.and_then(|path| path.canonicalize().ok()).ok_or_else(|| {
            format!("there is no folder {given}, seen from {} or a folder above it", manifest.display())
        });
    }
    nearest(manifest, Path::new("/"))?.ok_or_else(|| {
        format!(
            "there is no folder `migrations` and no diesel.toml that names one in {} or above; \
             run `cargo run --bin autogenerate -- \"initial\"`, or name the folder: embed_migrations!(\"path\")",
            manifest.display()
        )
    })
}

/// The same where none is given, and not above `root`; `None` where there is none.
pub(crate) fn nearest(manifest: &Path, root: &Path) -> Result<Option<PathBuf>, String> {
    for above in manifest.ancestors().take_while(|above| above.starts_with(root)) {
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
                return root.canonicalize().map(Some).map_err(|error| {
                    format!("{} names {}, which can't be read: {error}", file.display(), root.display())
                });
            }
        }
        let path = above.join("migrations");
        if path.is_dir() {
            return path.canonicalize().map(Some).map_err(|error| format!("{}: {error}", path.display()));
        }
    }
    Ok(None)
}
