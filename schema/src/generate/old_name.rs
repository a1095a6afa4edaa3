//! A table that has another name now, while a release still uses the old one: a view has it, which PostgreSQL lets be
//! written to as the table. When that release is gone, the view goes.

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{Column, DeclaredSchema, Model, SqlFile};

use crate::schema::Name;
use crate::schema::text::quoted;

fn name(model: &Model) -> Name {
    Name::qualified(model.namespace.clone(), &model.table)
}

/// What the path of such a view says between the two names.
const STANDS_FOR: &str = " that stands for ";

/// The view, as a file of the models would say it, where a release of before can do with it all that it did with the
/// table. `column` tells what became of a column. SQLite's views can't be written to.
pub(super) fn view<'a>(
    declared: &DeclaredSchema,
    was: &Model,
    is: &'a Model,
    column: &dyn Fn(&Column) -> Option<&'a Column>,
) -> Option<SqlFile> {
    let pairs: Option<Vec<(&Column, &Column)>> = was.columns.iter().map(|old| Some((old, column(old)?))).collect();
    let pairs = pairs?;
    // What it wrote as NULL is not demanded, and what it can't write is given by the database.
    let fits = |(old, new): &(&Column, &Column)| {
        old.ty == new.ty
            && old.collation == new.collation
            && old.generated.is_some() == new.generated.is_some()
            && (new.nullable || !old.nullable)
    };
    let given = |new: &Column| {
        let value = new.default.is_some() || new.identity.is_some() || new.generated.is_some();
        new.nullable || value || new.sequence.is_some()
    };
    let is_old = |new: &Column| pairs.iter().any(|(_, it)| it.name == new.name);
    let can_be = declared.dialects.contains(&Dialect::Postgres)
        && !declared.models.iter().any(|model| name(model) == name(was))
        && !has_row_security(declared, &[was, is])
        && pairs.iter().all(fits)
        && is.columns.iter().all(|new| is_old(new) || given(new));
    if !can_be {
        return None;
    }
    let mut pairs = pairs;
    pairs.sort_by_key(|(_, new)| is.columns.iter().position(|it| it.name == new.name));
    let shown: Vec<String> = pairs
        .iter()
        .map(|(old, new)| match old.name == new.name {
            true => format!("    {}", quoted(&new.name)),
            false => format!("    {} AS {}", quoted(&new.name), quoted(&old.name)),
        })
        .collect();
    let (old, new) = (name(was).quoted(), name(is).quoted());
    Some(SqlFile {
        path: format!("view {}{STANDS_FOR}{}", name(was), name(is)),
        text: format!("CREATE VIEW {old} AS\nSELECT\n{}\nFROM {new};\n", shown.join(",\n")),
        dialects: vec![Dialect::Postgres],
    })
}

/// Whether policies say who may see which rows: a view shows its owner's.
fn has_row_security(declared: &DeclaredSchema, models: &[&Model]) -> bool {
    let names = |text: &str| models.iter().any(|model| text.contains(&model.table));
    declared.sql.iter().any(|it| it.text.to_uppercase().contains("ROW LEVEL SECURITY") && names(&it.text))
}

/// The views that came with a revision before, and of which all that they show still stands.
pub(super) fn kept<'a>(before: &'a DeclaredSchema, stands: &DeclaredSchema) -> Vec<&'a SqlFile> {
    let has = |model: &Model, shown: &String| model.columns.iter().any(|it| it.name == *shown);
    let whole = |file: &SqlFile| {
        let model = stands.models.iter().find(|model| stands_for(file, model));
        model.is_some_and(|model| shown(file).iter().all(|it| has(model, it)))
    };
    before.sql.iter().filter(|file| whole(file)).collect()
}

/// Whether a view of a revision before shows this column of the model.
pub(super) fn is_shown(before: &DeclaredSchema, model: &Model, column: &str) -> bool {
    before.sql.iter().any(|file| stands_for(file, model) && shown(file).iter().any(|it| it == column))
}

fn stands_for(file: &SqlFile, model: &Model) -> bool {
    file.path.starts_with("view ") && file.path.ends_with(&format!("{STANDS_FOR}{}", name(model)))
}

/// The columns of the table, as [`view`] writes them.
fn shown(file: &SqlFile) -> Vec<String> {
    let of = |line: &str| {
        let said = line.strip_prefix("    ")?.trim_end_matches(',');
        let column = said.split_once("\" AS \"").map_or(said, |(column, _)| column);
        Some(column.trim_matches('"').replace("\"\"", "\""))
    };
    file.text.lines().filter_map(of).collect()
}
