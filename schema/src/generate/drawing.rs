//! The graph of revisions, drawn with lines of text.

use diesel_schema_core::revision::Graph;

/// One revision's lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// Its id.
    pub id: String,
    /// Lines above it, where branches begin that come together in it.
    pub above: Option<String>,
    /// What stands before its name.
    pub mark: String,
    /// Lines below it, where its parents are several.
    pub below: Option<String>,
}

/// Draws `ids`, the newest first, each after all of its children. Parents that are not among them are left out. `mark`
/// says the sign of each.
///
/// Lines are parents alone; what a revision depends on besides is for its text to say.
#[must_use]
pub fn draw(graph: &Graph<'_>, ids: &[&str], mark: impl Fn(&str) -> char) -> Vec<Drawn> {
    // Each lane leads down to the revision that it holds.
    let mut lanes: Vec<Option<&str>> = Vec::new();
    let mut drawn = Vec::new();
    // The lane in which the line before ended; what stands right below it would look like its parent.
    let mut ended: Option<usize> = None;
    for id in ids {
        let mut here: Vec<usize> = (0..lanes.len()).filter(|at| lanes[*at] == Some(*id)).collect();
        let lane = here.first().copied().unwrap_or_else(|| free(&mut lanes, 0, ended));
        here.retain(|at| *at != lane);
        let above = (!here.is_empty()).then(|| line(&lanes, lane, &here, ('┴', '╯')));
        here.iter().for_each(|at| lanes[*at] = None);
        lanes[lane] = Some(id);
        let mark: String = (0..lanes.len()).map(|at| cell(&lanes, at, (at == lane).then(|| mark(id)))).collect();
        let parents = graph.get(id).map(|node| node.down_revision.clone()).unwrap_or_default();
        let mut parents: Vec<&str> =
            parents.into_iter().filter_map(|it| ids.iter().copied().find(|id| *id == it)).collect();
        parents.sort_unstable();
        parents.dedup();
        let mut parents = parents.into_iter();
        lanes[lane] = parents.next();
        ended = lanes[lane].is_none().then_some(lane);
        let mut to = Vec::new();
        for parent in parents {
            let at = free(&mut lanes, lane + 1, None);
            lanes[at] = Some(parent);
            to.push(at);
        }
        let below = (!to.is_empty()).then(|| line(&lanes, lane, &to, ('┬', '╮')));
        while lanes.last().is_some_and(Option::is_none) {
            lanes.pop();
        }
        let trimmed = |text: String| text.trim_end().to_owned();
        drawn.push(Drawn {
            id: (*id).to_owned(),
            above: above.map(trimmed),
            mark: trimmed(mark),
            below: below.map(trimmed),
        });
    }
    drawn
}

/// The first lane from `from` on that leads nowhere, but not `taken`; a new one where there is none.
fn free(lanes: &mut Vec<Option<&str>>, from: usize, taken: Option<usize>) -> usize {
    let at = (from..).find(|at| Some(*at) != taken && lanes.get(*at).is_none_or(Option::is_none)).unwrap_or(from);
    if at >= lanes.len() {
        lanes.resize(at + 1, None);
    }
    at
}

fn cell(lanes: &[Option<&str>], at: usize, sign: Option<char>) -> String {
    let sign = sign.unwrap_or(if lanes[at].is_some() { '│' } else { ' ' });
    format!("{sign} ")
}

/// The line between the lane of a revision and others, all to the right of it.
fn line(lanes: &[Option<&str>], lane: usize, others: &[usize], (middle, end): (char, char)) -> String {
    let last = others.last().copied().unwrap_or(lane);
    let mut text = String::new();
    for at in 0..lanes.len() {
        if at < lane || at > last {
            text.push_str(&cell(lanes, at, None));
            continue;
        }
        text.push(match at {
            _ if at == lane => '├',
            _ if at == last => end,
            _ if others.contains(&at) => middle,
            _ if lanes[at].is_some() => '┼',
            _ => '─',
        });
        text.push(if at == last { ' ' } else { '─' });
    }
    text
}

#[cfg(test)]
mod tests {
    use diesel_schema_core::revision::Node;

    use super::*;

    fn drawing(revisions: &[(&'static str, &[&'static str])]) -> String {
        let node = |(id, parents): &(&'static str, &[&'static str])| Node {
            id,
            down_revision: parents.to_vec(),
            depends_on: Vec::new(),
            branch_labels: Vec::new(),
            replaces: Vec::new(),
        };
        let graph = Graph::new(revisions.iter().map(node)).unwrap();
        let ids: Vec<&str> = graph.order().iter().rev().copied().collect();
        let lines = draw(&graph, &ids, |_| 'o').into_iter().flat_map(|it| {
            let node = format!("{} {}", it.mark, it.id);
            [it.above, Some(node), it.below]
        });
        lines.flatten().collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_chain_is_one_line() {
        assert_eq!(drawing(&[("1", &[]), ("2", &["1"])]), "o 2\no 1");
    }

    #[test]
    fn branches_part_and_meet() {
        let drawn = drawing(&[("1", &[]), ("2", &["1"]), ("3", &["1"]), ("4", &["2", "3"]), ("5", &["4"])]);
        assert_eq!(drawn, "o 5\no 4\n├─╮\n│ o 3\no │ 2\n├─╯\no 1");
    }

    #[test]
    fn what_is_unrelated_to_a_base_does_not_stand_below_it() {
        let drawn = drawing(&[("1", &[]), ("2", &["1"]), ("3", &[]), ("4", &["1"]), ("5", &[]), ("6", &[])]);
        assert_eq!(drawn, "o 6\n  o 5\no 4\n│ o 3\n│   o 2\n├───╯\no 1");
    }

    #[test]
    fn three_heads_two_bases_and_a_crossing() {
        let drawn = drawing(&[("1", &[]), ("2", &[]), ("3", &["1"]), ("4", &["2"]), ("5", &["1"]), ("6", &["1"])]);
        assert_eq!(drawn, "o 6\n│ o 5\n│ │ o 4\n│ │ │ o 3\n│ │ o │ 2\n├─┴───╯\no 1");
    }
}
