//! What the versions of the server spell otherwise, and mean the same by, said as the oldest one does.

use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split::tokens;

/// The definition of a function or procedure. Since version 14, `pg_get_functiondef` says `IN` of each argument of a
/// procedure that is only that.
pub(super) fn function(definition: &str) -> String {
    const PROCEDURE: &str = "CREATE OR REPLACE PROCEDURE ";
    let definition = definition.trim_end();
    if !definition.starts_with(PROCEDURE) {
        return definition.to_owned();
    }
    let (mut out, mut copied, mut depth, mut begins) = (String::new(), 0, 0, false);
    for token in tokens(definition, Dialect::Postgres) {
        match token.sql {
            "IN" if begins => {
                out.push_str(&definition[copied..token.offset]);
                copied = token.offset + "IN ".len();
            }
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        begins = depth == 1 && matches!(token.sql, "(" | ",");
        if depth == 0 && token.sql == ")" {
            break;
        }
    }
    out.push_str(&definition[copied..]);
    out
}

#[cfg(test)]
mod tests {
    use super::function;

    #[test]
    fn an_argument_that_only_goes_in_is_as_it_was_before_version_14() {
        let of = |arguments: &str| format!("CREATE OR REPLACE PROCEDURE a.\"IN (\"({arguments})\n LANGUAGE sql\n");
        let new =
            of("IN x integer DEFAULT f(1, 2), IN \"IN y\" text DEFAULT ', IN'::text, INOUT z integer, IN numeric(3,1)");
        let old = of("x integer DEFAULT f(1, 2), \"IN y\" text DEFAULT ', IN'::text, INOUT z integer, numeric(3,1)");
        assert_eq!(function(&new), old.trim_end());
        assert_eq!(function(&old), old.trim_end());
        let body = of("") + "AS $$SELECT (1, IN 2)$$";
        assert_eq!(function(&body), body);
    }
}
