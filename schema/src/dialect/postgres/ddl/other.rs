//! Namespaces, sequences, comments and what is handled as text.

use super::risk;
use crate::change::{Change, HazardKind, Step};
use crate::dialect::Refusal;
use diesel_schema_core::naming;

use crate::dialect::postgres::quote;
use crate::schema::*;

/// Where something waits while another one takes its name: nothing is called so, neither before nor after.
pub(super) fn aside(name: &Name, (old, new): (&Schema, &Schema)) -> Name {
    let kept = naming::clip(&name.name, naming::MAX_IDENTIFIER_BYTES - "__old".len());
    let usual = format!("{kept}__old");
    let taken = |it: &str| [old, new].iter().any(|schema| is_taken(schema, name.namespace.as_ref(), it));
    let free = if taken(&usual) { spare_name(&name.name, taken) } else { usual };
    Name::qualified(name.namespace.clone(), free)
}

/// Whether a relation or a type of the namespace is called so: a relation's rows are a type of its name.
pub(super) fn is_taken(schema: &Schema, namespace: Option<&String>, name: &str) -> bool {
    let here = |it: &Name| it.namespace.as_ref() == namespace;
    let is = |it: &Name| here(it) && it.name == name;
    let numbers = |column: &Column| Some(column.identity.as_ref()?.sequence.as_ref()?.0.clone());
    let of_table = |table: &Table| {
        let named = table.relation_names().chain(table.inheritance.attached.iter().map(|it| it.name.as_str()));
        is(&table.name)
            || here(&table.name) && named.into_iter().any(|it| it == name)
            || table.columns.iter().filter_map(numbers).any(|it| is(&it))
    };
    schema.enums.keys().chain(schema.sequences.keys()).any(is)
        || schema.objects.keys().any(|id| matches!(id, ObjectId::Object(_, it) if is(it)))
        || schema.tables.values().any(of_table)
}

/// What differs from a sequence of that type without options. The server's own rule (`init_params` in
/// src/backend/commands/sequence.c): one that counts down goes from -1 to the type's least value.
pub(super) fn sequence_words(options: &SequenceOptions) -> Vec<String> {
    let plain = SequenceOptions::of_type(&options.data_type);
    let down = options.increment < 0;
    let (min, max) = if down { (-plain.max - 1, -1) } else { (plain.min, plain.max) };
    let start = if down { options.max } else { options.min };
    let mut words = Vec::new();
    let mut differs = |word: &str, value: i64, usual: i64| {
        if value != usual {
            words.push(format!("{word} {value}"));
        }
    };
    differs("START WITH", options.start, start);
    differs("INCREMENT BY", options.increment, plain.increment);
    differs("MINVALUE", options.min, min);
    differs("MAXVALUE", options.max, max);
    differs("CACHE", options.cache, plain.cache);
    words.extend(options.cycle.then(|| "CYCLE".to_owned()));
    words
}

/// A sequence of its own.
pub(super) fn create_sequence(name: &Name, options: &SequenceOptions) -> Step {
    let ty = (options.data_type != "bigint").then(|| format!("AS {}", options.data_type));
    let words: Vec<String> = ty.into_iter().chain(sequence_words(options)).collect();
    Step::harmless(format!("CREATE SEQUENCE {} {}", quote::name(name), words.join(" ")).trim_end())
}

/// All options, as an existing sequence has to hear them.
pub(in crate::dialect::postgres) fn sequence_options(options: &SequenceOptions) -> Vec<String> {
    let mut words = vec![format!("AS {}", options.data_type)];
    words.push(format!("START WITH {}", options.start));
    words.push(format!("INCREMENT BY {}", options.increment));
    words.push(format!("MINVALUE {}", options.min));
    words.push(format!("MAXVALUE {}", options.max));
    words.push(format!("CACHE {}", options.cache));
    words.push(if options.cycle { "CYCLE".to_owned() } else { "NO CYCLE".to_owned() });
    words
}

/// `COMMENT ON`; no text takes the comment away.
pub(in crate::dialect::postgres) fn comment(target: &ObjectId, text: Option<&String>) -> Step {
    let text = text.map_or_else(|| "NULL".to_owned(), |text| quote::literal(text));
    Step::harmless(format!("COMMENT ON {} IS {text}", address(target)))
}

fn address(id: &ObjectId) -> String {
    match id {
        ObjectId::Namespace(name) => format!("SCHEMA {}", quote::ident(name)),
        ObjectId::Enum(name) => format!("TYPE {}", quote::name(name)),
        ObjectId::Sequence(name) => format!("SEQUENCE {}", quote::name(name)),
        ObjectId::Table(name) => format!("TABLE {}", quote::name(name)),
        ObjectId::Column(table, name) => format!("COLUMN {}.{}", quote::name(table), quote::ident(name)),
        ObjectId::Constraint(table, name) => format!("CONSTRAINT {} ON {}", quote::ident(name), quote::name(table)),
        ObjectId::Index(table, name) => {
            format!("INDEX {}", quote::name(&Name::qualified(table.namespace.clone(), name.clone())))
        }
        ObjectId::Object(kind, name) => object_address(*kind, name),
    }
}

/// The address of what is handled as text, where its id says enough for one: lowered from a `sql:` file, or of the
/// kinds that were read with theirs.
fn object_address(kind: ObjectKind, name: &Name) -> String {
    let word = kind.name().to_uppercase();
    match kind {
        ObjectKind::Extension => format!("EXTENSION {}", quote::ident(&name.name)),
        ObjectKind::Function | ObjectKind::Aggregate => {
            let (function, arguments) = name.name.split_once('(').unwrap_or((&name.name, ")"));
            let function = Name::qualified(name.namespace.clone(), function);
            // ROUTINE is a function or a procedure, whichever it is.
            let word = if kind == ObjectKind::Function { "ROUTINE" } else { "AGGREGATE" };
            format!("{word} {}({arguments}", quote::name(&function))
        }
        ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule => {
            let (table, own) = name.name.split_once('.').unwrap_or(("", &name.name));
            let table = Name::qualified(name.namespace.clone(), table);
            format!("{word} {} ON {}", quote::ident(own), quote::name(&table))
        }
        ObjectKind::Index => format!("INDEX {}", quote::name(name)),
        _ => format!("{word} {}", quote::name(name)),
    }
}

pub(super) fn drop_object(object: &Object) -> Step {
    let step = Step::harmless(object.drop.clone().unwrap_or_else(|| format!("DROP {}", address(&object.id))));
    match &object.id {
        ObjectId::Object(ObjectKind::Publication, name) => {
            risk(step, HazardKind::DataLoss, format!("subscribers to publication {name} hear of no more changes"))
        }
        ObjectId::Object(ObjectKind::Subscription, name) => {
            let lost = format!("subscription {name} forgets how far it has come, and hears of no more changes");
            // The slot is the publisher's, which the server has to reach for it.
            let in_transaction = object.definition.contains("slot_name = NONE");
            Step { in_transaction, ..risk(step, HazardKind::DataLoss, lost) }
        }
        ObjectId::Object(ObjectKind::Extension, name) => {
            risk(step, HazardKind::MayFail, format!("fails while something uses extension {name}"))
        }
        _ => step,
    }
}

/// The server refuses bounds that the counter is not within, even that of a sequence that nobody has asked yet.
pub(super) fn alter_sequence(sequence: &Name, was: &SequenceOptions, is: &SequenceOptions) -> Vec<Step> {
    let name = quote::name(sequence);
    let alter = set_options(sequence, is);
    if is.min > was.max || is.max < was.min {
        let lost = format!("{sequence} counts from {} again: nothing is within its old and its new bounds", is.start);
        return vec![risk(Step { sql: alter.sql + " RESTART", ..alter }, HazardKind::DataLoss, lost)];
    }
    let mut steps = Vec::new();
    if is.min > was.min || is.max < was.max {
        let (counter, min, max) = (quote::literal(&name), is.min, is.max);
        steps.push(Step::harmless(format!(
            "SELECT setval({counter}, LEAST(GREATEST(last_value, {min}), {max}), is_called) FROM {name}\n    \
             WHERE last_value NOT BETWEEN {min} AND {max}"
        )));
    }
    steps.push(alter);
    steps
}

pub(super) fn set_options(sequence: &Name, options: &SequenceOptions) -> Step {
    Step::harmless(format!("ALTER SEQUENCE {} {}", quote::name(sequence), sequence_options(options).join(" ")))
}

fn with_comment(step: Step, id: ObjectId, text: Option<&String>) -> Vec<Step> {
    std::iter::once(step).chain(text.map(|text| comment(&id, Some(text)))).collect()
}

pub(super) fn render(change: &Change) -> Result<Vec<Step>, Refusal> {
    Ok(match change {
        Change::CreateNamespace(namespace) => with_comment(
            Step::harmless(format!("CREATE SCHEMA {}", quote::ident(&namespace.name))),
            ObjectId::Namespace(namespace.name.clone()),
            namespace.comment.as_ref(),
        ),
        Change::DropNamespace(namespace) => {
            vec![Step::harmless(format!("DROP SCHEMA {}", quote::ident(&namespace.name)))]
        }
        Change::CreateSequence(sequence) => with_comment(
            create_sequence(&sequence.name, &sequence.options),
            ObjectId::Sequence(sequence.name.clone()),
            sequence.comment.as_ref(),
        ),
        Change::DropSequence(sequence) => {
            let step = Step::harmless(format!("DROP SEQUENCE {}", quote::name(&sequence.name)));
            vec![risk(step, HazardKind::DataLoss, format!("the counter of {} is gone", sequence.name))]
        }
        Change::AlterSequence { old, new } => alter_sequence(&new.name, &old.options, &new.options),
        Change::SetComment { target, new, .. } => vec![comment(target, new.as_ref())],
        other => return Err(Refusal(format!("PostgreSQL has no statement for this change: {other:?}"))),
    })
}
