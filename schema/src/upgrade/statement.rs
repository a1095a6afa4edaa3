//! What a statement of a revision that runs outside a transaction is: whether it can be sent together with the note
//! that it is done, and what tells afterwards how far it came.

use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split::{self, Statement};

use super::job::{Control, control};

/// How a statement is sent, and what is known about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// `BEGIN`, `COMMIT`, `ROLLBACK`.
    Control(Control),
    /// What it sets is the session's, and gone with it: another run needs it again.
    Session,
    /// Makes a temporary table: gone with the session, rows and all.
    Temporary,
    /// Takes effect wholly or not at all, together with the note that it is done.
    Whole,
    /// Can't share a transaction.
    Alone(Alone<'a>),
}

/// A statement that can't share a transaction, by what the catalog shows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Alone<'a> {
    /// `CREATE INDEX CONCURRENTLY`.
    Build(Build<'a>),
    /// `DROP INDEX CONCURRENTLY`: the index.
    DropIndex(&'a str),
    /// `REINDEX .. CONCURRENTLY`.
    Reindex(Reindexed<'a>),
    /// `ALTER TABLE .. DETACH PARTITION .. CONCURRENTLY`.
    Detach { parent: &'a str, partition: &'a str },
    /// `DO $backfill$ .. $backfill$`: ends transactions itself, and may be run again wherever it ended.
    Backfill,
    /// To run it once more does no harm, or fails.
    Again,
    /// Nothing but the server's answer tells whether it ran: it ends transactions itself.
    Unknown,
}

/// `CREATE [UNIQUE] INDEX CONCURRENTLY [name] ON table rest`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Build<'a> {
    pub(super) unique: bool,
    pub(super) name: Option<&'a str>,
    pub(super) table: &'a str,
    pub(super) rest: &'a str,
}

/// What is built anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reindexed<'a> {
    Index(&'a str),
    Table(&'a str),
    Schema(&'a str),
    Database,
}

/// The words of a statement, read from the left.
struct Reader<'a> {
    sql: &'a str,
    tokens: Vec<Statement<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(sql: &'a str) -> Self {
        Self { sql, tokens: split::tokens(sql, Dialect::Postgres), at: 0 }
    }

    fn peek(&self) -> &'a str {
        self.tokens.get(self.at).map(|token| token.sql).unwrap_or_default()
    }

    /// Takes these words where they come next.
    fn take(&mut self, words: &[&str]) -> bool {
        let found = words
            .iter()
            .enumerate()
            .all(|(at, word)| self.tokens.get(self.at + at).is_some_and(|token| token.sql.eq_ignore_ascii_case(word)));
        self.at += if found { words.len() } else { 0 };
        found
    }

    fn any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(&[word]))
    }

    /// `a`, `a.b`, with or without quotes.
    fn name(&mut self) -> Option<&'a str> {
        let start = self.tokens.get(self.at)?.offset;
        let is_name = |text: &str| text.starts_with(|c: char| c == '"' || c == '_' || c.is_alphabetic());
        let mut end = 0;
        loop {
            let token = self.tokens.get(self.at).filter(|token| is_name(token.sql))?;
            end = end.max(token.offset + token.sql.len());
            self.at += 1;
            if !self.take(&["."]) {
                // `U&"..."` is a name that these words can't tell.
                return (self.peek() != "&").then(|| &self.sql[start..end]);
            }
        }
    }

    /// What is left, from the next word on.
    fn rest(&self) -> &'a str {
        self.tokens.get(self.at).map_or("", |token| &self.sql[token.offset..])
    }

    fn has(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| token.sql.eq_ignore_ascii_case(word))
    }
}

impl<'a> Kind<'a> {
    /// What `sql` is.
    pub(super) fn of(sql: &'a str) -> Self {
        match control(sql, Dialect::Postgres) {
            Control::No => {}
            control => return Self::Control(control),
        }
        let reader = &mut Reader::new(sql);
        if reader.any(&["set", "reset", "listen", "unlisten", "prepare", "deallocate", "load", "declare"]) {
            return Self::Session;
        }
        if reader.any(&["vacuum", "cluster", "discard", "checkpoint"]) {
            return Self::Alone(Alone::Again);
        }
        if reader.take(&["reindex"]) {
            return Self::Alone(reindex(reader));
        }
        if reader.take(&["do"]) && is_backfill(reader.peek()) {
            return Self::Alone(Alone::Backfill);
        }
        if reader.take(&["create"]) {
            return create(reader);
        }
        if reader.take(&["drop"]) {
            return drop_(reader);
        }
        if reader.take(&["alter"]) {
            return alter(reader);
        }
        Self::Whole
    }
}

/// The tag has a number where the block has it without one.
fn is_backfill(quoted: &str) -> bool {
    let tag = quoted.strip_prefix("$backfill").and_then(|rest| rest.split_once('$'));
    tag.is_some_and(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn create<'a>(reader: &mut Reader<'a>) -> Kind<'a> {
    let _ = reader.any(&["global", "local"]);
    if reader.any(&["temp", "temporary"]) {
        return Kind::Temporary;
    }
    if reader.any(&["database", "tablespace", "subscription"]) {
        return Kind::Alone(Alone::Again);
    }
    let unique = reader.take(&["unique"]);
    if reader.take(&["index", "concurrently"]) {
        return Kind::Alone(build(reader, unique).map_or(Alone::Again, Alone::Build));
    }
    Kind::Whole
}

fn build<'a>(reader: &mut Reader<'a>, unique: bool) -> Option<Build<'a>> {
    reader.take(&["if", "not", "exists"]);
    let name = if reader.take(&["on"]) {
        None
    } else {
        let name = reader.name()?;
        reader.take(&["on"]).then_some(())?;
        Some(name)
    };
    reader.take(&["only"]);
    let table = reader.name()?;
    Some(Build { unique, name, table, rest: reader.rest() })
}

fn drop_<'a>(reader: &mut Reader<'a>) -> Kind<'a> {
    if reader.any(&["database", "tablespace", "subscription"]) {
        return Kind::Alone(Alone::Again);
    }
    if reader.take(&["index", "concurrently"]) {
        reader.take(&["if", "exists"]);
        return Kind::Alone(reader.name().map_or(Alone::Again, Alone::DropIndex));
    }
    Kind::Whole
}

fn alter<'a>(reader: &mut Reader<'a>) -> Kind<'a> {
    if reader.any(&["system", "subscription"]) {
        return Kind::Alone(Alone::Again);
    }
    if reader.take(&["database"]) && reader.has("tablespace") {
        return Kind::Alone(Alone::Again);
    }
    if reader.take(&["table"]) && reader.has("concurrently") {
        reader.take(&["if", "exists"]);
        let detach = (|| {
            let parent = reader.name()?;
            reader.take(&["detach", "partition"]).then_some(())?;
            let partition = reader.name()?;
            reader.take(&["concurrently"]).then_some(Alone::Detach { parent, partition })
        })();
        return detach.map_or(Kind::Whole, Kind::Alone);
    }
    Kind::Whole
}

fn reindex<'a>(reader: &mut Reader<'a>) -> Alone<'a> {
    if !reader.has("concurrently") {
        return Alone::Again;
    }
    if reader.take(&["("]) {
        while !reader.peek().is_empty() && !reader.take(&[")"]) {
            reader.at += 1;
        }
    }
    let kind = reader.peek().to_ascii_lowercase();
    reader.at += 1;
    reader.take(&["concurrently"]);
    match (kind.as_str(), reader.name()) {
        ("index", Some(name)) => Alone::Reindex(Reindexed::Index(name)),
        ("table", Some(name)) => Alone::Reindex(Reindexed::Table(name)),
        ("schema", Some(name)) => Alone::Reindex(Reindexed::Schema(name)),
        ("database", _) => Alone::Reindex(Reindexed::Database),
        _ => Alone::Again,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shares_no_transaction_is_told_from_what_does() {
        let whole = [
            "CREATE INDEX a ON b (c)",
            "ALTER TABLE a ADD COLUMN concurrently int",
            "ALTER TYPE a ADD VALUE 'CONCURRENTLY'",
            "REFRESH MATERIALIZED VIEW CONCURRENTLY a",
            "INSERT INTO a SELECT 'vacuum'",
            "DROP INDEX a",
            "ALTER DATABASE a SET work_mem = '1MB'",
        ];
        for sql in whole {
            assert_eq!(Kind::of(sql), Kind::Whole, "{sql}");
        }
        assert_eq!(Kind::of("set /* x */ role a"), Kind::Session);
        assert_eq!(Kind::of("CREATE LOCAL TEMP TABLE a (b int)"), Kind::Temporary);
        assert_eq!(Kind::of("VACUUM a"), Kind::Alone(Alone::Again));
        assert_eq!(Kind::of("COMMIT"), Kind::Control(Control::Commit));
        assert_eq!(Kind::of("DO $backfill$ BEGIN COMMIT; END $backfill$"), Kind::Alone(Alone::Backfill));
        assert_eq!(Kind::of("DO $backfill2$ BEGIN COMMIT; END $backfill2$"), Kind::Alone(Alone::Backfill));
        assert_eq!(Kind::of("DO $backfilled$ BEGIN END $backfilled$"), Kind::Whole);
        assert_eq!(Kind::of("DO $$ BEGIN COMMIT; END $$"), Kind::Whole);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        let build = Build { unique: true, name: Some("\"a.b\""), table: "s . \"T\"", rest: "USING gin (c) WHERE d" };
        let sql = "create unique INDEX concurrently IF NOT EXISTS \"a.b\" on only s . \"T\" USING gin (c) WHERE d";
        assert_eq!(Kind::of(sql), Kind::Alone(Alone::Build(build)));
        let build = Build { unique: false, name: None, table: "t", rest: "(c)" };
        assert_eq!(Kind::of("CREATE INDEX CONCURRENTLY ON t (c)"), Kind::Alone(Alone::Build(build)));
        assert_eq!(Kind::of("DROP INDEX CONCURRENTLY IF EXISTS a.b CASCADE"), Kind::Alone(Alone::DropIndex("a.b")));
        let table = Kind::Alone(Alone::Reindex(Reindexed::Table("t")));
        assert_eq!(Kind::of("REINDEX (VERBOSE, CONCURRENTLY) TABLE t"), table);
        assert_eq!(Kind::of("REINDEX TABLE CONCURRENTLY t"), table);
        assert_eq!(
            Kind::of("ALTER TABLE a.p DETACH PARTITION c CONCURRENTLY"),
            Kind::Alone(Alone::Detach { parent: "a.p", partition: "c" })
        );
        assert_eq!(Kind::of("CREATE INDEX CONCURRENTLY U&\"a\" ON t (c)"), Kind::Alone(Alone::Again));
    }
}
