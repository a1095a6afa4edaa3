//! From the owners and privileges of one database to those of another.
//!
//! They come last, when everything that they are on stands. What the plan made anew has the owner and the privileges that
//! the server gives to it, default privileges of before included; the rest has those of before.

use std::collections::{BTreeMap, BTreeSet};

use super::ddl::exclusive;
use super::quote;
use crate::change::Step;
use crate::schema::*;

pub(super) fn steps(old: &Privileges, new: &Privileges, made: &BTreeSet<ObjectId>) -> Vec<Step> {
    let mut steps = Vec::new();
    // Columns last: what is revoked on a table is revoked on its columns, too
    // (<https://www.postgresql.org/docs/current/sql-revoke.html>).
    let (columns, whole): (Vec<_>, Vec<_>) = new.held.iter().partition(|(id, _)| matches!(id, ObjectId::Column(..)));
    for (id, wanted) in whole.into_iter().chain(columns) {
        let was = old.held.get(id).filter(|_| !is_made(id, made));
        let (owner, mut grants) = match was {
            Some(was) => (was.owner.clone(), was.grants.clone()),
            None => (Role::Own, at_first(old, id, wanted)),
        };
        if let Some(alter) = wanted.alter.as_ref().filter(|_| owner != wanted.owner) {
            let sql = format!("ALTER {alter} OWNER TO {}", word(&wanted.owner));
            steps.push(if wanted.class == "r" { exclusive(sql) } else { Step::harmless(sql) });
        }
        // What the new owner was granted, it has as the owner now.
        if owner != wanted.owner
            && let Some(had) = grants.remove(&wanted.owner)
        {
            grants.entry(Role::Owner).or_default().extend(had);
        }
        let column = match id {
            ObjectId::Column(table, column) => {
                revoked(relation(old, table), relation(new, table), &mut grants);
                Some(column.as_str())
            }
            _ => None,
        };
        // What is usual on the one server may not be on the other.
        if column.is_none() && was.is_some_and(|was| was.grants == was.usual) && wanted.grants == wanted.usual {
            continue;
        }
        let all = both(old, new, &wanted.class);
        let on = On { subject: &wanted.subject, column, owner: &wanted.owner, all: all.as_deref(), head: "" };
        steps.extend(on.differences(&grants, &wanted.grants));
    }
    // A column whose last grant goes has no entry any more.
    for (id, was) in
        old.held.iter().filter(|(id, was)| was.class == "c" && !new.held.contains_key(id) && !is_made(id, made))
    {
        let ObjectId::Column(table, column) = id else { continue };
        let Some(now) = relation(new, table) else { continue };
        let on = On { subject: &now.subject, column: Some(column), owner: &now.owner, all: None, head: "" };
        steps.extend(on.differences(&was.grants, &Grants::new()));
    }
    steps.extend(defaults(old, new));
    steps
}

/// What a table, view or whatever else has columns may be, by its name.
fn relations(named: &Name) -> impl Iterator<Item = ObjectId> {
    let kinds = [ObjectKind::View, ObjectKind::MaterializedView, ObjectKind::ForeignTable];
    let objects = kinds.map(|kind| ObjectId::Object(kind, named.clone()));
    std::iter::once(ObjectId::Table(named.clone())).chain(objects)
}

fn relation<'a>(privileges: &'a Privileges, named: &Name) -> Option<&'a Held> {
    relations(named).find_map(|id| privileges.held.get(&id))
}

/// Whether it is made anew, a column with what it is of.
fn is_made(id: &ObjectId, made: &BTreeSet<ObjectId>) -> bool {
    let with = |named: &Name| relations(named).any(|id| made.contains(&id));
    made.contains(id) || matches!(id, ObjectId::Column(named, _) if with(named))
}

/// Takes from a column's grants what goes with a privilege of its table.
fn revoked(was: Option<&Held>, is: Option<&Held>, grants: &mut Grants) {
    for (role, privileges) in was.iter().flat_map(|was| &was.grants) {
        let stays =
            |privilege: &String| is.is_some_and(|is| is.grants.get(role).is_some_and(|it| it.contains_key(privilege)));
        if let Some(own) = grants.get_mut(role) {
            own.retain(|privilege, _| !privileges.contains_key(privilege) || stays(privilege));
        }
    }
}

/// The privileges that both servers know.
fn both(old: &Privileges, new: &Privileges, class: &str) -> Option<Vec<String>> {
    let (here, there) = (old.all.get(class)?, new.all.get(class)?);
    Some(here.iter().filter(|it| there.contains(it)).cloned().collect())
}

/// What the server grants on what has just been made (`get_user_default_acl` in src/backend/catalog/aclchk.c).
fn at_first(old: &Privileges, id: &ObjectId, it: &Held) -> Grants {
    if it.of_extension {
        return it.usual.clone();
    }
    let class = if it.class == "s" { "S" } else { &it.class };
    let namespace = match id {
        ObjectId::Table(name) | ObjectId::Sequence(name) | ObjectId::Enum(name) | ObjectId::Object(_, name) => {
            Some(name.namespace.clone().unwrap_or_else(|| "public".to_owned()))
        }
        _ => None,
    };
    // Of columns, servers and wrappers there are none.
    if !matches!(class, "r" | "S" | "f" | "T" | "n") {
        return it.usual.clone();
    }
    let of = |namespace: Option<String>| old.defaults.get(&(Role::Own, namespace, class.to_owned()));
    let mut grants = of(None).map_or_else(|| it.usual.clone(), |defaults| defaults.grants.clone());
    if let Some(more) = namespace.and_then(|namespace| of(Some(namespace))) {
        for (role, privileges) in &more.grants {
            let own = grants.entry(role.clone()).or_default();
            for (privilege, further) in privileges {
                *own.entry(privilege.clone()).or_default() |= further;
            }
        }
    }
    grants
}

fn defaults(old: &Privileges, new: &Privileges) -> Vec<Step> {
    let nothing = Defaults { grants: Grants::new(), usual: Grants::new() };
    let scopes: BTreeSet<&Scope> = old.defaults.keys().chain(new.defaults.keys()).collect();
    let mut steps = Vec::new();
    for scope in scopes {
        let (role, namespace, class) = scope;
        let gone = |it: &String| !new.held.contains_key(&ObjectId::Namespace(it.clone()));
        if namespace.as_ref().is_some_and(gone) {
            continue;
        }
        let (was, is) = (old.defaults.get(scope), new.defaults.get(scope));
        let usual = &was.or(is).unwrap_or(&nothing).usual;
        let words = match class.as_str() {
            "r" => "TABLES",
            "S" => "SEQUENCES",
            "f" => "FUNCTIONS",
            "T" => "TYPES",
            "n" => "SCHEMAS",
            _ => continue,
        };
        let within = namespace.as_ref().map(|it| format!(" IN SCHEMA {}", quote::ident(it))).unwrap_or_default();
        let head = format!("ALTER DEFAULT PRIVILEGES FOR ROLE {}{within} ", word(role));
        let all = both(old, new, if class == "S" { "s" } else { class });
        let on = On { subject: words, column: None, owner: role, all: all.as_deref(), head: &head };
        let grants = |it: Option<&Defaults>| it.map_or_else(|| usual.clone(), |it| it.grants.clone());
        steps.extend(on.differences(&grants(was), &grants(is)));
    }
    steps
}

/// A role as a statement names it.
fn word(role: &Role) -> String {
    match role {
        Role::Public => "PUBLIC".to_owned(),
        Role::Owner | Role::Own => "CURRENT_USER".to_owned(),
        Role::Named(name) => quote::ident(name),
    }
}

/// What statements are about.
struct On<'a> {
    subject: &'a str,
    column: Option<&'a str>,
    owner: &'a Role,
    /// What both servers know of, where it is all that there is.
    all: Option<&'a [String]>,
    head: &'a str,
}

impl On<'_> {
    fn differences(&self, old: &Grants, new: &Grants) -> Vec<Step> {
        let known = |privilege: &&String| self.all.is_none_or(|all| all.contains(privilege));
        let nothing = BTreeMap::new();
        let roles: BTreeSet<&Role> = old.keys().chain(new.keys()).collect();
        let (mut gone, mut come) = (Vec::new(), Vec::new());
        for role in roles {
            let (was, is) = (old.get(role).unwrap_or(&nothing), new.get(role).unwrap_or(&nothing));
            let lost: Vec<&String> = was.keys().filter(|it| !is.contains_key(*it)).filter(known).collect();
            let bound: Vec<&String> =
                was.iter().filter(|(it, further)| **further && is.get(*it) == Some(&false)).map(|(it, _)| it).collect();
            let plain: Vec<&String> = is
                .iter()
                .filter(|(it, further)| !**further && !was.contains_key(*it))
                .map(|(it, _)| it)
                .filter(known)
                .collect();
            let further: Vec<&String> = is
                .iter()
                .filter(|(it, further)| **further && was.get(*it) != Some(&true))
                .map(|(it, _)| it)
                .filter(known)
                .collect();
            let name = if *role == Role::Owner { word(self.owner) } else { word(role) };
            gone.extend(self.statement("REVOKE", &lost, "FROM", &name, ""));
            gone.extend(self.statement("REVOKE GRANT OPTION FOR", &bound, "FROM", &name, ""));
            come.extend(self.statement("GRANT", &plain, "TO", &name, ""));
            come.extend(self.statement("GRANT", &further, "TO", &name, " WITH GRANT OPTION"));
        }
        gone.into_iter().chain(come).collect()
    }

    fn statement(&self, verb: &str, privileges: &[&String], preposition: &str, role: &str, end: &str) -> Option<Step> {
        if privileges.is_empty() {
            return None;
        }
        let is_all = self.all.is_some_and(|all| all.len() == privileges.len());
        let listed: Vec<String> = match self.column {
            Some(column) => privileges.iter().map(|it| format!("{it} ({})", quote::ident(column))).collect(),
            None if is_all => vec!["ALL".to_owned()],
            None => privileges.iter().map(|it| (*it).clone()).collect(),
        };
        let (head, subject) = (self.head, self.subject);
        Some(Step::harmless(format!("{head}{verb} {} ON {subject} {preposition} {role}{end}", listed.join(", "))))
    }
}
