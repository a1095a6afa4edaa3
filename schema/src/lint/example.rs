//! What a rule claims, with statements that show it.

/// What the dangerous form does, as far as a server can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// A table is written anew under ACCESS EXCLUSIVE.
    Rewrites,
    /// The rows of a table are read, or an index is built, under this lock.
    Scans(&'static str),
    /// It takes this lock, for which it waits behind whoever uses the table, and everybody else behind it.
    Locks(&'static str),
    /// The server refuses it, with this in its message.
    Refused(&'static str),
    /// Rows, or what they held, are gone.
    Loses,
    /// An application that runs fails, or does something else.
    Breaks,
    /// It is regretted later.
    Regretted,
}

/// SQL that runs as one revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub sql: &'static str,
    /// Whether it runs in a transaction; else statement by statement.
    pub in_transaction: bool,
}

/// The statements that a rule is about, on tables that hold rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// What stands there before, besides [`ROWS`].
    pub before: &'static str,
    /// In which the rule finds something.
    pub bad: Piece,
    /// In which it finds nothing.
    pub good: &'static [Piece],
}

/// The tables of the examples.
pub const ROWS: &str = "CREATE TABLE p (id bigint PRIMARY KEY, note text);
INSERT INTO p SELECT i, 'p' FROM generate_series(1, 1000) i;
CREATE TABLE t (
    id bigint PRIMARY KEY,
    a integer,
    b varchar(20),
    p_id bigint,
    at timestamp,
    n integer NOT NULL DEFAULT 0
);
INSERT INTO t SELECT i, i, 'b', i, now() FROM generate_series(1, 1000) i;
CREATE INDEX t_b_idx ON t (b);
";

/// A revision in a transaction.
pub(super) const fn together(sql: &'static str) -> Piece {
    Piece { sql, in_transaction: true }
}

/// A revision outside of one.
pub(super) const fn alone(sql: &'static str) -> Piece {
    Piece { sql, in_transaction: false }
}
