//! Walks the tokens of one line.

use std::str::FromStr;

use super::super::text::{Token, tokens};
use crate::declared::Expr;

pub(super) struct Cursor {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    fields: Vec<String>,
}

impl Cursor {
    pub(super) fn new(line: &str) -> Result<Self, String> {
        Ok(Self { tokens: tokens(line)?.into_iter().peekable(), fields: Vec::new() })
    }

    pub(super) fn try_mark(&mut self, mark: char) -> bool {
        self.tokens.next_if_eq(&Token::Mark(mark)).is_some()
    }

    pub(super) fn mark(&mut self, mark: char) -> Result<(), String> {
        if self.try_mark(mark) { Ok(()) } else { Err(format!("`{mark}` is missing{}", self.before())) }
    }

    fn before(&mut self) -> String {
        match self.tokens.peek() {
            Some(Token::Word(text) | Token::Text(text)) => format!(" before `{text}`"),
            Some(Token::Mark(mark)) => format!(" before `{mark}`"),
            None => " at its end".to_owned(),
        }
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        self.tokens.next()
    }

    pub(super) fn word(&mut self) -> Result<String, String> {
        match self.tokens.next() {
            Some(Token::Word(word)) => Ok(word),
            _ => Err("a word is missing".to_owned()),
        }
    }

    pub(super) fn name(&mut self) -> Result<String, String> {
        match self.tokens.next() {
            Some(Token::Word(text) | Token::Text(text)) => Ok(text),
            _ => Err("a name is missing".to_owned()),
        }
    }

    pub(super) fn text(&mut self) -> Result<String, String> {
        match self.tokens.next() {
            Some(Token::Text(text)) => Ok(text),
            _ => Err("a quoted text is missing".to_owned()),
        }
    }

    pub(super) fn number<T: FromStr>(&mut self) -> Result<T, String> {
        let word = self.word()?;
        word.parse().map_err(|_| format!("`{word}` is no number that fits here"))
    }

    /// Names with dots between them.
    pub(super) fn path(&mut self) -> Result<Vec<String>, String> {
        let mut out = vec![self.name()?];
        while self.try_mark('.') {
            out.push(self.name()?);
        }
        Ok(out)
    }

    pub(super) fn qualified(&mut self) -> Result<(Option<String>, String), String> {
        split(self.path()?)
    }

    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        self.mark('[')?;
        let mut out = Vec::new();
        if self.try_mark(']') {
            return Ok(out);
        }
        loop {
            out.push(item(self)?);
            if self.try_mark(']') {
                return Ok(out);
            }
            self.mark(',')?;
        }
    }

    pub(super) fn in_parentheses<T>(&mut self, item: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        self.mark('(')?;
        let out = item(self)?;
        self.mark(')')?;
        Ok(out)
    }

    pub(super) fn expr(&mut self) -> Result<Expr, String> {
        if !self.try_mark('(') {
            return Ok(Expr { sql: self.text()?, postgres: None, sqlite: None, mysql: None });
        }
        let mut out = Expr { sql: self.text()?, postgres: None, sqlite: None, mysql: None };
        while self.try_mark(',') {
            let dialect = self.word()?;
            self.mark('=')?;
            let sql = Some(self.text()?);
            match &*dialect {
                "postgres" => out.postgres = sql,
                "sqlite" => out.sqlite = sql,
                "mysql" => out.mysql = sql,
                _ => return Err(format!("`{dialect}` is no dialect")),
            }
        }
        self.mark(')')?;
        Ok(out)
    }

    /// Fields of their own between parentheses.
    pub(super) fn nested<T>(&mut self, item: impl FnOnce(&mut Self) -> Result<T, String>) -> Result<T, String> {
        let outer = std::mem::take(&mut self.fields);
        let out = self.in_parentheses(item);
        self.fields = outer;
        out
    }

    /// The next field's word with its `=` where it has one; `None` at the line's end, and before a `)`.
    pub(super) fn field(&mut self) -> Result<Option<String>, String> {
        if self.tokens.peek().is_none_or(|token| *token == Token::Mark(')')) {
            return Ok(None);
        }
        let mut word = self.word()?;
        if self.try_mark('=') {
            word.push('=');
        }
        if self.fields.contains(&word) {
            return Err(format!("`{word}` stands there twice"));
        }
        self.fields.push(word.clone());
        Ok(Some(word))
    }

    /// A flag of an index key, which a `,` or `]` ends.
    pub(super) fn key_flag(&mut self) -> Option<String> {
        match self.tokens.next_if(|token| matches!(token, Token::Word(_))) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }
}

pub(super) fn split(mut path: Vec<String>) -> Result<(Option<String>, String), String> {
    match (path.pop(), path.pop(), path.pop()) {
        (Some(name), namespace, None) => Ok((namespace, name)),
        _ => Err("a name has one dot at most".to_owned()),
    }
}

pub(super) fn unknown<T>(word: &str) -> Result<T, String> {
    Err(format!("`{word}` is not known there"))
}
