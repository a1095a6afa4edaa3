//! A statement, with the script around it and what is known before it.

use std::ops::Deref;

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use super::catalog::Catalog;
use super::earlier::Earlier;
use super::names::{below, children};
use super::script::{Script, Statement};

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) statement: &'a Statement,
    pub(super) script: &'a Script,
    /// What is there before it.
    pub(super) known: &'a Catalog,
    /// What is there behind the last statement.
    pub(super) left: &'a Catalog,
}

impl Deref for Place<'_> {
    type Target = Statement;

    fn deref(&self) -> &Statement {
        self.statement
    }
}

impl Place<'_> {
    /// Whether nobody notices a lock on its table: the same transaction made it, or it is known to be small.
    pub(super) fn quiet(&self) -> bool {
        self.fresh || self.table.as_ref().is_some_and(|table| self.known.is_small(table))
    }

    /// Whether the server may be older than that: it is, or nobody knows.
    pub(super) fn before_version(&self, version: u32) -> bool {
        self.known.server_version.is_none_or(|it| it < version)
    }

    /// Whether the server has what that version brought: it is as new, or nobody knows.
    pub(super) fn may_have(&self, version: u32) -> bool {
        self.known.server_version.is_none_or(|it| it >= version)
    }

    /// The statement itself, where something was found in it.
    pub(super) fn whole(&self, found: bool) -> Vec<SyntaxNode> {
        if found { vec![self.node.clone()] } else { Vec::new() }
    }

    /// What an ALTER TABLE of a table that others see has of these kinds.
    pub(super) fn altered(&self, kinds: &[K]) -> Vec<SyntaxNode> {
        if self.is(K::ALTER_TABLE) && !self.fresh { below(&self.node, kinds) } else { Vec::new() }
    }

    /// The columns that an ALTER TABLE adds to a table that is large or in use.
    pub(super) fn added_columns(&self) -> Vec<SyntaxNode> {
        if self.is(K::ALTER_TABLE) && !self.quiet() { children(&self.node, K::ADD_COLUMN) } else { Vec::new() }
    }

    /// Constraints of a kind that an ALTER TABLE adds to a table that is large or in use.
    pub(super) fn added_constraints(&self, kind: K) -> Vec<SyntaxNode> {
        if !self.is(K::ALTER_TABLE) || self.quiet() {
            return Vec::new();
        }
        children(&self.node, K::ADD_CONSTRAINT).iter().flat_map(|node| children(node, kind)).collect()
    }

    /// Constraints of a kind of the columns that it adds.
    pub(super) fn inline_constraints(&self, kind: K) -> Vec<SyntaxNode> {
        self.added_columns().iter().flat_map(|node| children(node, kind)).collect()
    }

    /// The actions of an ALTER TABLE.
    pub(super) fn actions(&self) -> Vec<SyntaxNode> {
        let named = [K::TABLE_RELATION_NAME, K::IF_EXISTS];
        self.node.children().filter(|it| !named.contains(&it.kind())).collect()
    }

    /// What was done before it.
    pub(super) fn earlier(&self) -> &Earlier {
        &self.script.earlier
    }

    /// The statement before it in its text.
    pub(super) fn last(&self) -> Option<&Statement> {
        self.index.checked_sub(1).and_then(|at| self.script.statements.get(at))
    }
}
