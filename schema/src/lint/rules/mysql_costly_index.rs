//! An index of many columns, or a second one of the same.

use diesel_schema_core::Dialect;

use super::prelude::*;
use crate::lint::words::costly_indexes;

pub(super) const RULE: Rule = Rule {
    name: "mysql-costly-index",
    aliases: &[],
    level: Level::Warn,
    danger: "every write pays for each column, hardly a query uses the fourth, and none a second index of the same",
    harm: Harm::Regretted,
    safe: "one index of the columns that queries select by, three at most",
    example: Example {
        before: "",
        bad: together("CREATE INDEX many ON t (a, b, p_id, n) ALGORITHM=INPLACE LOCK=NONE;"),
        good: &[together("CREATE INDEX few ON t (a, b) ALGORITHM=INPLACE LOCK=NONE;")],
    },
    check: Check::Words(Dialect::Mysql, costly_indexes),
    fix: None,
};
