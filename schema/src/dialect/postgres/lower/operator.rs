//! What a statement calls an operator or a cast: by the types that it is between.

use diesel_schema_core::sql::split::Statement;

use super::object::qualified;
use crate::dialect::postgres::types;
use crate::schema::Name;

/// Behind `CREATE OPERATOR`: its signs, and in parentheses what it is between.
pub(super) fn operator(tokens: &[Statement<'_>]) -> Option<Name> {
    let open = tokens.iter().position(|token| token.sql == "(")?;
    let (namespace, signs) = match tokens.get(1).map(|token| token.sql) {
        Some(".") => (qualified(tokens, 0)?.0.namespace, &tokens[2..open]),
        _ => (None, &tokens[..open]),
    };
    let signs: String = signs.iter().map(|token| token.sql).collect();
    let operand = |word: &str| {
        let at = tokens.iter().position(|token| token.sql.eq_ignore_ascii_case(word))? + 2;
        let ends = |token: &Statement<'_>| matches!(token.sql, "," | ")");
        Some(spelled(&tokens[at..at + tokens[at..].iter().position(ends)?]))
    };
    let [left, right] = ["leftarg", "rightarg"].map(|word| operand(word).unwrap_or_else(|| "NONE".to_owned()));
    Some(Name::qualified(namespace, format!("{signs} ({left}, {right})")))
}

/// Behind `CREATE CAST`: `(source AS target)`.
pub(super) fn cast(tokens: &[Statement<'_>]) -> Option<Name> {
    let find = |word: &str| tokens.iter().position(|token| token.sql.eq_ignore_ascii_case(word));
    let (between, end) = (find("as")?, find(")")?);
    let (source, target) = (tokens.get(1..between)?, tokens.get(between + 1..end)?);
    Some(Name::new(format!("({} AS {})", spelled(source), spelled(target))))
}

fn spelled(tokens: &[Statement<'_>]) -> String {
    let words: Vec<&str> = tokens.iter().map(|token| token.sql).collect();
    types::without_modifiers(&types::normalise(&words.join(" ").replace(" [ ]", "[]").replace(" . ", ".")))
}

#[cfg(test)]
mod tests {
    use diesel_schema_core::{Dialect, sql::split};

    use super::*;

    #[test]
    fn operators_and_casts_go_by_their_types() {
        let named = |sql| operator(&split::tokens(sql, Dialect::Postgres)).map(|name| name.to_string());
        assert_eq!(
            named("~<< (FUNCTION = f, LEFTARG = int, rightarg = varchar)").as_deref(),
            Some("~<< (integer, character varying)")
        );
        assert_eq!(named("side.!! (RIGHTARG = int8[], FUNCTION = f)").as_deref(), Some("side.!! (NONE, bigint[])"));
        let cast = cast(&split::tokens("(double precision AS side.c) WITH INOUT", Dialect::Postgres));
        assert_eq!(cast.map(|name| name.to_string()).as_deref(), Some("(double precision AS side.c)"));
    }
}
