//! What the lock says otherwise than the folders.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use diesel_schema_core::Dialect;
use diesel_schema_core::lock::{Lock, LockedRevision};
use diesel_schema_core::revision::{Graph, Revision};

const MEND: &str = "run `cargo run --bin autogenerate -- \"<name>\"`, which writes schema.lock anew";

/// All of it, a sentence each.
pub(super) fn strays(lock: &Lock, read: &[(Dialect, PathBuf, Vec<Revision>)]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut say = |problem: String| {
        // A plain folder is that of every dialect.
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    };
    for (dialect, folder, revisions) in read {
        let locked: BTreeMap<&str, &LockedRevision> =
            lock.revisions.get(dialect).into_iter().flatten().map(|locked| (locked.id.as_str(), locked)).collect();
        for revision in revisions {
            one(revision, locked.get(revision.id.as_str()).copied(), &mut say);
        }
        let there: BTreeSet<&str> = revisions.iter().map(|revision| revision.id.as_str()).collect();
        for id in locked.keys().filter(|id| !there.contains(**id)) {
            say(format!("schema.lock holds the {dialect} revision {id}, which has no folder; {MEND}"));
        }
        // Its graph was good when it was read.
        let heads = Graph::new(revisions.iter().map(Revision::node))
            .map(|graph| graph.effective_heads().into_iter().map(str::to_owned).collect::<Vec<_>>())
            .unwrap_or_default();
        if heads.len() > 1 {
            say(format!(
                "{} has {} heads, {}: run `cargo run --bin migrate -- merge {} \"<name>\"`",
                folder.display(),
                heads.len(),
                heads.join(" and "),
                heads.join(" ")
            ));
        }
    }
    problems
}

fn one(revision: &Revision, locked: Option<&LockedRevision>, say: &mut impl FnMut(String)) {
    let (folder, id) = (revision.folder.display(), &revision.id);
    let lacks_down = revision.down.is_none() && !revision.irreversible;
    match locked {
        None => say(format!("{folder} is not in schema.lock; {MEND}")),
        // The file that is missing counts too; what else changed is told when it is there again.
        Some(locked) if locked.checksum != revision.checksum && !lacks_down => say(format!(
            "{folder} was changed after schema.lock was written; take it in with \
             `cargo run --bin migrate -- edit {id} --no-editor`, or put it back"
        )),
        Some(locked) if locked.down_revision != revision.down_revision || locked.depends_on != revision.depends_on => {
            say(format!("{folder}/metadata.toml names other parents than schema.lock; {MEND}"));
        }
        Some(_) => {}
    }
    if revision.down.is_some() && revision.irreversible {
        say(format!("{folder} has a down.sql, and its metadata.toml says `irreversible = true`; take one of them out"));
    }
    if lacks_down {
        say(format!(
            "{folder} has no down.sql; run `cargo run --bin autogenerate -- \"<name>\"`, which makes one, or write \
             `irreversible = true` into its metadata.toml where nothing can undo it"
        ));
    }
}
