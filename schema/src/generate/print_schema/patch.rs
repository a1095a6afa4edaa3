//! `patch_file`: what a developer changes of what is printed, kept as a patch.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use super::PrintError;

/// The patched text.
///
/// Diesel's CLI patches what the rustfmt of the folder makes of it. A patch that does not fit what is printed here, which
/// is laid out as rustfmt does without a `rustfmt.toml`, was made of that.
///
/// # Errors
/// The patch can't be read, or fits neither.
pub(super) fn apply(text: &str, file: &Path) -> Result<String, PrintError> {
    let unreadable = |why: String| PrintError::PatchFile { file: file.to_owned(), why };
    let patch = std::fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))?;
    let patch = diffy::Patch::from_str(&patch).map_err(|error| unreadable(error.to_string()))?;
    let misfit = |error: diffy::ApplyError| PrintError::PatchFits { file: file.to_owned(), why: error.to_string() };
    diffy::apply(text, &patch).or_else(|error| {
        let formatted = file.parent().and_then(|folder| rustfmt(text, folder));
        formatted.and_then(|text| diffy::apply(&text, &patch).ok()).ok_or_else(|| misfit(error))
    })
}

/// As the rustfmt of that folder lays it out; `None` where there is none, or where it fails.
fn rustfmt(text: &str, folder: &Path) -> Option<String> {
    let mut command = Command::new("rustfmt");
    command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    // It reads all of it before it writes.
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    if output.status.success() { String::from_utf8(output.stdout).ok() } else { None }
}
