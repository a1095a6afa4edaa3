//! The second column takes the first one's place. Everything that it needs is there, so that no row is read.

use super::{Second, Seconds, TRIGGER, function};
use crate::change::{Change, Fit, Step};
use crate::dialect::postgres::{ddl, quote};
use crate::schema::text::dollar_quoted;
use crate::schema::{Identity, IdentityKind, Name, ObjectId, SequenceOptions};

pub(super) fn steps(seconds: &Seconds<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for table in seconds.tables() {
        let on = quote::name(table);
        let mut own = vec![
            ddl::exclusive(format!("DROP TRIGGER {TRIGGER} ON {on}")),
            Step::harmless(format!("DROP FUNCTION {}()", quote::name(&function(table)))),
            granted(table, seconds),
        ];
        let mut fit = Fit::default();
        for second in seconds.of(table) {
            own.extend(swap(second, seconds));
            let change = Change::AlterColumn { table: table.clone(), old: second.old.clone(), new: second.new.clone() };
            let Fit { old, new } = change.fit();
            fit = Fit { old: fit.old.max(old), new: fit.new.max(new) };
        }
        steps.extend(own.into_iter().map(|step| Step { table: Some(table.clone()), fit, ..step }));
    }
    steps
}

fn swap(second: &Second<'_>, seconds: &Seconds<'_>) -> Vec<Step> {
    let on = quote::name(second.table);
    let (first, name) = (quote::ident(&second.new.name), quote::ident(&second.name));
    let alter = |what: String| ddl::exclusive(format!("ALTER TABLE {on}\n    {what}"));
    let set = |what: &str| alter(format!("ALTER COLUMN {first} {what}"));
    let mut steps = Vec::new();
    let numbers = second.old.identity.as_ref().zip(second.new.identity.as_ref());
    let counts = numbers.and_then(|(was, is)| Some((was.sequence.as_ref()?, is.sequence.as_ref()?, is)));
    steps.extend(counts.map(|(was, _, identity)| carried(second, was, identity)));
    let filled = alter(format!("DROP CONSTRAINT {}", quote::ident(&second.check)));
    // That it is filled like the first one goes with the first one.
    let (before, after) = if second.new.nullable { (Some(filled), None) } else { (None, Some(filled)) };
    steps.extend(before);
    steps.push(alter(format!("DROP COLUMN {first}")));
    steps.push(alter(format!("RENAME COLUMN {name} TO {first}")));
    steps.extend((!second.new.nullable).then(|| match ddl::not_null_constraint(second.new) {
        Some(said) => alter(format!("ADD {said}")),
        None => set("SET NOT NULL"),
    }));
    steps.extend(after);
    steps.extend(second.new.default.as_ref().map(|default| set(&format!("SET DEFAULT {}", default.sql))));
    steps.extend(counts.map(|(was, is, identity)| numbered(second, was, is, identity, &set)).into_iter().flatten());
    let table = seconds.new.schema.tables.get(second.table);
    let comment = table.and_then(|it| it.column(&second.new.name)?.comment.as_ref());
    let id = ObjectId::Column(second.table.clone(), second.new.name.clone());
    steps.extend(comment.map(|text| ddl::comment(&id, Some(text))));
    steps
}

/// Whoever may use one of the first columns by itself may use the second one.
fn granted(table: &Name, seconds: &Seconds<'_>) -> Step {
    let on = quote::literal(&quote::name(table));
    let pair = |it: &Second<'_>| format!("({}, {})", quote::literal(&it.new.name), quote::literal(&it.name));
    let pairs: Vec<String> = seconds.all.iter().filter(|it| it.table == table).map(pair).collect();
    let body = format!(
        "
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT a.privilege_type AS may, a.is_grantable, s.second, coalesce(quote_ident(r.rolname), 'PUBLIC') AS who
        FROM (VALUES {}) s (first, second) JOIN pg_attribute c ON c.attname = s.first
            CROSS JOIN aclexplode(c.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
        WHERE c.attrelid = {on}::regclass
    LOOP
        EXECUTE format('GRANT %s (%I) ON %s TO %s', held.may, held.second, {on}, held.who)
            || CASE WHEN held.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END;
    END LOOP;
END
",
        pairs.join(", ")
    );
    Step::harmless(format!("DO {}", dollar_quoted("", &body)))
}

type Sequence = (Name, SequenceOptions);

/// Where the transaction keeps what an identity has counted to.
const COUNTER: &str = "'diesel_schema.counter'";

/// A serial's sequence is handed over; an identity's goes with its column, and what it has counted to is kept.
fn carried(second: &Second<'_>, (was, _): &Sequence, identity: &Identity) -> Step {
    let was = quote::name(was);
    Step::harmless(match identity.kind {
        IdentityKind::Serial => {
            format!("ALTER SEQUENCE {was} OWNED BY {}.{}", quote::name(second.table), quote::ident(&second.name))
        }
        _ => format!("SELECT set_config({COUNTER}, last_value || ' ' || is_called, true) FROM {was}"),
    })
}

fn numbered(
    second: &Second<'_>,
    (name, before): &Sequence,
    (is, after): &Sequence,
    identity: &Identity,
    set: &dyn Fn(&str) -> Step,
) -> Vec<Step> {
    if identity.kind == IdentityKind::Serial {
        let options = ddl::sequence_options(after).join(" ");
        let counts = Step::harmless(format!("ALTER SEQUENCE {} {options}", quote::name(name)));
        let counts = (before != after).then_some(counts);
        return counts.into_iter().chain([set(&format!("SET DEFAULT {}", ddl::next(name)))]).collect();
    }
    let part = |at: u8, ty: &str| format!("split_part(current_setting({COUNTER}), ' ', {at})::{ty}");
    let sequence = quote::literal(&quote::name(is));
    vec![
        set(&format!("ADD {}", ddl::numbered(second.table, &second.new.name, identity))),
        Step::harmless(format!("SELECT setval({sequence}, {}, {})", part(1, "bigint"), part(2, "boolean"))),
    ]
}
