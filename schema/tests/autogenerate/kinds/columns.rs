//! Columns, and everything that is said of one.

use diesel_schema::declared::{Column, Default, Identity, Model};

use super::{BOTH, PG, SQLITE, kinds};
use crate::build::*;

const ROWS: &str = "INSERT INTO x (v) VALUES ('1'), ('2'), ('300')";

/// The table `x` whose column `v` is what changes.
fn x(v: Column) -> Model {
    t("x", [v, c("w", "Text").text("w")])
}

fn v(ty: &str) -> Column {
    c("v", ty)
}

fn with(more: Column) -> Model {
    t("x", [v("Text"), c("w", "Text").text("w"), more])
}

/// Columns of these types, which a check, a key and an index are of.
fn retyped([first, second, third, fourth]: [&str; 4], number: i64) -> Model {
    let columns = [c("a", first).int(number), c("b", second).not_null(), c("c", third).sql("now()"), c("d", fourth)];
    let table = t("t", columns).check("a < b").unique(key(&["b", "a"]));
    table.index(index([of("a + b"), of("d")]))
}

kinds! {
    a_column: BOTH, ROWS, [
        x(v("Text")),
        with(c("n", "Int4")),
        with(c("n", "Int4").int(7)),
        x(v("Text")),
    ];
    a_column_that_is_filled_with_its_default: BOTH, ROWS, [
        x(v("Text")),
        with(c("n", "Varchar(20)").text("it's").not_null()),
        x(v("Text")),
    ];
    a_column_with_the_time_as_default: BOTH, ROWS, [
        x(v("Text")),
        with(c("at", "Timestamp").sql("CURRENT_TIMESTAMP").not_null()),
        x(v("Text")),
    ];
    a_column_with_a_key_and_a_check_of_its_own: BOTH, ROWS, [
        x(v("Text")),
        with(c("n", "Int4")).unique(key(&["n"])).check("n > 0").index(index([on("n")])),
        x(v("Text")),
    ];
    text_types: BOTH, ROWS, [x(v("Text")), x(v("Varchar(20)")), x(v("Varchar(40)")), x(v("Varchar")), x(v("Text"))];
    number_types: BOTH, ROWS, [
        x(v("Int2")), x(v("Int4")), x(v("Int8")), x(v("Numeric")), x(v("Numeric(10,2)")), x(v("Float8")), x(v("Int2")),
    ];
    text_becomes_a_number_and_text_again: BOTH, ROWS, [x(v("Text")), x(v("Int8").int(5)), x(v("Text").text("none"))];
    times: BOTH, "INSERT INTO x (v) VALUES ('2024-02-29'), (NULL)", [
        x(v("Date")), x(v("Timestamp")), x(v("Text")), x(v("Date")),
    ];
    times_with_a_zone: PG, "INSERT INTO x (v) VALUES ('2024-02-29'), (NULL)", [
        x(v("Timestamp")), x(v("Timestamptz")), x(v("Timestamp").sql("now()")),
    ];
    arrays_json_and_uuids: PG, "INSERT INTO x (v) VALUES ('{a,b}'), (NULL)", [
        x(v("Text[]")), x(v("Text")), x(v("Text[]").text("{}")), x(v("Varchar(9)[]")), x(v("Text[]")),
    ];
    json_and_binary_json: PG, r#"INSERT INTO x (v) VALUES ('{"a": 1}'), (NULL)"#, [
        x(v("Jsonb")), x(v("Json")), x(v("Text")), x(v("Jsonb").text("{}")),
    ];
    booleans: BOTH, "INSERT INTO x (v) VALUES (TRUE), (NULL)", [
        x(v("Bool")), x(v("Bool").default(Default::Bool(true))), x(v("Bool").default(Default::Bool(false))), x(v("Bool")),
    ];
    several_types_in_a_table_that_is_written_anew_once: PG, "INSERT INTO t (a, b, c, d) VALUES (1, 2, now(), 'x')", [
        retyped(["Int4", "Int4", "Timestamp", "Varchar(9)"], 4),
        retyped(["Int8", "Int8", "Timestamptz", "Text"], 5),
    ];
    a_default: BOTH, ROWS, [
        x(v("Text")),
        x(v("Text").text("it's")),
        x(v("Text").text("it's \"else\"")),
        x(v("Text").sql("lower('A')")),
        x(v("Text")),
    ];
    nullability: BOTH, ROWS, [x(v("Text")), x(v("Text").not_null()), x(v("Text").text("y").not_null()), x(v("Text"))];
    a_type_changes_with_everything_else: BOTH, ROWS, [
        x(v("Text")),
        x(v("Int4").int(4).not_null()),
        x(v("Varchar(30)").text("n")),
    ];
    identity_of_a_key: PG, "INSERT INTO n (id, a) VALUES (3, 'x'), (9, 'y')", [
        bare("n", &["id"], [c("id", "Int4").not_null(), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int4").identity(Identity::ByDefault), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int4").not_null(), c("a", "Text")]),
    ];
    kinds_of_identity: PG, "INSERT INTO n (id, a) VALUES (3, 'x'), (9, 'y')", [
        bare("n", &["id"], [c("id", "Int4").identity(Identity::Serial), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int4").identity(Identity::ByDefault), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int4").identity(Identity::Always), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int8").identity(Identity::Always), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int8").identity(Identity::Serial), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int8").not_null(), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int8").identity(Identity::Serial), c("a", "Text")]),
    ];
    rowids_of_sqlite: SQLITE, "INSERT INTO n (id, a) VALUES (3, 'x'), (9, 'y')", [
        bare("n", &["id"], [c("id", "Int4").identity(Identity::ByDefault), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int4").identity(Identity::Always), c("a", "Text")]),
        bare("n", &["id"], [c("id", "Int8").identity(Identity::ByDefault), c("a", "Text").text("n")]),
    ];
    a_generated_column: BOTH, ROWS, [
        x(v("Text")),
        with(c("g", "Text").generated("upper(v)")),
        with(c("g", "Text").generated("lower(v)")),
        with(c("g", "Text")),
        with(c("g", "Text").generated("upper(v)")),
        x(v("Text")),
    ];
    a_generated_column_of_a_renamed_one: BOTH, ROWS, [
        with(c("g", "Text").generated("upper(v)")),
        t("x", [c("u", "Text").from("v"), c("w", "Text").text("w"), c("g", "Text").generated("upper(u)")]),
    ];
    a_collation: PG, ROWS, [
        x(v("Text")), x(v("Text").collation("C")), x(v("Text").collation("POSIX")), x(v("Text")),
    ];
    a_collation_of_sqlite: SQLITE, ROWS, [
        x(v("Text")), x(v("Text").collation("NOCASE")), x(v("Text").collation("RTRIM")), x(v("Text")),
    ];
    a_comment: PG, ROWS, [
        x(v("Text")), x(v("Text").comment("It's it")), x(v("Text").comment("Else")), x(v("Text")),
    ];
    a_rename: BOTH, ROWS, [
        x(v("Text")),
        x(c("My Col", "Text").from("v")),
        x(c("order", "Varchar(9)").from("My Col").not_null()),
    ];
    a_renamed_column_in_all_that_names_it: BOTH, ROWS, [
        x(v("Text")).unique(key(&["v"])).check("v <> ''").index(index([of("lower(v)")])),
        x(c("u", "Text").from("v")).unique(key(&["u"])).check("u <> ''").index(index([of("lower(u)")])),
    ];
    two_columns_swap_their_names_by_way_of_a_third: BOTH, ROWS, [
        x(v("Text")),
        t("x", [c("y", "Text").from("v"), c("w", "Text").text("w")]),
        t("x", [c("y", "Text").from("v"), c("v", "Text").text("w").from("w")]),
        t("x", [c("w", "Text").from("y"), c("v", "Text").text("w").from("w")]),
    ];
}

/// A table of numbered rows.
fn n(id: &str, identity: Option<Identity>, a: Column) -> Stage {
    let id = c("id", id).not_null();
    let id = match identity {
        Some(identity) => id.identity(identity),
        None => id,
    };
    bare("n", &["id"], [id, a]).into()
}

#[test]
fn numbering_goes_on_after_the_rows_that_are_there() {
    use Identity::{Always, ByDefault, Serial};
    let (rows, next) = ("INSERT INTO n (id, a) VALUES (1, 'x'), (2, 'y')", "INSERT INTO n (a) VALUES ('z')");
    let a = || c("a", "Text");
    let of = |ty: &str, identity| n(ty, Some(identity), a());
    let ways = [
        n("Int4", None, a()),
        of("Int4", ByDefault),
        of("Int4", Always),
        of("Int4", Serial),
        of("Int8", Serial),
        of("Int8", ByDefault),
        of("Int2", ByDefault),
    ];
    insta::assert_snapshot!("numbering_on_postgres", super::travel_and(PG, &ways, rows, next));
    let rowids = [
        of("Int4", ByDefault),
        of("Int4", Always),
        n("Int4", Some(Always), a().text("rebuilt").not_null()),
        of("Int8", ByDefault),
    ];
    insta::assert_snapshot!("numbering_on_sqlite", super::travel_and(SQLITE, &rowids, rows, next));
}

kinds! {
    a_new_column_takes_the_name_that_a_renamed_one_leaves: BOTH, ROWS, [
        with(c("g", "Text").generated("upper(v)")),
        t("x", [
            c("u", "Text").from("v"),
            c("v", "Text"),
            c("w", "Text").text("w"),
            c("g", "Text").generated("upper(v)"),
        ]),
    ];
    a_new_column_takes_a_name_and_another_one_is_renamed: PG, ROWS, [
        t("x", [c("v", "Text"), c("z", "Text"), c("w", "Text")]),
        t("x", [c("b", "Text").from("v"), c("v", "Text"), c("w", "Text").from("z")]),
    ];
}
