//! Foreign keys.

use diesel_schema::declared::{Column, Deferrable, ForeignKey, ForeignKeyAction::*, Key, Model};

use super::{BOTH, PG, kinds};
use crate::build::*;

const ROWS: &str = "INSERT INTO p (a, b) VALUES (1, 1), (2, 2); INSERT INTO q (p, a, b) VALUES (1, 1, 1), (2, NULL, 2)";

fn columns() -> [Column; 3] {
    [c("p", "Int4").int(1), c("a", "Int4"), c("b", "Int4")]
}

fn p() -> Model {
    t("p", [c("a", "Int4"), c("b", "Int4")]).unique(key(&["a", "b"])).unique(key(&["b"]))
}

fn with(keys: impl IntoIterator<Item = ForeignKey>) -> [Model; 2] {
    [p(), keys.into_iter().fold(t("q", columns()), |table, key| table.foreign_key(key))]
}

fn plain() -> ForeignKey {
    fk(&["p"], "p", &["id"])
}

fn circle(to_u: Option<ForeignKey>, to_w: Option<ForeignKey>) -> [Model; 2] {
    let u = to_w.into_iter().fold(t("u", [c("w", "Int4")]), |table, key| table.foreign_key(key));
    [u, to_u.into_iter().fold(t("w", [c("u", "Int4")]), |table, key| table.foreign_key(key))]
}

fn to_u() -> ForeignKey {
    fk(&["u"], "u", &["id"])
}

fn to_w() -> ForeignKey {
    fk(&["w"], "w", &["id"])
}

const OF_CIRCLE: &str =
    "INSERT INTO u (w) VALUES (NULL), (NULL); INSERT INTO w (u) VALUES (1), (2); UPDATE u SET w = 3 - id";

fn tree(key: Option<ForeignKey>) -> Model {
    key.into_iter().fold(t("tree", [c("up", "Int4"), c("x", "Text")]), |table, key| table.foreign_key(key))
}

fn up() -> ForeignKey {
    fk(&["up"], "tree", &["id"])
}

/// The key that is pointed at covers `a`.
fn covering(ty: &str, child: &str) -> [Model; 2] {
    let key = Key { include: vec!["a".to_owned()], ..key(&["b"]) };
    [t("p", [c("a", ty), c("b", "Int4")]).unique(key), t(child, columns()).foreign_key(fk(&["b"], "p", &["b"]))]
}

kinds! {
    a_column_that_the_key_covers_changes_its_type: PG, ROWS, [
        covering("Int4", "q"),
        covering("Text", "q"),
        covering("Int8", "q"),
    ];
    a_column_that_the_key_covers_changes_its_type_while_another_table_comes_to_point_there: PG, ROWS, [
        covering("Int4", "q"),
        covering("Text", "a"),
        covering("Int8", "z"),
    ];
    a_foreign_key: BOTH, ROWS, [with([]), with([plain()]), with([fk(&["b"], "p", &["b"])]), with([])];
    what_happens_on_delete: BOTH, ROWS, [
        with([plain()]),
        with([ForeignKey { on_delete: Cascade, ..plain() }]),
        with([ForeignKey { on_delete: SetNull, ..plain() }]),
        with([ForeignKey { on_delete: SetDefault, ..plain() }]),
        with([ForeignKey { on_delete: Restrict, ..plain() }]),
        with([plain()]),
    ];
    what_happens_on_update: BOTH, ROWS, [
        with([plain()]),
        with([ForeignKey { on_update: Cascade, ..plain() }]),
        with([ForeignKey { on_update: SetNull, ..plain() }]),
        with([ForeignKey { on_update: SetDefault, ..plain() }]),
        with([ForeignKey { on_update: Restrict, on_delete: Cascade, ..plain() }]),
        with([plain()]),
    ];
    when_a_foreign_key_is_checked: BOTH, ROWS, [
        with([plain()]),
        with([ForeignKey { deferrable: Deferrable::InitiallyDeferred, ..plain() }]),
        with([ForeignKey { deferrable: Deferrable::InitiallyImmediate, ..plain() }]),
        with([plain()]),
    ];
    a_composite_foreign_key: BOTH, ROWS, [
        with([plain()]),
        with([plain(), fk(&["a", "b"], "p", &["a", "b"])]),
        with([fk(&["a", "b"], "p", &["a", "b"]), fk(&["b"], "p", &["b"])]),
        with([]),
    ];
    a_foreign_key_that_is_not_valid: PG, ROWS, [
        with([]),
        with([ForeignKey { not_valid: true, ..plain() }]),
        with([plain()]),
        with([ForeignKey { not_valid: true, ..plain() }]),
    ];
    nulls_in_a_composite_foreign_key: PG, "INSERT INTO p (a, b) VALUES (1, 1); INSERT INTO q (a, b) VALUES (1, 1), (NULL, NULL)", [
        with([fk(&["a", "b"], "p", &["a", "b"])]),
        with([ForeignKey { match_full: true, ..fk(&["a", "b"], "p", &["a", "b"]) }]),
        with([fk(&["a", "b"], "p", &["a", "b"])]),
    ];
    the_name_of_a_foreign_key: BOTH, ROWS, [
        with([plain()]),
        with([ForeignKey { name: Some("own".to_owned()), ..plain() }]),
        with([plain()]),
    ];
    a_table_that_points_at_itself: BOTH, "INSERT INTO tree (up, x) VALUES (NULL, 'r'), (1, 's'), (2, 't')", [
        tree(None),
        tree(Some(up())),
        tree(Some(ForeignKey { on_delete: Cascade, ..up() })),
        t("trunk", [c("above", "Int4").from("up"), c("x", "Text")])
            .was("tree")
            .foreign_key(ForeignKey { on_delete: Cascade, ..fk(&["above"], "trunk", &["id"]) }),
    ];
    a_circle_of_two: BOTH, OF_CIRCLE, [
        circle(None, None),
        circle(Some(to_u()), Some(to_w())),
        circle(Some(ForeignKey { on_delete: SetNull, ..to_u() }), Some(ForeignKey { on_delete: Cascade, ..to_w() })),
        circle(None, Some(to_w())),
        circle(Some(to_u()), None),
    ];
    a_circle_comes_and_goes_whole: BOTH, "INSERT INTO tree (x) VALUES ('r')", [
        tree(None),
        { let [u, w] = circle(Some(to_u()), Some(to_w())); [tree(None), u, w] },
        tree(None),
    ];
    a_parent_and_its_child_come_and_go: BOTH, "INSERT INTO tree (x) VALUES ('r')", [
        tree(None),
        { let [p, q] = with([plain()]); [q, tree(None), p] },
        [tree(None), p()],
        tree(None),
    ];
    the_parent_is_made_anew_under_its_children: BOTH, ROWS, [
        with([ForeignKey { on_delete: Cascade, ..plain() }]),
        { let [p, q] = with([ForeignKey { on_delete: Cascade, ..plain() }]); [p.check("b > 0"), q] },
        {
            let [mut p, q] = with([ForeignKey { on_delete: Cascade, ..plain() }]);
            p.columns[0] = c("id", "Int4").identity(diesel_schema::declared::Identity::Always);
            p.columns[1] = c("a", "Int8").not_null();
            [p, q]
        },
    ];
}
