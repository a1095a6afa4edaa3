//! The constraints of a table, of whatever kind: they share their names.

use std::collections::BTreeMap;

use crate::schema::{Check, ForeignKey, Key, Table};

/// Any kind of constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// The primary key.
    PrimaryKey(Key),
    /// A unique constraint.
    Unique(Key),
    /// A foreign key.
    ForeignKey(ForeignKey),
    /// A check.
    Check(Check),
}

impl Constraint {
    /// The table's own, by their names: a key that its parent's statement gives it is none.
    pub(crate) fn all_of(table: &Table) -> BTreeMap<String, Self> {
        let own = table.primary_key.iter().filter(|_| !table.inheritance.has_parents_key);
        let all = own
            .cloned()
            .map(Self::PrimaryKey)
            .chain(table.uniques.iter().cloned().map(Self::Unique))
            .chain(table.foreign_keys.iter().cloned().map(Self::ForeignKey))
            .chain(table.checks.iter().cloned().map(Self::Check));
        all.map(|it| (it.name().to_owned(), it)).collect()
    }

    /// The constraint's name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) => &key.name,
            Self::ForeignKey(key) => &key.name,
            Self::Check(check) => &check.name,
        }
    }

    /// The comment on it.
    pub(crate) const fn comment(&self) -> &Option<String> {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) => &key.comment,
            Self::ForeignKey(key) => &key.comment,
            Self::Check(check) => &check.comment,
        }
    }

    /// Without its comment.
    pub(crate) fn without_comment(&self) -> Self {
        let mut it = self.clone();
        match &mut it {
            Self::PrimaryKey(key) | Self::Unique(key) => key.comment = None,
            Self::ForeignKey(key) => key.comment = None,
            Self::Check(check) => check.comment = None,
        }
        it
    }

    /// Whether two differ in their names and comments at most.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let bare = |it: &Self| {
            let mut it = it.without_comment();
            match &mut it {
                Self::PrimaryKey(key) | Self::Unique(key) => key.name.clear(),
                Self::ForeignKey(key) => key.name.clear(),
                Self::Check(check) => check.name.clear(),
            }
            it
        };
        bare(self) == bare(other)
    }
}
