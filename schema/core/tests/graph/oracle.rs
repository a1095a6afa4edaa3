//! Every case that was recorded from Alembic, where the folder with them is there.
//!
//! Alembic's table holds heads alone, ours a row for each revision: the heads of what is applied are its rows. Where it
//! has a defect, what is right is written here, and that the defect is one is checked too.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use diesel_schema_core::revision::graph::{Between, Graph, GraphError, PlanError, RangeError, SelectError, Selector};
use serde_json::Value;

use super::common::{Naive, Rev, built, set};

/// The folder of cases; `None`, said in a line, where there is none.
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("DIESEL_SCHEMA_ORACLES").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracles");
    let root = named.clone().unwrap_or_else(beside).join("revisions");
    if !root.is_dir() {
        assert!(named.is_none(), "DIESEL_SCHEMA_ORACLES names a folder without revisions/");
        let why = "is not there: no recorded case ran; DIESEL_SCHEMA_ORACLES names their folder";
        std::io::stderr().write_all(format!("skipped: {} {why}\n", root.display()).as_bytes()).unwrap();
        return None;
    }
    Some(root)
}

fn read(root: &Path, file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(root.join(file)).unwrap()).unwrap()
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        list => list.as_array().unwrap().iter().flat_map(texts).collect(),
    }
}

fn revs(value: &Value) -> Vec<Rev> {
    let one = |it: &Value| Rev {
        replaces: Vec::new(),
        id: it["id"].as_str().unwrap().to_owned(),
        down: texts(&it["down"]),
        depends_on: texts(&it["depends_on"]),
        labels: texts(&it["labels"]),
    };
    value.as_array().unwrap().iter().map(one).collect()
}

#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error(transparent)]
    Syntax(#[from] diesel_schema_core::revision::graph::SelectorError),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Range(#[from] RangeError),
    #[error("{0:?}")]
    Graph(Vec<GraphError>),
}

impl From<SelectError> for Refusal {
    fn from(error: SelectError) -> Self {
        Self::Plan(error.into())
    }
}

/// The recorded kind of a refusal; the second file holds the upstream's sentences only.
fn recorded_kind(error: &Value) -> String {
    if let Some(kind) = error["kind"].as_str() {
        return kind.to_owned();
    }
    let message = error["upstream_message"].as_str().unwrap();
    let kinds = [
        ("Relative revision", "relative_out_of_range"),
        ("Destination", "not_ancestor"),
        ("Ambiguous walk", "fork"),
        ("Ambiguous upgrade", "ambiguous"),
        ("Not a valid downgrade target", "fork"),
        ("Multiple head revisions", "multiple_heads"),
    ];
    let found = kinds.iter().find(|(start, _)| message.starts_with(start));
    found.unwrap_or_else(|| panic!("no kind for {message}")).1.to_owned()
}

fn kinds(refusal: &Refusal) -> &'static [&'static str] {
    let select = |error: &SelectError| -> &'static [&'static str] {
        match error {
            SelectError::Unknown { .. } => &["unknown_revision", "partial_id_too_short_or_unknown"],
            SelectError::UnknownBranch { .. } => &["unknown_branch"],
            SelectError::NotOnBranch { .. } => &["not_in_branch"],
            SelectError::SeveralHeads { .. } => &["multiple_heads"],
            SelectError::SeveralCurrent { .. } => &["ambiguous"],
            SelectError::Fork { .. } => &["fork"],
            SelectError::TooFar { .. } | SelectError::WrongWay { .. } | SelectError::NothingCurrent { .. } => {
                &["relative_out_of_range"]
            }
            _ => &[],
        }
    };
    match refusal {
        Refusal::Plan(PlanError::Select(error)) | Refusal::Range(RangeError::Select(error)) => select(error),
        Refusal::Plan(PlanError::NotApplied { .. } | PlanError::OnlyDependents { .. }) => &["not_ancestor"],
        Refusal::Plan(PlanError::Fork { .. }) => &["fork"],
        Refusal::Range(RangeError::NotBefore { .. }) => &["not_ancestor"],
        Refusal::Range(RangeError::SeveralEnds { .. }) => &["ambiguous"],
        Refusal::Range(RangeError::Overlap { .. }) => &["overlapping_targets"],
        Refusal::Graph(errors) => match errors.as_slice() {
            [GraphError::Cycle(_)] => &["cycle"],
            [GraphError::DependencyCycle(_)] => &["dependency_cycle"],
            [GraphError::Itself { key: "down_revision", .. }] => &["self_loop"],
            [GraphError::Itself { .. }] => &["dependency_self_loop"],
            [GraphError::DuplicateLabel { .. }] => &["duplicate_label"],
            several if several.iter().all(|error| matches!(error, GraphError::Unknown { .. })) => &["missing_parent"],
            _ => &[],
        },
        _ => &[],
    }
}

fn selectors(value: &Value) -> Result<Vec<Selector>, Refusal> {
    Ok(texts(value).iter().map(|text| text.parse()).collect::<Result<_, _>>()?)
}

fn selector(value: &Value) -> Result<Selector, Refusal> {
    Ok(selectors(value)?.pop().unwrap_or_else(Selector::base))
}

struct Case<'c, 'g, 'a> {
    it: &'c Value,
    graph: &'g Graph<'a>,
    naive: &'c Naive,
    effective_heads: BTreeSet<String>,
}

impl Case<'_, '_, '_> {
    fn current(&self) -> Vec<String> {
        texts(&self.it["current"])
    }

    /// What went wrong; nothing where all is as it should be.
    fn run(&self) -> Result<Option<String>, Refusal> {
        let rows = self.current();
        let applied = self.graph.applied(rows.iter().map(String::as_str))?;
        match self.it["op"].as_str().unwrap() {
            "upgrade" => self.steps(&applied.upgrade(&selectors(&self.it["target"])?)?),
            "downgrade" => self.steps(&applied.downgrade(&selector(&self.it["target"])?)?),
            "stamp" => {
                let heads = set(applied.stamp(&selectors(&self.it["target"])?)?.heads);
                let mut right = set(texts(&self.it["heads_after"]));
                if self.it["target"] == "heads" && right != self.effective_heads {
                    // Upstream forgets rows that stood at a head already.
                    assert!(right.is_subset(&self.effective_heads));
                    right.clone_from(&self.effective_heads);
                }
                Ok((heads != right).then(|| format!("{heads:?}")))
            }
            "iterate_up" => {
                let flag = |name: &str| self.it[name].as_bool().unwrap();
                let between = Between { inclusive: flag("inclusive"), everything: flag("implicit_base") };
                let (from, to) = (selectors(&self.it["lower"])?, selectors(&self.it["upper"])?);
                self.listed(self.graph.between(&from, &to, Some(&applied), between)?)
            }
            "iterate_down" => self.iterate_down(),
            "resolve_one" => {
                let found = self.graph.resolve_one(&selector(&self.it["args"])?, Some(&applied))?;
                Ok((found != self.it["result"].as_str()).then(|| format!("{found:?}")))
            }
            "resolve_many" => {
                let found = self.graph.resolve(&selector(&self.it["args"])?, Some(&applied))?;
                Ok((set(&found) != set(texts(&self.it["result"]))).then(|| format!("{found:?}")))
            }
            "filter_for_lineage" => {
                let against = selector(&self.it["args"][1])?;
                let mut lines = BTreeSet::new();
                for id in against.branch.clone().into_iter().map(Selector::id).chain([against]) {
                    for id in self.graph.resolve(&id, None)? {
                        lines.extend(self.graph.lineage(id));
                    }
                }
                let kept: Vec<String> =
                    texts(&self.it["args"][0]).into_iter().filter(|id| lines.contains(id.as_str())).collect();
                Ok((kept != texts(&self.it["result"])).then(|| format!("{kept:?}")))
            }
            other => panic!("no such operation: {other}"),
        }
    }

    fn steps(&self, plan: &diesel_schema_core::revision::graph::Plan<'_>) -> Result<Option<String>, Refusal> {
        let up = self.it["op"] == "upgrade";
        let steps: Vec<String> = plan.ids().into_iter().map(str::to_owned).collect();
        let recorded = texts(&self.it["steps"]);
        let mut order = steps.clone();
        if !up {
            order.reverse();
        }
        let mut wrong = Vec::new();
        if set(&steps) != set(&recorded) || !self.naive.is_order(&order) {
            wrong.push(format!("steps {steps:?}"));
        }
        if self.it["order_forced"].as_bool().unwrap() && steps != recorded {
            wrong.push(format!("order {steps:?}"));
        }
        let mut done = self.naive.ancestors(&set(self.current()));
        let each = plan.heads_after_each();
        assert_eq!(each.len(), steps.len());
        for (step, heads) in steps.iter().zip(&each) {
            let changed = if up { done.insert(step.clone()) } else { done.remove(step) };
            if !changed || set(heads) != self.naive.minimal(&done) {
                wrong.push(format!("heads after {step}: {heads:?}"));
            }
        }
        if steps == recorded {
            for (heads, recorded) in each.iter().zip(self.it["heads_after_each_step"].as_array().unwrap()) {
                // Upstream sometimes leaves a row that another one needs.
                if set(heads) != self.naive.minimal(&set(texts(recorded))) {
                    wrong.push(format!("heads {heads:?}, recorded {recorded}"));
                }
            }
        }
        let last = each.last().map_or_else(|| set(&plan.heads_before), set);
        let key = if self.it["upstream_redundant_row"] == true { "heads_after_minimal" } else { "heads_after" };
        if last != set(texts(&self.it[key])) {
            wrong.push(format!("heads at the end {last:?}"));
        }
        Ok((!wrong.is_empty()).then(|| wrong.join("; ")))
    }

    fn listed(&self, found: Vec<&str>) -> Result<Option<String>, Refusal> {
        let found: Vec<String> = found.into_iter().map(str::to_owned).collect();
        let right = set(&found) == set(texts(&self.it["result"])) && self.naive.is_order(&found);
        Ok((!right).then(|| format!("{found:?}")))
    }

    /// A downgrade whose rows are a selector, and which may undo the target too.
    fn iterate_down(&self) -> Result<Option<String>, Refusal> {
        let mut rows = Vec::new();
        for selector in selectors(&self.it["upper"])? {
            rows.extend(self.graph.resolve(&selector, None)?);
        }
        let applied = self.graph.applied(rows)?;
        let lower = selector(&self.it["lower"])?;
        let target = self.graph.resolve_one(&lower, Some(&applied))?;
        let mut found = match target.filter(|_| self.it["inclusive"] == true) {
            Some(target) => applied.undo([target]).ids(),
            None => applied.downgrade(&lower)?.ids(),
        };
        if let Some(target) = target.filter(|_| self.it["implicit_base"] == true) {
            // Upstream takes other branches down to their bases with it.
            let kept = self.graph.ancestors([target]);
            let others = self.graph.between(
                &[],
                &selectors(&self.it["upper"])?,
                None,
                Between { inclusive: false, everything: true },
            )?;
            found = others.into_iter().rev().filter(|id| found.contains(id) || !kept.contains(id)).collect();
        }
        found.reverse();
        self.listed(found)
    }
}

#[test]
fn every_recorded_case() {
    let Some(root) = folder() else { return };
    let (mut run, mut failed, mut refused_better) = (0, Vec::new(), 0);
    for file in ["cases.json", "cases-more.json"] {
        let file = read(&root, file);
        let graphs: BTreeMap<&String, (Vec<Rev>, &Value)> =
            file["graphs"].as_object().unwrap().iter().map(|(id, it)| (id, (revs(&it["revisions"]), it))).collect();
        for it in file["cases"].as_array().unwrap() {
            run += 1;
            let inline;
            let (revisions, facts) = match it["graph"].as_str() {
                Some(id) => {
                    let (revisions, facts) = &graphs[&id.to_owned()];
                    (revisions, *facts)
                }
                None => {
                    inline = revs(&it["graph_inline"]);
                    (&inline, it)
                }
            };
            let result = match built(revisions) {
                Err(errors) => Err(Refusal::Graph(errors)),
                Ok(graph) => {
                    let naive = Naive::of(revisions);
                    let effective_heads = set(texts(&facts["effective_heads"]));
                    assert_eq!(set(graph.effective_heads()), effective_heads);
                    assert_eq!(set(graph.heads()), set(texts(&facts["heads"])));
                    assert_eq!(set(graph.bases()), set(texts(&facts["bases"])));
                    if facts["branch_points"].is_array() {
                        assert_eq!(set(graph.branch_points()), set(texts(&facts["branch_points"])));
                        assert_eq!(set(graph.merge_points()), set(texts(&facts["merge_points"])));
                    }
                    Case { it, graph: &graph, naive: &naive, effective_heads }.run()
                }
            };
            let problem = match (&result, it.get("error")) {
                (Ok(None), None) => None,
                (Err(refusal), Some(error)) => {
                    let kind = recorded_kind(error);
                    (!kinds(refusal).contains(&kind.as_str())).then(|| format!("{kind} expected: {refusal}"))
                }
                // Upstream takes whichever row comes first.
                (Err(Refusal::Plan(PlanError::Select(SelectError::SeveralCurrent { current, .. }))), None)
                    if it["op"] == "downgrade"
                        && it["target"].as_str().is_some_and(|it| it.starts_with('-'))
                        && set(current) == set(texts(&it["current"])) =>
                {
                    refused_better += 1;
                    None
                }
                (Ok(wrong), _) => Some(format!("{wrong:?}")),
                (Err(refusal), None) => Some(refusal.to_string()),
            };
            if let Some(problem) = problem {
                failed.push(format!("{it}\n    {problem}"));
            }
        }
    }
    assert!(failed.is_empty(), "{} of {run} failed:\n{}", failed.len(), failed.join("\n"));
    println!("{run} recorded cases, {refused_better} of them refused where upstream takes a row at random");
}
