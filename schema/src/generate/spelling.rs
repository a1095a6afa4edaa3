//! One spelling for both sides: what differs as text is put through the server before it counts as a difference.

use super::error::Error;
use super::run;
use super::scratches::{Lease, Scratches};
use crate::change::Change;
use crate::connection::one_line;
use crate::dialect::{DialectImpl, Refusal, Scratch};
use crate::diff::{Renames, apply, diff, textual};
use crate::plan::plan;
use crate::schema::{Check, Column, Index, IndexKeyWhat, Schema, Table};

/// A dialect, and the server on which scratches are made.
#[derive(Clone, Copy)]
pub struct Server<'a> {
    /// Where they are kept.
    pub scratches: &'a Scratches,
    /// The dialect.
    pub dialect: &'a dyn DialectImpl,
    /// The server's URL; SQLite needs none.
    pub url: Option<&'a str>,
}

impl<'a> Server<'a> {
    /// A scratch of its own.
    ///
    /// # Errors
    /// The server refuses.
    pub fn scratch(&self) -> Result<Lease<'a>, Error> {
        self.scratches
            .take(self.dialect, self.url)
            .map_err(|reason| Error::Scratch { dialect: self.dialect.dialect(), reason })
    }

    /// What a scratch holds.
    ///
    /// # Errors
    /// The query fails.
    pub fn read(&self, scratch: &mut dyn Scratch) -> Result<Schema, Error> {
        self.dialect.read(scratch.connection()).map_err(|error| Error::Query {
            dialect: self.dialect.dialect(),
            doing: "reading the schema of a scratch",
            message: one_line(error),
        })
    }

    /// Builds a schema on an empty scratch.
    ///
    /// # Errors
    /// The dialect refuses, or the server does.
    pub fn build(&self, scratch: &mut dyn Scratch, schema: &Schema) -> Result<(), Error> {
        let refused = |refusal| Error::Refused { dialect: self.dialect.dialect(), refusal };
        let changes = diff(&Schema::default(), schema, &Renames::default())?;
        let built = plan(&Schema::default(), schema, &changes, self.dialect).map_err(refused)?;
        for piece in crate::plan::split(built) {
            let script = self.dialect.script(&piece);
            if let Err(message) = run::script(scratch.connection(), &script.sql, script.run_in_transaction) {
                return Err(self.not_built(schema, scratch, message));
            }
        }
        Ok(())
    }

    /// Why it can't be built: in words of our own where the server does not know what it is asked for.
    fn not_built(&self, schema: &Schema, scratch: &mut dyn Scratch, message: String) -> Error {
        let dialect = self.dialect.dialect();
        match self.dialect.too_old(schema, scratch.connection()) {
            Ok(Some(why)) => Error::Refused { dialect, refusal: Refusal(why) },
            _ => Error::Query { dialect, doing: "building the schema on a scratch", message },
        }
    }

    /// A schema as the server says it: built on a scratch and read back.
    ///
    /// # Errors
    /// As [`Self::build`] and [`Self::read`].
    pub fn spell(&self, schema: &Schema) -> Result<Schema, Error> {
        let dialect = self.dialect.dialect();
        if let Some(words) = self.scratches.words(dialect, self.url, schema) {
            return Ok(words);
        }
        let mut scratch = self.scratch()?;
        self.build(&mut scratch, schema)?;
        let words = self.read(&mut scratch)?;
        self.scratches.keep_words(dialect, self.url, schema, &words);
        Ok(words)
    }

    /// The changes from `old` to `new`, both of which a server has spelled, and `new` with the words of `old` wherever
    /// they mean the same: some text is no fixed point of PostgreSQL's deparser (a `varchar IN (..)` in a check is
    /// printed differently each round), so what differs is compared after one more round on both sides.
    ///
    /// # Errors
    /// As [`diff`] and [`Self::spell`].
    pub fn changes(&self, old: &Schema, new: Schema, renames: &Renames) -> Result<(Vec<Change>, Schema), Error> {
        let changes = diff(old, &new, renames)?;
        if textual(&changes).is_empty() {
            return Ok((changes, new));
        }
        let mut renamed = old.clone();
        for change in &changes {
            if matches!(change, Change::RenameTable { .. } | Change::RenameColumn { .. }) {
                apply(&mut renamed, change);
            }
        }
        // An old schema that can't be built by itself (its objects are text that needs more) is left as it is.
        let (Ok(again_old), Ok(again_new)) = (self.spell(&renamed), self.spell(&new)) else {
            return Ok((changes, new));
        };
        let new = with_words_of(&renamed, &again_old, new, &again_new);
        Ok((diff(old, &new, renames)?, new))
    }
}

/// `new`, with the text of `old` wherever `again_old` and `again_new`, a round later, are equal.
fn with_words_of(old: &Schema, again_old: &Schema, mut new: Schema, again_new: &Schema) -> Schema {
    for (name, table) in &mut new.tables {
        let tables = (old.tables.get(name), again_old.tables.get(name), again_new.tables.get(name));
        let (Some(old), Some(again_old), Some(again_new)) = tables else { continue };
        for column in &mut table.columns {
            let of = |table: &Table| table.column(&column.name).cloned();
            if let (Some(old), Some(a), Some(b)) = (of(old), of(again_old), of(again_new)) {
                column_words(column, &old, &a, &b);
            }
        }
        for check in &mut table.checks {
            let of = |table: &Table| -> Option<Check> { table.checks.iter().find(|it| it.name == check.name).cloned() };
            if let (Some(old), Some(a), Some(b)) = (of(old), of(again_old), of(again_new))
                && a.expr == b.expr
            {
                check.expr = old.expr;
            }
        }
        for index in &mut table.indexes {
            let of =
                |table: &Table| -> Option<Index> { table.indexes.iter().find(|it| it.name == index.name).cloned() };
            if let (Some(old), Some(a), Some(b)) = (of(old), of(again_old), of(again_new)) {
                index_words(index, &old, &a, &b);
            }
        }
    }
    for (id, object) in &mut new.objects {
        if let (Some(old), Some(a), Some(b)) =
            (old.objects.get(id), again_old.objects.get(id), again_new.objects.get(id))
            && a.definition == b.definition
        {
            object.definition.clone_from(&old.definition);
        }
    }
    new
}

fn column_words(new: &mut Column, old: &Column, a: &Column, b: &Column) {
    let sql = |column: &Column| column.default.as_ref().map(|default| default.sql.clone());
    if let (Some(default), Some(old)) = (&mut new.default, &old.default)
        && sql(a) == sql(b)
    {
        default.sql.clone_from(&old.sql);
    }
    if new.generated.is_some() && old.generated.is_some() && a.generated == b.generated {
        new.generated.clone_from(&old.generated);
    }
}

fn index_words(new: &mut Index, old: &Index, a: &Index, b: &Index) {
    if new.predicate.is_some() && old.predicate.is_some() && a.predicate == b.predicate {
        new.predicate.clone_from(&old.predicate);
    }
    if new.keys.len() == old.keys.len() && a.keys == b.keys {
        for (new, old) in new.keys.iter_mut().zip(&old.keys) {
            if let (IndexKeyWhat::Expr(new), IndexKeyWhat::Expr(old)) = (&mut new.what, &old.what) {
                new.clone_from(old);
            }
        }
    }
}
