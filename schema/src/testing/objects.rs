//! What stands on tables and is said in a `sql:` file: views over views, materialised ones with an index, triggers,
//! policies, statistics. They go by the table's place, so one stays the same object where its table is renamed.

use diesel_schema_core::declared::{Column, Model, SqlFile};

use super::genes::*;
use super::other::quote;

const TOUCH: &str = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";

/// The file, where there is anything in it. Each table comes with its place and its bytes.
pub(super) fn objects(tables: &[(usize, &Model, &[u8])]) -> Vec<SqlFile> {
    let mut statements: Vec<String> =
        tables.iter().flat_map(|(place, model, genes)| on(*place, model, genes)).collect();
    if statements.iter().any(|it| it.starts_with("CREATE TRIGGER")) {
        statements.push(TOUCH.to_owned());
    }
    // What comes first is found out, and not what the file says.
    statements.sort();
    let file = || SqlFile {
        path: "sql/objects.sql".to_owned(),
        text: statements.iter().map(|it| format!("{it};\n")).collect(),
        dialects: Vec::new(),
    };
    if statements.is_empty() { Vec::new() } else { vec![file()] }
}

fn on(place: usize, model: &Model, genes: &[u8]) -> Vec<String> {
    let Some(key) = model.columns.first().map(|column| quote(&column.name)) else { return Vec::new() };
    let namespace = model.namespace.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
    let table = format!("{namespace}{}", quote(&model.table));
    let shown: Vec<String> = model
        .columns
        .iter()
        .enumerate()
        .filter(|(at, _)| *at == 0 || genes[1] >> at & 1 == 0)
        .map(|(_, it)| quote(&it.name))
        .collect();
    // A trigger sees no generated column before it is there.
    let plain: Vec<&Column> = model.columns.iter().filter(|it| it.generated.is_none()).collect();
    let one =
        |byte: u8| plain.get(usize::from(byte) % plain.len().max(1)).map_or_else(|| key.clone(), |it| quote(&it.name));
    let mut said = Vec::new();
    if there(genes[0]) {
        let with = if rare(genes[0] / 3) { " WITH (security_barrier=true)" } else { "" };
        let only = if rare(genes[2]) { format!(" WHERE {} IS NOT NULL", one(genes[2])) } else { String::new() };
        said.push(format!("CREATE VIEW v{place}{with} AS SELECT {} FROM {table}{only}", shown.join(", ")));
        if there(genes[3]) {
            said.push(format!("CREATE VIEW w{place} AS SELECT {key}, count(*) AS n FROM v{place} GROUP BY {key}"));
        }
        if rare(genes[3] / 3) {
            said.push(format!("COMMENT ON VIEW v{place} IS 'shown'"));
        }
    }
    if rare(genes[4]) {
        said.push(format!("CREATE MATERIALIZED VIEW m{place} AS SELECT {} FROM {table}", shown.join(", ")));
        said.push(format!("CREATE INDEX i{place} ON m{place} ({key})"));
    }
    if rare(genes[5]) {
        let of = if rare(genes[5] / 6) { format!(" OF {}", one(genes[2])) } else { String::new() };
        let when = if rare(genes[1]) { format!(" WHEN (new.{} IS NOT NULL)", one(genes[6])) } else { String::new() };
        said.push(format!(
            "CREATE TRIGGER t{place} BEFORE UPDATE{of} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION touch()"
        ));
    }
    if rare(genes[6]) {
        said.push(format!("CREATE POLICY p{place} ON {table} USING ({} IS NOT NULL)", one(genes[6] / 6)));
    }
    if rare(genes[7]) && model.columns.len() > 1 {
        said.push(format!("CREATE STATISTICS s{place} ON {key}, {} FROM {table}", quote(&model.columns[1].name)));
    }
    said
}
