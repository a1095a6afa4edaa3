//! Enums, sequences, comments and words of SQL.

use diesel_schema_core::declared::{Enum, Expr, Sequence};

use super::Limits;
use super::genes::*;

pub(super) fn enums(genes: &[u8], limits: Limits) -> Vec<Enum> {
    let mut found: Vec<Enum> = Vec::new();
    for own in genes.chunks(ENUM) {
        let name = pick(&["mood", "Tone"], own[1]).to_owned();
        if !there(own[0]) || found.iter().any(|it| it.name == name) {
            continue;
        }
        let known = ["sad", "ok", "it's", "Glad"];
        let mut values: Vec<String> =
            known.iter().enumerate().filter(|(at, _)| own[2] >> at & 1 == 0).map(|(_, it)| (*it).to_owned()).collect();
        if values.is_empty() {
            values.push("only".to_owned());
        }
        let turn = usize::from(own[3]) / 16 % values.len();
        if rare(own[3]) {
            values.rotate_left(turn);
        }
        found.push(Enum {
            namespace: (limits.postgres() && rare(own[3] / 6)).then(|| "side".to_owned()),
            rust: name.clone(),
            name,
            values,
            comment: comment(own[4]),
            at: "src/models.rs:9:1".to_owned(),
        });
    }
    found
}

pub(super) fn sequences(genes: &[u8]) -> Vec<Sequence> {
    let mut found: Vec<Sequence> = Vec::new();
    for own in genes.chunks(SEQUENCE) {
        let name = pick(&["s1", "s2"], own[1]).to_owned();
        if !there(own[0]) || found.iter().any(|it| it.name == name) {
            continue;
        }
        let down = own[4] % 12 == 11;
        let max = rare(own[5]).then(|| 1000 + i64::from(own[5]));
        // What counts down begins at -1 where no bound is said.
        let below = if down && max.is_none() { -1 } else { 1 };
        let least = if down { -1000 } else { pick(&[2, -1000], own[5] / 36) };
        found.push(Sequence {
            namespace: rare(own[1] / 2).then(|| "side".to_owned()),
            name,
            data_type: pick(&[None, Some("integer"), Some("smallint")], own[2]).map(str::to_owned),
            start: rare(own[3]).then(|| below * i64::from(own[3])),
            increment: rare(own[4]).then(|| i64::from(own[4] / 8 + 1) * if down { -1 } else { 1 }),
            min: rare(own[5] / 6).then_some(least),
            max,
            cache: rare(own[6]).then(|| i64::from(own[6])),
            cycle: rare(own[6] / 2),
            at: "src/schema.rs:3:1".to_owned(),
        });
    }
    found
}

pub(super) fn comment(byte: u8) -> String {
    if rare(byte) { format!("It's \"{}\"", byte / 64) } else { String::new() }
}

pub(super) fn expr(sql: String) -> Expr {
    Expr { sql, postgres: None, sqlite: None, mysql: None }
}

/// A name with its namespace, as it stands in SQL.
pub(super) fn qualified(namespace: &Option<String>, name: &str) -> String {
    let home = namespace.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
    format!("{home}{}", quote(name))
}

/// A name as both dialects take it.
pub(super) fn quote(name: &str) -> String {
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase()) && name != "order";
    if plain { name.to_owned() } else { format!("\"{name}\"") }
}
