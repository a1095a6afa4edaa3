//! Transactions, and how long their locks are held.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use crate::lint::script::{Script, Statement};
use crate::lint::{Level, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "transaction-nesting",
        aliases: &["transactionNesting"],
        level: Level::Error,
        danger: "BEGIN or COMMIT where the runner, or the file, has said it already: the revision and its row are apart",
        safe: "leave transactions to run_in_transaction",
        check: |it, _| {
            let ends = it.is(K::COMMIT_TRANSACTION) || it.is(K::ROLLBACK_TRANSACTION);
            let nested = if it.is(K::BEGIN) {
                it.transaction.is_some()
            } else {
                ends && matches!(it.transaction, None | Some(0))
            };
            whole(it, nested)
        },
    },
    Rule {
        name: "ban-uncommitted-transaction",
        aliases: &[],
        level: Level::Error,
        danger: "the transaction that is begun here never ends: all of it is undone",
        safe: "COMMIT, or run_in_transaction = true without BEGIN",
        check: |it, script| whole(it, it.is(K::BEGIN) && it.transaction.is_none() && never_ends(it, script)),
    },
    Rule {
        name: "require-timeout-settings",
        aliases: &[],
        level: Level::Off,
        danger: "whoever needs the table waits behind this statement, as long as it waits itself; diesel-schema's own runner sets lock_timeout",
        safe: "SET LOCAL lock_timeout = '2s'",
        check: |it, _| {
            whole(
                it,
                it.locks() && !(it.timeouts.contains("lock_timeout") && it.timeouts.contains("statement_timeout")),
            )
        },
    },
    Rule {
        name: "require-statement-timeout",
        aliases: &["requireStatementTimeout"],
        level: Level::Off,
        danger: "a statement that takes long holds its lock as long",
        safe: "SET LOCAL statement_timeout = '5s'",
        check: |it, _| whole(it, it.locks() && !it.timeouts.contains("statement_timeout")),
    },
    Rule {
        name: "require-lock-timeout",
        aliases: &["lockTimeoutWarning", "E9"],
        level: Level::Off,
        danger: "whoever needs the table waits behind this statement, as long as it waits itself; diesel-schema's own runner sets lock_timeout",
        safe: "SET LOCAL lock_timeout = '2s'",
        check: |it, _| whole(it, it.locks() && !it.timeouts.contains("lock_timeout")),
    },
    Rule {
        name: "require-idle-in-transaction-timeout",
        aliases: &["requireIdleInTransactionTimeout"],
        level: Level::Off,
        danger: "a client that hangs between two statements keeps its locks",
        safe: "SET LOCAL idle_in_transaction_session_timeout = '10s'",
        check: |it, _| whole(it, it.locks() && !it.timeouts.contains("idle_in_transaction_session_timeout")),
    },
    Rule {
        name: "multiple-alter-table",
        aliases: &["multipleAlterTable", "W12"],
        level: Level::Warn,
        danger: "the table is locked, and maybe scanned, once more",
        safe: "one ALTER TABLE with both actions",
        check: |it, script| {
            let before = it.index.checked_sub(1).and_then(|index| script.statements.get(index));
            let same = before.is_some_and(|before| before.is(K::ALTER_TABLE) && before.table == it.table);
            whole(it, it.is(K::ALTER_TABLE) && !it.fresh && same && can_merge(it) && before.is_some_and(can_merge))
        },
    },
    Rule {
        name: "running-statement-while-holding-access-exclusive",
        aliases: &["runningStatementWhileHoldingAccessExclusive", "E4"],
        level: Level::Warn,
        danger: "an earlier ALTER TABLE of the transaction keeps its table locked against reads and writes until this is done",
        safe: "put it into a revision of its own",
        check: |it, script| {
            let work = [K::SELECT, K::UPDATE, K::DELETE, K::INSERT, K::CREATE_INDEX].contains(&it.node.kind());
            whole(it, work && script.before(it).any(|before| before.is(K::ALTER_TABLE) && !before.fresh))
        },
    },
];

fn whole(statement: &Statement, found: bool) -> Vec<SyntaxNode> {
    if found { vec![statement.node.clone()] } else { Vec::new() }
}

fn never_ends(it: &Statement, script: &Script) -> bool {
    !script.statements[it.index + 1..]
        .iter()
        .any(|next| next.is(K::COMMIT_TRANSACTION) || next.is(K::ROLLBACK_TRANSACTION))
}

/// What takes a step of its own: a validation, and what a validation makes cheap.
fn can_merge(it: &Statement) -> bool {
    let apart = [
        K::VALIDATE_CONSTRAINT,
        K::NOT_VALID,
        K::DROP_CONSTRAINT,
        K::RENAME_COLUMN,
        K::TABLE_RENAME_TO,
        K::ATTACH_PARTITION,
        K::DETACH_PARTITION,
    ];
    crate::lint::names::below(&it.node, &apart).is_empty()
}
