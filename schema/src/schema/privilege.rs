//! Who owns what, and who may do what with it.
//!
//! Roles belong to the server and not to one of its databases, and the role that makes a copy of a database owns all that
//! is in it. So owners are told relative to who reads: see [`Role`].

use std::collections::BTreeMap;

use super::ObjectId;

/// A role as a privilege names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// `PUBLIC`.
    Public,
    /// Whoever owns the object.
    Owner,
    /// The role that reads, or the one that owns the database.
    Own,
    /// Any other role.
    Named(String),
}

/// Each role's privileges, and whether it may grant them further.
pub type Grants = BTreeMap<Role, BTreeMap<String, bool>>;

/// The owner and the privileges of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The kind of object as the server's `acldefault` has it, `c` for a column, empty for what has an owner only.
    pub class: String,
    /// What stands behind `GRANT .. ON`: `TABLE public.users`.
    pub subject: String,
    /// What stands behind `ALTER` to give it another owner; `None` where it follows something else.
    pub alter: Option<String>,
    /// Its owner.
    pub owner: Role,
    /// What is granted.
    pub grants: Grants,
    /// What is granted where nobody said anything.
    pub usual: Grants,
    /// Whether an extension made it.
    pub of_extension: bool,
}

/// Whose new objects `ALTER DEFAULT PRIVILEGES` is about: the role, the namespace if it is about one, and the kind of
/// object as `pg_default_acl` has it.
pub type Scope = (Role, Option<String>, String);

/// What a role's new objects are granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// What is granted.
    pub grants: Grants,
    /// What is granted where nobody said anything; nothing for those of one namespace, which come on top.
    pub usual: Grants,
}

/// All owners and privileges of a database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Privileges {
    /// By what they are on.
    pub held: BTreeMap<ObjectId, Held>,
    /// `ALTER DEFAULT PRIVILEGES`.
    pub defaults: BTreeMap<Scope, Defaults>,
    /// What `ALL` stands for on this server, by class.
    pub all: BTreeMap<String, Vec<String>>,
}
