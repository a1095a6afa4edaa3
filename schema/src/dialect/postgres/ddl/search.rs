//! A text search dictionary, changed in its place: what indexes hold of it stays as it was.

use std::collections::BTreeMap;

use diesel_schema_core::{Dialect, sql::split};

use crate::change::Step;
use crate::dialect::postgres::quote;
use crate::schema::Name;

/// Its template can't be changed.
pub(super) fn dictionary(name: &Name, old: &str, new: &str) -> Option<Vec<Step>> {
    let (mut was, mut is) = (options(old)?, options(new)?);
    if was.remove("template") != is.remove("template") {
        return None;
    }
    // An option without a value is taken back.
    let gone = was.keys().filter(|word| !is.contains_key(*word)).map(|word| (*word).to_owned());
    let said = is.iter().filter(|(word, value)| was.get(*word) != Some(value));
    let all: Vec<String> = gone.chain(said.map(|(word, value)| format!("{word} = {value}"))).collect();
    let alter = format!("ALTER TEXT SEARCH DICTIONARY {} ({})", quote::name(name), all.join(", "));
    Some(vec![Step::harmless(alter)])
}

/// What stands in the parentheses, by its word.
fn options(definition: &str) -> Option<BTreeMap<String, String>> {
    let tokens: Vec<&str> = split::tokens(definition, Dialect::Postgres).iter().map(|token| token.sql).collect();
    let open = tokens.iter().position(|token| *token == "(")?;
    let inside = tokens[open + 1..].strip_suffix(&[")"])?;
    let option = |words: &[&str]| match words {
        [word, "=", value @ ..] => Some((word.to_ascii_lowercase(), value.concat())),
        _ => None,
    };
    inside.split(|token| *token == ",").map(option).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_that_goes_is_named_without_a_value() {
        let said = |old: &str, new: &str| {
            let create = |options: &str| format!("CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = {options})");
            let steps = dictionary(&Name::new("d"), &create(old), &create(new));
            steps.map(|it| it.into_iter().map(|step| step.sql).collect::<Vec<_>>().join("\n"))
        };
        assert_eq!(
            said("simple, stopwords = 'a,b', x = '1'", "simple, x = '2'").as_deref(),
            Some("ALTER TEXT SEARCH DICTIONARY d (stopwords, x = '2')")
        );
        assert_eq!(said("simple", "side.other"), None);
    }
}
