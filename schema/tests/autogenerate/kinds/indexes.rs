//! Indexes.

use diesel_schema::declared::{Index, IndexKey, Model};

use super::{BOTH, PG, kinds};
use crate::build::*;

const ROWS: &str = "INSERT INTO x (a, n) VALUES ('x', 1), ('Y', 2), (NULL, NULL)";

fn x() -> Model {
    t("x", [c("a", "Text"), c("n", "Int4")])
}

fn with(it: Index) -> Model {
    x().index(it)
}

fn plain() -> Index {
    index([on("a")])
}

fn by(method: &str, column: &str) -> Index {
    Index { using: Some(method.to_owned()), ..index([on(column)]) }
}

fn ordered(descending: bool, nulls_first: Option<bool>) -> Index {
    index([IndexKey { descending, nulls_first, ..on("a") }, on("n")])
}

const DOCS: &str = r#"INSERT INTO docs (tags, j, box) VALUES ('{a,b}', '{"a": 1}', 'x'), (NULL, NULL, NULL)"#;

fn docs() -> Model {
    t("docs", [c("tags", "Text[]"), c("j", "Jsonb"), c("box", "Text")])
}

kinds! {
    an_index: BOTH, ROWS, [x(), with(plain()), with(index([on("n"), on("a")])), with(index([on("n")])), x()];
    a_unique_index: BOTH, ROWS, [x(), with(Index { unique: true, ..plain() }), with(plain()), x()];
    a_partial_index: BOTH, ROWS, [
        x(),
        with(Index { predicate: Some(expr("n > 0")), ..plain() }),
        with(Index { predicate: Some(expr("n > 0 AND a IN ('x', 'y')")), unique: true, ..plain() }),
        with(plain()),
        with(Index { predicate: Some(expr("a IS NOT NULL")), ..plain() }),
        x(),
    ];
    an_expression_index: BOTH, ROWS, [
        x(),
        with(index([of("lower(a)")])),
        with(index([of("upper(a)"), on("n")])),
        with(index([of("n * 2"), of("lower(a)")])),
        with(Index { unique: true, ..index([of("coalesce(a, '-')")]) }),
        x(),
    ];
    an_index_without_a_name: BOTH, ROWS, [
        x(),
        with(Index { name: None, ..plain() }),
        with(Index { name: None, ..index([of("lower(a)")]) }).index(Index { name: None, ..plain() }),
        x(),
    ];
    the_name_of_an_index: BOTH, ROWS, [with(plain()), with(Index { name: Some("My Index".to_owned()), ..plain() })];
    the_order_of_an_index: BOTH, ROWS, [with(ordered(false, None)), with(ordered(true, None)), with(ordered(false, None))];
    where_nulls_stand: PG, ROWS, [
        with(ordered(false, None)), with(ordered(false, Some(true))), with(ordered(true, Some(false))), with(ordered(true, None)),
    ];
    columns_that_are_included: PG, ROWS, [
        with(plain()),
        with(Index { include: vec!["n".to_owned()], ..plain() }),
        with(Index { include: vec!["n".to_owned(), "id".to_owned()], unique: true, ..plain() }),
        with(plain()),
    ];
    operator_classes_and_collations: PG, ROWS, [
        with(plain()),
        with(index([IndexKey { opclass: Some("text_pattern_ops".to_owned()), ..on("a") }])),
        with(index([IndexKey { collation: Some("C".to_owned()), ..on("a") }])),
        with(plain()),
    ];
    hash_and_brin: PG, ROWS, [x(), with(by("hash", "a")), with(by("brin", "n")), with(plain()), with(by("hash", "n")), x()];
    gin: PG, DOCS, [
        docs(),
        docs().index(by("gin", "tags")),
        docs().index(by("gin", "j")),
        docs().index(Index {
            using: Some("gin".to_owned()),
            ..index([IndexKey { opclass: Some("jsonb_path_ops".to_owned()), ..on("j") }])
        }),
        docs().index(Index { using: Some("gin".to_owned()), ..index([of("to_tsvector('english', box)")]) }),
        docs(),
    ];
    gist: PG, DOCS, [
        docs(),
        docs().index(Index { using: Some("gist".to_owned()), ..index([of("to_tsvector('english', box)")]) }),
        docs().index(by("gin", "tags")),
        docs(),
    ];
}

#[test]
fn nulls_that_are_not_distinct() {
    if crate::live::server_version() >= 15 {
        let not_distinct = || Index { nulls_not_distinct: true, unique: true, ..plain() };
        let unique = || Index { unique: true, ..plain() };
        let stages = [with(unique()).into(), with(not_distinct()).into(), with(unique()).into()];
        insta::assert_snapshot!(super::travel(PG, &stages, ROWS));
    }
}
