//! All that is done while the first column is in use.

use super::spare::{Spare, Spares};
use super::{Second, Seconds, TRIGGER, function};
use crate::change::{Change, Constraint, Fit, HazardKind, Stage, Step, TableLock, Works};
use crate::dialect::postgres::online::{constraint, fill, index, triggers, without};
use crate::dialect::postgres::{cast::cast, ddl, quote};
use crate::dialect::{Refusal, all_rows};
use crate::schema::text::dollar_quoted;
use crate::schema::{Check, Column, ForeignKey, Name};

pub(super) fn steps(
    seconds: &Seconds<'_>,
    spares: &Spares<'_>,
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
) -> Result<Vec<Step>, Refusal> {
    let mut steps = Vec::new();
    for table in seconds.tables() {
        let mut own = Vec::new();
        for second in seconds.of(table) {
            let column = Column {
                name: second.name.clone(),
                nullable: true,
                default: None,
                identity: None,
                comment: None,
                ..second.new.clone()
            };
            own.extend(plain(&Change::AddColumn { table: table.clone(), column })?);
        }
        own.extend(trigger(table, seconds));
        for second in seconds.of(table) {
            own.push(filled(second, seconds));
            own.extend(check(second));
        }
        steps.extend(said_of(table, own));
    }
    for spare in &spares.all {
        let (table, own) = spared(spare, plain)?;
        steps.extend(said_of(table, own));
    }
    Ok(steps)
}

/// An application of before goes on with all of it, as long as it writes nothing that does not fit the new type.
fn said_of(table: &Name, steps: Vec<Step>) -> impl Iterator<Item = Step> {
    let fit = Fit { old: Works::Yes, new: Works::No };
    steps.into_iter().map(move |step| Step { table: step.table.clone().or_else(|| Some(table.clone())), fit, ..step })
}

/// What a row has in the second column, as the one statement would say it.
fn value(second: &Second<'_>, row: &str) -> String {
    let name = format!("{row}.{}", quote::ident(&second.old.name));
    cast(&name, &second.old.ty, &second.new.ty).unwrap_or(name)
}

/// The same in a trigger. PL/pgSQL finds the way from text to an enum by itself, whatever the `search_path` of who writes.
fn value_of_new(second: &Second<'_>) -> String {
    match second.new.ty.depends_on {
        Some(_) if second.old.ty != second.new.ty => format!("NEW.{}::text", quote::ident(&second.old.name)),
        _ => value(second, "NEW"),
    }
}

/// Whether the value depends on settings of the session, as `timestamp` to `timestamptz` on its time zone.
fn depends_on_session(second: &Second<'_>) -> bool {
    let is_time = |sql: &str| ["timestamp", "time", "date", "interval"].iter().any(|it| sql.starts_with(it));
    is_time(&second.old.ty.sql) || is_time(&second.new.ty.sql)
}

fn trigger(table: &Name, seconds: &Seconds<'_>) -> [Step; 2] {
    let function = quote::name(&function(table));
    let own: Vec<&Second<'_>> = seconds.all.iter().filter(|it| it.table == table).collect();
    let given = |it: &&Second<'_>| format!("    NEW.{} := {};\n", quote::ident(&it.name), value_of_new(it));
    let given: String = own.iter().map(given).collect();
    // All rows get what the session that changes the type would give them.
    let pinned = if own.iter().any(|it| depends_on_session(it)) {
        "\n    SET timezone FROM CURRENT SET datestyle FROM CURRENT SET intervalstyle FROM CURRENT"
    } else {
        ""
    };
    let body = dollar_quoted("", &format!("\nBEGIN\n{given}    RETURN NEW;\nEND\n"));
    let create = format!("CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql{pinned} AS {body}");
    let trigger = format!(
        "CREATE TRIGGER {TRIGGER} BEFORE INSERT OR UPDATE ON {}\n    FOR EACH ROW EXECUTE FUNCTION {function}()",
        quote::name(table)
    );
    let mut trigger = Step { lock: Some(TableLock::ShareRowExclusive), ..Step::harmless(trigger) };
    for second in own {
        if ddl::risks(table, second.old, second.new).iter().any(|it| it.kind == HazardKind::MayFail) {
            let message = format!(
                "a write of a value to {table}.{} that does not fit {} fails from then on",
                second.new.name, second.new.ty.sql
            );
            trigger = ddl::risk(trigger, HazardKind::MayFail, message);
        }
    }
    [Step::harmless(create), trigger]
}

fn filled(second: &Second<'_>, seconds: &Seconds<'_>) -> Step {
    let secured = all_rows::is_secured(&[second.table], &[seconds.old.schema, seconds.new.schema]);
    let value = value(second, "r");
    let mut step = fill::fill(second.table, &second.name, (&value, Some(&second.old.name)), secured);
    step.hazards.extend(ddl::risks(second.table, second.old, second.new));
    // What the plan takes away or makes anew it does behind this.
    let named = (second.name.as_str(), second.new.name.as_str());
    step.hazards.extend(triggers::fired(second.table, named, seconds.old.schema, true));
    step
}

/// That each row has its value, which `NOT NULL` makes use of where it is wanted.
fn check(second: &Second<'_>) -> [Step; 2] {
    let (name, first) = (quote::ident(&second.name), quote::ident(&second.old.name));
    let expr = match second.new.nullable {
        true => format!("({name} IS NULL) = ({first} IS NULL)"),
        false => format!("{name} IS NOT NULL"),
    };
    let add = format!(
        "ALTER TABLE {}\n    ADD CONSTRAINT {} CHECK ({expr}) NOT VALID",
        quote::name(second.table),
        quote::ident(&second.check)
    );
    let add = ddl::exclusive(add);
    let validate = constraint::validate(second.table, &second.check);
    // What was without NULLs was filled without.
    let is_given = second.new.nullable || !second.old.nullable;
    let validate = if is_given { without(validate, HazardKind::MayFail) } else { validate };
    [Step { stage: Stage::Constrain, ..add }, validate]
}

fn spared<'a>(
    spare: &Spare<'a>,
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
) -> Result<(&'a Name, Vec<Step>), Refusal> {
    let built = |table: &Name, it| index::create(ddl::create_index(table, it, true), false);
    Ok(match spare {
        Spare::Index { table, spare, .. } => (*table, built(table, spare)),
        Spare::Key { table, spare, .. } => (*table, built(table, spare)),
        Spare::Check { table, spare, .. } => {
            let own = Constraint::Check(Check { validated: false, ..spare.clone() });
            (*table, unproven(table, own, spare.validated, Stage::Constrain, plain)?)
        }
        Spare::ForeignKey { table, spare, .. } => {
            let own = Constraint::ForeignKey(ForeignKey { validated: false, ..spare.clone() });
            // Behind the index that it may need.
            (*table, unproven(table, own, spare.validated, Stage::Build, plain)?)
        }
    })
}

fn unproven(
    table: &Name,
    constraint: Constraint,
    proven: bool,
    stage: Stage,
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
) -> Result<Vec<Step>, Refusal> {
    let validate = proven.then(|| constraint::validate(table, constraint.name()));
    let added = plain(&Change::AddConstraint { table: table.clone(), constraint })?;
    Ok(added.into_iter().map(|step| Step { stage, ..step }).chain(validate).collect())
}
