//! SQLite's tokens, and one canonical spelling of a run of them.
//!
//! The rules are those of SQLite's own tokenizer (<https://www.sqlite.org/src/file/src/tokenize.c>); what is
//! malformed becomes a token of its own kind and never an error, because the server has the last word.

use std::ops::Range;

pub(super) use crate::connection::literal;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A bare word: keyword or identifier.
    Word,
    /// `"x"`, `[x]` or a backquoted identifier.
    Quoted,
    /// `'x'`.
    Text,
    /// `x'00'`.
    Blob,
    /// A number.
    Number,
    /// `?1`, `:a`, `@a`, `$a`.
    Variable,
    /// Anything else: an operator, a parenthesis, a comma.
    Symbol,
}

/// One token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// As it was written.
    pub(super) text: &'a str,
}

impl Token<'_> {
    /// Whether it is this keyword, unquoted, in any case.
    pub(super) fn is(&self, word: &str) -> bool {
        match self.kind {
            Kind::Word | Kind::Symbol => self.text.eq_ignore_ascii_case(word),
            _ => false,
        }
    }

    /// The name that it stands for, where it can be one: SQLite takes `'x'` for a name too.
    pub(super) fn name(&self) -> Option<String> {
        match self.kind {
            Kind::Word => Some(self.text.to_owned()),
            Kind::Quoted | Kind::Text => Some(unquote(self.text)),
            _ => None,
        }
    }
}

/// The text without its quotes, doubled quotes made one.
pub(super) fn unquote(text: &str) -> String {
    let Some(open) = text.chars().next() else { return String::new() };
    let close = if open == '[' { ']' } else { open };
    let inner = &text[open.len_utf8()..];
    let inner = inner.strip_suffix(close).unwrap_or(inner);
    if open == '[' { inner.to_owned() } else { inner.replace(&format!("{close}{close}"), &close.to_string()) }
}

/// Cuts text into tokens; spaces and comments are left out.
pub(super) fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((kind, range)) = next(sql, at) {
        at = range.end;
        if let Some(kind) = kind {
            found.push(Token { kind, text: &sql[range] });
        }
    }
    found
}

/// The token at `at`, with no kind for spaces and comments.
fn next(sql: &str, at: usize) -> Option<(Option<Kind>, Range<usize>)> {
    let rest = &sql[at..];
    let first = rest.chars().next()?;
    let until = |length: usize| at..at + length;
    let run = |accept: &dyn Fn(char) -> bool| rest.find(|c| !accept(c)).unwrap_or(rest.len());
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii();
    Some(match first {
        c if c.is_ascii_whitespace() || c == '\u{b}' || c == '\0' => {
            (None, until(run(&|c| c.is_ascii_whitespace() || c == '\u{b}' || c == '\0')))
        }
        '-' if rest.starts_with("--") => (None, until(rest.find('\n').map_or(rest.len(), |end| end + 1))),
        '/' if rest.starts_with("/*") => {
            (None, until(rest.get(2..).and_then(|body| body.find("*/")).map_or(rest.len(), |end| end + 4)))
        }
        '\'' => (Some(Kind::Text), until(quoted(rest, '\''))),
        '"' | '`' => (Some(Kind::Quoted), until(quoted(rest, first))),
        '[' => (Some(Kind::Quoted), until(rest.find(']').map_or(rest.len(), |end| end + 1))),
        'x' | 'X' if rest[1..].starts_with('\'') => (Some(Kind::Blob), until(1 + quoted(&rest[1..], '\''))),
        c if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|d: char| d.is_ascii_digit())) => {
            (Some(Kind::Number), until(number(rest)))
        }
        '?' | ':' | '@' | '#' => {
            (Some(Kind::Variable), until(1 + rest[1..].find(|c| !word(c)).unwrap_or(rest.len() - 1)))
        }
        c if word(c) => (Some(Kind::Word), until(run(&word))),
        _ => {
            let operator = ["->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "=="]
                .into_iter()
                .find(|operator| rest.starts_with(operator));
            (Some(Kind::Symbol), until(operator.map_or(first.len_utf8(), str::len)))
        }
    })
}

/// The length of the quoted text that `rest` starts with; all of it where the quote is never closed.
fn quoted(rest: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(found) = rest[at..].find(quote) {
        at += found + 1;
        if !rest[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    rest.len()
}

/// The length of the number that `rest` starts with.
fn number(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    while let Some(&byte) = bytes.get(end) {
        let exponent_sign = matches!(byte, b'+' | b'-')
            && end > 0
            && matches!(bytes[end - 1], b'e' | b'E')
            && !rest.starts_with("0x")
            && !rest.starts_with("0X");
        if byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'_' || exponent_sign {
            end += 1;
        } else {
            break;
        }
    }
    end
}

/// Words that mean something to SQLite, so that an identifier of that name keeps its quotes.
/// From <https://www.sqlite.org/lang_keywords.html>, sorted.
const KEYWORDS: &[&str] = &[
    "ABORT",
    "ACTION",
    "ADD",
    "AFTER",
    "ALL",
    "ALTER",
    "ALWAYS",
    "ANALYZE",
    "AND",
    "AS",
    "ASC",
    "ATTACH",
    "AUTOINCREMENT",
    "BEFORE",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CASCADE",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COLUMN",
    "COMMIT",
    "CONFLICT",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CURRENT",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DATABASE",
    "DEFAULT",
    "DEFERRABLE",
    "DEFERRED",
    "DELETE",
    "DESC",
    "DETACH",
    "DISTINCT",
    "DO",
    "DROP",
    "EACH",
    "ELSE",
    "END",
    "ESCAPE",
    "EXCEPT",
    "EXCLUDE",
    "EXCLUSIVE",
    "EXISTS",
    "EXPLAIN",
    "FAIL",
    "FALSE",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FOR",
    "FOREIGN",
    "FROM",
    "FULL",
    "GENERATED",
    "GLOB",
    "GROUP",
    "GROUPS",
    "HAVING",
    "IF",
    "IGNORE",
    "IMMEDIATE",
    "IN",
    "INDEX",
    "INDEXED",
    "INITIALLY",
    "INNER",
    "INSERT",
    "INSTEAD",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "KEY",
    "LAST",
    "LEFT",
    "LIKE",
    "LIMIT",
    "MATCH",
    "MATERIALIZED",
    "NATURAL",
    "NO",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "NULLS",
    "OF",
    "OFFSET",
    "ON",
    "OR",
    "ORDER",
    "OTHERS",
    "OUTER",
    "OVER",
    "PARTITION",
    "PLAN",
    "PRAGMA",
    "PRECEDING",
    "PRIMARY",
    "QUERY",
    "RAISE",
    "RANGE",
    "RECURSIVE",
    "REFERENCES",
    "REGEXP",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "REPLACE",
    "RESTRICT",
    "RETURNING",
    "RIGHT",
    "ROLLBACK",
    "ROW",
    "ROWS",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "TABLE",
    "TEMP",
    "TEMPORARY",
    "THEN",
    "TIES",
    "TO",
    "TRANSACTION",
    "TRIGGER",
    "TRUE",
    "UNBOUNDED",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VACUUM",
    "VALUES",
    "VIEW",
    "VIRTUAL",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
    "WITHOUT",
];

/// Keywords that operate inside an expression and are written in capitals there; a function's name is none of them.
const OPERATORS: &[&str] = &[
    "AND",
    "AS",
    "BETWEEN",
    "CASE",
    "CAST",
    "COLLATE",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DISTINCT",
    "ELSE",
    "END",
    "ESCAPE",
    "EXISTS",
    "FALSE",
    "FROM",
    "GLOB",
    "IN",
    "IS",
    "ISNULL",
    "LIKE",
    "MATCH",
    "NOT",
    "NOTNULL",
    "NULL",
    "OR",
    "REGEXP",
    "SELECT",
    "THEN",
    "TRUE",
    "WHEN",
    "WHERE",
];

fn in_list(list: &[&str], word: &str) -> bool {
    list.binary_search(&word.to_ascii_uppercase().as_str()).is_ok()
}

/// Whether an identifier can stand without quotes.
fn is_plain(identifier: &str) -> bool {
    let mut bytes = identifier.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !in_list(KEYWORDS, identifier)
}

/// An identifier, quoted where it has to be.
pub(super) fn quote(identifier: &str) -> String {
    if is_plain(identifier) { identifier.to_owned() } else { format!("\"{}\"", identifier.replace('"', "\"\"")) }
}

/// Tokens in one canonical spelling: single spaces, operators in capitals, names quoted only where they have to be.
///
/// `"x"` is read as a name; where SQLite may have taken it for a string, [`spell_with`] says what it is.
pub(super) fn spell(tokens: &[Token<'_>]) -> String {
    spell_with(tokens, &|_| None)
}

/// [`spell`], with other words for the double-quoted tokens (by their place) that are no names, or may be none:
/// SQLite takes one for a string where no column has that name (<https://www.sqlite.org/quirks.html#dblquote>).
pub(super) fn spell_with(tokens: &[Token<'_>], instead: &dyn Fn(usize) -> Option<String>) -> String {
    let mut out = String::new();
    let mut previous: Option<&Token<'_>> = None;
    let mut glue = true;
    for (at, token) in tokens.iter().enumerate() {
        let double = token.kind == Kind::Quoted && token.text.starts_with('"');
        let other = if double { instead(at) } else { None };
        let text = match token.kind {
            _ if other.is_some() => other.unwrap_or_default(),
            Kind::Quoted => quote(&unquote(token.text)),
            Kind::Word if in_list(OPERATORS, token.text) => token.text.to_ascii_uppercase(),
            Kind::Symbol if token.text == "==" => "=".to_owned(),
            Kind::Symbol if token.text == "!=" => "<>".to_owned(),
            _ => token.text.to_owned(),
        };
        let call = text == "("
            && previous.is_some_and(|p| {
                p.kind == Kind::Quoted
                    || (p.kind == Kind::Word
                        && (p.is("CAST")
                            || !in_list(KEYWORDS, p.text)
                            || p.is("replace")
                            || p.is("glob")
                            || p.is("like")))
            });
        let tight = glue || matches!(text.as_str(), ")" | "," | "." | ";") || call;
        if !tight {
            out.push(' ');
        }
        let sign = matches!(text.as_str(), "-" | "+" | "~")
            && token.kind == Kind::Symbol
            && previous.is_none_or(|p| match p.kind {
                Kind::Symbol => p.text != ")",
                Kind::Word => in_list(KEYWORDS, p.text) && !p.is("END") && !p.is("NULL"),
                _ => false,
            });
        out.push_str(&text);
        glue = matches!(text.as_str(), "(" | ".") && token.kind == Kind::Symbol;
        if sign {
            // `- -1` keeps its space: `--` would begin a comment.
            glue = true;
            if previous.is_some_and(|p| p.text == "-") && out.ends_with("--") {
                out.pop();
                out.push_str(" -");
            }
        }
        previous = Some(token);
    }
    out
}

/// [`spell`] of text.
pub(super) fn canonical(sql: &str) -> String {
    spell(&tokens(sql))
}

/// [`spell`] of an expression, without the parentheses around the whole of it.
pub(super) fn expression(tokens: &[Token<'_>]) -> String {
    spell(strip_parentheses(tokens))
}

/// An expression of a table whose columns are known: a double-quoted word that is none of them is a string.
pub(super) fn settle(sql: &str, columns: &[&str]) -> String {
    let tokens = tokens(sql);
    spell_with(&tokens, &|at| {
        let word = unquote(tokens[at].text);
        let is_function = tokens.get(at + 1).is_some_and(|next| next.text == "(");
        let is_collation = at > 0 && tokens[at - 1].is("COLLATE");
        let is_column = columns.iter().any(|column| column.eq_ignore_ascii_case(&word));
        (!is_column && !is_function && !is_collation && !beside_dot(&tokens, at)).then(|| literal(&word))
    })
}

/// [`expression`] with every double quote as it was written, for [`settle`].
pub(super) fn as_written(tokens: &[Token<'_>]) -> String {
    let tokens = strip_parentheses(tokens);
    spell_with(tokens, &|at| Some(tokens[at].text.to_owned()))
}

/// Whether a token stands before or behind a dot, as only names do.
pub(super) fn beside_dot(tokens: &[Token<'_>], at: usize) -> bool {
    let is_dot = |token: Option<&Token<'_>>| token.is_some_and(|token| token.text == ".");
    is_dot(tokens.get(at + 1)) || at.checked_sub(1).is_some_and(|before| is_dot(tokens.get(before)))
}

/// The tokens without parentheses that enclose all of them.
pub(super) fn strip_parentheses<'t, 'a>(mut tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    while tokens.len() > 2 && tokens[0].text == "(" && closing(tokens, 0) == Some(tokens.len() - 1) {
        tokens = &tokens[1..tokens.len() - 1];
    }
    tokens
}

/// Where the parenthesis that opens at `open` closes.
pub(super) fn closing(tokens: &[Token<'_>], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" => depth += 1,
            ")" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}
