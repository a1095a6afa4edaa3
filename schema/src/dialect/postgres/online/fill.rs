//! A column that has another value in every row of before (a volatile default, numbers): made empty, filled in batches
//! beside reads and writes, and used by what is written meanwhile from the first commit on.

use super::not_null::Proof;
use super::partitions;
use super::{quick, triggers, without};
use crate::change::{Change, Hazard, HazardKind, Stage, Step, TableLock, Work};
use crate::dialect::postgres::{ddl, quote};
use crate::dialect::{Refusal, all_rows, in_step};
use crate::schema::text::dollar_quoted;
use crate::schema::{Column, Default, Identity, IdentityKind, Name, Schema};

/// How many blocks of the table a transaction takes: some thousand rows, which is long enough to be quick and short
/// enough to wait for.
const BLOCKS: u32 = 16;

/// Whether the server would write every row anew for it, and nothing else of the plan needs its values before they are
/// there, as a primary key does.
pub(super) fn can_wait(table: &Name, column: &Column, new: &Schema) -> bool {
    let key = new.tables.get(table).and_then(|table| table.primary_key.as_ref());
    let numbers = |identity: &Identity| identity.sequence.is_some();
    column.generated.is_none()
        && !key.is_some_and(|key| key.columns.contains(&column.name))
        && (column.identity.as_ref().is_some_and(numbers)
            || column.default.as_ref().is_some_and(|default| default.volatile && column.identity.is_none()))
}

/// Whether rows of the table are without a value for a while, so that constraints have to wait for it.
pub(super) fn is_due(table: &Name, old: &Schema, new: &Schema) -> bool {
    coming(table, old, new).any(|column| can_wait(table, column, new)) || is_copied(table, old, new)
}

/// The same, of a column that has its values from another one: in a table of whatever size.
pub(super) fn is_copied(table: &Name, old: &Schema, new: &Schema) -> bool {
    coming(table, old, new).any(|column| copied(table, column, old, new).is_some())
}

/// The columns that a table of before gets.
fn coming<'a>(table: &Name, old: &'a Schema, new: &'a Schema) -> impl Iterator<Item = &'a Column> {
    let both = old.tables.get(table).zip(new.tables.get(table));
    both.into_iter().flat_map(|(was, is)| is.columns.iter().filter(|column| was.column(&column.name).is_none()))
}

/// The column that a trigger of the new schema fills this one from.
pub(super) fn copied<'a>(table: &Name, column: &Column, old: &'a Schema, new: &Schema) -> Option<&'a str> {
    let from = in_step::partner(table, &column.name, new)?;
    Some(old.tables.get(table)?.column(from)?.name.as_str())
}

/// Whether the fill leaves no row without a value: numbers do, and functions of the server that never give NULL.
fn is_given(column: &Column) -> bool {
    const NEVER_NULL: &[&str] =
        &["nextval", "gen_random_uuid", "uuidv4", "uuidv7", "clock_timestamp", "timeofday", "random"];
    let by_default = column.default.as_ref().and_then(|default| default.sql.split_once('('));
    let alone = |rest: &str| rest.find(')').is_some_and(|at| matches!(&rest[at + 1..], "" | "::text"));
    column.identity.is_some() || by_default.is_some_and(|(name, rest)| NEVER_NULL.contains(&name) && alone(rest))
}

pub(super) fn add(
    table: &Name,
    column: &Column,
    (old, new): (&Schema, &Schema),
    plain: &dyn Fn(&Change) -> Result<Vec<Step>, Refusal>,
) -> Result<Vec<Step>, Refusal> {
    // A domain's own default would be in every row at once, and nothing would be left to fill.
    let is_domain = [old, new].iter().any(|schema| schema.is_domain(&column.ty.sql));
    let null = is_domain.then(|| Default { sql: "NULL".to_owned(), volatile: false });
    let empty = Column { nullable: true, default: null, identity: None, ..column.clone() };
    // An identity can't be of a column that holds NULL: its sequence serves as a default until then.
    let numbered = column.identity.clone().map(|identity| Identity { kind: IdentityKind::Serial, ..identity });
    let by_sequence = numbered.as_ref().and_then(|identity| identity.sequence.as_ref());
    let by_sequence = by_sequence.map(|(sequence, _)| Default { sql: ddl::next(sequence), volatile: true });
    let with_default = Column { default: by_sequence.or_else(|| column.default.clone()), ..empty.clone() };
    let alter = |old: &Column, new: &Column| {
        plain(&Change::AlterColumn { table: table.clone(), old: old.clone(), new: new.clone() })
    };

    let mut steps = plain(&Change::AddColumn { table: table.clone(), column: empty.clone() })?;
    let serial = Column { identity: numbered, nullable: column.nullable, ..empty.clone() };
    steps.extend(ddl::sequence_before(&serial));
    steps.extend(alter(&empty, &with_default)?);
    steps.extend(ddl::own_sequence(table, &serial));
    for leaf in partitions::leaves(table, old, new) {
        let secured = all_rows::is_secured(&[&leaf], &[old, new]);
        let mut step = match copied(table, column, old, new) {
            Some(from) => {
                let mut step = fill(&leaf, &column.name, ("NULL", Some(from)), secured);
                step.hazards.extend(misfit(table, from, column, old));
                step
            }
            None => fill(&leaf, &column.name, ("DEFAULT", None), secured),
        };
        // Copied from another column, it is filled in the plain form, too.
        let plain_is_other = copied(table, column, old, new).is_none();
        step.hazards.extend(triggers::fired(&leaf, (&column.name, &column.name), new, plain_is_other));
        steps.push(step);
    }
    let settle = |step: Step| Step { stage: Stage::Settle, ..quick(step) };
    if !column.nullable {
        let proof = Proof::new(table, column, old);
        // A row that is written before it is filled would break it.
        let [add, validate] = proof.before;
        let validate = if is_given(column) { without(validate, HazardKind::MayFail) } else { validate };
        steps.extend([Step { stage: Stage::Constrain, ..add }, validate]);
        let filled = Column { nullable: false, ..with_default.clone() };
        steps.extend(alter(&with_default, &filled)?.into_iter().map(settle));
        steps.push(proof.after);
    }
    if column.identity.as_ref().is_some_and(|identity| identity.kind != IdentityKind::Serial) {
        steps.extend(alter(&serial, column)?.into_iter().map(settle));
    }
    Ok(steps)
}

/// What a column that has its values from one of another type can cost.
fn misfit(table: &Name, from: &str, column: &Column, old: &Schema) -> Option<Hazard> {
    let was = old.tables.get(table)?.column(from)?;
    let is = &column.ty.sql;
    let message = format!("fails if a value of {table}.{from} does not fit {is}, as a write of one does from then on");
    (was.ty != column.ty).then_some(Hazard { kind: HazardKind::MayFail, message })
}

/// Gives the rows of before the column's default, or the `value` that a trigger puts another one in the place of, where
/// the column is NULL and `from`, where it has its values from another column, is not.
///
/// It goes over the blocks of the table, which every table has and which needs no index; over all of them again where
/// rows were locked or moved meanwhile. It waits for no row that somebody else has locked, so that it can't be part of a
/// deadlock. Where the default is NULL itself, it ends. That it is quoted `$backfill$` tells the runner that it may be run again where it was killed; how far it is
/// shows as the session's `application_name`. Where policies may hide rows (`secured`), the server refuses it.
pub(super) fn fill(table: &Name, column: &str, (value, from): (&str, Option<&str>), secured: bool) -> Step {
    let (on, name) = (quote::name(table), quote::ident(column));
    let given = from.map(|from| format!(" AND r.{} IS NOT NULL", quote::ident(from))).unwrap_or_default();
    let left = format!("r.{name} IS NULL{given}");
    let size = format!("pg_relation_size({}) / current_setting('block_size')::int", quote::literal(&on));
    let last = BLOCKS - 1;
    let what = quote::literal(&format!(" rows filled in {table}.{}", from.unwrap_or(column)));
    // Each commit ends it.
    let [within, behind] = match secured {
        true => {
            [", set_config('row_security', 'off', true)", "PERFORM set_config('row_security', 'off', true);\n        "]
        }
        false => [""; 2],
    };
    let body = format!(
        "
DECLARE
    tried bigint;
    given bigint := 0;
    before bigint;
BEGIN
    LOOP
        tried := 0;
        before := given;
        <<pass>>
        FOR block IN 0 .. {size} BY {BLOCKS} LOOP
            PERFORM set_config('application_name', given || {what}, true){within};
            WITH done AS (
                UPDATE ONLY {on} r SET {name} = {value} WHERE r.ctid = ANY (ARRAY(
                    SELECT r.ctid FROM ONLY {on} r WHERE {left} AND r.ctid = ANY (ARRAY(
                        SELECT format('(%s,%s)', pass.block + at, line)::tid
                        FROM generate_series(0, {last}) at,
                            generate_series(1, current_setting('block_size')::int / 28) line))
                    FOR UPDATE SKIP LOCKED))
                RETURNING r.{name} AS value)
            SELECT tried + count(*), given + count(done.value) INTO tried, given FROM done;
            COMMIT;
        END LOOP;
        {behind}EXIT WHEN NOT EXISTS (SELECT FROM ONLY {on} r WHERE {left});
        EXIT WHEN tried > 0 AND given = before;
        PERFORM pg_sleep(0.1);
    END LOOP;
END
"
    );
    let sql = format!("DO {}", dollar_quoted("backfill", &body));
    Step {
        lock: Some(TableLock::RowExclusive),
        stage: Stage::Fill,
        in_transaction: false,
        work: Work::Fills,
        table: Some(table.clone()),
        ..Step::harmless(sql)
    }
}
