//! Each rule's own example: found in the statement that it is about, and not in the safe one.

use std::collections::BTreeMap;

use diesel_schema::lint::{Catalog, Level, Piece, ROWS, Rule, Settings, all, lint};
use diesel_schema_core::Dialect;

/// What the example says was there before, on a server of that version.
pub(crate) fn known(rule: &Rule, version: Option<u32>) -> Catalog {
    let mut known = Catalog::default().on_version(version);
    if rule.dialect() == Dialect::Postgres {
        known.take_script(ROWS);
        known.take_script(rule.example.before);
    }
    known
}

/// Whether the rule has something to say of `piece`, which is behind `known` and taken into it.
pub(crate) fn finds(rule: &Rule, piece: &Piece, known: &mut Catalog) -> bool {
    let levels = BTreeMap::from([("all".to_owned(), Level::Off), (rule.name.to_owned(), Level::Warn)]);
    let dialect = rule.dialect();
    let settings = Settings { levels, in_transaction: piece.in_transaction, dialect, going_back: false };
    lint(piece.sql, &settings, known).iter().any(|finding| finding.rule == rule.name)
}

#[test]
fn each_rule_finds_what_it_is_about_and_not_the_safe_form() {
    let mut wrong = Vec::new();
    for rule in all() {
        // Where nobody knows the server, or it is one that has the safe form.
        let versions = [None, Some(19)];
        if !versions.iter().any(|version| finds(rule, &rule.example.bad, &mut known(rule, *version))) {
            wrong.push(format!("{} does not find: {}", rule.name, rule.example.bad.sql));
        }
        // They come one after the other.
        let mut before = known(rule, None);
        let good = rule.example.good.iter().filter(|piece| finds(rule, piece, &mut before));
        wrong.extend(good.map(|piece| format!("{} finds: {}", rule.name, piece.sql)));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_rule_has_a_safe_form_and_says_what_goes_wrong() {
    for rule in all() {
        assert!(!rule.danger.is_empty() && !rule.safe.is_empty(), "{}", rule.name);
        assert!(!rule.example.good.is_empty(), "{}", rule.name);
    }
}
