//! One command on several databases, one after the other.

use std::process::ExitCode;
use std::rc::Rc;

use diesel_schema_core::def::SchemaDef;

use super::context::{Context, say};
use super::{Command, Error, Global, Program};
use crate::cli::print;
use crate::generate::Tone;

/// Runs the command, on each database that is named. `failed` says an error and gives its exit code.
///
/// What goes wrong on one database keeps no other one from being looked at, and every other one from being changed. The
/// exit code is the first that is not 0.
pub(super) fn run(
    global: &Global,
    command: &Command,
    schema: Option<&'static SchemaDef>,
    program: Rc<Program>,
    failed: &dyn Fn(&Error, Option<&str>) -> ExitCode,
) -> Result<ExitCode, Error> {
    let sql = command.prints_sql(global.json);
    let json = global.json && !sql;
    let context = Context::new(global, schema, program)?;
    if global.database.is_empty() {
        return super::run(command, &context);
    }
    let mut picked = context.project.pick(&global.database)?;
    if let [_] = picked.as_slice() {
        return super::run(command, &context.on(picked.remove(0)));
    }
    let mut code = ExitCode::SUCCESS;
    let mut rest = picked.into_iter();
    let mut first = true;
    while let Some(next) = rest.next() {
        let name = next.name.clone();
        heading(&name, first, sql, json);
        first = false;
        let done = super::run(command, &context.on(next));
        let error = done.is_err();
        if error && json {
            print::text("null\n");
        }
        let this = done.unwrap_or_else(|error| failed(&error, Some(&name)));
        if code == ExitCode::SUCCESS {
            code = this;
        }
        if error && command.changes() {
            let left: Vec<String> = rest.by_ref().map(|next| next.name).collect();
            if !left.is_empty() {
                print::aside(&format!("not done for that reason: {}", left.join(", ")));
            }
        }
    }
    if json {
        print::text("}\n");
    }
    Ok(code)
}

/// Says which database the next part is about.
fn heading(name: &str, first: bool, sql: bool, json: bool) {
    if json {
        // A name in Cargo.toml is text, which always makes JSON.
        let key = serde_json::to_string(name).unwrap_or_default();
        return print::text(&format!("{}{key}: ", if first { "{\n" } else { ",\n" }));
    }
    if !first {
        say(Tone::Plain, "");
    }
    say(Tone::Heading, if sql { format!("-- database {name}") } else { format!("{name}:") });
}
