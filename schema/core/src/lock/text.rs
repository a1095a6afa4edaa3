//! Words, quoted texts and marks: what a line of the lock is made of.

use std::fmt::Write;

/// One token of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Letters, digits, `_`, `-`: stands unquoted.
    Word(String),
    /// What stood between quotes, unescaped.
    Text(String),
    /// One of `.,()[]=`.
    Mark(char),
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// A name: as it is where it is a word, else quoted.
pub(super) fn name(text: &str) -> String {
    if !text.is_empty() && text.chars().all(is_word_char) { text.to_owned() } else { quoted(text) }
}

/// Text between quotes, on one line whatever it holds. Only what could break the line is escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                // Writing to a String can't fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Takes a line apart.
///
/// # Errors
/// A sentence's part, when a quote is not closed, an escape is unknown or a character stands for nothing.
pub(super) fn tokens(line: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' => {}
            '"' => out.push(Token::Text(unquote(&mut chars)?)),
            '.' | ',' | '(' | ')' | '[' | ']' | '=' => out.push(Token::Mark(c)),
            c if is_word_char(c) => {
                let mut word = String::from(c);
                while let Some(next) = chars.next_if(|c| is_word_char(*c)) {
                    word.push(next);
                }
                out.push(Token::Word(word));
            }
            c => return Err(format!("`{c}` has no meaning outside quotes")),
        }
    }
    Ok(out)
}

fn unquote(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, String> {
    let mut out = String::new();
    loop {
        match chars.next().ok_or("a quote is not closed")? {
            '"' => return Ok(out),
            '\\' => match chars.next().ok_or("a quote is not closed")? {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                c @ ('"' | '\\') => out.push(c),
                'u' => {
                    let digits: String = chars.by_ref().skip_while(|c| *c == '{').take_while(|c| *c != '}').collect();
                    let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                    out.push(code.ok_or_else(|| format!("`\\u{{{digits}}}` is no character"))?);
                }
                c => return Err(format!("`\\{c}` is no escape")),
            },
            c => out.push(c),
        }
    }
}
