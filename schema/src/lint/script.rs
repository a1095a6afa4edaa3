//! A file's statements with what is known where each begins: the transaction, and the tables that it made.

use std::collections::{BTreeMap, BTreeSet};

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use super::names::{first, has_word, words};

/// One statement, and what came before it.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) node: SyntaxNode,
    pub(super) index: usize,
    /// Which transaction it is in; none where each statement is its own.
    pub(super) transaction: Option<usize>,
    /// The table that it is about.
    pub(super) table: Option<String>,
    /// Whether the same transaction made that table: it is empty, and nobody else sees it.
    pub(super) fresh: bool,
    /// What `SET` gave, of the settings of timeouts.
    pub(super) timeouts: BTreeSet<String>,
}

impl Statement {
    pub(super) fn is(&self, kind: K) -> bool {
        self.node.kind() == kind
    }

    /// Whether it takes a lock that is worth a timeout.
    pub(super) fn locks(&self) -> bool {
        let first = words(&self.node).next().unwrap_or_default();
        let ddl = matches!(first.as_str(), "alter" | "create" | "drop" | "truncate" | "lock" | "reindex" | "refresh");
        ddl && !has_word(&self.node, "concurrently") && !self.fresh
    }
}

/// A file.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) statements: Vec<Statement>,
}

const TABLES: &[K] = &[K::TABLE_NAME_REF, K::RELATION_NAME_REF, K::TABLE_NAME];

impl Script {
    pub(super) fn read(file: &SyntaxNode, in_transaction: bool) -> Self {
        let mut transaction = in_transaction.then_some(0);
        let mut next = 1;
        let mut made: BTreeMap<String, usize> = BTreeMap::new();
        let mut timeouts = BTreeSet::new();
        let mut statements = Vec::new();
        for (index, node) in file.children().enumerate() {
            let table = first(&node, TABLES);
            let fresh = table.as_ref().is_some_and(|it| transaction.is_some() && made.get(it).copied() == transaction);
            let kind = node.kind();
            statements.push(Statement {
                node: node.clone(),
                index,
                transaction,
                table,
                fresh,
                timeouts: timeouts.clone(),
            });
            match kind {
                K::BEGIN if transaction.is_none() => {
                    transaction = Some(next);
                    next += 1;
                }
                K::COMMIT_TRANSACTION | K::ROLLBACK_TRANSACTION => {
                    let chained = has_word(&node, "chain") && !has_word(&node, "no");
                    transaction = chained.then_some(next);
                    next += 1;
                    timeouts.clear();
                }
                K::CREATE_TABLE | K::CREATE_TABLE_AS | K::SELECT_INTO => {
                    let name = first(&node, &[K::TABLE_NAME]);
                    let exists = node.children().any(|it| it.kind() == K::IF_NOT_EXISTS);
                    if let (Some(name), Some(id), false) = (name, transaction, exists) {
                        made.insert(name, id);
                    }
                }
                K::SET => timeouts.extend(first(&node, &[K::CONFIG_PARAMETER_REF])),
                _ => {}
            }
        }
        Self { statements }
    }

    /// The statements before `statement` in its transaction.
    pub(super) fn before<'a>(&'a self, statement: &'a Statement) -> impl Iterator<Item = &'a Statement> {
        let same = move |it: &&Statement| it.transaction.is_some() && it.transaction == statement.transaction;
        self.statements[..statement.index].iter().filter(same)
    }
}
