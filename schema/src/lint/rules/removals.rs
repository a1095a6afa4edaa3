//! What takes something away from an application that runs, or for ever.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use crate::lint::names::{below, has_word};
use crate::lint::script::Statement;
use crate::lint::{Level, Rule};

macro_rules! rule {
    ($name:literal, [$($alias:literal),*], $level:ident, $danger:literal, $safe:literal, $check:expr) => {
        Rule { name: $name, aliases: &[$($alias),*], level: Level::$level, danger: $danger, safe: $safe, check: $check }
    };
}

pub(super) const RULES: &[Rule] = &[
    rule!(
        "ban-drop-column",
        ["banDropColumn"],
        Error,
        "the data is lost, and so are indexes and constraints over the column; an application that still reads it fails",
        "take it out of the model first, drop it in a later release",
        |it, _| in_table(it, &[K::DROP_COLUMN])
    ),
    rule!(
        "ban-drop-table",
        ["banDropTable"],
        Error,
        "the data is lost; parents of its foreign keys are locked too",
        "drop it in the release after the last one that used it",
        |it, _| whole(it, it.is(K::DROP_TABLE))
    ),
    rule!(
        "ban-drop-database",
        ["banDropDatabase"],
        Error,
        "everything is lost",
        "take it out of the migrations",
        |it, _| whole(it, it.is(K::DROP_DATABASE))
    ),
    rule!(
        "ban-drop-schema",
        [],
        Error,
        "everything in the schema is lost",
        "drop what is in it, one by one",
        |it, _| whole(it, it.is(K::DROP_SCHEMA))
    ),
    rule!(
        "ban-truncate",
        ["banTruncate", "ban-truncate-cascade", "banTruncateCascade"],
        Error,
        "the data is lost, under ACCESS EXCLUSIVE",
        "DELETE in batches, from a job",
        |it, _| whole(it, it.is(K::TRUNCATE) && !it.fresh)
    ),
    rule!(
        "ban-update-without-where",
        ["banUpdateWithoutWhere", "banDeleteWithoutWhere"],
        Error,
        "every row is locked until the end of the transaction",
        "batches by primary key, each in a transaction of its own",
        |it, _| {
            let all = (it.is(K::UPDATE) || it.is(K::DELETE)) && !has_word(&it.node, "where");
            whole(it, all && !it.fresh)
        }
    ),
    rule!(
        "ban-drop-not-null",
        ["banDropNotNull"],
        Warn,
        "an application that does not expect NULL there fails to read the row",
        "make the field an Option first, in an earlier release",
        |it, _| below(&it.node, &[K::DROP_NOT_NULL])
    ),
    rule!(
        "renaming-column",
        ["renamingColumn"],
        Error,
        "an application that uses the old name fails at once",
        "keep the name in the database: #[sql_name] on the field",
        |it, _| in_table(it, &[K::RENAME_COLUMN])
    ),
    rule!(
        "renaming-table",
        ["renamingTable"],
        Error,
        "an application that uses the old name fails at once",
        "keep the name in the database: #[model(table = ..)]",
        |it, _| in_table(it, &[K::TABLE_RENAME_TO])
    ),
    rule!(
        "renaming-object",
        [],
        Warn,
        "whoever uses the old name fails at once",
        "a second object, and the old one dropped later",
        |it, _| {
            let mut found = below(&it.node, &[K::RENAME_CONSTRAINT, K::RENAME_VALUE, K::RENAME_ATTRIBUTE]);
            found.extend(it.node.children().filter(|node| {
                node.kind() != K::TABLE_RENAME_TO && format!("{:?}", node.kind()).ends_with("RENAME_TO")
            }));
            found
        }
    ),
    rule!("ban-set-schema", [], Error, "whoever uses the old name fails at once", "leave it where it is", |it, _| {
        below(&it.node, &[K::SET_SCHEMA])
    }),
    rule!(
        "ban-set-default",
        [],
        Off,
        "an application that leaves the column out writes another value from now on",
        "set it before the application relies on it",
        |it, _| in_table(it, &[K::SET_DEFAULT])
    ),
    rule!(
        "ban-drop-constraint",
        [],
        Warn,
        "what the constraint kept out comes in",
        "drop it once nothing relies on it",
        |it, _| in_table(it, &[K::DROP_CONSTRAINT])
    ),
    rule!(
        "ban-drop-trigger",
        ["banDropTrigger"],
        Warn,
        "what the trigger kept right is right no longer, and the table is locked",
        "drop it once nothing relies on it",
        |it, _| whole(it, it.is(K::DROP_TRIGGER))
    ),
    rule!(
        "ban-disable-trigger",
        [],
        Warn,
        "what the trigger kept right is right no longer; a foreign key is checked by one",
        "leave it on",
        |it, _| below(&it.node, &[K::DISABLE_TRIGGER])
    ),
    rule!(
        "avoid-create-trigger",
        ["avoidCreateTrigger"],
        Warn,
        "writes wait for the lock, and cost more ever after",
        "keep the rule in the application",
        |it, _| whole(it, it.is(K::CREATE_TRIGGER) && !it.fresh)
    ),
    rule!(
        "ban-drop-index",
        [],
        Warn,
        "queries that used it scan the table",
        "look at pg_stat_user_indexes first",
        |it, _| whole(it, it.is(K::DROP_INDEX))
    ),
    rule!(
        "ban-drop-function",
        [],
        Warn,
        "whoever calls it fails at once",
        "drop it in a later release",
        |it, _| whole(it, it.is(K::DROP_FUNCTION))
    ),
    rule!(
        "ban-drop-sequence",
        [],
        Warn,
        "the numbers that were given are forgotten",
        "drop it in a later release",
        |it, _| whole(it, it.is(K::DROP_SEQUENCE))
    ),
    rule!("ban-drop-domain", [], Warn, "whoever uses it fails at once", "drop it in a later release", |it, _| whole(
        it,
        it.is(K::DROP_DOMAIN)
    )),
    rule!(
        "ban-drop-policy",
        [],
        Warn,
        "who may see which rows changes at once",
        "drop it with the roles in view",
        |it, _| whole(it, it.is(K::DROP_POLICY))
    ),
    rule!(
        "ban-revoke",
        [],
        Warn,
        "whoever relied on it fails at once",
        "revoke it once nobody relies on it",
        |it, _| whole(it, it.is(K::REVOKE))
    ),
    rule!(
        "ban-replica-identity",
        [],
        Warn,
        "what is replicated changes",
        "change it with the subscribers in view",
        |it, _| below(&it.node, &[K::REPLICA_IDENTITY])
    ),
];

fn whole(statement: &Statement, found: bool) -> Vec<SyntaxNode> {
    if found { vec![statement.node.clone()] } else { Vec::new() }
}

fn in_table(it: &Statement, kinds: &[K]) -> Vec<SyntaxNode> {
    if it.is(K::ALTER_TABLE) && !it.fresh { below(&it.node, kinds) } else { Vec::new() }
}
