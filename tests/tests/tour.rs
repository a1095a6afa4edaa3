//! Takes the README's tour: every command and every change of it, in a copy of the project, with the outputs compared.
//!
//! `TOUR_UPDATE=1 tests/run tour` writes what the commands print into the README.

use std::net::TcpListener;

use diesel_schema_tests::readme::Section;
use diesel_schema_tests::workspace_root;

#[test]
fn every_command_of_the_readme_prints_what_stands_there() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    Section {
        file: "README.md",
        heading: "## Five-minute tour",
        variables: vec![
            ("CARGO_TARGET_DIR".to_owned(), workspace_root().join("target/tour").display().to_string()),
            ("LISTEN".to_owned(), format!("127.0.0.1:{port}")),
        ],
        typed: vec![("localhost:3000", format!("localhost:{port}"))],
        ..Section::default()
    }
    .check();
}
