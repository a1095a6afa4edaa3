//! Partitions and children that models say.

use diesel_schema::Dialect;
use diesel_schema::declared::{Column, Identity, Index, Inheritance, Model};
use diesel_schema::generate::Nobody;

use super::{PG, kinds};
use crate::build::*;
use crate::journey::Journey;

const ROWS: &str = "INSERT INTO e (id, at, kind) SELECT g, '2024-01-01'::date + g, 'a' FROM generate_series(1, 90) g";

fn columns() -> [Column; 3] {
    [c("id", "Int8").not_null(), c("at", "Date").not_null(), c("kind", "Text")]
}

fn e() -> Model {
    split("e", "RANGE (at)")
}

fn split(name: &str, by: &str) -> Model {
    let mut table = bare(name, &["id", "at"], columns());
    table.inheritance.partition_by = Some(by.to_owned());
    table
}

fn part(name: &str, of: &str, bound: &str) -> Model {
    let mut table = bare(name, &["id", "at"], columns());
    table.inheritance =
        Inheritance { partition_by: None, parents: vec![(None, of.to_owned())], bound: Some(bound.to_owned()) };
    table
}

fn january() -> Model {
    part("e_1", "e", "FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')")
}

fn rest() -> Model {
    part("e_rest", "e", "DEFAULT")
}

/// A primary key has to hold the columns by which each level is split.
fn keyless(mut table: Model) -> Model {
    table.primary_key.columns.clear();
    table
}

fn child(more: impl IntoIterator<Item = Column>) -> Model {
    let mut table = bare("child", &[], [c("id", "Int4").not_null(), c("a", "Text")].into_iter().chain(more));
    table.inheritance.parents = vec![(None, "parent".to_owned())];
    table
}

fn parent(more: impl IntoIterator<Item = Column>) -> Model {
    bare("parent", &["id"], [c("id", "Int4").not_null(), c("a", "Text")].into_iter().chain(more)).check("a <> ''")
}

fn alone(mut table: Model) -> Model {
    table.inheritance = Inheritance::default();
    table
}

fn pointing_at(table: &str) -> Model {
    let mut other = bare("o", &[], [c("e", "Int8"), c("at", "Date")]);
    other.foreign_keys.push(fk(&["e", "at"], table, &["id", "at"]));
    other
}

fn points() -> Model {
    pointing_at("e_1")
}

fn has_a(mut table: Model) -> Model {
    table.columns[1].nullable = false;
    table
}

fn counted(mut table: Model) -> Model {
    table.columns[0].identity = Some(Identity::Serial);
    table
}

kinds! {
    a_partition: PG, ROWS, [
        [e(), rest()],
        [e(), rest(), part("e_9", "e", "for values from ('2030-01-01') to ('2031-01-01')")],
        [e(), rest()],
    ];
    an_index_of_a_partitioned_table: PG, ROWS, [
        [e(), january(), rest()],
        [e().index(index([on("kind")])), january(), rest()],
        [
            e().index(index([on("kind")])),
            january().index(Index { name: Some("own".to_owned()), ..index([on("kind")]) }),
            rest(),
        ],
        [e(), january(), rest()],
    ];
    a_partition_has_an_index_and_a_check_of_its_own: PG, ROWS, [
        [e(), january(), rest()],
        [e(), january().index(index([on("kind")])).check("kind <> ''"), rest()],
        [e(), january(), rest()],
    ];
    a_column_of_a_partitioned_table: PG, ROWS, [
        [e(), january(), rest()],
        {
            let more = |mut table: Model| { table.columns.push(c("n", "Int4").int(7)); table };
            [more(e()), more(january()), more(rest())]
        },
        [e(), january(), rest()],
    ];
    a_partition_that_is_split_itself: PG, ROWS, [
        [keyless(e()), keyless(rest())],
        {
            let mut year = keyless(split("e_2030", "LIST (kind)"));
            year.inheritance.parents = vec![(None, "e".to_owned())];
            year.inheritance.bound = Some("FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')".to_owned());
            let a = keyless(part("e_2030_a", "e_2030", "FOR VALUES IN ('a')"));
            let a = a.index(Index { name: Some("own".to_owned()), ..index([on("kind")]) });
            [keyless(e()).index(index([on("kind")])), year, a, keyless(rest())]
        },
        [keyless(e()), keyless(rest())],
    ];
    a_child_of_a_table: PG, "INSERT INTO parent VALUES (1, 'x')", [
        parent([]),
        [parent([]), child([])],
        [parent([c("n", "Int4")]), child([c("n", "Int4"), c("own", "Text")])],
        [parent([]), child([])],
        parent([]),
    ];
    a_child_that_leaves_and_comes_back: PG, "INSERT INTO parent VALUES (1, 'x')", [
        [parent([]), child([])],
        [parent([c("n", "Int4")]), alone(child([c("n", "Int4")]))],
        [parent([c("n", "Int4")]), child([c("n", "Int4")])],
        [parent([]), alone(child([]))],
    ];
    a_key_that_a_foreign_key_to_a_partition_needs: PG, ROWS, [
        [e(), january(), rest(), points()],
        [keyless(e()), keyless(january()), keyless(rest()), bare("o", &[], [c("e", "Int8"), c("at", "Date")])],
    ];
    a_foreign_key_to_a_partition_that_leaves_as_the_key_goes: PG, "", [
        [e(), january(), rest(), points()],
        [keyless(e()), keyless(alone(january())), keyless(rest()), bare("o", &[], [c("e", "Int8"), c("at", "Date")])],
    ];
    a_partition_with_a_key_of_its_own_joins_as_the_key_goes: PG, "", [
        [e(), alone(rest()), january()],
        [keyless(e()), keyless(rest()), keyless(january())],
    ];
    a_foreign_key_as_partitions_go: PG, "", [
        [e(), january(), rest(), bare("o", &[], [c("e", "Int8"), c("at", "Date")])],
        [e(), pointing_at("e")],
    ];
    a_parent_that_takes_null_and_a_child_that_does_not: PG, "INSERT INTO parent VALUES (1, 'x'); INSERT INTO child VALUES (2, 'y')", [
        [has_a(parent([])), has_a(child([]))],
        [parent([]), has_a(child([]))],
        [has_a(parent([])), has_a(child([]))],
    ];
    a_child_that_counts_by_itself: PG, "INSERT INTO parent (a) VALUES ('x')", [
        counted(parent([])),
        [counted(parent([])), counted(child([]))],
        [counted(parent([])), child([])],
    ];
}

/// Partitions that no model says stay, as an application makes them that goes month by month.
#[test]
fn partitions_that_nobody_declares_stay() {
    let mut journey = Journey::new(Dialect::Postgres);
    let declared = Stage::from([e(), rest()]).of(Dialect::Postgres);
    journey.go(&declared).unwrap();
    let made = "CREATE TABLE e_1 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')";
    journey.live.connection().batch(made).unwrap();
    assert!(journey.bench.prepare(&declared, &mut Nobody, false).unwrap().no_changes());
}
