//! The safe form of a statement, as edits of its text.

use diesel_schema_core::{Dialect, sql};
use squawk_syntax::SyntaxNode;

use super::catalog::Catalog;
use super::place::Place;
use super::{Finding, Settings, lint};

/// Edits that make one statement safe, and do the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    edits: Vec<Edit>,
    /// Whether the revision has to run outside a transaction then, and does not yet.
    pub leaves_transaction: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    offset: usize,
    length: usize,
    text: String,
}

impl Fix {
    fn one(offset: usize, length: usize, text: String) -> Self {
        Self { edits: vec![Edit { offset, length, text }], leaves_transaction: false }
    }

    /// Puts words behind a token of the statement: the first that is `after`.
    pub(super) fn insert(statement: &SyntaxNode, after: &str, text: &str) -> Option<Self> {
        let mut tokens = statement.descendants_with_tokens().filter_map(|it| it.into_token());
        let token = tokens.find(|token| token.text().eq_ignore_ascii_case(after))?;
        Some(Self::one(token.text_range().end().into(), 0, format!(" {text}")))
    }

    /// Puts statements in the place of one.
    pub(super) fn statements(statement: &SyntaxNode, statements: &[String]) -> Self {
        let range = statement.text_range();
        let end = if statement.text().to_string().trim_end().ends_with(';') { ";" } else { "" };
        Self::one(range.start().into(), range.len().into(), format!("{}{end}", statements.join(";\n")))
    }

    /// The same of a statement that can't share a transaction with others; `None` where the text itself begins one.
    pub(super) fn alone(mut self, place: &Place<'_>) -> Option<Self> {
        match place.transaction {
            None => {}
            Some(0) => self.leaves_transaction = true,
            Some(_) => return None,
        }
        Some(self)
    }

    /// The statement with the edits.
    pub(super) fn rewritten(&self, text: &str, statement: &SyntaxNode) -> String {
        let range = statement.text_range();
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        let mut written = text.get(start..end).unwrap_or_default().to_owned();
        for edit in self.edits.iter().rev() {
            let at = edit.offset - start;
            written.replace_range(at..at + edit.length, &edit.text);
        }
        written.trim().to_owned()
    }

    fn apply(&self, text: &mut String) {
        for edit in self.edits.iter().rev() {
            text.replace_range(edit.offset..edit.offset + edit.length, &edit.text);
        }
    }
}

/// A text with the safe forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The text.
    pub text: String,
    /// Whether it runs in a transaction that it does not begin itself.
    pub in_transaction: bool,
    /// The rules whose findings are gone.
    pub rules: Vec<&'static str>,
}

/// Writes the safe form wherever one is sure; `None` where there is nothing to write. What has to run outside a transaction
/// is rewritten where it does, or where it is the only statement and `may_leave` says that this can be said elsewhere.
#[must_use]
pub fn fix(text: &str, settings: &Settings, known: &Catalog, may_leave: bool) -> Option<Fixed> {
    let mut fixed = Fixed { text: text.to_owned(), in_transaction: settings.in_transaction, rules: Vec::new() };
    // Each turn makes one finding go; a rule whose safe form is found again must not go on for ever.
    let most = 4 * sql::split::split(text, Dialect::Postgres).len() + 4;
    for _ in 0..most {
        let settings = Settings { in_transaction: fixed.in_transaction, ..settings.clone() };
        let alone = may_leave && sql::split::split(&fixed.text, Dialect::Postgres).len() == 1;
        let can =
            |it: &Finding| it.fix.clone().filter(|fix| alone || !fix.leaves_transaction).map(|fix| (it.rule, fix));
        let Some((rule, fix)) = lint(&fixed.text, &settings, &mut known.clone()).iter().find_map(can) else { break };
        fix.apply(&mut fixed.text);
        fixed.in_transaction &= !fix.leaves_transaction;
        fixed.rules.push(rule);
    }
    (!fixed.rules.is_empty()).then_some(fixed)
}
