//! What a file of SQL takes away for good.

use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split;

use crate::connection::one_line;
use crate::dialect::TRASH;

/// The longest statement that is shown in full, in characters.
const MOST: usize = 100;

/// The statements of `sql` that drop or delete data, each on one line: tables, columns, rows, schemas.
///
/// The rebuild of a table, as SQLite needs it, is told as such: which columns go with it is in the file.
#[must_use]
pub fn losses(sql: &str, dialect: Dialect) -> Vec<String> {
    let statements: Vec<(Vec<String>, &str)> = split::split(sql, dialect)
        .into_iter()
        .map(|statement| {
            let tokens = split::tokens(statement.sql, dialect);
            (tokens.iter().map(|token| token.sql.to_ascii_uppercase()).collect(), statement.sql)
        })
        .collect();
    let mut losses = Vec::new();
    for (words, sql) in &statements {
        let word = |at: usize| words.get(at).map(String::as_str).unwrap_or_default();
        let has = |pair: [&str; 2]| words.windows(2).any(|two| two[0] == pair[0] && two[1] == pair[1]);
        let rebuilt = word(0) == "DROP"
            && statements.iter().any(|(other, _)| {
                other.first().is_some_and(|it| it == "ALTER")
                    && other.windows(2).any(|two| two[0] == "RENAME" && two[1] == "TO")
                    && other.last() == words.last()
            });
        let column = || {
            let at = words.iter().position(|word| word == "DROP");
            at.is_some_and(|at| {
                !matches!(word(at + 1), "CONSTRAINT" | "DEFAULT" | "NOT" | "IDENTITY" | "EXPRESSION" | "NULL")
            })
        };
        // Its rows have just been brought back.
        let kept = word(0) == "DROP" && words.last().is_some_and(|it| it.contains(&TRASH.to_ascii_uppercase()));
        let loses = match word(0) {
            _ if kept => false,
            "DROP" => matches!(word(1), "TABLE" | "SCHEMA" | "OWNED") || has(["MATERIALIZED", "VIEW"]),
            "ALTER" => word(1) == "TABLE" && column(),
            "DELETE" | "TRUNCATE" => true,
            _ => false,
        };
        if loses && rebuilt {
            losses.push(format!("rebuilds {}", words.last().map(|it| it.to_ascii_lowercase()).unwrap_or_default()));
        } else if loses {
            let line = one_line(sql);
            let cut = line.char_indices().nth(MOST).map(|(at, _)| at);
            losses.push(cut.map_or(line.clone(), |at| format!("{}…", &line[..at])));
        }
    }
    losses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_data_away_is_told_from_what_does_not() {
        let sql = "DROP TABLE \"__diesel_schema_trash_1_a\"; ALTER TABLE a DROP CONSTRAINT b; ALTER TABLE a DROP COLUMN c; ALTER TABLE a ALTER b DROP NOT NULL;\n\
                   DROP INDEX i; DROP TABLE IF EXISTS\n  t; DELETE FROM a WHERE 'DROP TABLE x' = ''; SELECT 1;";
        assert_eq!(
            losses(sql, Dialect::Postgres),
            ["ALTER TABLE a DROP COLUMN c", "DROP TABLE IF EXISTS t", "DELETE FROM a WHERE 'DROP TABLE x' = ''"]
        );
    }

    #[test]
    fn a_rebuild_is_no_dropped_table() {
        let sql = "CREATE TABLE _new_a (x); INSERT INTO _new_a SELECT x FROM a; DROP TABLE a; ALTER TABLE _new_a RENAME TO a;";
        assert_eq!(losses(sql, Dialect::Sqlite), ["rebuilds a"]);
    }
}
