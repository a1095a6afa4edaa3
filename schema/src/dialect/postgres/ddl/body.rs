//! Functions whose bodies name what stands in a namespace without saying so: whoever calls them sets a search path. The
//! server would look for all of it when it creates them, where their language is its own.

use crate::change::Step;
use crate::schema::text::identifiers;
use crate::schema::*;

/// The steps, among which the server looks into no body where one counts on a search path.
pub(super) fn unchecked(object: &Object, new: &Schema, mut steps: Vec<Step>) -> Vec<Step> {
    if counts_on_a_path(object, new) {
        let set = |word: &str| Step::harmless(format!("SET LOCAL check_function_bodies = {word}"));
        steps.insert(0, set("off"));
        steps.push(set("on"));
    }
    steps
}

fn counts_on_a_path(object: &Object, schema: &Schema) -> bool {
    if !matches!(object.id, ObjectId::Object(ObjectKind::Function, _)) {
        return false;
    }
    let text = object.definition.replace(['\'', '$'], " ");
    let words: Vec<_> = identifiers(&text).into_iter().map(|(at, word)| (at, word.to_ascii_lowercase())).collect();
    let has = |first: &str, then: &str| words.windows(2).any(|pair| pair[0].1 == first && pair[1].1 == then);
    let (sql, plpgsql) = (has("language", "sql"), has("language", "plpgsql"));
    if !(sql || plpgsql) || has("set", "search_path") {
        return false;
    }
    // Of PL/pgSQL the server looks at the variables alone: their types, and `t%ROWTYPE`.
    let bare = |word: &str, typed: bool| {
        let mut found = words.iter().filter(|(at, it)| it == word && !text[..at.start].ends_with('.'));
        found.any(|(at, _)| sql || typed || text[at.end..].starts_with('%'))
    };
    let types = schema.enums.keys().map(|name| (name, true));
    let relations = schema.tables.keys().map(|name| (name, false));
    let objects = schema.objects.keys().filter(|id| **id != object.id).filter_map(|id| match id {
        ObjectId::Object(ObjectKind::Type | ObjectKind::Domain, name) => Some((name, true)),
        ObjectId::Object(
            ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Function | ObjectKind::Aggregate,
            name,
        ) => Some((name, false)),
        _ => None,
    });
    let own = |name: &Name| name.name.split('(').next().unwrap_or_default().to_ascii_lowercase();
    let mut all = types.chain(relations).chain(objects);
    all.any(|(name, typed)| name.namespace.is_some() && bare(&own(name), typed))
}
