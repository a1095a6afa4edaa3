//! Databases that another tool migrated: what its table says is said in Diesel's. Its own table stays as it is.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use diesel_schema_core::revision::Graph;

use super::applied::is_there;
use super::job::Outcome;
use super::rows::RowChange;
use super::run::graph_of;
use super::wait::{Wait, owned, standing};
use super::{RevisionSet, Runner, TABLE, UpgradeError};
use crate::connection::SqlConnection;

/// Who migrated a database before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Alembic: `alembic_version` holds the heads.
    Alembic,
    /// sqlx: `_sqlx_migrations` holds every version.
    Sqlx,
    /// refinery: `refinery_schema_history` holds every version.
    Refinery,
    /// Diesel, with rows that spell an id otherwise than the folder does: `2020-01-01-000000`.
    Diesel,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Alembic, Self::Sqlx, Self::Refinery, Self::Diesel];

    /// Its table.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Alembic => "alembic_version",
            Self::Sqlx => "_sqlx_migrations",
            Self::Refinery => "refinery_schema_history",
            Self::Diesel => TABLE,
        }
    }

    /// Each row: the version, and whether it was applied.
    const fn query(self) -> &'static str {
        match self {
            Self::Alembic => "SELECT version_num, '1' FROM alembic_version ORDER BY 1",
            Self::Sqlx => {
                "SELECT CAST(version AS text), CASE WHEN success THEN '1' ELSE '0' END FROM _sqlx_migrations ORDER BY version"
            }
            Self::Refinery => "SELECT CAST(version AS text), '1' FROM refinery_schema_history ORDER BY version",
            Self::Diesel => "SELECT version, '1' FROM __diesel_schema_migrations ORDER BY 1",
        }
    }

    /// Whether its table names everything that is applied, and not the heads alone.
    const fn names_all(self) -> bool {
        matches!(self, Self::Sqlx | Self::Refinery)
    }

    /// Whether this row of it means the revision `id`.
    fn means(self, row: &str, id: &str) -> bool {
        match self {
            Self::Alembic => row == id,
            Self::Diesel => row.replace('-', "") == id,
            // A number here, and there the text that the file's name begins with.
            Self::Sqlx | Self::Refinery => {
                id.bytes().all(|byte| byte.is_ascii_digit())
                    && row.trim_start_matches('0') == id.trim_start_matches('0')
            }
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Alembic => "alembic",
            Self::Sqlx => "sqlx",
            Self::Refinery => "refinery",
            Self::Diesel => "diesel",
        })
    }
}

impl FromStr for Tool {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = || Self::ALL.map(|tool| tool.to_string()).join(", ");
        Self::ALL.into_iter().find(|tool| tool.to_string() == text).ok_or_else(|| format!("name one of {}", all()))
    }
}

/// What is to be said in Diesel's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adoption {
    /// Who migrated the database.
    pub tool: Tool,
    /// The versions in its table.
    pub found: Vec<String>,
    /// Rows of Diesel's table that are spelt otherwise than the revisions.
    pub remove: Vec<String>,
    /// Rows to write, each after all that it needs.
    pub add: Vec<String>,
    /// The heads of what is applied then, sorted.
    pub heads: Vec<String>,
    before: Option<Vec<String>>,
}

/// Why nothing can be adopted.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// As an upgrade.
    #[error(transparent)]
    Upgrade(#[from] UpgradeError),
    /// No table is there.
    #[error(
        "nobody has migrated this database: it has no alembic_version, _sqlx_migrations or refinery_schema_history, and no \
         row of {TABLE}"
    )]
    Nobody,
    /// The table of the tool that was named is not there.
    #[error("there is no {}: {tool} has not migrated this database", .tool.table())]
    NoTable {
        /// Which tool.
        tool: Tool,
    },
    /// Several are.
    #[error("{} have migrated this database", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and "))]
    Several(Vec<Tool>),
    /// Versions that no revision has.
    #[error(
        "{} holds {}, which no revision has{}", .tool.table(), .unknown.join(", "),
        if .known.is_empty() { String::new() } else { format!(" (it also holds {}, which there are)", .known.join(", ")) }
    )]
    Unknown {
        /// Whose table.
        tool: Tool,
        /// What no revision has.
        unknown: Vec<String>,
        /// What one has.
        known: Vec<String>,
    },
    /// A version that failed.
    #[error("{tool}'s version {version} failed half-way, says {}", .tool.table())]
    Failed {
        /// Which tool's.
        tool: Tool,
        /// The version.
        version: String,
    },
    /// A revision that is needed and that the other tool has not applied.
    #[error("{} holds what comes after {}, and not that itself", .tool.table(), .missing.join(", "))]
    Gap {
        /// Whose table.
        tool: Tool,
        /// What it lacks.
        missing: Vec<String>,
    },
    /// Rows came or went.
    #[error("{TABLE} has changed meanwhile, and nothing was written; type it again")]
    Changed,
}

impl AdoptError {
    /// What to type next.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Upgrade(_) | Self::Changed => None,
            Self::Nobody | Self::NoTable { .. } => {
                Some("say yourself where it stands: `migrate stamp REV`; `migrate upgrade` where it is new")
            }
            Self::Several(_) => Some("say whose table counts: --from TOOL"),
            Self::Unknown { .. } => Some(
                "say yourself where the database stands: `migrate stamp REV` (`migrate history` lists all), or give a revision that \
                 id: `migrate revision --empty NAME --rev-id ID`",
            ),
            Self::Failed { .. } => {
                Some("mend the database with that tool first, or say where it stands: `migrate stamp REV`")
            }
            Self::Gap { .. } => {
                Some("apply them with that tool first, or say where the database stands: `migrate stamp REV`")
            }
        }
    }
}

/// What there is to adopt; changes nothing. `from` says whose table counts where there are several.
///
/// # Errors
/// [`AdoptError`].
pub fn adoption(
    connection: &mut dyn SqlConnection,
    set: &RevisionSet<'_>,
    from: Option<Tool>,
) -> Result<Adoption, AdoptError> {
    let graph = graph_of(set)?;
    let before = Wait::new(Duration::ZERO).rows(connection)?;
    let table = before.as_deref().unwrap_or_default();
    let mut tools = Vec::new();
    for tool in from.map_or(Tool::ALL.to_vec(), |tool| vec![tool]) {
        let there = match tool {
            Tool::Diesel => table.iter().any(|row| respelt(&graph, row).is_some()),
            tool => is_there(connection, tool.table())
                .map_err(|error| UpgradeError::query("looking for other tools' tables", &error))?,
        };
        tools.extend(there.then_some(tool));
    }
    // Diesel's table is ours: where the rows are the revisions' own, there is nothing to adopt, and that is what is said.
    if tools.is_empty() && !table.is_empty() && from.is_none_or(|tool| tool == Tool::Diesel) {
        tools.push(Tool::Diesel);
    }
    let tool = match (tools.as_slice(), from) {
        ([tool], _) => *tool,
        ([], Some(tool)) => return Err(AdoptError::NoTable { tool }),
        ([], None) => return Err(AdoptError::Nobody),
        (several, _) => return Err(AdoptError::Several(several.to_vec())),
    };
    let found = versions(connection, tool)?;
    let meant = if tool == Tool::Diesel { Vec::new() } else { meant(&graph, tool, &found)? };
    let remove: Vec<String> = table.iter().filter(|row| respelt(&graph, row).is_some()).cloned().collect();
    let rows: Vec<&str> = table.iter().map(|row| respelt(&graph, row).unwrap_or(row)).collect();
    let all: Vec<String> = rows.iter().chain(&meant).map(|id| (*id).to_owned()).collect();
    let applied = standing(&graph, Some(&all))?;
    if tool.names_all() {
        let lacks = |id: &&str| !meant.contains(id) && !rows.contains(id);
        let missing: Vec<&str> = applied.ids().into_iter().filter(lacks).collect();
        if !missing.is_empty() {
            return Err(AdoptError::Gap { tool, missing: owned(&missing) });
        }
    }
    let add = applied.ids().into_iter().filter(|id| !table.iter().any(|row| row == id));
    let add = add.map(str::to_owned).collect();
    Ok(Adoption { tool, found, remove, add, heads: owned(&applied.current()), before })
}

impl Runner<'_, '_> {
    /// Writes it, in one transaction inside the upgrade's lock.
    ///
    /// # Errors
    /// Diesel's table has changed since, another process holds the lock for too long, or the queries fail.
    pub fn adopt(&mut self, adoption: &Adoption) -> Result<(), AdoptError> {
        let change = RowChange {
            before: adoption.before.as_deref().unwrap_or_default(),
            create_table: adoption.before.is_none(),
            remove: adoption.remove.iter().map(String::as_str).collect(),
            add: adoption.add.iter().map(String::as_str).collect(),
        };
        while !change.remove.is_empty() || !change.add.is_empty() {
            match self.write(&change)? {
                Outcome::Done => {
                    tracing::info!(tool = %adoption.tool, added = adoption.add.join(", "), "adopted");
                    break;
                }
                Outcome::Busy => self.wait.pause(|| "nothing is adopted yet".to_owned())?,
                Outcome::Elsewhere => return Err(AdoptError::Changed),
            }
        }
        Ok(())
    }
}

/// The revision that a row of Diesel's table means by another spelling.
fn respelt<'a>(graph: &Graph<'a>, row: &str) -> Option<&'a str> {
    if graph.knows(row) {
        return None;
    }
    graph.order().iter().copied().find(|id| Tool::Diesel.means(row, id))
}

/// The revisions that the rows of another tool's table mean.
fn meant<'a>(graph: &Graph<'a>, tool: Tool, found: &[String]) -> Result<Vec<&'a str>, AdoptError> {
    let (mut meant, mut known, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    for row in found {
        match graph.order().iter().copied().find(|id| tool.means(row, id)) {
            Some(id) => {
                meant.push(id);
                known.push(row.clone());
            }
            None => unknown.push(row.clone()),
        }
    }
    if unknown.is_empty() { Ok(meant) } else { Err(AdoptError::Unknown { tool, unknown, known }) }
}

fn versions(connection: &mut dyn SqlConnection, tool: Tool) -> Result<Vec<String>, AdoptError> {
    let rows = connection.rows(tool.query());
    let rows = rows.map_err(|error| UpgradeError::query("reading the other tool's table", &error))?;
    let mut versions = Vec::new();
    for row in rows {
        let mut row = row.into_iter().flatten();
        let (Some(version), applied) = (row.next(), row.next()) else { continue };
        if applied.as_deref() == Some("0") {
            return Err(AdoptError::Failed { tool, version });
        }
        versions.push(version);
    }
    Ok(versions)
}
