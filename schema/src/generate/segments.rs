//! A plan up and a plan down → the files of one revision, or of several that follow each other.

use diesel_schema_core::Dialect;

use crate::change::{Plan, Step};
use crate::dialect::{DialectImpl, Script};

/// The text of a revision that has nothing to do: PostgreSQL refuses a file of comments alone.
pub const NOTHING: &str = "SELECT 1;\n";

/// One revision's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// `up.sql`.
    pub up: String,
    /// `down.sql`.
    pub down: String,
    /// `run_in_transaction`.
    pub run_in_transaction: bool,
}

impl Segment {
    /// A revision that does nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self { up: NOTHING.to_owned(), down: NOTHING.to_owned(), run_in_transaction: true }
    }
}

/// Cuts both plans at the statements that can't share a transaction with others, and pairs the pieces: the last piece
/// down belongs to the first piece up. A piece up and a piece down are of one revision only where both run in a
/// transaction or neither does, because `metadata.toml` has one word for both.
#[must_use]
pub(super) fn segments(dialect: &dyn DialectImpl, up: &Plan, down: &Plan) -> Vec<Segment> {
    let ups = cut(dialect, up);
    let mut downs = cut(dialect, down);
    downs.reverse();
    let pairs = if let (Dialect::Sqlite, [up], [down]) = (dialect.dialect(), &ups[..], &downs[..]) {
        vec![(Some(up), Some(down))]
    } else {
        pair(&ups, &downs)
    };
    let segments: Vec<Segment> = pairs
        .into_iter()
        .map(|(up, down)| {
            let run_in_transaction = up.into_iter().chain(down).all(|script| script.run_in_transaction);
            let text = |script: Option<&Script>| match script {
                None => NOTHING.to_owned(),
                // The runner opens no transaction for its sake, so it has to bring one of its own, as its other half does.
                Some(script) if script.run_in_transaction && !run_in_transaction => {
                    format!("BEGIN;\n\n{}\nCOMMIT;\n", script.sql)
                }
                Some(script) => script.sql.clone(),
            };
            Segment { up: text(up), down: text(down), run_in_transaction }
        })
        .collect();
    if segments.is_empty() { vec![Segment::nothing()] } else { segments }
}

fn cut(dialect: &dyn DialectImpl, plan: &Plan) -> Vec<Script> {
    if plan.steps.is_empty() {
        return Vec::new();
    }
    // SQLite's file opens and closes its own transaction where it has to, around all of it.
    if dialect.dialect() == Dialect::Sqlite {
        return vec![dialect.script(plan)];
    }
    let mut pieces: Vec<Vec<Step>> = Vec::new();
    for step in &plan.steps {
        match pieces.last_mut() {
            Some(piece) if step.in_transaction && piece.last().is_some_and(|last| last.in_transaction) => {
                piece.push(step.clone());
            }
            _ => pieces.push(vec![step.clone()]),
        }
    }
    pieces.into_iter().map(|steps| dialect.script(&Plan { steps })).collect()
}

/// The shortest list of pairs that keeps the order of both: an alignment by longest common subsequence.
fn pair<'a>(ups: &'a [Script], downs: &'a [Script]) -> Vec<(Option<&'a Script>, Option<&'a Script>)> {
    let mut common = vec![vec![0_usize; downs.len() + 1]; ups.len() + 1];
    for (i, up) in ups.iter().enumerate().rev() {
        for (j, down) in downs.iter().enumerate().rev() {
            common[i][j] = if up.run_in_transaction == down.run_in_transaction {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < ups.len() || j < downs.len() {
        match (ups.get(i), downs.get(j)) {
            (Some(up), Some(down)) if up.run_in_transaction == down.run_in_transaction => {
                pairs.push((Some(up), Some(down)));
                (i, j) = (i + 1, j + 1);
            }
            (Some(up), down) if down.is_none() || common[i + 1][j] >= common[i][j + 1] => {
                pairs.push((Some(up), None));
                i += 1;
            }
            (_, down) => {
                pairs.push((None, down));
                j += 1;
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(sql: &str, run_in_transaction: bool) -> Script {
        Script { sql: sql.to_owned(), run_in_transaction }
    }

    fn shown(ups: &[Script], downs: &[Script]) -> Vec<String> {
        let text = |script: Option<&Script>| script.map_or("-".to_owned(), |script| script.sql.clone());
        pair(ups, downs).into_iter().map(|(up, down)| format!("{}/{}", text(up), text(down))).collect()
    }

    #[test]
    fn pieces_of_one_kind_meet_in_one_revision() {
        let ups = [script("a", true), script("b", false), script("c", true)];
        assert_eq!(shown(&ups, &[script("x", true)]), ["a/x", "b/-", "c/-"]);
        assert_eq!(shown(&ups, &[script("x", false)]), ["a/-", "b/x", "c/-"]);
        assert_eq!(shown(&[script("a", false)], &[script("x", true), script("y", false)]), ["-/x", "a/y"]);
        assert_eq!(shown(&[], &[script("x", true)]), ["-/x"]);
    }
}
