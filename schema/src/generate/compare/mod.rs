//! Two schemas, wherever they come from → the SQL that makes the one of the other.
//!
//! It only says what would have to be done: nothing is proven, and nothing is asked about what it costs.

mod error;
mod source;

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::DeclaredSchema;

use super::scratches::{Scratches, place};
use super::segments::{scripts, with_transactions};
use super::spelling::Server;
use super::transition::dialect_spells;
use super::{Error, server};
use crate::change::{Change, Plan};
use crate::config::{DatabaseUrl, Project};
use crate::dialect::DialectImpl;
use crate::diff::{Renames, diff, keep_numbers, same_names, textual};
use crate::plan::{Outcome, plan_and_outcome};
use crate::schema::{Name, ObjectId, Privileges, Schema};
use source::{Place, Side};

pub use error::CompareError;
pub use source::{Source, common_dialect};

/// What is asked for.
#[derive(Debug)]
pub struct Sides<'a> {
    /// The schema that is.
    pub from: &'a Source,
    /// The schema that is wanted.
    pub to: &'a Source,
    /// In whose words, where none of both is a database.
    pub dialect: Dialect,
    /// The models; two databases can be compared without.
    pub declared: Option<&'a DeclaredSchema>,
    /// Where revisions and lock are.
    pub project: &'a Project,
    /// A database on whose server scratches may be made, where no source is one.
    pub database: Option<&'a DatabaseUrl>,
    /// A PostgreSQL server for scratches.
    pub scratch_postgres: Option<&'a str>,
    /// Each `--rename`.
    pub renames: &'a [String],
    /// Whether the statements are to be those that tables in use survive.
    pub online: bool,
    /// Whether owners and privileges are compared, where both sides are databases.
    pub privileges: bool,
}

/// What differs.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// In whose words.
    pub dialect: Dialect,
    /// The differences.
    pub changes: Vec<Change>,
    /// The steps that carry them out.
    pub plan: Plan,
    /// The last of the steps: those that give owners and privileges.
    pub privileges: Vec<String>,
    /// What one of both holds and this crate can't read, by kind and name: it is not compared.
    pub unread: Vec<String>,
    /// Why no server was asked whether texts that differ mean the same; `None` where there was one, or no need.
    pub unspelled: Option<String>,
}

/// Compares both sides; changes neither.
///
/// # Errors
/// A source that can't be read, or a change that can't be carried out.
pub fn compare(sides: &Sides<'_>, pool: &Scratches) -> Result<Comparison, CompareError> {
    let named = common_dialect(sides.from, sides.to)?;
    let dialect = server::implementation(named.unwrap_or(sides.dialect))?;
    let mut urls = [sides.from, sides.to].into_iter().filter_map(Source::url).chain(sides.database);
    let database = urls.find(|url| url.dialect == dialect.dialect());
    let preferred = sides.scratch_postgres.or(sides.project.scratch_postgres.as_deref());
    let place = place(pool, dialect, preferred, database);
    let server = place.as_ref().ok().map(|url| Server { scratches: pool, dialect, url: *url });
    let read = Place { dialect, declared: sides.declared, project: sides.project, server, why: place.clone().err() };
    let (mut from, mut to) = (read.side(sides.from)?, read.side(sides.to)?);
    dialect.even(&mut from.schema, &mut to.schema);
    let same = |a: &str, b: &str| dialect.is_same_name(a, b);
    let mut renames = renames(sides, &from.schema, &to.schema, &same)?;
    same_names::follow(&same, &from.schema, &mut to.schema, &mut renames);
    let mut unread: Vec<String> = from.schema.unread.iter().chain(&to.schema.unread).cloned().collect();
    unread.sort();
    unread.dedup();
    let elsewhere = elsewhere(sides, server);
    let found = differences(from, to, &renames, dialect, (server, &elsewhere))?;
    let (changes, old, new, open) = found;
    let refused = |refusal| Error::Refused { dialect: dialect.dialect(), refusal };
    let busy = |_: &Name| true;
    let online = if sides.online { dialect.online(&busy) } else { None };
    let planner = online.as_deref().unwrap_or(dialect);
    let Outcome { mut plan, made, .. } = plan_and_outcome(&old, &new, &changes, planner).map_err(refused)?;
    let mut privileges = Vec::new();
    if sides.privileges
        && let (Some(from), Some(to)) = (read.privileges(sides.from)?, read.privileges(sides.to)?)
    {
        let steps = dialect.privilege_steps(&renamed(from, &changes), &to, &made);
        privileges.extend(steps.iter().map(|step| step.sql.clone()));
        plan.steps.extend(steps);
    }
    let unspelled = place.err().filter(|_| open);
    Ok(Comparison { dialect: dialect.dialect(), changes, plan, privileges, unread, unspelled })
}

/// The servers of databases that are compared, but for the one that is asked in any case. Another version may spell what
/// it is given so that both sides are the same: `EXTRACT` is `date_part` before PostgreSQL 14, and not the other way round.
fn elsewhere<'a>(sides: &Sides<'a>, server: Option<Server<'a>>) -> Vec<Server<'a>> {
    let Some(server) = server else { return Vec::new() };
    let known = server.url.map(address).unwrap_or_default();
    let urls = [sides.from, sides.to].into_iter().filter_map(Source::url).map(|url| url.target.as_str());
    urls.filter(|url| address(url) != known).map(|url| Server { url: Some(url), ..server }).collect()
}

/// Host and port of a PostgreSQL URL.
fn address(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['/', '?']).next().unwrap_or_default();
    rest.rsplit_once('@').map_or(rest, |(_, address)| address)
}

/// With what is renamed under its new names.
fn renamed(mut privileges: Privileges, changes: &[Change]) -> Privileges {
    let is_rename = |change: &&Change| {
        matches!(change, Change::RenameTable { .. } | Change::RenameColumn { .. } | Change::RenameSequence { .. })
    };
    for change in changes.iter().filter(is_rename) {
        let moved = |id: ObjectId| match (id, change) {
            (ObjectId::Table(name), Change::RenameTable { from, to }) if name == *from => ObjectId::Table(to.clone()),
            (ObjectId::Column(name, column), Change::RenameTable { from, to }) if name == *from => {
                ObjectId::Column(to.clone(), column)
            }
            (ObjectId::Column(name, column), Change::RenameColumn { table, from, to })
                if name == *table && column == *from =>
            {
                ObjectId::Column(name, to.clone())
            }
            (ObjectId::Sequence(name), Change::RenameSequence { table, from, to, .. })
                if name.namespace == table.namespace && name.name == *from =>
            {
                ObjectId::Sequence(Name::qualified(name.namespace, to.clone()))
            }
            (id, _) => id,
        };
        privileges.held = privileges.held.into_iter().map(|(id, held)| (moved(id), held)).collect();
    }
    privileges
}

/// What the models say about renames holds where they are the wanted side, and backwards where they are what is.
fn renames(sides: &Sides<'_>, from: &Schema, to: &Schema, same: &dyn Fn(&str, &str) -> bool) -> Result<Renames, Error> {
    let mut renames = match (sides.from, sides.to, sides.declared) {
        (_, Source::Models, Some(declared)) => Renames::declared_where(declared, from, same),
        (Source::Models, _, Some(declared)) => Renames::declared_where(declared, to, same).reversed(),
        _ => Renames::default(),
    };
    for rename in sides.renames {
        renames.add(rename, from, to)?;
    }
    Ok(renames)
}

/// The changes, both schemas in the words in which they were found, and whether texts differ that no server has seen.
fn differences(
    from: Side,
    to: Side,
    renames: &Renames,
    dialect: &dyn DialectImpl,
    (server, elsewhere): (Option<Server<'_>>, &[Server<'_>]),
) -> Result<(Vec<Change>, Schema, Schema, bool), Error> {
    let changes = diff(&from.schema, &to.schema, renames)?;
    let open = !textual(&changes).is_empty();
    let said = from.said || to.said;
    match server {
        Some(server) if open || (said && dialect_spells(dialect) && !changes.is_empty()) => {
            let spell = |side: Side| if side.said { server.spell(&side.schema) } else { Ok(side.schema) };
            let (as_made_before, as_made) = (from.said, to.said);
            let (mut old, mut new) = (spell(from)?, spell(to)?);
            if as_made {
                keep_numbers(&old, &mut new);
            } else if as_made_before {
                keep_numbers(&new, &mut old);
            }
            let (mut changes, mut new) = server.changes(&old, new, renames)?;
            for other in elsewhere.iter().filter(|_| !said) {
                (changes, new) = other.changes(&old, new, renames)?;
            }
            Ok((changes, old, new, false))
        }
        _ => Ok((changes, from.schema, to.schema, open)),
    }
}

impl Comparison {
    /// The SQL of all steps, empty where nothing differs. What may share a transaction stands between `BEGIN` and
    /// `COMMIT`, what may not beside it, so that a client that sends a statement at a time can run all of it.
    ///
    /// # Errors
    /// The dialect is not built in.
    pub fn sql(&self) -> Result<String, Error> {
        if self.plan.steps.is_empty() {
            return Ok(String::new());
        }
        let dialect = server::implementation(self.dialect)?;
        Ok(with_transactions(&scripts(dialect, &self.plan)))
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_server_is_known_by_host_and_port() {
        let urls = ["postgres://a:b@h:5432/x", "postgresql://h:5432", "postgres://c@h:5432?connect_timeout=3"];
        assert_eq!(urls.map(address), ["h:5432"; 3]);
        assert_eq!(address("postgres:///x?host=/tmp"), "");
    }
}
