//! Cuts a script into its statements, without understanding them.
//!
//! Follows the lexers of the servers: PostgreSQL's `scan.l` and psql's (dollar quotes, nested comments, `E''` strings,
//! `BEGIN ATOMIC` bodies, parentheses: `CREATE RULE .. DO (..; ..)`) and SQLite's `sqlite3_complete` (trigger bodies).

use crate::Dialect;

/// One statement of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement<'a> {
    /// The statement, without its `;`, and without the white space and comments in front of it.
    pub sql: &'a str,
    /// Where it begins in the script, in bytes.
    pub offset: usize,
}

/// The statements of `script`, in order; what is only comments and white space is none.
///
/// Never fails: a quote or comment that is left open runs to the end of the script. A parenthesis that is left open does
/// not: from the statement that it stands in on, every `;` ends one.
#[must_use]
pub fn split(script: &str, dialect: Dialect) -> Vec<Statement<'_>> {
    let mut statements = Vec::new();
    let mut body = Body::new(dialect);
    let mut counts = dialect == Dialect::Postgres;
    let mut start = None;
    let mut end = 0;
    let mut at = 0;
    loop {
        if at == script.len() {
            match start.filter(|_| counts && body.parentheses > 0) {
                Some(first) => (at, start, body, counts) = (first, None, Body::new(dialect), false),
                None => break,
            }
        }
        let token = next_token(script, at, dialect);
        let text = &script[at..token.end];
        match token.kind {
            Kind::Space => {}
            Kind::Other if text == ";" && body.depth == 0 && body.parentheses == 0 => {
                if let Some(start) = start.take() {
                    statements.push(Statement { sql: &script[start..end], offset: start });
                }
                body = Body::new(dialect);
            }
            kind => {
                start.get_or_insert(at);
                end = token.end;
                match kind {
                    Kind::Word => body.word(text),
                    _ if counts && text == "(" => body.parentheses += 1,
                    _ if counts && text == ")" => body.parentheses = body.parentheses.saturating_sub(1),
                    _ => {}
                }
            }
        }
        at = token.end;
    }
    if let Some(start) = start {
        statements.push(Statement { sql: &script[start..end], offset: start });
    }
    statements
}

/// The words at the beginning of a statement and its identifiers, for telling what it creates: words are as
/// written, quoted identifiers keep their quotes, anything else is a token of its own; comments are left out.
#[must_use]
pub fn tokens(sql: &str, dialect: Dialect) -> Vec<Statement<'_>> {
    each_token(sql, dialect).collect()
}

/// The same, each when it is asked for: of what may be long, only the beginning is read then.
pub fn each_token(sql: &str, dialect: Dialect) -> impl Iterator<Item = Statement<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < sql.len() {
            let offset = at;
            let token = next_token(sql, offset, dialect);
            at = token.end;
            if !matches!(token.kind, Kind::Space) {
                return Some(Statement { sql: &sql[offset..at], offset });
            }
        }
        None
    })
}

/// How deep a statement stands in a body whose `;` do not end it.
struct Body {
    dialect: Dialect,
    words: usize,
    creates: bool,
    holds_body: bool,
    after_begin: bool,
    depth: usize,
    /// How many are open.
    parentheses: usize,
}

impl Body {
    fn new(dialect: Dialect) -> Self {
        Self { dialect, words: 0, creates: false, holds_body: false, after_begin: false, depth: 0, parentheses: 0 }
    }

    fn word(&mut self, word: &str) {
        let is = |other: &str| word.eq_ignore_ascii_case(other);
        self.words += 1;
        if self.words == 1 {
            self.creates = is("create");
            return;
        }
        if !self.creates {
            return;
        }
        if self.words <= 4 && !self.holds_body {
            self.holds_body = match self.dialect {
                Dialect::Sqlite => is("trigger"),
                _ => is("function") || is("procedure"),
            };
            return;
        }
        if !self.holds_body {
            return;
        }
        let begins = match self.dialect {
            Dialect::Sqlite => is("begin"),
            _ => self.after_begin && is("atomic"),
        };
        self.after_begin = is("begin");
        if (self.depth == 0 && begins) || (self.depth > 0 && is("case")) {
            self.depth += 1;
        } else if self.depth > 0 && is("end") {
            self.depth -= 1;
        }
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Space,
    Word,
    Other,
}

struct Token {
    end: usize,
    kind: Kind,
}

fn next_token(script: &str, at: usize, dialect: Dialect) -> Token {
    let rest = &script[at..];
    let postgres = dialect == Dialect::Postgres;
    let token = |length: usize, kind| Token { end: at + length, kind };
    let Some(first) = rest.chars().next() else { return token(0, Kind::Space) };
    match first {
        _ if first.is_whitespace() || first == '\u{feff}' => {
            token(rest.find(|c: char| !c.is_whitespace() && c != '\u{feff}').unwrap_or(rest.len()), Kind::Space)
        }
        '-' if rest.starts_with("--") => token(rest.find('\n').unwrap_or(rest.len()), Kind::Space),
        '/' if rest.starts_with("/*") => token(comment(rest, postgres), Kind::Space),
        '\'' => token(quoted(rest, 0, '\'', dialect == Dialect::Mysql), Kind::Other),
        'e' | 'E' if postgres && rest[1..].starts_with('\'') => token(quoted(rest, 1, '\'', true), Kind::Other),
        '"' => token(quoted(rest, 0, '"', false), Kind::Other),
        '`' if !postgres => token(quoted(rest, 0, '`', false), Kind::Other),
        '[' if dialect == Dialect::Sqlite => token(rest.find(']').map_or(rest.len(), |end| end + 1), Kind::Other),
        '$' if postgres => token(dollar(rest), Kind::Other),
        _ if is_word(first) => token(rest.find(|c: char| !is_word(c) && c != '$').unwrap_or(rest.len()), Kind::Word),
        _ => token(first.len_utf8(), Kind::Other),
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii() && !c.is_whitespace() && c != '\u{feff}'
}

fn comment(rest: &str, nested: bool) -> usize {
    let bytes = rest.as_bytes();
    let (mut depth, mut at) = (1, 2);
    while at + 1 < bytes.len() {
        match &bytes[at..at + 2] {
            b"*/" => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            b"/*" if nested => {
                depth += 1;
                at += 2;
            }
            _ => at += 1,
        }
    }
    rest.len()
}

fn quoted(rest: &str, opening: usize, quote: char, backslash: bool) -> usize {
    let mut characters = rest.char_indices().skip(opening + 1).peekable();
    while let Some((at, c)) = characters.next() {
        if c == '\\' && backslash {
            characters.next();
        } else if c == quote {
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
            } else {
                return at + 1;
            }
        }
    }
    rest.len()
}

/// `$tag$ .. $tag$`; a `$` that opens no such quote (`$1`) is a token of its own.
fn dollar(rest: &str) -> usize {
    let Some(tag_end) = rest[1..].find('$').map(|end| end + 2) else { return 1 };
    let tag = &rest[1..tag_end - 1];
    if !tag.chars().all(is_word) || tag.starts_with(|c: char| c.is_ascii_digit()) {
        return 1;
    }
    rest[tag_end..].find(&rest[..tag_end]).map_or(rest.len(), |end| tag_end + end + tag_end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sqls(script: &str, dialect: Dialect) -> Vec<&str> {
        split(script, dialect).into_iter().map(|statement| statement.sql).collect()
    }

    #[test]
    fn quotes_and_comments_hide_semicolons() {
        let script = "-- a;b\nSELECT ';', \";\", E'\\';', $$;$$, $x$ $$;$$ $x$ /* ; /* ; */ ; */; ; SELECT $1;";
        assert_eq!(sqls(script, Dialect::Postgres), ["SELECT ';', \";\", E'\\';', $$;$$, $x$ $$;$$ $x$", "SELECT $1"]);
    }

    #[test]
    fn bodies_are_whole() {
        let trigger = "CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE a SET b = CASE WHEN 1 THEN 2 END; SELECT 1; END";
        assert_eq!(sqls(&format!("{trigger}; SELECT 2"), Dialect::Sqlite), [trigger, "SELECT 2"]);
        let function = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END";
        assert_eq!(sqls(&format!("{function};BEGIN;COMMIT"), Dialect::Postgres), [function, "BEGIN", "COMMIT"]);
    }

    #[test]
    fn parentheses_hold_statements_together() {
        let rule = "CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); DELETE FROM b WHERE c = ')')";
        assert_eq!(sqls(&format!("{rule};SELECT (2); SELECT 3"), Dialect::Postgres), [rule, "SELECT (2)", "SELECT 3"]);
        assert_eq!(sqls("SELECT 1); SELECT (2)", Dialect::Postgres), ["SELECT 1)", "SELECT (2)"]);
        assert_eq!(sqls("SELECT (1; SELECT 2)", Dialect::Sqlite), ["SELECT (1", "SELECT 2)"]);
    }

    #[test]
    fn a_parenthesis_that_is_left_open_swallows_nothing() {
        let rule = "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)";
        let script = format!("{rule}; CREATE TABLE a (b int;\nSELECT 2;;\n(SELECT 3; -- )\n");
        assert_eq!(sqls(&script, Dialect::Postgres), [rule, "CREATE TABLE a (b int", "SELECT 2", "(SELECT 3"]);
        let body = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END";
        assert_eq!(sqls(&format!("SELECT (1; {body}; ;"), Dialect::Postgres), ["SELECT (1", body]);
    }

    #[test]
    fn offsets_point_into_the_script() {
        let script = "  SELECT 1 ;\n SELECT 2";
        for statement in split(script, Dialect::Postgres) {
            assert!(script[statement.offset..].starts_with(statement.sql));
        }
    }

    /// Text of what is quoted, commented out or plain, each with a `;` or a quote where that means nothing.
    fn piece(dialect: Dialect) -> impl Strategy<Value = String> {
        let inside = "[;a/*\\- \n\"$(é]{0,6}";
        let mut kinds = vec![
            "[a-z_][a-z0-9_]{0,5}|[0-9]{1,3}|[,=+<>]".boxed(),
            inside.prop_map(|it| format!("'{it}''{it}'")).boxed(),
            "[;a' é]{1,6}".prop_map(|it| format!("\"{it}\"\"\"")).boxed(),
            "[;a'\"$ ]{0,6}".prop_map(|it| format!("-- {it}\n")).boxed(),
            "[;a'\"$\n ]{0,6}".prop_map(|it| format!("/*{it}*/")).boxed(),
        ];
        if dialect == Dialect::Postgres {
            kinds.extend([
                "[;a ]{0,6}".prop_map(|it| format!("({it}(';)';)\");\")")).boxed(),
                inside.prop_map(|it| format!("E'{it}\\';\\\\'")).boxed(),
                "[;a'\" \n]{0,6}".prop_map(|it| format!("$${it}$a$ ;$$")).boxed(),
                "[;a'\" \n]{0,6}".prop_map(|it| format!("$b1${it}$$;$b$;$b1$")).boxed(),
                "[;a'\"$ ]{0,6}".prop_map(|it| format!("/*{it}/*;{it}*/;*/")).boxed(),
            ]);
        }
        proptest::strategy::Union::new(kinds)
    }

    fn statements(dialect: Dialect) -> impl Strategy<Value = Vec<String>> {
        let whole = |pieces: Vec<String>| format!("SELECT {} last", pieces.join(" "));
        prop::collection::vec(prop::collection::vec(piece(dialect), 0..8).prop_map(whole), 0..5)
    }

    proptest! {
        #[test]
        fn what_was_put_together_is_cut_apart(
            (dialect, wanted) in prop_oneof![Just(Dialect::Postgres), Just(Dialect::Sqlite)]
                .prop_flat_map(|dialect| (Just(dialect), statements(dialect))),
            between in "[ \n;]{0,2};[ \n;]{0,2}",
        ) {
            let script = wanted.join(&between);
            prop_assert_eq!(sqls(&script, dialect), wanted);
        }

        #[test]
        fn any_text_is_cut_at_its_characters(script in "[ -~é\n]{0,80}|[;'\"$a/*\\-E()\n]{0,40}") {
            for dialect in Dialect::ALL {
                let mut end = 0;
                for statement in split(&script, dialect) {
                    prop_assert!(statement.offset >= end);
                    end = statement.offset + statement.sql.len();
                    prop_assert_eq!(&script[statement.offset..end], statement.sql);
                    prop_assert!(!statement.sql.trim().is_empty());
                }
            }
        }
    }
}
