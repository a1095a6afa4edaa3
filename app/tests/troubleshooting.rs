//! Runs `docs/troubleshooting.md`: what is in the way, and every command that helps. `troubleshooting.sh` puts it in the way.
//!
//! `TOUR_UPDATE=1 tests/run troubleshooting` writes what the commands print into the file.

use std::path::Path;

use diesel_schema_tests::TestDatabase;
use diesel_schema_tests::readme::Section;

#[test]
fn every_command_helps_as_it_says() {
    let database = TestDatabase::postgres();
    let bin = Path::new(env!("CARGO_BIN_EXE_migrate")).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap_or_default();
    Section {
        file: "docs/troubleshooting.md",
        heading: "# Troubleshooting",
        variables: vec![
            ("PATH".to_owned(), format!("{bin}:{path}")),
            ("POSTGRES_URL".to_owned(), database.url().to_owned()),
            ("GIT_CONFIG_GLOBAL".to_owned(), "/dev/null".to_owned()),
        ],
        set_up: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/troubleshooting.sh")),
        errors: true,
        ..Section::default()
    }
    .check();
}
