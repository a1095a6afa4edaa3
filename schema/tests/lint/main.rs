//! The public cases of other linters: which of them we see as they do. Those where we differ are listed, so that a rule that
//! begins to differ fails here.

mod examples;
mod fixes;
mod hazards;
mod revisions;
mod servers;
mod verdicts;

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

/// A file of the cases that nobody here wrote, where they are there.
fn oracle(file: &str) -> Option<String> {
    let folder = std::env::var_os("DIESEL_SCHEMA_ORACLES").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/oracles"));
    std::fs::read_to_string(folder.join(file)).ok()
}

fn cases() -> Option<Vec<Case>> {
    let text = oracle("safety/lint_cases.jsonl")?;
    Some(text.lines().map(|line| serde_json::from_str(line).expect("a case")).collect())
}

/// A case as revisions: one that holds several files is several, each behind the others.
fn files(case: &Case) -> Vec<&str> {
    if case.mode.is_none() {
        return vec![&case.sql];
    }
    let mut begins: Vec<usize> = Vec::new();
    let mut offset = 0;
    for line in case.sql.split_inclusive('\n') {
        let name = line.trim().strip_prefix("-- ").and_then(|line| line.strip_suffix(".sql"));
        if name.is_some_and(|name| name.chars().all(|it| it.is_ascii_digit())) {
            begins.push(offset);
        }
        offset += line.len();
    }
    let ends = begins.iter().skip(1).copied().chain([case.sql.len()]);
    begins.iter().zip(ends).map(|(begin, end)| &case.sql[*begin..end]).collect()
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
    for case in &cases {
        let (tool, name) = case.source.split_once(':').unwrap_or((&case.source, ""));
        let named = |rule: &&Rule| rule.name == case.rule || rule.aliases.contains(&case.rule.as_str());
        let ours: Vec<&str> = all().into_iter().filter(named).map(|rule| rule.name).collect();
        let levels = BTreeMap::from([("all".to_owned(), Level::Warn)]);
        let version = case.pg_version.as_ref().and_then(|it| it.split('.').next()?.parse().ok());
        let mut known = Catalog::default().on_version(version);
        let mut found = false;
        for file in files(case) {
            // Eugene and postgres-language-server take a file to be one transaction, but for what can't be in one.
            let alone = case.mode.is_some() && file.to_lowercase().contains("concurrently");
            let in_transaction = (case.assume_in_transaction || tool != "squawk") && !alone;
            let settings = Settings { levels: levels.clone(), in_transaction, ..Settings::default() };
            found |= lint(file, &settings, &mut known).iter().any(|finding| ours.contains(&finding.rule));
        }
        let agrees = found == (case.expect == "violation");
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
