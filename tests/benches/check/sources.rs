//! The same tables, twice: as models, and by hand.

use std::fmt::Write as _;
use std::path::Path;

use diesel_schema_core::revision::checksum;

/// The fields after `id` and `parent_id`: name, Rust type, Diesel type.
const FIELDS: [(&str, &str, &str); 8] = [
    ("email", "String", "Text"),
    ("status", "String", "Text"),
    ("active", "bool", "Bool"),
    ("created_at", "chrono::NaiveDateTime", "Timestamp"),
    ("score", "i64", "BigInt"),
    ("bio", "Option<String>", "Nullable<Text>"),
    ("rating", "Option<f64>", "Nullable<Double>"),
    ("payload", "Option<Vec<u8>>", "Nullable<Binary>"),
];

/// The struct's body; `reference` stands before `parent_id`.
fn body(number: usize, id: &str, reference: &str) -> String {
    let mut out = format!("pub struct T{number} {{\n{id}    pub id: i32,\n");
    if number > 0 {
        out.push_str(reference);
    }
    out.push_str("    pub parent_id: Option<i32>,\n");
    for (name, ty, _) in FIELDS {
        writeln!(out, "    pub {name}: {ty},").expect("a string takes it");
    }
    out.push_str("}\n");
    out
}

/// What the models add to the lock, and one revision.
pub(crate) fn migrations(folder: &Path, count: usize) {
    let mut lock = String::from("version = 1\n\ncomments = false\n\ndialects = [postgres, sqlite]\n\n");
    let sum = checksum("SELECT 1;\n", Some("SELECT 1;\n"), true);
    for dialect in ["postgres", "sqlite"] {
        let revision = folder.join("migrations").join(dialect).join("1_all");
        std::fs::create_dir_all(&revision).expect("a folder");
        for file in ["up.sql", "down.sql"] {
            std::fs::write(revision.join(file), "SELECT 1;\n").expect("a file");
        }
        let metadata = "run_in_transaction = true\ndown_revision = []\n";
        std::fs::write(revision.join("metadata.toml"), metadata).expect("a file");
        writeln!(lock, "revision {dialect} 1 down_revision=[] depends_on=[] checksum={sum}")
            .expect("a string takes it");
    }
    for number in 0..count {
        write!(
            lock,
            "\ntable t{number}\ncolumn t{number}.id type=Int4 identity=by_default\ncolumn t{number}.parent_id type=Int4 null\n"
        )
        .expect("a string takes it");
        for (name, _, ty) in FIELDS {
            let ty = match ty {
                "BigInt" => "Int8".to_owned(),
                "Nullable<Double>" => "Float8 null".to_owned(),
                other => match other.strip_prefix("Nullable<") {
                    Some(inner) => inner.replace('>', " null"),
                    None => other.to_owned(),
                },
            };
            writeln!(lock, "column t{number}.{name} type={ty}").expect("a string takes it");
        }
        writeln!(lock, "primary_key t{number} columns=[id]").expect("a string takes it");
        if number > 0 {
            let parent = number - 1;
            writeln!(lock, "foreign_key t{number} columns=[parent_id] references=t{parent} references_columns=[id]")
                .expect("a string takes it");
        }
    }
    std::fs::write(folder.join("migrations/schema.lock"), lock).expect("a file");
}

/// `#[model]`s and their `schema!`.
pub(crate) fn models(count: usize) -> String {
    let mut out = String::from("use diesel_schema::prelude::*;\n");
    for number in 0..count {
        let parent = number.saturating_sub(1);
        writeln!(out, "#[model(table = \"t{number}\")]").expect("a string takes it");
        out.push_str(&body(number, "    #[primary_key]\n", &format!("    #[references(T{parent})]\n")));
    }
    let all: Vec<String> = (0..count).map(|number| format!("T{number}")).collect();
    writeln!(out, "schema! {{\n    pub mod schema;\n    models: [{}],\n}}", all.join(", ")).expect("a string takes it");
    out.push_str(
        "pub static MIGRATIONS: diesel_schema::upgrade::Migrations = diesel_schema::embed_migrations!(schema: schema);\n",
    );
    out
}

/// What a Diesel user writes.
pub(crate) fn by_hand(count: usize) -> String {
    let mut out = String::from("use diesel::prelude::*;\npub mod schema {\n");
    for number in 0..count {
        writeln!(
            out,
            "diesel::table! {{\n    t{number} (id) {{\n        id -> Integer,\n        parent_id -> Nullable<Integer>,"
        )
        .expect("a string takes it");
        for (name, _, ty) in FIELDS {
            writeln!(out, "        {name} -> {ty},").expect("a string takes it");
        }
        out.push_str("    }\n}\n");
    }
    for number in 1..count {
        let parent = number - 1;
        writeln!(out, "diesel::joinable!(t{number} -> t{parent} (parent_id));").expect("a string takes it");
        writeln!(out, "diesel::allow_tables_to_appear_in_same_query!(t{number}, t{parent});")
            .expect("a string takes it");
    }
    out.push_str("}\n");
    for number in 0..count {
        let parent = number.saturating_sub(1);
        let (derive, belongs) = if number == 0 {
            ("Queryable, Selectable, Identifiable", String::new())
        } else {
            (
                "Queryable, Selectable, Identifiable, Associations",
                format!("#[diesel(belongs_to(T{parent}, foreign_key = parent_id))]\n"),
            )
        };
        writeln!(
            out,
            "#[derive({derive})]\n#[diesel(table_name = schema::t{number})]\n{belongs}{}",
            body(number, "", "")
        )
        .expect("a string takes it");
    }
    out
}
