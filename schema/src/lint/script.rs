//! A file's statements with what is known where each begins: the transaction, and the tables that it made.

use std::collections::{BTreeMap, BTreeSet};

use squawk_syntax::{SourceFile, SyntaxKind as K, SyntaxNode};

use super::catalog::Catalog;
use super::earlier::Earlier;
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
    /// Whether the same file made that table, or whatever else it is about: no application knows it yet.
    pub(super) own: bool,
    /// What `SET` gave, of the settings of timeouts, by their values.
    pub(super) timeouts: BTreeMap<String, String>,
}

impl Statement {
    pub(super) fn is(&self, kind: K) -> bool {
        self.node.kind() == kind
    }

    /// Whether it takes a lock that is worth a timeout.
    pub(super) fn locks(&self) -> bool {
        let first = words(&self.node).next().unwrap_or_default();
        let ddl = matches!(first.as_str(), "alter" | "create" | "drop" | "truncate" | "lock" | "reindex" | "refresh");
        ddl && !self.concurrently() && !self.fresh && !self.is(K::ALTER_SYSTEM)
    }

    /// Whether it says CONCURRENTLY, which REINDEX may say is `false`.
    pub(super) fn concurrently(&self) -> bool {
        let mut said = words(&self.node).skip_while(|word| word != "concurrently");
        said.next().is_some() && !said.next().is_some_and(|value| matches!(value.as_str(), "false" | "off" | "0"))
    }
}

/// A file.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) statements: Vec<Statement>,
    pub(super) earlier: Earlier,
}

const TABLES: &[K] = &[K::TABLE_NAME_REF, K::RELATION_NAME_REF, K::TABLE_NAME];

/// What a statement is about that is no table.
const OTHERS: &[K] =
    &[K::TYPE_NAME_REF, K::DOMAIN_REF, K::SEQUENCE_REF, K::VIEW_REF, K::TYPE_NAME, K::DOMAIN, K::SEQUENCE, K::VIEW];

impl Script {
    pub(super) fn read(file: &SyntaxNode, in_transaction: bool) -> Self {
        let mut transaction = in_transaction.then_some(0);
        let mut next = 1;
        let mut made: BTreeMap<String, Option<usize>> = BTreeMap::new();
        let mut others: BTreeSet<String> = BTreeSet::new();
        let mut timeouts = BTreeMap::new();
        let mut statements = Vec::new();
        for (index, node) in file.children().enumerate() {
            let table = first(&node, TABLES);
            let begun = table.as_ref().and_then(|it| made.get(it).copied());
            let other = first(&node, OTHERS).is_some_and(|it| others.contains(&it));
            statements.push(Statement {
                node: node.clone(),
                index,
                transaction,
                table,
                fresh: begun.flatten().is_some_and(|begun| transaction == Some(begun)),
                own: begun.is_some() || other,
                timeouts: timeouts.clone(),
            });
            match node.kind() {
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
                    let exists = node.children().any(|it| it.kind() == K::IF_NOT_EXISTS);
                    if let (Some(name), false) = (first(&node, &[K::TABLE_NAME]), exists) {
                        made.insert(name, transaction);
                    }
                }
                K::CREATE_TYPE
                | K::CREATE_DOMAIN
                | K::CREATE_SEQUENCE
                | K::CREATE_VIEW
                | K::CREATE_MATERIALIZED_VIEW => {
                    let replaces = node.children().any(|it| matches!(it.kind(), K::IF_NOT_EXISTS | K::OR_REPLACE));
                    others.extend(first(&node, OTHERS).filter(|_| !replaces));
                }
                K::SET => {
                    if let Some(name) = first(&node, &[K::CONFIG_PARAMETER_REF]) {
                        let value = words(&node).filter(|it| it != ";").last().unwrap_or_default();
                        timeouts.insert(name, value);
                    }
                }
                _ => {}
            }
        }
        let earlier = Earlier::of(&statements);
        Self { statements, earlier }
    }
}

impl Catalog {
    /// Takes in what every statement of a PostgreSQL text leaves, as far as the text says so.
    pub fn take_script(&mut self, text: &str) {
        for statement in SourceFile::parse(text).syntax_node().children() {
            self.take(&statement);
        }
    }
}
