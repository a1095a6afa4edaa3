//! Names of tables, types and sequences.

use std::fmt;

use diesel_schema_core::naming;

#[cfg(any(feature = "cli", not(feature = "postgres")))]
use super::text;

/// A name in a namespace (what PostgreSQL calls a schema).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// The namespace; `None` is the dialect's default one (`public` on PostgreSQL).
    pub namespace: Option<String>,
    /// The name within it, unquoted.
    pub name: String,
}

impl Name {
    /// A name in the default namespace.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { namespace: None, name: name.into() }
    }

    /// A name in a namespace, where `None` is the default one.
    #[must_use]
    pub fn qualified(namespace: Option<String>, name: impl Into<String>) -> Self {
        Self { namespace, name: name.into() }
    }

    /// As a statement has it, each part in quotes whether or not it has to be.
    #[cfg(any(feature = "cli", not(feature = "postgres")))]
    pub(crate) fn quoted(&self) -> String {
        let parts: Vec<String> = self.namespace.iter().chain([&self.name]).map(|part| text::quoted(part)).collect();
        parts.join(".")
    }
}

/// A name like this one that nothing has yet, as long as a server keeps it.
pub(crate) fn spare_name(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let with = |suffix: &str| {
        let room = naming::MAX_IDENTIFIER_BYTES - suffix.len();
        format!("{}{suffix}", naming::clip(name, room))
    };
    let mut free = with("__aside");
    let mut pass = 0_u32;
    while taken(&free) {
        pass += 1;
        free = with(&format!("__aside{pass}"));
    }
    free
}

impl fmt::Display for Name {
    /// For messages, unquoted: `users`, `audit.entries`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}
