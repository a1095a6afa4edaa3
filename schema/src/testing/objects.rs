//! What stands on tables and is said in a `sql:` file: views over views, materialised ones with an index, triggers,
//! policies, rules, statistics, exclusion constraints, settings, functions of rows. They go by the table's place, so one stays the same object where its table is renamed.

use diesel_schema_core::declared::{Column, Model, SqlFile};

use super::Limits;
use super::defined::Defined;
use super::genes::*;
use super::other::{qualified, quote};

const TOUCH: &str = "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";

/// The file, where there is anything in it. Each table comes with its place and its bytes.
pub(super) fn objects(tables: &[(usize, &Model, &[u8])], defined: &Defined, limits: Limits) -> Vec<SqlFile> {
    let mut statements = defined.statements.clone();
    for (place, model, genes) in tables {
        statements.extend(on(*place, model, genes, defined));
        if limits.definitions {
            statements.extend(more_on(*place, model, &genes[8..]));
        }
    }
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

fn on(place: usize, model: &Model, genes: &[u8], defined: &Defined) -> Vec<String> {
    let Some(key) = model.columns.first().map(|column| quote(&column.name)) else { return Vec::new() };
    let table = qualified(&model.namespace, &model.table);
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
        if rare(genes[2] / 6) {
            said.push(format!(
                "CREATE TRIGGER it{place} INSTEAD OF INSERT ON v{place} FOR EACH ROW EXECUTE FUNCTION touch()"
            ));
        }
        if rare(genes[3] / 3) {
            said.push(format!("COMMENT ON VIEW v{place} IS 'shown'"));
        }
    }
    let counts = matches!(model.columns[0].ty.name.as_str(), "Int4" | "Int8");
    if counts && defined.function && rare(genes[4] / 6) {
        said.push(format!("CREATE VIEW x{place} AS SELECT f0({key}::integer) AS y FROM {table}"));
    }
    if counts && defined.aggregate && rare(genes[5] / 36) {
        said.push(format!("CREATE VIEW y{place} AS SELECT total({key}::integer) AS y FROM {table}"));
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

/// What is rarer.
fn more_on(place: usize, model: &Model, genes: &[u8]) -> Vec<String> {
    let Some(key) = model.columns.first().map(|column| quote(&column.name)) else { return Vec::new() };
    let table = qualified(&model.namespace, &model.table);
    let mut said = Vec::new();
    if rare(genes[0]) {
        said.push(format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"));
    }
    if rare(genes[0] / 6) {
        said.push(format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY"));
    }
    if rare(genes[1]) {
        let only = if rare(genes[1] / 6) { format!(" WHERE (old.{key} IS NULL)") } else { String::new() };
        let now = if only.is_empty() {
            pick(&["INSTEAD NOTHING", "ALSO NOTIFY gone"], genes[1] / 36)
        } else {
            "INSTEAD NOTHING"
        };
        said.push(format!("CREATE RULE r{place} AS ON DELETE TO {table}{only} DO {now}"));
    }
    if rare(genes[2]) {
        let how = pick(&["AFTER UPDATE", "AFTER INSERT"], genes[2] / 6);
        said.push(format!(
            "CREATE TRIGGER u{place} {how} ON {table} REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION touch()"
        ));
        if rare(genes[2] / 12) {
            said.push(format!("COMMENT ON TRIGGER u{place} ON {table} IS 'seen'"));
        }
        if !genes[3].is_multiple_of(4) {
            let state = pick(&["DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"], genes[3] / 4);
            said.push(format!("ALTER TABLE {table} {state} TRIGGER u{place}"));
        }
    }
    let plain: Vec<&Column> = model.columns.iter().filter(|it| it.generated.is_none()).collect();
    if rare(genes[4])
        && let Some(column) = plain.get(usize::from(genes[4] / 6) % plain.len().max(1))
    {
        let only = if rare(genes[5]) { format!(" WHERE ({key} IS NOT NULL)") } else { String::new() };
        let name = quote(&column.name);
        said.push(format!("ALTER TABLE {table} ADD CONSTRAINT e{place} EXCLUDE USING btree ({name} WITH =){only}"));
    }
    if rare(genes[5] / 6) {
        said.push(format!("ALTER TABLE {table} SET (fillfactor = {})", 70 + genes[5] / 36));
    }
    if rare(genes[6]) {
        said.push(format!("ALTER TABLE {table} REPLICA IDENTITY FULL"));
    }
    if rare(genes[6] / 6) {
        said.push(format!("ALTER TABLE {table} ALTER COLUMN {key} SET STATISTICS {}", 50 + genes[6] / 36));
    }
    if let Some(it) = plain.iter().find(|it| it.ty.name == "Text" && it.ty.array == 0)
        && rare(genes[7] / 36)
    {
        said.push(format!("ALTER TABLE {table} ALTER COLUMN {} SET STORAGE EXTERNAL", quote(&it.name)));
    }
    if rare(genes[7]) {
        said.push(format!(
            "CREATE FUNCTION rows{place}() RETURNS SETOF {table} LANGUAGE sql STABLE AS 'SELECT * FROM {table}'"
        ));
    }
    if rare(genes[7] / 6) {
        said.push(format!(
            "CREATE FUNCTION said{place}({table}) RETURNS text LANGUAGE sql STABLE AS 'SELECT ($1).{key}::text'"
        ));
    }
    said
}
