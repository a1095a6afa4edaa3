//! From one declared schema to the next on a live database, and back, with its rows.

use std::path::PathBuf;

use diesel_schema::Dialect;
use diesel_schema::declared::DeclaredSchema;
use diesel_schema::diff::Renames;
use diesel_schema::generate::{Nobody, Prepared};
use diesel_schema::schema::{Name, Schema};
use diesel_schema_core::revision;

use crate::linted;
use crate::live::{Live, server};
use crate::support::Workbench;

/// A project, and the database that it is developed against.
pub(crate) struct Journey {
    pub(crate) bench: Workbench,
    pub(crate) live: Live,
}

/// What stays of a table: its old and its new name, and each column's.
pub(crate) struct Kept {
    pub(crate) from: Name,
    pub(crate) to: Name,
    pub(crate) columns: Vec<(String, String)>,
}

impl Journey {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self::on(Live::new(dialect))
    }

    /// A new project on a database that is there already, and empty.
    pub(crate) fn on(live: Live) -> Self {
        let mut bench = Workbench::new();
        bench.project.scratch_postgres = (live.dialect() == Dialect::Postgres).then(server);
        bench.database = Some(live.url.clone());
        Self { bench, live }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.bench.project.layout.folder(self.live.dialect())
    }

    /// The ids of the revisions on disk, in order.
    fn ids(&self) -> Vec<String> {
        let folder = self.folder();
        let found = if folder.exists() { revision::read(&folder).unwrap() } else { Vec::new() };
        found.into_iter().map(|revision| revision.id).collect()
    }

    /// Autogenerates and writes; the revisions' ids.
    pub(crate) fn write(&mut self, to: &DeclaredSchema) -> Result<(Prepared, Vec<String>), String> {
        let before = self.ids();
        let prepared = self
            .bench
            .prepare_on(Some(self.live.connection()), to, &mut Nobody, true)
            .map_err(|error| error.to_string())?;
        prepared.write().map_err(|error| error.to_string())?;
        let new = self.ids().split_off(before.len());
        let (project, dialect) = (&self.bench.project, self.live.dialect());
        // With a database, which takes its time, where there are few cases.
        let asked = self.bench.database.as_ref().filter(|_| self.bench.keep_data);
        let clean = linted::clean(project, dialect, &new, None);
        let clean = clean.and_then(|()| asked.map_or(Ok(()), |url| linted::clean(project, dialect, &new, Some(url))));
        clean.map_err(|error| told(&error, &prepared))?;
        Ok((prepared, new))
    }

    fn no_changes(&mut self, to: &DeclaredSchema) -> Result<(), String> {
        let again = self
            .bench
            .prepare_on(Some(self.live.connection()), to, &mut Nobody, false)
            .map_err(|error| format!("a second time: {error}"))?;
        if again.no_changes() && again.files.files.is_empty() {
            return Ok(());
        }
        let changes = again.dialects.iter().flat_map(|part| &part.transition.changes);
        let changes: String = changes.map(|change| format!("\n  {}", change.describe())).collect();
        let of = |(path, text): &(PathBuf, String)| {
            let found = std::fs::read_to_string(path).unwrap_or_default();
            similar::TextDiff::from_lines(&found, text)
                .unified_diff()
                .header(&path.display().to_string(), "")
                .to_string()
        };
        let files: String = again.files.files.iter().map(of).collect();
        Err(format!("a second time there is still:{changes}\n{files}{}", sql(&again)))
    }

    /// Autogenerates, applies, and holds that nothing is left to do.
    pub(crate) fn go(&mut self, to: &DeclaredSchema) -> Result<Prepared, String> {
        let (prepared, _) = self.write(to)?;
        let folder = self.folder();
        self.live.upgrade(&folder).and_then(|()| self.no_changes(to)).map_err(|error| told(&error, &prepared))?;
        Ok(prepared)
    }

    /// Undoes the last revision.
    pub(crate) fn back(&mut self) -> Result<(), String> {
        let last: Vec<String> = self.ids().pop().into_iter().collect();
        self.live.downgrade(&self.folder(), &last)
    }

    /// As [`Self::go`], then back and there again, the schema and the surviving rows being equal after each.
    pub(crate) fn there_and_back(&mut self, to: &DeclaredSchema) -> Result<Prepared, String> {
        let old = self.live.read()?;
        let renames = Renames::declared(to, &old);
        let (prepared, new_ids) = self.write(to)?;
        if prepared.no_changes() {
            return Ok(prepared);
        }
        let tell = |error: String| told(&error, &prepared);
        let folder = self.folder();
        let kept = |new: &Schema| kept(&old, new, &renames);
        // What survives is known only once the new schema is there.
        let before_all = all_rows(&mut self.live, &old)?;
        self.live.upgrade(&folder).map_err(tell)?;
        let new = self.live.read()?;
        let kept = kept(&new);
        let before = of_kept(&before_all, &old, &kept);
        let after = rows(&mut self.live, &kept, true)?;
        same("up changes rows", &before, &after).map_err(tell)?;
        self.no_changes(to).map_err(tell)?;

        self.live.downgrade(&folder, &new_ids).map_err(tell)?;
        let back = self.live.read()?;
        if in_any_order(&back) != in_any_order(&old) {
            return Err(tell(format!("down gives another schema:\n{}", difference(&old, &back))));
        }
        same("down changes rows", &before, &rows(&mut self.live, &kept, false)?).map_err(tell)?;
        if self.bench.keep_data {
            let after = all_rows(&mut self.live, &old)?;
            same("down brings other rows back", &before_all, &after).map_err(tell)?;
        }

        self.live.upgrade(&folder).map_err(|error| tell(format!("again {error}")))?;
        same("up again changes rows", &before, &rows(&mut self.live, &kept, true)?).map_err(tell)?;
        // Columns that came back on the way down stand last from then on, and `schema.rs` would say so.
        let printed = std::mem::take(&mut self.bench.project.schema_rs);
        self.no_changes(to).map_err(|error| tell(format!("up again: {error}")))?;
        self.bench.project.schema_rs = printed;
        Ok(prepared)
    }
}

/// The revisions that it writes.
pub(crate) fn sql(prepared: &Prepared) -> String {
    let segments = prepared.dialects.iter().flat_map(|part| &part.transition.segments);
    segments
        .map(|it| format!("-- up, in a transaction: {}\n{}-- down\n{}", it.run_in_transaction, it.up, it.down))
        .collect()
}

fn told(error: &str, prepared: &Prepared) -> String {
    format!("{error}\n{}", sql(prepared))
}

/// A column that comes back on the way down stands last, and nothing else can be wished for.
fn in_any_order(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    schema.tables.values_mut().for_each(|table| table.columns.sort_by(|a, b| a.name.cmp(&b.name)));
    schema
}

fn difference(old: &Schema, new: &Schema) -> String {
    let (old, new) = (format!("{:#?}", in_any_order(old)), format!("{:#?}", in_any_order(new)));
    similar::TextDiff::from_lines(&old, &new).unified_diff().context_radius(4).to_string()
}

fn kept(old: &Schema, new: &Schema, renames: &Renames) -> Vec<Kept> {
    let mut found = Vec::new();
    for (to, table) in &new.tables {
        let from = match renames.tables.iter().find(|(from, new)| new == to || from == to) {
            Some((from, new)) if new == to => from,
            Some(_) => continue,
            None => to,
        };
        let Some(before) = old.tables.get(from) else { continue };
        let columns = table.columns.iter().filter_map(|column| {
            let of_this = |name: &Name| name == to;
            let renamed = renames.columns.iter().find(|(table, _, new)| of_this(table) && *new == column.name);
            let left = renames.columns.iter().any(|(table, old, _)| of_this(table) && *old == column.name);
            let name = match renamed {
                Some((_, old, _)) => old,
                None if left => return None,
                None => &column.name,
            };
            let before = before.column(name)?;
            (before.generated.is_none() && column.generated.is_none()).then(|| (name.clone(), column.name.clone()))
        });
        found.push(Kept { from: from.clone(), to: to.clone(), columns: columns.collect() });
    }
    found
}

/// Rows in no particular order, each a list of values as text.
type Rows = Vec<Vec<Option<String>>>;

pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(crate) fn qualified(name: &Name) -> String {
    let namespace = name.namespace.as_deref().map(|namespace| format!("{}.", quoted(namespace))).unwrap_or_default();
    format!("{namespace}{}", quoted(&name.name))
}

fn table_rows<'a>(live: &mut Live, table: &Name, columns: impl Iterator<Item = &'a str>) -> Result<Rows, String> {
    let values: Vec<String> = columns.map(|column| format!("CAST({} AS text)", quoted(column))).collect();
    let values = if values.is_empty() { "CAST(1 AS text)".to_owned() } else { values.join(", ") };
    let query = format!("SELECT {values} FROM {}", qualified(table));
    let mut rows = live.connection().rows(&query).map_err(|error| format!("{query}: {error}"))?;
    rows.iter_mut().flatten().for_each(|value| *value = value.take().map(|value| plain(&value)));
    rows.sort();
    Ok(rows)
}

/// A value in a form that does not depend on its type: 1.50 and 1.5 are one number, midnight is its day.
fn plain(value: &str) -> String {
    match value.parse::<f64>() {
        Ok(number) if number.is_finite() => number.to_string(),
        _ => {
            let value = value.strip_suffix("+00").unwrap_or(value);
            value.strip_suffix(" 00:00:00").unwrap_or(value).to_owned()
        }
    }
}

/// The rows of what is kept, under the new or the old names.
fn rows(live: &mut Live, kept: &[Kept], new: bool) -> Result<Vec<(Name, Rows)>, String> {
    let mut found = Vec::new();
    for it in kept {
        let table = if new { &it.to } else { &it.from };
        let columns = it.columns.iter().map(|(old, to)| if new { to.as_str() } else { old.as_str() });
        found.push((it.from.clone(), table_rows(live, table, columns)?));
    }
    Ok(found)
}

fn all_rows(live: &mut Live, schema: &Schema) -> Result<Vec<(Name, Rows)>, String> {
    let mut found = Vec::new();
    for (name, table) in &schema.tables {
        found.push((name.clone(), table_rows(live, name, table.columns.iter().map(|column| column.name.as_str()))?));
    }
    Ok(found)
}

fn of_kept(all: &[(Name, Rows)], old: &Schema, kept: &[Kept]) -> Vec<(Name, Rows)> {
    let of = |it: &Kept| {
        let columns = &old.tables[&it.from].columns;
        let place = |(name, _): &(String, String)| columns.iter().position(|column| column.name == *name).unwrap();
        let places: Vec<usize> = it.columns.iter().map(place).collect();
        let rows = &all.iter().find(|(name, _)| *name == it.from).unwrap().1;
        let one = Some("1".to_owned());
        let cut = |row: &Vec<Option<String>>| match places.as_slice() {
            [] => vec![one.clone()],
            places => places.iter().map(|at| row[*at].clone()).collect(),
        };
        let mut cut: Rows = rows.iter().map(cut).collect();
        cut.sort();
        (it.from.clone(), cut)
    };
    kept.iter().map(of).collect()
}

fn same(what: &str, before: &[(Name, Rows)], after: &[(Name, Rows)]) -> Result<(), String> {
    match before.iter().zip(after).find(|(before, after)| before != after) {
        None if before.len() == after.len() => Ok(()),
        found => Err(format!("{what}: {found:#?}")),
    }
}
