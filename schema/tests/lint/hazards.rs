//! The hazards that are known, each with the rule that finds it: `hazards.tsv`. Where the list of hazards is there
//! (`rules.tsv`), nothing of it is missing, for any dialect that it names.

use std::collections::{BTreeMap, BTreeSet};

use diesel_schema::Dialect;
use diesel_schema::lint::{Catalog, Level, ROWS, Settings, all, lint};

use crate::oracle;

struct Line {
    hazard: u32,
    dialect: Dialect,
    /// With a `-` before it, a rule that has nothing to say.
    rule: &'static str,
    before: &'static str,
    sql: &'static str,
}

fn lines() -> Vec<Line> {
    let read = |line: &'static str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[hazard, dialect, rule, before, sql] = fields.as_slice() else { panic!("five fields: {line}") };
        Line { hazard: hazard.parse().unwrap(), dialect: dialect.parse().unwrap(), rule, before, sql }
    };
    include_str!("hazards.tsv").lines().skip(1).map(read).collect()
}

#[test]
fn each_hazard_is_found_by_its_rule() {
    let mut wrong = Vec::new();
    for line in lines() {
        let (rule, wanted) = line.rule.strip_prefix('-').map_or((line.rule, true), |rule| (rule, false));
        assert!(all().iter().any(|it| it.name == rule), "{rule}");
        let mut known = Catalog::default();
        if line.dialect == Dialect::Postgres {
            known.take_script(ROWS);
            known.take_script(line.before);
        }
        let levels = BTreeMap::from([("all".to_owned(), Level::Off), (rule.to_owned(), Level::Warn)]);
        let settings = Settings { levels, dialect: line.dialect, ..Settings::default() };
        let found = lint(line.sql, &settings, &mut known);
        if found.iter().any(|it| it.rule == "syntax-error") || found.iter().any(|it| it.rule == rule) != wanted {
            wrong.push(format!("{} {}: {}", line.hazard, line.rule, line.sql));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_hazard_is_without_a_rule() {
    let Some(rules) = oracle("safety/rules.tsv") else {
        eprintln!("skipped: no safety/rules.tsv in DIESEL_SCHEMA_ORACLES");
        return;
    };
    let covered: BTreeSet<(u32, Dialect)> = lines().iter().map(|line| (line.hazard, line.dialect)).collect();
    let mut missing = Vec::new();
    for line in rules.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (hazard, whose) = (fields[0].parse().unwrap(), fields[2]);
        let named = [("PG", Dialect::Postgres), ("MySQL", Dialect::Mysql), ("SQLite", Dialect::Sqlite)];
        for (name, dialect) in named {
            let meant = whose.contains(name) || whose.contains("all") || whose.contains("any");
            if meant && !covered.contains(&(hazard, dialect)) {
                missing.push(format!("{hazard} {dialect}: {}", fields[1]));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}
