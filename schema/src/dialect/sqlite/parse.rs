//! What `CREATE TABLE` and `CREATE INDEX` say that no pragma does.
//!
//! SQLite keeps the author's text; it has been accepted once, so a reader that follows the grammar
//! (<https://www.sqlite.org/lang_createtable.html>) is enough. What it does not follow it skips. Expressions keep
//! their double quotes: what is a name in them is known when the columns are (`token::settle`).

use super::token::{Kind, Token, as_written, closing, strip_parentheses, tokens};
use crate::schema::{Deferrable, ForeignKeyAction};

/// A `CREATE TABLE`, as far as pragmas don't say it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TableText {
    pub(super) columns: Vec<ColumnText>,
    pub(super) primary_key: Option<KeyText>,
    pub(super) autoincrement: bool,
    pub(super) uniques: Vec<KeyText>,
    pub(super) checks: Vec<CheckText>,
    pub(super) foreign_keys: Vec<ForeignKeyText>,
    /// `STRICT`, `WITHOUT ROWID`.
    pub(super) options: Vec<String>,
    /// What it says that a schema has no place for: conflict clauses, a descending key.
    pub(super) unread: Vec<String>,
}

/// What a column's definition says beside its type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ColumnText {
    pub(super) name: String,
    pub(super) default: Option<String>,
    pub(super) not_null: bool,
    pub(super) generated: Option<String>,
    pub(super) stored: bool,
    pub(super) collation: Option<String>,
}

/// A primary key or unique constraint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyText {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) descending: bool,
}

/// A check, and the column behind which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CheckText {
    pub(super) name: Option<String>,
    pub(super) expr: String,
}

/// A foreign key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ForeignKeyText {
    pub(super) name: Option<String>,
    pub(super) columns: Vec<String>,
    pub(super) table: String,
    /// Empty where the text leaves out the parent's key.
    pub(super) parent_columns: Vec<String>,
    pub(super) on_delete: ForeignKeyAction,
    pub(super) on_update: ForeignKeyAction,
    pub(super) deferrable: Deferrable,
}

/// A `CREATE INDEX`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct IndexText {
    pub(super) unique: bool,
    pub(super) keys: Vec<KeyPart>,
    pub(super) predicate: Option<String>,
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyPart {
    /// The name, where the key is a single name.
    pub(super) column: Option<String>,
    /// The expression otherwise.
    pub(super) expr: String,
    pub(super) descending: bool,
    pub(super) collation: Option<String>,
}

/// A place in a run of tokens.
struct Cursor<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Cursor<'t, 'a> {
    fn peek(&self) -> Option<&'t Token<'a>> {
        self.tokens.get(self.at)
    }

    fn done(&self) -> bool {
        self.at >= self.tokens.len()
    }

    fn sees(&self, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(offset, word)| self.tokens.get(self.at + offset).is_some_and(|t| t.is(word)))
    }

    fn eat(&mut self, words: &[&str]) -> bool {
        let seen = self.sees(words);
        if seen {
            self.at += words.len();
        }
        seen
    }

    fn name(&mut self) -> Option<String> {
        let name = self.peek()?.name()?;
        self.at += 1;
        Some(name)
    }

    /// What stands in the parentheses that open here.
    fn group(&mut self) -> Option<&'t [Token<'a>]> {
        if !self.sees(&["("]) {
            return None;
        }
        let close = closing(self.tokens, self.at)?;
        let inner = &self.tokens[self.at + 1..close];
        self.at = close + 1;
        Some(inner)
    }
}

/// Cuts at the commas that stand in no parentheses.
pub(super) fn split<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<&'t [Token<'a>]> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (index, token) in tokens.iter().enumerate() {
        match token.text {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 0 => {
                parts.push(&tokens[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    if start < tokens.len() {
        parts.push(&tokens[start..]);
    }
    parts
}

/// Reads a `CREATE TABLE`. `None` where it has no list of columns.
pub(super) fn table(sql: &str) -> Option<TableText> {
    let tokens = tokens(sql);
    let open = tokens.iter().position(|token| token.text == "(")?;
    let close = closing(&tokens, open)?;
    let mut text = TableText::default();
    for part in split(&tokens[open + 1..close]) {
        let mut cursor = Cursor { tokens: part, at: 0 };
        let constraint = cursor.peek().is_some_and(|first| {
            first.is("CONSTRAINT")
                || (first.is("PRIMARY") && cursor.sees(&["PRIMARY", "KEY"]))
                || first.is("UNIQUE")
                || first.is("CHECK")
                || cursor.sees(&["FOREIGN", "KEY"])
        });
        if constraint { table_constraints(&mut cursor, &mut text) } else { column(&mut cursor, &mut text) }
    }
    for part in split(&tokens[close + 1..]) {
        let words: Vec<String> = part.iter().map(|token| token.text.to_ascii_uppercase()).collect();
        text.options.push(words.join(" "));
    }
    text.options.sort();
    Some(text)
}

/// Words that end a column's type.
const COLUMN_CONSTRAINTS: &[&str] =
    &["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"];

fn column(cursor: &mut Cursor<'_, '_>, text: &mut TableText) {
    let Some(name) = cursor.name() else { return };
    let mut column = ColumnText { name: name.clone(), ..ColumnText::default() };
    while let Some(token) = cursor.peek() {
        if COLUMN_CONSTRAINTS.iter().any(|word| token.is(word)) {
            break;
        }
        if cursor.group().is_none() {
            cursor.at += 1;
        }
    }
    let mut constraint_name = None;
    while !cursor.done() {
        if cursor.eat(&["CONSTRAINT"]) {
            constraint_name = cursor.name();
            continue;
        }
        if cursor.eat(&["PRIMARY", "KEY"]) {
            let descending = !cursor.eat(&["ASC"]) && cursor.eat(&["DESC"]);
            let key = KeyText { name: constraint_name.take(), columns: vec![name.clone()], descending };
            if descending {
                text.unread.push("a descending primary key".to_owned());
            }
            conflict(cursor, text);
            text.autoincrement |= cursor.eat(&["AUTOINCREMENT"]);
            text.primary_key = Some(key);
        } else if cursor.eat(&["NOT", "NULL"]) {
            column.not_null = true;
            constraint_name = None;
            conflict(cursor, text);
        } else if cursor.eat(&["NULL"]) {
            constraint_name = None;
            conflict(cursor, text);
        } else if cursor.eat(&["UNIQUE"]) {
            text.uniques.push(KeyText { name: constraint_name.take(), columns: vec![name.clone()], descending: false });
            conflict(cursor, text);
        } else if cursor.eat(&["CHECK"]) {
            if let Some(inner) = cursor.group() {
                text.checks.push(CheckText { name: constraint_name.take(), expr: as_written(inner) });
            }
            conflict(cursor, text);
        } else if cursor.eat(&["DEFAULT"]) {
            column.default = default_value(cursor);
            constraint_name = None;
        } else if cursor.eat(&["COLLATE"]) {
            column.collation = cursor.name();
            constraint_name = None;
        } else if cursor.sees(&["REFERENCES"]) {
            foreign_key(cursor, constraint_name.take(), vec![name.clone()], text);
        } else if cursor.eat(&["GENERATED", "ALWAYS", "AS"]) || cursor.eat(&["AS"]) {
            column.generated = cursor.group().map(as_written);
            column.stored = cursor.eat(&["STORED"]);
            cursor.eat(&["VIRTUAL"]);
            constraint_name = None;
        } else {
            cursor.at += 1;
        }
    }
    text.columns.push(column);
}

/// What stands behind `DEFAULT`, without parentheses.
fn default_value(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    if let Some(inner) = cursor.group() {
        return Some(as_written(inner));
    }
    let start = cursor.at;
    if cursor.sees(&["-"]) || cursor.sees(&["+"]) {
        cursor.at += 1;
    }
    cursor.at = (cursor.at + 1).min(cursor.tokens.len());
    let value = &cursor.tokens[start..cursor.at];
    match value {
        // SQLite takes a bare or double-quoted word behind DEFAULT for a string, except the constants.
        [word] if word.kind == Kind::Quoted => Some(super::token::literal(&super::token::unquote(word.text))),
        [word] if word.kind == Kind::Word => {
            let upper = word.text.to_ascii_uppercase();
            Some(match upper.as_str() {
                "TRUE" | "FALSE" | "NULL" | "CURRENT_TIMESTAMP" | "CURRENT_DATE" | "CURRENT_TIME" => upper,
                _ => super::token::literal(word.text),
            })
        }
        _ => Some(as_written(value)),
    }
}

fn conflict(cursor: &mut Cursor<'_, '_>, text: &mut TableText) {
    if cursor.eat(&["ON", "CONFLICT"])
        && let Some(word) = cursor.name()
        && !word.eq_ignore_ascii_case("ABORT")
    {
        text.unread.push(format!("ON CONFLICT {}", word.to_ascii_uppercase()));
    }
}

fn table_constraints(cursor: &mut Cursor<'_, '_>, text: &mut TableText) {
    let mut name = None;
    while !cursor.done() {
        if cursor.eat(&["CONSTRAINT"]) {
            name = cursor.name();
        } else if cursor.eat(&["PRIMARY", "KEY"]) {
            let key = key(cursor, name.take(), text);
            text.primary_key = key.or(text.primary_key.take());
            conflict(cursor, text);
        } else if cursor.eat(&["UNIQUE"]) {
            let key = key(cursor, name.take(), text);
            text.uniques.extend(key);
            conflict(cursor, text);
        } else if cursor.eat(&["CHECK"]) {
            if let Some(inner) = cursor.group() {
                text.checks.push(CheckText { name: name.take(), expr: as_written(inner) });
            }
            conflict(cursor, text);
        } else if cursor.eat(&["FOREIGN", "KEY"]) {
            let columns = cursor.group().map(names).unwrap_or_default();
            foreign_key(cursor, name.take(), columns, text);
        } else {
            cursor.at += 1;
        }
    }
}

fn key(cursor: &mut Cursor<'_, '_>, name: Option<String>, text: &mut TableText) -> Option<KeyText> {
    let parts: Vec<KeyPart> = split(cursor.group()?).into_iter().map(key_part).collect();
    text.autoincrement |= cursor.tokens.iter().any(|token| token.is("AUTOINCREMENT"));
    if parts.iter().any(|part| part.collation.is_some() || part.descending) {
        text.unread.push("the order or collation of a key's column".to_owned());
    }
    let descending = parts.iter().any(|part| part.descending);
    Some(KeyText {
        name,
        columns: parts.into_iter().map(|part| part.column.unwrap_or(part.expr)).collect(),
        descending,
    })
}

fn names(inner: &[Token<'_>]) -> Vec<String> {
    split(inner).into_iter().filter_map(|part| part.first()?.name()).collect()
}

fn foreign_key(cursor: &mut Cursor<'_, '_>, name: Option<String>, columns: Vec<String>, text: &mut TableText) {
    if !cursor.eat(&["REFERENCES"]) {
        return;
    }
    let Some(table) = cursor.name() else { return };
    let parent_columns = cursor.group().map(names).unwrap_or_default();
    let mut key = ForeignKeyText { name, columns, table, parent_columns, ..ForeignKeyText::default() };
    loop {
        if cursor.eat(&["ON", "DELETE"]) {
            key.on_delete = action(cursor);
        } else if cursor.eat(&["ON", "UPDATE"]) {
            key.on_update = action(cursor);
        } else if cursor.eat(&["MATCH"]) {
            // SQLite parses MATCH and does as if it were SIMPLE.
            cursor.at += 1;
        } else if cursor.eat(&["NOT", "DEFERRABLE"]) {
            if cursor.eat(&["INITIALLY"]) {
                cursor.at += 1;
            }
        } else if cursor.eat(&["DEFERRABLE"]) {
            key.deferrable = Deferrable::InitiallyImmediate;
            if cursor.eat(&["INITIALLY", "DEFERRED"]) {
                key.deferrable = Deferrable::InitiallyDeferred;
            } else {
                cursor.eat(&["INITIALLY", "IMMEDIATE"]);
            }
        } else {
            break;
        }
    }
    text.foreign_keys.push(key);
}

fn action(cursor: &mut Cursor<'_, '_>) -> ForeignKeyAction {
    for (words, action) in [
        (&["SET", "NULL"][..], ForeignKeyAction::SetNull),
        (&["SET", "DEFAULT"], ForeignKeyAction::SetDefault),
        (&["CASCADE"], ForeignKeyAction::Cascade),
        (&["RESTRICT"], ForeignKeyAction::Restrict),
    ] {
        if cursor.eat(words) {
            return action;
        }
    }
    cursor.eat(&["NO", "ACTION"]);
    ForeignKeyAction::NoAction
}

/// Reads a `CREATE INDEX`.
pub(super) fn index(sql: &str) -> Option<IndexText> {
    let tokens = tokens(sql);
    let open = tokens.iter().position(|token| token.text == "(")?;
    let close = closing(&tokens, open)?;
    let rest = &tokens[close + 1..];
    Some(IndexText {
        unique: tokens.get(1).is_some_and(|token| token.is("UNIQUE")),
        keys: split(&tokens[open + 1..close]).into_iter().map(key_part).collect(),
        predicate: rest.first().filter(|token| token.is("WHERE")).map(|_| as_written(&rest[1..])),
    })
}

fn key_part(mut part: &[Token<'_>]) -> KeyPart {
    let mut descending = false;
    if let [before @ .., last] = part
        && !before.is_empty()
        && last.is("AUTOINCREMENT")
    {
        part = before;
    }
    if let [before @ .., last] = part
        && !before.is_empty()
        && (last.is("ASC") || last.is("DESC"))
    {
        descending = last.is("DESC");
        part = before;
    }
    let mut collation = None;
    if let [before @ .., word, name] = part
        && !before.is_empty()
        && word.is("COLLATE")
    {
        collation = name.name();
        part = before;
    }
    let inner = strip_parentheses(part);
    let column = match inner {
        [token] => token.name(),
        _ => None,
    };
    KeyPart { column, expr: as_written(inner), descending, collation }
}
