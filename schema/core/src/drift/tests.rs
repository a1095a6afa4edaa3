//! What counts as a difference, and how it is said.

use proptest::prelude::*;

use super::text::Text;
use super::*;
use crate::declared::{Type, TypeKind};
use crate::def::{FactsDef, HoleDef, IdentityDef, ModelDef, SeenDef, TypeDef};
use crate::lock::Lock;

/// The differences between a model's lines, with `?` for a hole, and the lock's.
fn said(lines: &str, holes: &[HoleDef<'_>], lock: &str, comments: bool) -> Vec<String> {
    let lines = lines.replace('?', "\u{1}");
    let places: Vec<String> = (1..=lines.lines().count()).map(|line| format!("a b.rs:{line}:1 f{line}")).collect();
    let facts = FactsDef { lines: &lines, places: &places.join("\n"), holes, seen: SeenDef::NOTHING };
    let mut all = Differences::new(facts, lock, comments, false);
    let mut out = Vec::new();
    while let Some(difference) = all.next() {
        let mut text: Text<1024> = Text::new();
        all.say(&mut text, "User", &difference);
        out.push(format!("{} {}", all.at(&difference), text.as_str()));
    }
    assert!(!table::same_lines(&facts, lock) || out.is_empty(), "equal bytes are no difference: {out:?}");
    out
}

#[test]
fn order_and_comments_are_no_difference_and_a_change_is_one() {
    let lines = "table t comment=\"a \\\" comment=\"\ncolumn t.a type=Int4\ncolumn t.\"b c\" type=Text null\nprimary_key t columns=[a]";
    let lock =
        "table t\ncolumn t.\"b c\" type=Text null comment=\"x null\"\nprimary_key t columns=[a]\ncolumn t.a type=Int4";
    assert_eq!(said(lines, &[], lock, false), [""; 0]);
    assert_eq!(
        said(lines, &[], lock, true),
        [
            "a b.rs:1:1 `User.f1` is a table with `comment=\"a \\\" comment=\"`; the revisions make it ``",
            "a b.rs:3:1 `User.f3` is `Text NULL`; the revisions make it `Text NULL comment=\"x null\"`"
        ]
    );
}

#[test]
fn each_thing_is_told_once() {
    let lines = "table t\ncolumn t.a type=Int4 default=1\nprimary_key t columns=[a]\nunique t columns=[a, b]\nindex t keys=[a] where=\"b\"\nindex t keys=[a] where=\"c\"";
    let lock = "table t\ncolumn t.b type=Text default=text(\" null\")\nprimary_key t columns=[a] name=x\ncheck t expr=\"b > 1\" columns=[b]\nindex t keys=[a] where=\"b\"";
    assert_eq!(
        said(lines, &[], lock, false),
        [
            "a b.rs:2:1 `User.f2` is `Int4 DEFAULT 1`; no revision adds it",
            "a b.rs:3:1 `User.f3` has the primary key `columns=[a]`; the revisions make it `columns=[a] name=x`",
            "a b.rs:4:1 `User.f4` has the unique constraint `columns=[a, b]`; no revision adds it",
            "a b.rs:6:1 `User.f6` has the index `keys=[a] where=\"c\"`; no revision adds it",
            "a b.rs:1:1 `User` has no field for the column `t.b`; no revision drops it",
            "a b.rs:1:1 `User` has no check `expr=\"b > 1\" columns=[b]`; no revision drops it",
        ]
    );
}

#[test]
fn holes_are_filled_or_taken_for_anything() {
    let ty = TypeDef { kind: TypeKind::Enum, namespace: Some("a"), ..TypeDef::diesel("b c") };
    let hole = HoleDef::Type { ty, nullable: true, identity: Some(IdentityDef::Serial) };
    let lines = "table t\ncolumn t.a type=? default=1";
    let lock = "table t\ncolumn t.a type=enum(a.\"b c\") null identity=serial default=1";
    assert_eq!(said(lines, &[hole], lock, false), [""; 0]);
    assert_eq!(
        said(lines, &[HoleDef::Text("X")], lock, false),
        [
            "a b.rs:2:1 `User.f2` is `X DEFAULT 1`; the revisions make it `enum(a.\"b c\") NULL identity=serial DEFAULT 1`"
        ]
    );
    let lines = lines.replace('?', "\u{1}");
    let facts = FactsDef { lines: &lines, places: "a 1\na 2", holes: &[HoleDef::Text("X")], seen: SeenDef::NOTHING };
    assert!(Differences::new(facts, lock, false, true).next().is_none());
    assert!(Differences::new(facts, &lock.replace("default=1", "default=2"), false, true).next().is_some());
}

#[test]
fn a_text_that_does_not_fit_ends_in_dots() {
    let mut text: Text<12> = Text::new();
    text.push("12345");
    text.push("6789");
    text.push("0");
    assert_eq!(text.as_str(), "12345 ...");
}

#[test]
fn a_model_without_lines_is_in_no_lock() {
    let lock =
        LockDef { path: "schema.lock", comments: false, tables: &[], sums: &[], enums: &[], sequences: &[], sql: &[] };
    const EMPTY: &[&ModelDef] = &[];
    let schema =
        SchemaDef { models: EMPTY, enums: &[], sequences: &[], sql: &[], dialects: &[], comments: false, at: "a" };
    assert!(!disagree(&schema, &lock));
    let model: &'static ModelDef = Box::leak(Box::new(ModelDef {
        namespace: None,
        table: "t",
        rust: "T",
        fields: "",
        renamed: &[],
        facts: FactsDef { lines: "", places: "", holes: &[], seen: SeenDef::NOTHING },
        at: "b",
    }));
    let schema = SchemaDef { models: Box::leak(Box::new([model])), ..schema };
    let report: Report<1024> = compare(&schema, &lock);
    assert!(report.as_str().contains("b: `T` is the table `t`; no revision creates it\n"), "{}", report.as_str());
}

/// What was seen when the model was expanded counts where the lock has it still, and the holes are what they seemed.
#[test]
fn what_was_seen_is_not_compared_again() {
    const LOCK: &str = "table t\ncolumn t.a type=Text\nprimary_key t columns=[a]";
    let holes: &'static [HoleDef<'static>] = &[HoleDef::Text("Text")];
    let said = |lines: &'static str, words: &'static [&'static str], sums: &'static [u128]| {
        let seen = SeenDef { at: 1, sum: sum(LOCK), words };
        let facts = FactsDef { lines, places: "b \nc a\nd a", holes, seen };
        let (table, rust, fields) = ("t", "T", "a");
        let def: &'static ModelDef =
            Box::leak(Box::new(ModelDef { namespace: None, table, rust, fields, renamed: &[], facts, at: "b" }));
        let models: &'static [&'static ModelDef] = Box::leak(Box::new([def]));
        let schema =
            SchemaDef { models, enums: &[], sequences: &[], sql: &[], dialects: &[], comments: false, at: "a" };
        let tables = &[("t", LOCK)];
        let lock = LockDef { path: "schema.lock", comments: false, tables, sums, enums: &[], sequences: &[], sql: &[] };
        disagree(&schema, &lock)
    };
    let sums: &'static [u128] = Box::leak(Box::new([1, sum(LOCK)]));
    let same = "table t\ncolumn t.a type=\u{1}\nprimary_key t columns=[a]";
    assert!(!said(same, &["Text"], sums));
    assert!(!said(same, &["Int4"], sums), "they are compared");
    assert!(!said(same, &["Text"], &[1]), "they are compared");
    let other = "table t\ncolumn t.a type=\u{1} null\nprimary_key t columns=[a]";
    assert!(!said(other, &["Text"], sums), "they are not looked at");
    assert!(said(other, &["Int4"], sums) && said(other, &["Text"], &[1]) && said(other, &[], sums));
}

/// Holes whose names are few and have all that ends a name in the lock, so that one is often almost another.
fn hole() -> impl Strategy<Value = HoleDef<'static>> {
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let name = move || r#"[a.,"\(\) ]{0,2}|enum\(a\)|sql|a, a"#.prop_map(leak);
    let namespace = move || proptest::option::of("[a\"]".prop_map(leak));
    let kind = prop_oneof![Just(TypeKind::Diesel), Just(TypeKind::Enum), Just(TypeKind::Sql)];
    let ty = (kind, namespace(), name(), proptest::collection::vec(0..2, 0..2), 0_u8..2).prop_map(
        |(kind, namespace, name, modifiers, array)| TypeDef {
            kind,
            namespace,
            name,
            modifiers: modifiers.leak(),
            array,
        },
    );
    prop_oneof![
        (namespace(), name()).prop_map(|(namespace, name)| HoleDef::Table(namespace, name)),
        proptest::collection::vec(name(), 1..3).prop_map(|names| HoleDef::Columns(names.leak())),
        (ty, any::<bool>(), any::<bool>()).prop_map(|(ty, nullable, identity)| {
            HoleDef::Type { ty, nullable, identity: identity.then_some(IdentityDef::Always) }
        }),
    ]
}

proptest! {
    /// What is found without putting a hole's text together is what its text says.
    #[test]
    fn a_hole_is_the_word_that_it_is_written_as(hole in hole(), other in hole()) {
        let word = |hole: &HoleDef<'_>| {
            let mut text: Text<512> = Text::new();
            text.push_hole(hole);
            text.as_str().to_owned()
        };
        let (own, other) = (word(&hole), word(&other));
        let is = |word: &str| {
            let seen = SeenDef { at: 0, sum: 1, words: &[word] };
            table::as_seen(&FactsDef { lines: "", places: "", holes: &[hole], seen })
        };
        prop_assert!(is(&own));
        prop_assert_eq!(is(&other), own == other);
    }

    /// The lock's own printer and the one that runs in constants write a type alike.
    #[test]
    fn types_are_written_as_the_lock_writes_them(
        name in "[ -~\n\t]{0,12}",
        namespace in proptest::option::of("[a-z \"]{1,5}"),
        kind in prop_oneof![Just(TypeKind::Diesel), Just(TypeKind::Enum), Just(TypeKind::Sql)],
        modifiers in proptest::collection::vec(any::<i32>(), 0..3),
        array in 0_u8..3,
    ) {
        let owned = Type { kind, namespace: namespace.clone(), name: name.clone(), modifiers: modifiers.clone(), array };
        let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
        let ty = TypeDef { kind, namespace: namespace.map(leak), name: leak(name), modifiers: modifiers.leak(), array };
        let mut text: Text<512> = Text::new();
        text.push_hole(&HoleDef::Type { ty, nullable: false, identity: None });
        let line = format!("version = 1\ntable t\ncolumn t.a type={}\nprimary_key t columns=[]\n", text.as_str());
        let lock = Lock::parse(&line).map_err(|error| TestCaseError::fail(format!("{error}\n{line}")))?;
        prop_assert_eq!(&lock.declared.models[0].columns[0].ty, &owned);
        let printed = lock.to_string().contains(&format!("column t.a type={}\n", text.as_str()));
        prop_assert!(printed, "the lock prints it otherwise");
    }
}
