//! Statements of SQLite and MySQL as words: their hazards are few, and need no grammar.

use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split::{split, tokens};

/// A file.
#[derive(Debug)]
pub(super) struct Script<'a> {
    /// Whether the runner has begun a transaction.
    pub(super) in_transaction: bool,
    pub(super) statements: Vec<Statement<'a>>,
}

/// A statement.
#[derive(Debug)]
pub(super) struct Statement<'a> {
    /// Its words in lower case, names without quotes.
    pub(super) words: Vec<String>,
    /// The same as they stand there.
    pub(super) raw: Vec<&'a str>,
    pub(super) offset: usize,
    pub(super) length: usize,
    /// Whether it stands in a transaction, the runner's or one that the file began.
    pub(super) in_transaction: bool,
    /// Whether an earlier statement made the table that it is about.
    pub(super) fresh: bool,
}

impl<'a> Script<'a> {
    pub(super) fn read(text: &'a str, dialect: Dialect, in_transaction: bool) -> Self {
        let mut begun = in_transaction;
        let mut made: Vec<String> = Vec::new();
        let mut statements = Vec::new();
        for statement in split(text, dialect) {
            let raw: Vec<&str> = tokens(statement.sql, dialect).iter().map(|it| it.sql).collect();
            let words: Vec<String> =
                raw.iter().map(|it| it.trim_matches(['"', '`', '[', ']']).to_lowercase()).collect();
            let first = words.first().map(String::as_str).unwrap_or_default();
            let in_transaction = begun && !matches!(first, "begin" | "start" | "commit" | "end" | "rollback");
            match first {
                "begin" => begun = true,
                "start" => begun = words.get(1).is_some_and(|it| it == "transaction"),
                "commit" | "end" | "rollback" => begun = false,
                _ => {}
            }
            let mut found = Statement {
                offset: statement.offset,
                length: statement.sql.len(),
                words,
                raw,
                in_transaction,
                fresh: false,
            };
            let table = found.table();
            found.fresh = table.as_ref().is_some_and(|it| made.contains(it));
            if found.starts("create table") {
                made.extend(table);
            }
            statements.push(found);
        }
        Self { in_transaction, statements }
    }

    /// The numbers of the statements of which `is` holds.
    pub(super) fn which(&self, is: impl Fn(&Statement<'a>) -> bool) -> Vec<usize> {
        self.statements.iter().enumerate().filter(|(_, it)| is(it)).map(|(at, _)| at).collect()
    }
}

impl Statement<'_> {
    /// Whether it begins with these words.
    pub(super) fn starts(&self, words: &str) -> bool {
        let mut own = self.words.iter();
        words.split(' ').all(|word| own.next().is_some_and(|it| it == word))
    }

    /// Whether these words stand in it, one after the other.
    pub(super) fn has(&self, words: &str) -> bool {
        let wanted: Vec<&str> = words.split(' ').collect();
        self.words.windows(wanted.len()).any(|window| window.iter().zip(&wanted).all(|(a, b)| a == b))
    }

    /// The table of CREATE, ALTER and DROP TABLE, without a schema.
    pub(super) fn table(&self) -> Option<String> {
        let at = self.words.iter().take(4).position(|word| word == "table")?;
        let rest = self.words[at + 1..].iter().skip_while(|it| matches!(it.as_str(), "if" | "not" | "exists"));
        let rest: Vec<&String> = rest.take(3).collect();
        let qualified = rest.get(1).is_some_and(|it| *it == ".");
        rest.get(if qualified { 2 } else { 0 }).map(|it| (*it).clone())
    }

    /// Of CREATE INDEX whether it is unique, its table and its keys; `None` where a key is an expression, or it is partial.
    pub(super) fn index(&self) -> Option<(bool, &str, Vec<&[String]>)> {
        let unique = self.starts("create unique index");
        if !unique && !self.starts("create index") || self.has("where") {
            return None;
        }
        let on = self.words.iter().position(|word| word == "on")?;
        let open = on + self.words[on..].iter().position(|word| word == "(")?;
        let close = open + self.words[open..].iter().position(|word| word == ")")?;
        let keys = &self.words[open + 1..close];
        let plain = !keys.iter().any(|word| word == "(");
        plain.then(|| (unique, self.words[open - 1].as_str(), keys.split(|word| word == ",").collect()))
    }

    /// Whether an ALTER TABLE drops a column, with the word for it or without.
    pub(super) fn drops_column(&self) -> bool {
        const OTHERS: &[&str] =
            &["index", "key", "constraint", "check", "foreign", "primary", "partition", "default", "system", "period"];
        let next = |pair: &[String]| pair[0] == "drop" && !OTHERS.contains(&pair[1].as_str());
        self.starts("alter table") && self.words.windows(2).any(next)
    }

    /// What it renames its table to.
    pub(super) fn renamed_to(&self) -> Option<&String> {
        let renames = self.starts("alter table") && self.has("rename to");
        self.words.last().filter(|_| renames)
    }
}

/// Indexes of many columns, and those of which there is one already.
pub(super) fn costly_indexes(script: &Script<'_>) -> Vec<usize> {
    let keys = |at: usize| script.statements[at].index();
    let indexes = script.which(|it| it.index().is_some());
    let costs = |at: &usize| {
        let Some((unique, table, columns)) = keys(*at) else { return false };
        let again = |before: &usize| {
            before < at && keys(*before).is_some_and(|it| it.1 == table && it.2 == columns && (it.0 || !unique))
        };
        (!unique && columns.len() > 3) || indexes.iter().any(again)
    };
    indexes.iter().copied().filter(costs).collect()
}

/// What is made only where nothing has its name, and stays.
pub(super) fn made_if_not_there(script: &Script<'_>) -> Vec<usize> {
    let temporary = |word: &String| matches!(word.as_str(), "temp" | "temporary" | "temp.");
    script.which(|it| it.has("if not exists") && !it.words.iter().take(4).any(temporary))
}
