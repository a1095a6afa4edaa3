//! The triggers that a back-fill fires: it is an `UPDATE` of every row, which a statement that writes the table anew is
//! not.

use diesel_schema_core::Dialect;
use diesel_schema_core::sql::split;

use crate::change::{Hazard, HazardKind};
use crate::dialect::in_step;
use crate::dialect::postgres::{lower, quote};
use crate::schema::{Name, Object, ObjectId, ObjectKind, Schema};

/// What they do while a column, which is told as `shown`, is filled; `None` where the table has none. Where the `plain`
/// form fires none, it is the way round.
pub(super) fn fired(table: &Name, (column, shown): (&str, &str), schema: &Schema, plain: bool) -> Option<Hazard> {
    // A partition has those of the tables above it.
    let part = schema.tables.get(table).filter(|it| it.inheritance.bound.is_some());
    let above = part.map(|part| schema.ancestors(part)).unwrap_or_default();
    let on: Vec<&Name> = above.into_iter().chain([table]).collect();
    let own = |id: &ObjectId, kind: ObjectKind| match id {
        ObjectId::Object(it, name) if *it == kind => on.iter().find_map(|table| {
            let own = name.name.strip_prefix(table.name.as_str())?.strip_prefix('.')?;
            (name.namespace == table.namespace).then(|| own.to_owned())
        }),
        _ => None,
    };
    let of = |kind| schema.objects.values().filter_map(move |it| Some((own(&it.id, kind)?, it)));
    let is_off = |name: &str| of(ObjectKind::Setting).any(|(_, it)| leaves_out(it, name));
    let found: Vec<String> = of(ObjectKind::Trigger)
        .filter(|(name, it)| !in_step::is_own(name) && is_fired(it, column) && !is_off(name))
        .map(|(name, _)| name)
        .collect();
    let (triggers, run, they) = match found.as_slice() {
        [] => return None,
        [one] => (format!("the trigger {one}"), "runs", "it"),
        more => (format!("the triggers {}", more.join(", ")), "run", "they"),
    };
    let instead = if plain { "; --plain writes the table anew, under a lock, and fires none" } else { "" };
    let message = format!(
        "{triggers} of {table} {run} for each row that {shown} is filled in, because that is an UPDATE: an updated_at \
         that {they} set{} is then of today everywhere; a trigger that says its columns (UPDATE OF ..) is left alone{instead}",
        if found.len() == 1 { "s" } else { "" },
    );
    Some(Hazard { kind: HazardKind::FiresTriggers, message })
}

/// Whether a trigger runs for each row where this column is updated.
fn is_fired(trigger: &Object, column: &str) -> bool {
    let tokens = split::tokens(&trigger.definition, Dialect::Postgres);
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|it| it.sql.eq_ignore_ascii_case(word));
    let find = |word: &str| (0..tokens.len()).find(|at| is(*at, word));
    let Some((on, update)) = find("on").zip(find("update")).filter(|(on, update)| update < on) else { return false };
    let each = (on..tokens.len()).find(|at| is(*at, "for") && (is(at + 1, "each") || is(at + 1, "row")));
    if !each.is_some_and(|at| is(at + 1, "row") || is(at + 2, "row")) {
        return false;
    }
    let named = (update + 2..on).take_while(|at| !is(*at, "or"));
    !is(update + 1, "of") || named.into_iter().any(|at| lower::unquote(tokens[at].sql) == column)
}

/// Whether a setting says that a trigger runs for no session of the usual kind.
fn leaves_out(setting: &Object, trigger: &str) -> bool {
    let words: Vec<&str> = setting.definition.split_whitespace().collect();
    let is_off = words.windows(2).any(|two| {
        ["disable", "replica"].iter().any(|it| two[0].eq_ignore_ascii_case(it))
            && two[1].eq_ignore_ascii_case("trigger")
    });
    is_off && setting.definition.trim_end().ends_with(&format!(" {}", quote::ident(trigger)))
}
