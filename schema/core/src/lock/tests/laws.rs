use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;

use super::super::*;
use crate::declared::*;

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        "[a-z_]{1,8}",
        ".{0,12}",
        vec(any::<char>(), 0..8).prop_map(|chars| chars.into_iter().collect()),
        Just("it's \"quoted\" \\ and\r\n\tmore\u{2028}".to_owned()),
        Just("sql".to_owned()),
        Just("enum".to_owned()),
    ]
    .boxed()
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..3)
}

prop_compose! {
    fn expr()(sql in text(), postgres in of(text()), sqlite in of(text()), mysql in of(text())) -> Expr {
        Expr { sql, postgres, sqlite, mysql }
    }
}

fn default() -> impl Strategy<Value = Default> {
    prop_oneof![
        any::<bool>().prop_map(Default::Bool),
        any::<i64>().prop_map(Default::Int),
        text().prop_map(Default::Float),
        text().prop_map(Default::Text),
        expr().prop_map(Default::Expr),
    ]
}

prop_compose! {
    fn ty()(kind in prop_oneof![Just(TypeKind::Diesel), Just(TypeKind::Enum), Just(TypeKind::Sql)],
        namespace in of(text()), name in text(), modifiers in vec(any::<i32>(), 0..3), array in 0_u8..3) -> Type {
        Type { kind, namespace, name, modifiers, array }
    }
}

prop_compose! {
    fn column()(ty in ty().boxed(), nullable: bool, default in of(default().boxed()),
        identity in of(prop_oneof![Just(Identity::ByDefault), Just(Identity::Always), Just(Identity::Serial)]),
        sequence in of(sequence().boxed()), generated in of(expr().boxed()), collation in of(text()), comment in text(),
        is_virtual: bool, not_null in of((of(text()), any::<bool>(), any::<bool>())),
        rust in text()) -> Column {
        let not_null = not_null.map(|(name, no_inherit, not_valid)| NotNull { name, no_inherit, not_valid });
        Column { name: String::new(), rust, ty, nullable, default, identity, sequence, generated, is_virtual, not_null,
            collation, comment, renamed_from: None, at: "src/lib.rs:1:1".to_owned() }
    }
}

fn deferrable() -> impl Strategy<Value = Deferrable> {
    prop_oneof![Just(Deferrable::No), Just(Deferrable::InitiallyImmediate), Just(Deferrable::InitiallyDeferred)]
}

prop_compose! {
    fn key()(name in of(text()), columns in texts(), include in texts(), nulls_not_distinct: bool, without_overlaps: bool,
        deferrable in deferrable()) -> Key {
        Key { name, columns, include, nulls_not_distinct, without_overlaps, deferrable, at: "here".to_owned() }
    }
}

fn action() -> impl Strategy<Value = ForeignKeyAction> {
    use ForeignKeyAction::*;
    prop_oneof![Just(NoAction), Just(Restrict), Just(Cascade), Just(SetNull), Just(SetDefault)]
}

prop_compose! {
    fn foreign_key()(name in of(text()), columns in texts(), references_namespace in of(text()),
        references_table in text(), references_columns in texts(), on_delete in action(), on_update in action(),
        on_delete_columns in texts(), match_full: bool, period: bool, not_valid: bool, not_enforced: bool, deferrable in deferrable()) -> ForeignKey {
        ForeignKey { name, columns, references_namespace, references_table, references_columns, on_delete,
            on_delete_columns, on_update, match_full, period, deferrable, not_valid, not_enforced, at: String::new() }
    }
}

prop_compose! {
    fn check()(name in of(text()), expr in expr().boxed(), columns in texts(), not_valid: bool, no_inherit: bool,
        not_enforced: bool) -> Check {
        Check { name, expr, columns, not_valid, no_inherit, not_enforced, at: String::new() }
    }
}

prop_compose! {
    fn index_key()(what in prop_oneof![text().prop_map(IndexKeyWhat::Column), expr().prop_map(IndexKeyWhat::Expr)],
        descending: bool, nulls_first: Option<bool>, opclass in of(text()), collation in of(text())) -> IndexKey {
        IndexKey { what, descending, nulls_first, opclass, collation }
    }
}

prop_compose! {
    fn index()(name in of(text()), keys in vec(index_key().boxed(), 0..3), unique: bool, nulls_not_distinct: bool,
        using in of(text()), include in texts(), with in of(text()), predicate in of(expr().boxed())) -> Index {
        Index { name, keys, unique, nulls_not_distinct, using, include, with, predicate, at: String::new() }
    }
}

prop_compose! {
    fn inheritance()(partition_by in of(text()), parents in vec((of(text()), text()), 0..3), bound in of(text())) -> Inheritance {
        Inheritance { partition_by, parents, bound }
    }
}

prop_compose! {
    fn model()(columns in btree_map(text(), column().boxed(), 0..4), primary_key in key().boxed(), uniques in vec(key().boxed(), 0..3),
        foreign_keys in vec(foreign_key().boxed(), 0..3), checks in vec(check().boxed(), 0..3), indexes in vec(index().boxed(), 0..3),
        comment in text(), inheritance in inheritance(), options in texts()) -> Model {
        let columns = columns.into_iter().map(|(name, column)| Column { name, ..column }).collect();
        Model { namespace: None, table: String::new(), rust: "R".to_owned(), comment, renamed_from: Some("o".to_owned()),
            columns, primary_key, uniques, foreign_keys, checks, indexes, inheritance, options, at: "there".to_owned() }
    }
}

fn dialects() -> impl Strategy<Value = Vec<Dialect>> {
    vec(prop_oneof![Just(Dialect::Postgres), Just(Dialect::Sqlite), Just(Dialect::Mysql)], 0..3)
}

prop_compose! {
    fn sequence()(data_type in of(text()), start: Option<i64>, increment: Option<i64>, min: Option<i64>,
        max: Option<i64>, cache: Option<i64>, cycle: bool) -> Sequence {
        Sequence { namespace: None, name: String::new(), data_type, start, increment, min, max, cache, cycle,
            at: String::new() }
    }
}

prop_compose! {
    fn declared()(models in btree_map((of(text()), text()), model().boxed(), 0..4),
        enums in btree_map((of(text()), text()), (texts(), text()), 0..3),
        sequences in btree_map((of(text()), text()), sequence().boxed(), 0..3),
        sql in btree_map(text(), (text(), dialects()), 0..3), dialects in dialects(), comments: bool)
        -> DeclaredSchema {
        let at = String::new;
        DeclaredSchema {
            models: models.into_iter().map(|((namespace, table), m)| Model { namespace, table, ..m }).collect(),
            enums: enums.into_iter().map(|((namespace, name), (values, comment))| Enum { namespace, name, rust: at(),
                values, comment, at: at() }).collect(),
            sequences: sequences.into_iter().map(|((namespace, name), s)| Sequence { namespace, name, ..s }).collect(),
            sql: sql.into_iter().map(|(path, (text, dialects))| SqlFile { path, text, dialects }).collect(),
            dialects, comments, at: "at".to_owned(),
        }
    }
}

prop_compose! {
    fn revisions()(list in btree_map(text(), (texts(), texts(), text()), 0..5)) -> Vec<LockedRevision> {
        list.into_iter().map(|(id, (down_revision, depends_on, checksum))|
            LockedRevision { id, down_revision, depends_on, checksum }).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_printed_is_read_back(declared in declared().boxed(), postgres in revisions().boxed(), sqlite in revisions().boxed()) {
        let all = BTreeMap::from([(Dialect::Postgres, postgres), (Dialect::Sqlite, sqlite)]);
        let lock = Lock::new(all, &declared);
        let text = lock.to_string();
        let read = Lock::parse(&text).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&read, &lock);
        prop_assert!(read.declares(&declared));
        prop_assert_eq!(read.to_string(), text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "(version = 1\n)?(.{0,40}\n){0,3}") {
        let _ = Lock::parse(&text);
    }
}
