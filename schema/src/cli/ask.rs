//! Questions in a terminal.

use std::io::IsTerminal;

use crate::diff::Candidate;
use crate::generate::Ask;

/// Asks where a person sits at both ends, and else takes no for an answer.
pub(super) struct Terminal {
    there: bool,
    answers: Vec<(String, bool)>,
}

impl Terminal {
    /// Looks whether both ends are a terminal.
    pub(super) fn new() -> Self {
        Self { there: std::io::stdin().is_terminal() && std::io::stderr().is_terminal(), answers: Vec::new() }
    }

    /// Whether somebody is there to answer.
    pub(super) const fn is_there(&self) -> bool {
        self.there
    }

    /// The same question is asked once, though every dialect has it.
    pub(super) fn yes(&mut self, question: String) -> bool {
        if !self.there {
            return false;
        }
        if let Some((_, answer)) = self.answers.iter().find(|(asked, _)| *asked == question) {
            return *answer;
        }
        let answer = dialoguer::Confirm::new().with_prompt(&question).default(false).interact().unwrap_or(false);
        self.answers.push((question, answer));
        answer
    }
}

impl Ask for Terminal {
    fn is_rename(&mut self, candidate: &Candidate) -> bool {
        self.yes(match candidate {
            Candidate::Table(from, to) => {
                format!("Table {from} goes and {to} comes. Is it the same table under a new name, rows kept?")
            }
            Candidate::Column(table, from, to) => {
                format!(
                    "Column {table}.{from} goes and {to} comes. Is it the same column under a new name, values kept?"
                )
            }
        })
    }

    fn accepts_losses(&mut self, losses: &[String]) -> bool {
        self.there && self.yes(format!("Data will be lost: {}. Is that meant?", losses.join("; ")))
    }
}
