//! What most databases hold nothing of. To plan a part of the query takes the server longer than to run it, so a part
//! about one of these is asked only where there is one.

/// A kind of which there may be nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seldom {
    Aggregate,
    Cast,
    Collation,
    Comment,
    Composite,
    Domain,
    Enum,
    EventTrigger,
    Exclusion,
    ForeignServer,
    ForeignTable,
    ForeignDataWrapper,
    Function,
    Inheritance,
    Operator,
    Policy,
    Publication,
    Range,
    Rule,
    Statistics,
    TextSearchConfiguration,
    TextSearchDictionary,
    Trigger,
    View,
}

/// Where one is found. Those of extensions are among them: it only costs a part that finds nothing.
const WHERE: &[(Seldom, &str)] = &[
    (Seldom::Aggregate, "pg_aggregate WHERE aggfnoid::oid >= 16384"),
    (Seldom::Cast, "pg_cast WHERE oid >= 16384"),
    (Seldom::Collation, "pg_collation WHERE oid >= 16384"),
    (
        Seldom::Comment,
        "pg_description WHERE objoid >= 16384 OR description <> 'standard public schema' AND \
      classoid = 'pg_namespace'::regclass AND objoid = (SELECT oid FROM pg_namespace WHERE nspname = 'public')",
    ),
    (Seldom::Composite, "pg_class WHERE relkind = 'c' AND oid >= 16384"),
    (Seldom::Domain, "pg_type WHERE typtype = 'd' AND oid >= 16384"),
    (Seldom::Enum, "pg_type WHERE typtype = 'e' AND oid >= 16384"),
    (Seldom::EventTrigger, "pg_event_trigger"),
    (Seldom::Exclusion, "pg_constraint WHERE contype = 'x'"),
    (Seldom::ForeignServer, "pg_foreign_server"),
    (Seldom::ForeignTable, "pg_foreign_table"),
    (Seldom::ForeignDataWrapper, "pg_foreign_data_wrapper"),
    (Seldom::Function, "pg_proc WHERE oid >= 16384"),
    (Seldom::Inheritance, "pg_inherits"),
    (Seldom::Operator, "pg_operator WHERE oid >= 16384"),
    (Seldom::Policy, "pg_policy"),
    (Seldom::Publication, "pg_publication"),
    (Seldom::Range, "pg_range WHERE rngtypid >= 16384"),
    (Seldom::Rule, "pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN'"),
    (Seldom::Statistics, "pg_statistic_ext"),
    (Seldom::TextSearchConfiguration, "pg_ts_config WHERE oid >= 16384"),
    (Seldom::TextSearchDictionary, "pg_ts_dict WHERE oid >= 16384"),
    (Seldom::Trigger, "pg_trigger WHERE NOT tgisinternal"),
    (Seldom::View, "pg_class WHERE relkind IN ('v', 'm') AND oid >= 16384"),
];

/// Asks which of them there are.
pub(super) fn question() -> String {
    let arms = WHERE.iter().enumerate();
    let arms: Vec<String> =
        arms.map(|(at, (_, found))| format!("SELECT '{at}' WHERE EXISTS (SELECT FROM {found})")).collect();
    arms.join(" UNION ALL ")
}

/// What a row of the answer says that there is.
pub(super) fn answer(row: &str) -> Option<Seldom> {
    WHERE.get(row.parse::<usize>().ok()?).map(|(kind, _)| *kind)
}
