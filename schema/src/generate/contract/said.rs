//! What stays of each table that stands, and why.

use std::collections::BTreeSet;

use diesel_schema_core::declared::{
    Column, DeclaredSchema, Enum, Expr, ForeignKey, Index, IndexKeyWhat, Model, SqlFile,
};

use super::{enum_of, find, in_step, name, old_name, target};
use crate::schema::{Name, text};

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

fn given_names(model: &Model) -> impl Iterator<Item = String> {
    let keys = model.uniques.iter().chain([&model.primary_key]).map(|it| &it.name);
    let others = model.foreign_keys.iter().map(|it| &it.name).chain(model.checks.iter().map(|it| &it.name));
    keys.chain(others).chain(model.indexes.iter().map(|it| &it.name)).flatten().cloned()
}

fn used_by(schema: &DeclaredSchema, item: &Enum) -> bool {
    let of = (item.namespace.clone(), item.name.clone());
    schema.models.iter().flat_map(|model| &model.columns).any(|column| enum_of(column).as_ref() == Some(&of))
}

/// All that decides what is kept.
pub(super) struct Said<'a> {
    declared: &'a DeclaredSchema,
    /// What the database holds.
    before: &'a DeclaredSchema,
    /// What the models were before.
    locked: &'a DeclaredSchema,
    renames: &'a [String],
    /// The names that the models give to constraints and indexes.
    taken: BTreeSet<String>,
}

impl<'a> Said<'a> {
    pub(super) fn new(
        declared: &'a DeclaredSchema,
        before: &'a DeclaredSchema,
        locked: &'a DeclaredSchema,
        renames: &'a [String],
    ) -> Self {
        let taken = declared.models.iter().flat_map(given_names).collect();
        Self { declared, before, locked, renames, taken }
    }

    /// Whether it goes on under another name. What `--rename` says is `old=new`.
    pub(super) fn is_renamed(&self, was: &Model) -> bool {
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
    pub(super) fn old_name(&self, was: &Model) -> Option<SqlFile> {
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
    pub(super) fn with_free_names(&self, was: &Model) -> Model {
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
    pub(super) fn keep_values(&self, out: &mut DeclaredSchema, used: &BTreeSet<(Option<String>, String)>) {
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
    pub(super) fn keep_columns(
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

pub(super) fn expressions(index: &Index) -> Vec<&Expr> {
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
