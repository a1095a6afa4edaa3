//! Expand and contract: what the release that still runs needs stays until it is gone.
//!
//! While a new release is deployed, the one of before goes on reading and writing the same tables. What the models no
//! longer have is therefore kept, so that nobody has to write it (a column that goes may be NULL), and what they demand
//! now (`NOT NULL`) is not demanded yet. `schema.lock` remembers it (`waiting`), and `autogenerate --contract` does it.

use std::collections::BTreeSet;

use diesel_schema_core::declared::{
    Column, DeclaredSchema, Default, Enum, Expr, ForeignKey, Index, IndexKeyWhat, Model, Sequence, SqlFile, TypeKind,
};
use diesel_schema_core::lock::Lock;

use super::error::Error;
use super::{in_step, kept_types, old_name};
use crate::change::Change;
use crate::schema::{Name, ObjectId, ObjectKind, text};

/// What a revision does about the release of before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// It is heeded for tables that the database knows to be large; of others nothing is kept.
    #[default]
    BySize,
    /// It is heeded for every table.
    Expand,
    /// It is gone: whatever waits is done, and nothing is kept.
    Contract,
}

/// The models with what the database keeps besides.
///
/// # Errors
/// Lines of the lock that contradict each other.
pub(super) fn expanded(
    declared: &DeclaredSchema,
    lock: Option<&Lock>,
    renames: &[String],
    heeded: &dyn Fn(&Name) -> bool,
) -> Result<DeclaredSchema, Error> {
    let Some(lock) = lock else { return Ok(declared.clone()) };
    let before = lock.expanded().map_err(|error| Error::Lock(error.to_string()))?;
    let taken = declared.models.iter().flat_map(given_names).collect();
    let said = Said { declared, before: &before, locked: &lock.declared, renames, taken };
    let mut out = declared.clone();
    let mut enums = BTreeSet::new();
    let mut files = Vec::new();
    for was in &before.models {
        let heeded = heeded(&name(was));
        if heeded {
            enums.extend(was.columns.iter().filter_map(enum_of));
        }
        match out.models.iter_mut().find(|model| name(model) == name(was)) {
            _ if said.is_renamed(was) => files.extend(heeded.then(|| said.old_name(was)).flatten()),
            Some(model) => said.keep_columns(was, model, heeded, (&mut enums, &mut files)),
            None if heeded || find(&lock.declared, was).is_none() => {
                enums.extend(was.columns.iter().filter_map(enum_of));
                out.models.push(said.with_free_names(was));
            }
            None => {}
        }
    }
    said.keep_values(&mut out, &enums);
    files.extend(old_name::kept(&before, &out).into_iter().cloned());
    files.extend(kept_types::of(&before, &out));
    for file in files {
        if !out.sql.iter().any(|it| it.path == file.path) {
            out.sql.push(file);
        }
    }
    let asked = before.sequences.iter().filter(|was| {
        let stands = |it: &Sequence| it.name == was.name && it.namespace == was.namespace;
        !out.sequences.iter().any(stands) && is_asked(&out, was)
    });
    let asked: Vec<Sequence> = asked.cloned().collect();
    out.sequences.extend(asked);
    let stands: Vec<Name> = out.models.iter().map(name).collect();
    for model in &mut out.models {
        model.foreign_keys.retain(|key| stands.contains(&target(key)));
    }
    Ok(out)
}

/// What `--rename` says that is still to be renamed, where the new name is not beside the old one.
pub(super) fn left(renames: &[String], expanded: &DeclaredSchema) -> Vec<String> {
    let is_beside = |rename: &&String| {
        let Some((from, to)) = rename.split_once('=') else { return false };
        let Some((table, from)) = from.trim().rsplit_once('.') else { return false };
        let to = to.trim().rsplit_once('.').map_or(to.trim(), |(_, to)| to);
        let Some(model) = expanded.models.iter().find(|it| name(it).to_string() == table) else { return false };
        let file = in_step::file(model, from, to);
        expanded.sql.iter().any(|it| it.path == file.path)
    };
    renames.iter().filter(|it| !is_beside(it)).cloned().collect()
}

/// What to think about before a name changes under a release that still uses it.
pub(super) fn renamed(changes: &[Change], heeded: &dyn Fn(&Name) -> bool) -> Vec<String> {
    let before = |table: &Name| {
        let from = changes.iter().find_map(|change| match change {
            Change::RenameTable { from, to } if to == table => Some(from),
            _ => None,
        });
        from.unwrap_or(table).clone()
    };
    let stands_in = |from: &Name| {
        let view = ObjectId::Object(ObjectKind::View, from.clone());
        changes.iter().any(|change| matches!(change, Change::CreateObject(object) if object.id == view))
    };
    let of = |change: &Change| match change {
        Change::RenameTable { from, .. } if stands_in(from) => None,
        Change::RenameColumn { table, .. } if stands_in(&before(table)) => None,
        Change::RenameTable { from, to } if heeded(from) => {
            Some((format!("table {from} is renamed to {to}"), format!("#[model(table = {:?})]", from.name)))
        }
        Change::RenameColumn { table, from, to } if heeded(&before(table)) => {
            Some((format!("column {table}.{from} is renamed to {to}"), format!("#[sql_name({from:?})]")))
        }
        _ => None,
    };
    let said = |(what, attribute): (String, String)| {
        format!(
            "{what}, and a release that still runs fails from then on; in Rust alone it is renamed with \
             `{attribute}`, without a revision"
        )
    };
    let views = changes.iter().filter_map(|change| match change {
        Change::RenameTable { from, to } if stands_in(from) => Some(format!(
            "table {from} is renamed to {to}, and a view has the old name for a release that still runs: it reads and \
             writes it as before, but for COPY, TRUNCATE, ON CONFLICT ON CONSTRAINT, and GROUP BY the key alone"
        )),
        _ => None,
    });
    changes.iter().filter_map(of).map(said).chain(views).collect()
}

fn name(model: &Model) -> Name {
    Name::qualified(model.namespace.clone(), &model.table)
}

/// Whether a rename (old name, new name) takes it to a name that is free, or that another rename frees.
fn moves(old: &str, renames: &[(String, String)], stood: &dyn Fn(&str) -> bool) -> bool {
    let mut old = old;
    // Names that swap are a circle.
    for _ in 0..=renames.len() {
        let Some((_, to)) = renames.iter().find(|(from, _)| from == old) else { return false };
        if !stood(to) {
            return true;
        }
        old = to;
    }
    true
}

fn target(key: &ForeignKey) -> Name {
    Name::qualified(key.references_namespace.clone(), &key.references_table)
}

fn find<'a>(schema: &'a DeclaredSchema, model: &Model) -> Option<&'a Model> {
    schema.models.iter().find(|it| name(it) == name(model))
}

fn given_names(model: &Model) -> impl Iterator<Item = String> {
    let keys = model.uniques.iter().chain([&model.primary_key]).map(|it| &it.name);
    let others = model.foreign_keys.iter().map(|it| &it.name).chain(model.checks.iter().map(|it| &it.name));
    keys.chain(others).chain(model.indexes.iter().map(|it| &it.name)).flatten().cloned()
}

fn used_by(schema: &DeclaredSchema, item: &Enum) -> bool {
    let of = (item.namespace.clone(), item.name.clone());
    schema.models.iter().flat_map(|model| &model.columns).any(|column| enum_of(column).as_ref() == Some(&of))
}

/// Whether the default of a column takes a sequence's values.
fn is_asked(schema: &DeclaredSchema, sequence: &Sequence) -> bool {
    let name = Name::qualified(sequence.namespace.clone(), &sequence.name).to_string();
    let asks = |sql: &str| {
        sql.split("nextval('").skip(1).filter_map(|rest| rest.split('\'').next()).any(|it| it.replace('"', "") == name)
    };
    let defaults = schema.models.iter().flat_map(|model| &model.columns).filter_map(|column| column.default.as_ref());
    defaults.into_iter().any(|default| match default {
        Default::Expr(expr) => asks(expr.postgres.as_deref().unwrap_or(&expr.sql)),
        _ => false,
    })
}

fn enum_of(column: &Column) -> Option<(Option<String>, String)> {
    (column.ty.kind == TypeKind::Enum).then(|| (column.ty.namespace.clone(), column.ty.name.clone()))
}

/// All that decides what is kept.
struct Said<'a> {
    declared: &'a DeclaredSchema,
    /// What the database holds.
    before: &'a DeclaredSchema,
    /// What the models were before.
    locked: &'a DeclaredSchema,
    renames: &'a [String],
    /// The names that the models give to constraints and indexes.
    taken: BTreeSet<String>,
}

impl Said<'_> {
    /// Whether it goes on under another name. What `--rename` says is `old=new`.
    fn is_renamed(&self, was: &Model) -> bool {
        let full = |from: &str, namespace: &Option<String>| match from.split_once('.') {
            Some(_) => from.to_owned(),
            None => Name::qualified(namespace.clone(), from).to_string(),
        };
        let pairs = self.declared.models.iter().filter_map(|model| {
            Some((full(model.renamed_from.as_deref()?, &model.namespace), name(model).to_string()))
        });
        let old = name(was).to_string();
        let stood = |table: &str| self.before.models.iter().any(|model| name(model).to_string() == table);
        self.is_said(&old) || moves(&old, &pairs.collect::<Vec<_>>(), &stood)
    }

    /// What has its old name, where it goes on under another one.
    fn old_name(&self, was: &Model) -> Option<SqlFile> {
        let old = name(was);
        let is = self.declared.models.iter().find(|model| {
            let full = |from: &String| match from.split_once('.') {
                Some(_) => from.clone(),
                None => Name::qualified(model.namespace.clone(), from).to_string(),
            };
            let stood = self.before.models.iter().any(|it| name(it) == name(model));
            let said = self.renames.iter().any(|it| {
                it.split_once('=')
                    .is_some_and(|(from, to)| from.trim() == old.to_string() && to.trim() == name(model).to_string())
            });
            !stood && (said || model.renamed_from.as_ref().is_some_and(|from| full(from) == old.to_string()))
        })?;
        let column = |column: &Column| {
            let said = |it: &Column| {
                [&old, &name(is)].iter().any(|table| self.is_said_to_be(&format!("{table}.{}", column.name), &it.name))
            };
            let renamed = |it: &&Column| it.renamed_from.as_ref() == Some(&column.name) || said(it);
            is.columns.iter().find(renamed).or_else(|| is.columns.iter().find(|it| it.name == column.name))
        };
        old_name::view(self.declared, was, is, &column)
    }

    fn is_said(&self, old: &str) -> bool {
        self.renames.iter().any(|rename| rename.split_once('=').is_some_and(|(from, _)| from == old))
    }

    /// The place of the column that this one has become, where both can be there for a while.
    fn becomes(&self, was: &Model, column: &Column, model: &Model) -> Option<usize> {
        let said = |it: &Column| self.is_said_to_be(&format!("{}.{}", name(was), column.name), &it.name);
        let at = model.columns.iter().position(|it| it.renamed_from.as_ref() == Some(&column.name) || said(it))?;
        let is = &model.columns[at];
        let is_new = !was.columns.iter().any(|it| it.name == is.name);
        let in_key = model.primary_key.columns.contains(&is.name);
        (is_new && !in_key && in_step::can_be(self.declared, column, is)).then_some(at)
    }

    fn is_said_to_be(&self, old: &str, new: &str) -> bool {
        let to = |it: &str| it.rsplit_once('.').map_or_else(|| it.to_owned(), |(_, it)| it.to_owned());
        self.renames
            .iter()
            .any(|it| it.split_once('=').is_some_and(|(from, it)| from.trim() == old && to(it.trim()) == new))
    }

    /// What has kept the column equal to others since a revision before.
    fn kept_equal(&self, column: &Column, model: &Model) -> Vec<SqlFile> {
        let files = model.columns.iter().map(|it| in_step::file(model, &column.name, &it.name));
        let stands = |file: &SqlFile| self.before.sql.iter().any(|it| it.path == file.path);
        files.filter(stands).collect()
    }

    /// Whether what a foreign key of before leads to is still there under its name.
    fn leads_somewhere(&self, key: &ForeignKey) -> bool {
        let target = target(key);
        let Some(was) = self.before.models.iter().find(|model| name(model) == target) else { return false };
        let has = |model: &Model| {
            let keys = model.uniques.iter().chain([&model.primary_key]);
            keys.map(|it| &it.columns).any(|columns| *columns == key.references_columns)
        };
        !self.is_renamed(was) && find(self.declared, was).is_none_or(has)
    }

    /// A table that is kept, without what another one wants the name of, or what leads nowhere.
    fn with_free_names(&self, was: &Model) -> Model {
        let mut kept = was.clone();
        let is_free = |name: &Option<String>| name.as_ref().is_none_or(|name| !self.taken.contains(name));
        kept.primary_key.name.take_if(|name| self.taken.contains(name));
        kept.uniques.retain(|it| is_free(&it.name));
        kept.foreign_keys.retain(|it| is_free(&it.name) && self.leads_somewhere(it));
        kept.checks.retain(|it| is_free(&it.name));
        kept.indexes.retain(|it| is_free(&it.name));
        kept
    }

    /// Keeps the values of enums that the release of before may write.
    fn keep_values(&self, out: &mut DeclaredSchema, used: &BTreeSet<(Option<String>, String)>) {
        let same = |a: &Enum, b: &Enum| a.name == b.name && a.namespace == b.namespace;
        for was in &self.before.enums {
            let locked = self.locked.enums.iter().find(|it| same(it, was));
            let waited = locked.is_none_or(|it| was.values.iter().any(|value| !it.values.contains(value)));
            let needed = used_by(out, was);
            let is_used = used.contains(&(was.namespace.clone(), was.name.clone()));
            match out.enums.iter_mut().find(|it| same(it, was)) {
                Some(is) if is_used || waited => {
                    let in_order = was.values.iter().filter(|value| is.values.contains(value)).eq(&is.values);
                    if in_order {
                        is.values.clone_from(&was.values);
                    } else {
                        let missing: Vec<String> =
                            was.values.iter().filter(|value| !is.values.contains(value)).cloned().collect();
                        is.values.extend(missing);
                    }
                }
                None if needed => out.enums.push(was.clone()),
                _ => {}
            }
        }
    }

    /// Adds to a model the columns of before, with whatever is said of them, and lets columns be NULL that were.
    fn keep_columns(
        &self,
        was: &Model,
        model: &mut Model,
        heeded: bool,
        (enums, files): (&mut BTreeSet<(Option<String>, String)>, &mut Vec<SqlFile>),
    ) {
        let locked = find(self.locked, was);
        let locked = |column: &str| locked.and_then(|model| model.columns.iter().find(|it| it.name == column));
        let had = |column: &str| was.columns.iter().any(|it| it.name == column);
        let pairs = model.columns.iter().filter_map(|it| Some((it.renamed_from.clone()?, it.name.clone())));
        let pairs: Vec<(String, String)> = pairs.collect();
        let (mut kept, mut equal): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for column in &was.columns {
            let key = [&was.primary_key, &model.primary_key].iter().any(|key| key.columns.contains(&column.name));
            if key {
                continue;
            }
            let renamed = moves(&column.name, &pairs, &had) || self.is_said(&format!("{}.{}", name(was), column.name));
            if let Some(is) = model.columns.iter_mut().find(|it| it.name == column.name) {
                let waited = locked(&column.name).is_some_and(|it| !it.nullable);
                if !renamed && column.nullable && !is.nullable && is.ty == column.ty && (heeded || waited) {
                    is.nullable = true;
                }
                continue;
            }
            let becomes = if renamed && heeded { self.becomes(was, column, model) } else { None };
            if let Some(at) = becomes {
                let is = &mut model.columns[at];
                is.renamed_from = None;
                is.nullable = true;
                let to = is.name.clone();
                files.push(in_step::file(model, &column.name, &to));
            }
            let shown = old_name::is_shown(self.before, was, &column.name);
            if becomes.is_some() || !renamed && (heeded || shown || locked(&column.name).is_none()) {
                files.extend(self.kept_equal(column, model));
                enums.extend(enum_of(column));
                kept.push(column.name.clone());
                if becomes.is_some() {
                    equal.push(column.name.clone());
                }
            }
        }
        // An expression may mention a column that has another name now.
        let renamed =
            was.columns.iter().any(|it| !kept.contains(&it.name) && !model.columns.iter().any(|is| is.name == it.name));
        let stays = |column: &Column| kept.contains(&column.name) && !(renamed && column.generated.is_some());
        for column in was.columns.iter().filter(|it| stays(it)) {
            let given = column.default.is_some() || column.identity.is_some() || column.generated.is_some();
            // The new release leaves it out.
            let mut left = Column { nullable: column.nullable || !given, ..column.clone() };
            if equal.contains(&left.name) {
                (left.nullable, left.default) = (true, None);
            }
            model.columns.push(left);
        }
        // What is said of a column beside them may mean nothing once that is of another type.
        let retyped = was.columns.iter().filter(|column| {
            let is = model.columns.iter().find(|it| it.name == column.name);
            is.is_some_and(|is| is.ty != column.ty)
        });
        let retyped: Vec<String> = retyped.map(|column| column.name.clone()).collect();
        let was = self.with_free_names(was);
        let stays = |columns: &[String], said: &[&Expr]| {
            let means = |column: &String| {
                columns.contains(column)
                    || said.iter().any(|expr| every_text(expr).any(|it| text::mentions(it, column)))
            };
            !renamed && columns.iter().any(|column| kept.contains(column)) && !retyped.iter().any(means)
        };
        model.uniques.extend(was.uniques.iter().filter(|key| stays(&key.columns, &[])).cloned());
        model.foreign_keys.extend(was.foreign_keys.iter().filter(|key| stays(&key.columns, &[])).cloned());
        model.checks.extend(was.checks.iter().filter(|check| stays(&check.columns, &[&check.expr])).cloned());
        model.indexes.extend(was.indexes.iter().filter(|it| stays(&columns_of(it), &expressions(it))).cloned());
    }
}

fn every_text(expr: &Expr) -> impl Iterator<Item = &str> {
    [Some(&expr.sql), expr.postgres.as_ref(), expr.sqlite.as_ref(), expr.mysql.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
}

fn expressions(index: &Index) -> Vec<&Expr> {
    let keys = index.keys.iter().filter_map(|key| match &key.what {
        IndexKeyWhat::Expr(expr) => Some(expr),
        IndexKeyWhat::Column(_) => None,
    });
    keys.chain(&index.predicate).collect()
}

fn columns_of(index: &Index) -> Vec<String> {
    let keys = index.keys.iter().filter_map(|key| match &key.what {
        IndexKeyWhat::Column(name) => Some(name.clone()),
        IndexKeyWhat::Expr(_) => None,
    });
    keys.chain(index.include.iter().cloned()).collect()
}
