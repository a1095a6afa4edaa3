//! A plan up and a plan down → the files of one revision, or of several that follow each other.

use diesel_schema_core::Dialect;

use crate::change::{Plan, Stage, Step};
use crate::dialect::{DialectImpl, Script};
use crate::plan::split;

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
    /// What it is for, as a word of its folder's name, where it is one of several: `validate`.
    pub purpose: Option<&'static str>,
}

impl Segment {
    /// A revision that does nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self { up: NOTHING.to_owned(), down: NOTHING.to_owned(), run_in_transaction: true, purpose: None }
    }
}

/// What one revision runs in one direction.
#[derive(Debug, Clone)]
struct Piece {
    script: Script,
    purpose: Option<&'static str>,
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
            let run_in_transaction = up.into_iter().chain(down).all(|piece| piece.script.run_in_transaction);
            let purpose = up.or(down).and_then(|piece| piece.purpose);
            let text = |piece: Option<&Piece>| match piece.map(|piece| &piece.script) {
                None => NOTHING.to_owned(),
                // The runner opens no transaction for its sake, so it has to bring one of its own, as its other half does.
                Some(script) if script.run_in_transaction && !run_in_transaction => {
                    format!("BEGIN;\n\n{}\nCOMMIT;\n", script.sql)
                }
                Some(script) => script.sql.clone(),
            };
            Segment { up: text(up), down: text(down), run_in_transaction, purpose }
        })
        .collect();
    if segments.is_empty() { vec![Segment::nothing()] } else { segments }
}

fn cut(dialect: &dyn DialectImpl, plan: &Plan) -> Vec<Piece> {
    if plan.steps.is_empty() {
        return Vec::new();
    }
    // SQLite's file opens and closes its own transaction where it has to, around all of it.
    if dialect.dialect() == Dialect::Sqlite {
        return vec![Piece { script: dialect.script(plan), purpose: None }];
    }
    let piece = |plan: Plan| Piece { script: dialect.script(&plan), purpose: purpose(&plan.steps) };
    split(plan.clone()).into_iter().map(piece).collect()
}

/// The files of a plan, each as long as one transaction lets it be.
pub(super) fn scripts(dialect: &dyn DialectImpl, plan: &Plan) -> Vec<Script> {
    match dialect.dialect() {
        // SQLite's own envelope goes around all of it.
        Dialect::Sqlite => vec![dialect.script(plan)],
        _ => split(plan.clone()).iter().map(|piece| dialect.script(piece)).collect(),
    }
}

/// The same as one text, for whoever sends a statement at a time: what may share a transaction stands between `BEGIN`
/// and `COMMIT`, what may not beside it.
pub(super) fn with_transactions(scripts: &[Script]) -> String {
    let text = |script: &Script| match script.run_in_transaction {
        true => format!("BEGIN;\n\n{}\nCOMMIT;\n", script.sql),
        false => script.sql.clone(),
    };
    scripts.iter().map(text).collect::<Vec<_>>().join("\n")
}

fn purpose(steps: &[Step]) -> Option<&'static str> {
    match steps.first()? {
        step if step.stage == Stage::Fill => Some("backfill"),
        step if step.stage == Stage::Constrain => Some("constrain"),
        step if step.stage == Stage::Validate => Some("validate"),
        step if step.stage == Stage::Settle => Some("settle"),
        step if step.sql.contains("INDEX CONCURRENTLY") => Some("concurrently"),
        step if step.stage == Stage::Build => Some("constrain"),
        step if step.stage == Stage::Swap => Some("swap"),
        _ => None,
    }
}

/// The shortest list of pairs that keeps the order of both: an alignment by longest common subsequence.
fn pair<'a>(ups: &'a [Piece], downs: &'a [Piece]) -> Vec<(Option<&'a Piece>, Option<&'a Piece>)> {
    let alike = |up: &Piece, down: &Piece| up.script.run_in_transaction == down.script.run_in_transaction;
    let mut common = vec![vec![0_usize; downs.len() + 1]; ups.len() + 1];
    for (i, up) in ups.iter().enumerate().rev() {
        for (j, down) in downs.iter().enumerate().rev() {
            common[i][j] =
                if alike(up, down) { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < ups.len() || j < downs.len() {
        match (ups.get(i), downs.get(j)) {
            (Some(up), Some(down)) if alike(up, down) => {
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

    fn script(sql: &str, run_in_transaction: bool) -> Piece {
        Piece { script: Script { sql: sql.to_owned(), run_in_transaction }, purpose: None }
    }

    fn shown(ups: &[Piece], downs: &[Piece]) -> Vec<String> {
        let text = |piece: Option<&Piece>| piece.map_or("-".to_owned(), |piece| piece.script.sql.clone());
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
