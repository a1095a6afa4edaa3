//! An ordinary user, also where root runs the tests: root may read and write all.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

/// This program, as somebody who may look into `root` and own nothing there.
pub(crate) fn command(root: &Path) -> Command {
    let program = std::env::current_exe().unwrap();
    if root.metadata().unwrap().uid() != 0 {
        return Command::new(program);
    }
    allow(root, 0o755);
    // Its own folder may be one that only root may look into.
    let copy = root.join(".program");
    if !copy.exists() {
        std::fs::copy(program, &copy).unwrap();
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy);
    command
}

/// Sets the rights of a file or folder.
pub(crate) fn allow(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
