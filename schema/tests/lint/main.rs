//! The public cases of other linters: which of them we see as they do. Those where we differ are listed, so that a rule that
//! begins to differ fails here.

mod examples;
mod revisions;
mod servers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use diesel_schema::lint::{Catalog, Level, Rule, Settings, all, lint};

#[derive(serde::Deserialize)]
struct Case {
    source: String,
    rule: String,
    sql: String,
    expect: String,
    #[serde(default)]
    assume_in_transaction: bool,
    #[serde(default)]
    mode: Option<String>,
    #[serde(default)]
    pg_version: Option<String>,
}

fn cases() -> Option<Vec<Case>> {
    let folder = std::env::var_os("DIESEL_SCHEMA_ORACLES").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/oracles"));
    let text = std::fs::read_to_string(folder.join("safety/lint_cases.jsonl")).ok()?;
    Some(text.lines().map(|line| serde_json::from_str(line).expect("a case")).collect())
}

fn known() -> BTreeSet<&'static str> {
    let text = include_str!("disagreements.tsv");
    text.lines().skip(1).filter_map(|line| line.split('\t').next()).collect()
}

#[test]
fn other_linters_cases_are_judged_as_they_do_or_listed() {
    let Some(cases) = cases() else {
        eprintln!("skipped: no safety/lint_cases.jsonl in DIESEL_SCHEMA_ORACLES");
        return;
    };
    let mut differ = BTreeSet::new();
    let mut tally: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    // What runs several files and traces them is more than one text.
    for case in cases.iter().filter(|case| case.mode.is_none()) {
        let (tool, name) = case.source.split_once(':').unwrap_or((&case.source, ""));
        let ours = all().into_iter().find(|rule| rule.name == case.rule || rule.aliases.contains(&case.rule.as_str()));
        let finds = |rule: &Rule| {
            let levels = BTreeMap::from([("all".to_owned(), Level::Warn)]);
            // Eugene and postgres-language-server take a file to be one transaction.
            let in_transaction = case.assume_in_transaction || tool != "squawk";
            let settings = Settings { levels, in_transaction, ..Settings::default() };
            let version = case.pg_version.as_ref().and_then(|it| it.split('.').next()?.parse().ok());
            lint(&case.sql, &settings, &mut Catalog::default().on_version(version))
                .iter()
                .any(|finding| finding.rule == rule.name)
        };
        let agrees = ours.is_some_and(finds) == (case.expect == "violation");
        let entry = tally.entry(tool.to_owned()).or_default();
        entry.0 += usize::from(agrees);
        entry.1 += 1;
        if !agrees {
            differ.insert(format!("{tool}:{}:{}:{}", case.rule, case.expect, name.trim_start_matches(':')));
        }
    }
    for (tool, (agree, of)) in &tally {
        println!("{tool}: {agree} of {of}");
    }
    let known = known();
    let fresh: Vec<&String> = differ.iter().filter(|it| !known.contains(it.as_str())).collect();
    assert!(fresh.is_empty(), "not in lint/disagreements.tsv: {fresh:#?}");
    let stale: Vec<&&str> = known.iter().filter(|it| !differ.contains(**it)).collect();
    assert!(stale.is_empty(), "in lint/disagreements.tsv, where nobody differs: {stale:#?}");
}
