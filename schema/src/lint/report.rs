//! Findings for machines: GitHub's annotations, and SARIF 2.1.0 (OASIS, 27 March 2020).

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Value, json};

use super::{Finding, Level, all};

/// A finding with the file that it is in.
#[derive(Debug, Clone, Serialize)]
pub struct InFile<'a> {
    /// The file, as it is shown.
    pub file: &'a str,
    /// The finding.
    #[serde(flatten)]
    pub finding: &'a Finding,
}

/// A line that GitHub Actions makes an annotation of.
#[must_use]
pub fn github(InFile { file, finding }: &InFile<'_>) -> String {
    let kind = if finding.level == Level::Error { "error" } else { "warning" };
    let Finding { rule, line, column, danger, safe, .. } = finding;
    let escaped = format!("{danger}; {safe}").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let file = file.replace('%', "%25").replace(':', "%3A").replace(',', "%2C");
    format!("::{kind} file={file},line={line},col={column},title={rule}::{escaped}")
}

/// A SARIF log with one run.
#[must_use]
pub fn sarif(findings: &[InFile<'_>]) -> Value {
    let level = |level| if level == Level::Error { "error" } else { "warning" };
    let names: BTreeSet<&str> = findings.iter().map(|it| it.finding.rule).collect();
    let known = all();
    let rules: Vec<Value> = names
        .iter()
        .map(|name| match known.iter().find(|rule| rule.name == *name) {
            Some(rule) => json!({
                "id": name,
                "shortDescription": { "text": rule.danger },
                "help": { "text": rule.safe },
                "defaultConfiguration": { "level": level(rule.level) },
            }),
            None => json!({ "id": name }),
        })
        .collect();
    let results: Vec<Value> = findings
        .iter()
        .map(|InFile { file, finding }| {
            json!({
                "ruleId": finding.rule,
                "level": level(finding.level),
                "message": { "text": format!("{}; instead: {}", finding.danger, finding.safe) },
                "locations": [{
                    "physicalLocation": {
                        "artifactLocation": { "uri": file.replace('\\', "/").replace('%', "%25").replace(' ', "%20") },
                        "region": {
                            "startLine": finding.line,
                            "startColumn": finding.column,
                            "byteOffset": finding.offset,
                            "byteLength": finding.length,
                        },
                    },
                }],
            })
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "diesel-schema",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}
