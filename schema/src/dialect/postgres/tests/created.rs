//! What models say, made on a server, reads as it was lowered.

use diesel_schema_core::declared::Deferrable;
use diesel_schema_core::declared::{self, DeclaredSchema, IndexKeyWhat as Key, TypeKind};

use super::{Pair, run, server_version};
use crate::dialect::DialectImpl;
use crate::dialect::postgres::Postgres;
use crate::diff::{Renames, diff};
use crate::schema::Schema;

fn expr(sql: &str) -> declared::Expr {
    declared::Expr { sql: sql.to_owned(), postgres: None, sqlite: None, mysql: None }
}

fn ty(name: &str, modifiers: &[i32]) -> declared::Type {
    declared::Type {
        kind: TypeKind::Diesel,
        namespace: None,
        name: name.to_owned(),
        modifiers: modifiers.to_vec(),
        array: 0,
    }
}

fn column(name: &str, ty: declared::Type) -> declared::Column {
    declared::Column {
        name: name.to_owned(),
        rust: name.to_owned(),
        ty,
        nullable: true,
        default: None,
        identity: None,
        sequence: None,
        generated: None,
        is_virtual: false,
        not_null: None,
        collation: None,
        comment: format!("The {name}."),
        renamed_from: None,
        at: "src/models.rs:1:1".to_owned(),
    }
}

fn key(name: Option<&str>, columns: &[&str]) -> declared::Key {
    declared::Key {
        name: name.map(str::to_owned),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        include: vec![],
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: Deferrable::No,
        at: String::new(),
    }
}

fn model(table: &str, columns: Vec<declared::Column>) -> declared::Model {
    declared::Model {
        namespace: None,
        table: table.to_owned(),
        rust: table.to_owned(),
        comment: format!("It's {table}."),
        renamed_from: None,
        primary_key: key(None, &[]),
        columns,
        uniques: vec![],
        foreign_keys: vec![],
        checks: vec![],
        indexes: vec![],
        inheritance: declared::Inheritance::default(),
        options: Vec::new(),
        at: String::new(),
    }
}

fn schema(models: Vec<declared::Model>) -> DeclaredSchema {
    DeclaredSchema {
        models,
        enums: vec![],
        sequences: vec![],
        sql: vec![],
        dialects: vec![],
        comments: true,
        at: String::new(),
    }
}

fn same(pair: &mut Pair, declared: &DeclaredSchema) -> Result<(), String> {
    pair.reset();
    let lowered = Postgres.lower(declared).map_err(|errors| format!("{errors:?}"))?;
    let sql = run(pair.first(), &Schema::default(), &lowered, &Renames::default())?;
    let read = pair.read_first();
    let left = diff(&read, &lowered, &Renames::default()).map_err(|error| error.to_string())?;
    let left: Vec<String> = left.iter().map(|change| format!("{change:?}")).collect();
    if left.is_empty() && read.unread.is_empty() {
        return Ok(());
    }
    Err(format!("{}\n{:?}\n{sql}", left.join("\n"), read.unread))
}

fn assert_same(declared: &DeclaredSchema) {
    same(&mut Pair::new(), declared).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_type_reads_as_it_was_lowered() {
    const NAMES: &[&str] = &[
        "Int2",
        "Int4",
        "Int8",
        "Float4",
        "Float8",
        "Numeric",
        "Text",
        "Varchar",
        "Bpchar",
        "Char",
        "CChar",
        "Bool",
        "Binary",
        "Date",
        "Time",
        "Timestamp",
        "Timestamptz",
        "Interval",
        "Uuid",
        "Json",
        "Jsonb",
        "Jsonpath",
        "Inet",
        "Cidr",
        "MacAddr",
        "MacAddr8",
        "Money",
        "Oid",
        "PgLsn",
        "Xml",
        "Int4range",
        "Int8range",
        "Numrange",
        "Tsrange",
        "Tstzrange",
        "Daterange",
        "Int4multirange",
        "Datemultirange",
        "TsVector",
        "TsQuery",
    ];
    let mut columns = Vec::new();
    let version = server_version();
    for name in NAMES.iter().filter(|name| version >= 14 || !name.ends_with("multirange")) {
        columns.push(column(&name.to_lowercase(), ty(name, &[])));
        columns.push(column(&format!("{}s", name.to_lowercase()), declared::Type { array: 1, ..ty(name, &[]) }));
    }
    for (at, one) in [
        ty("Varchar", &[64]),
        ty("Bpchar", &[3]),
        ty("Char", &[3]),
        ty("Numeric", &[10]),
        ty("Numeric", &[10, 2]),
        ty("Timestamp", &[3]),
        ty("Timestamptz", &[0]),
        ty("Time", &[6]),
        ty("Interval", &[2]),
        declared::Type { array: 1, ..ty("Varchar", &[5]) },
        declared::Type { array: 2, ..ty("Int4", &[]) },
    ]
    .into_iter()
    .enumerate()
    {
        columns.push(column(&format!("m{at}"), one));
    }
    for (at, sql) in [
        "INT",
        "int[]",
        "varchar(10)",
        "DECIMAL(8, 3)",
        "timestamptz(2)",
        "timetz",
        "bit(4)",
        "varbit(7)",
        "double precision",
        "char(2)[]",
        "float(20)",
        "float(53)",
        "character varying (9)",
        "bit",
        "interval(3)",
        "interval day to second",
        "int4range",
        "point",
        "name",
        "timestamp(0) without time zone",
        "numeric(5)",
        "\"char\"",
        "regclass",
        "bpchar",
        "serial",
    ]
    .into_iter()
    .enumerate()
    {
        if sql == "serial" {
            continue;
        }
        let kind = TypeKind::Sql;
        columns.push(column(&format!("s{at}"), declared::Type { kind, ..ty(sql, &[]) }));
    }
    assert_same(&schema(vec![model("types", columns)]));
}

#[test]
fn every_default_reads_as_it_was_lowered() {
    use declared::Default as D;
    let text = |text: &str| D::Text(text.to_owned());
    let float = |text: &str| D::Float(text.to_owned());
    let sql = |text: &str| D::Expr(expr(text));
    let cases: Vec<(declared::Type, D)> = vec![
        (ty("Bool", &[]), D::Bool(true)),
        (ty("Bool", &[]), D::Bool(false)),
        (ty("Int2", &[]), D::Int(-3)),
        (ty("Int4", &[]), D::Int(3)),
        (ty("Int4", &[]), D::Int(-3)),
        (ty("Int8", &[]), D::Int(3)),
        (ty("Int8", &[]), D::Int(-3)),
        (ty("Int8", &[]), D::Int(9_000_000_000)),
        (ty("Int8", &[]), D::Int(-9_000_000_000)),
        (ty("Int8", &[]), D::Int(i64::MIN)),
        (ty("Int4", &[]), D::Int(i64::from(i32::MIN))),
        (ty("Numeric", &[]), D::Int(3)),
        (ty("Numeric", &[10, 2]), D::Int(-3)),
        (ty("Numeric", &[10, 2]), float("1.50")),
        (ty("Numeric", &[10, 2]), float("-1.50")),
        (ty("Float8", &[]), D::Int(0)),
        (ty("Float8", &[]), D::Int(-1)),
        (ty("Float8", &[]), float("0.5")),
        (ty("Float8", &[]), float("-0.5")),
        (ty("Float4", &[]), float("0.5")),
        (ty("Text", &[]), text("professional")),
        (ty("Text", &[]), text("it's \\ a")),
        (ty("Text", &[]), D::Int(5)),
        (ty("Varchar", &[]), text("professional")),
        (ty("Varchar", &[9]), text("x")),
        (ty("Bpchar", &[3]), text("abc")),
        (ty("Char", &[]), text("a")),
        (ty("CChar", &[]), text("a")),
        (ty("Binary", &[]), text("\\x00ff")),
        (ty("Date", &[]), text("2020-01-01")),
        (ty("Time", &[]), text("12:00:00")),
        (ty("Timestamp", &[]), text("2020-01-01 00:00:00")),
        (ty("Timestamp", &[3]), text("2020-01-01 00:00:00")),
        (ty("Timestamptz", &[]), text("2020-01-01 00:00:00+00")),
        (ty("Interval", &[]), text("1 day")),
        (ty("Uuid", &[]), text("00000000-0000-0000-0000-000000000000")),
        (ty("Json", &[]), text("{}")),
        (ty("Jsonb", &[]), text("{\"a\": [1]}")),
        (ty("Inet", &[]), text("10.0.0.1")),
        (declared::Type { array: 1, ..ty("Text", &[]) }, text("{}")),
        (declared::Type { array: 1, ..ty("Varchar", &[5]) }, text("{a,b}")),
        (declared::Type { array: 1, ..ty("Int4", &[]) }, text("{1}")),
        (declared::Type { kind: TypeKind::Enum, ..ty("tone", &[]) }, text("calm")),
        (declared::Type { kind: TypeKind::Enum, array: 1, ..ty("tone", &[]) }, text("{calm}")),
        (declared::Type { kind: TypeKind::Enum, namespace: Some("Odd one".into()), ..ty("Tone", &[]) }, text("a")),
        (declared::Type { kind: TypeKind::Sql, ..ty("bit(4)", &[]) }, text("0101")),
        (declared::Type { kind: TypeKind::Sql, ..ty("varbit(4)", &[]) }, text("0101")),
        (ty("Timestamptz", &[]), sql("now()")),
        (ty("Timestamptz", &[]), sql("NOW()")),
        (ty("Timestamptz", &[]), sql("CURRENT_TIMESTAMP")),
        (ty("Timestamptz", &[]), sql("current_timestamp")),
        (ty("Timestamp", &[]), sql("localtimestamp")),
        (ty("Date", &[]), sql("CURRENT_DATE")),
        (ty("Timestamp", &[]), sql("CURRENT_TIMESTAMP")),
        (ty("Uuid", &[]), sql("gen_random_uuid()")),
        (ty("Float8", &[]), sql("random()")),
        (ty("Text", &[]), sql("CURRENT_USER")),
        (ty("Bool", &[]), sql("TRUE")),
        (ty("Text", &[]), sql("'x'")),
        (ty("Int4", &[]), sql("7")),
        (ty("Int4", &[]), sql("NULL")),
    ];
    let columns = cases.into_iter().enumerate().map(|(at, (ty, default))| declared::Column {
        default: Some(default),
        nullable: at % 2 == 0,
        ..column(&format!("c{at:02}"), ty)
    });
    let tone = |namespace: Option<&str>, name: &str, values: &[&str]| declared::Enum {
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
        rust: name.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        comment: "How it sounds.".to_owned(),
        at: String::new(),
    };
    let mut all = schema(vec![model("defaults", columns.collect())]);
    all.enums = vec![tone(None, "tone", &["calm", "it's"]), tone(Some("Odd one"), "Tone", &["a"])];
    assert_same(&all);
}

#[test]
fn keys_checks_indexes_and_sequences_read_as_they_were_lowered() {
    let int = |name: &str| column(name, ty("Int4", &[]));
    let identity =
        |name: &str, kind: &str, how| declared::Column { identity: Some(how), ..column(name, ty(kind, &[])) };
    let mut users = model(
        "users",
        vec![
            identity("id", "Int4", declared::Identity::ByDefault),
            identity("big", "Int8", declared::Identity::Always),
            identity("small", "Int2", declared::Identity::Serial),
            identity("old", "Int8", declared::Identity::Serial),
            declared::Column { collation: Some("\"C\"".into()), ..column("name", ty("Varchar", &[64])) },
            column("user", ty("Text", &[])),
            int("a"),
            int("b"),
            declared::Column { generated: Some(expr("a + b")), ..int("sum") },
        ],
    );
    users.primary_key = key(None, &["id"]);
    let mut deferred = key(None, &["a", "b"]);
    deferred.deferrable = Deferrable::InitiallyDeferred;
    let mut nulls = key(Some("Own name"), &["b"]);
    nulls.nulls_not_distinct = server_version() >= 15;
    users.uniques = vec![key(None, &["name"]), deferred, nulls, key(None, &["user"])];
    let check = |name: Option<&str>, sql: &str, columns: &[&str]| declared::Check {
        name: name.map(str::to_owned),
        expr: expr(sql),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        not_valid: false,
        no_inherit: false,
        not_enforced: false,
        at: String::new(),
    };
    users.checks = vec![
        check(None, "a > 0", &["a"]),
        check(None, "a < 100", &["a"]),
        check(None, "a < b", &["a", "b"]),
        check(Some("Own check"), "b IS NOT NULL", &["b"]),
        check(None, "char_length((name)::text) >= 3", &["name"]),
    ];
    let part = |what| declared::IndexKey { what, descending: false, nulls_first: None, opclass: None, collation: None };
    let col = |name: &str| part(Key::Column(name.to_owned()));
    let index = |keys| declared::Index {
        name: None,
        keys,
        unique: false,
        nulls_not_distinct: false,
        using: None,
        include: vec![],
        with: None,
        predicate: None,
        at: String::new(),
    };
    users.indexes = vec![
        index(vec![col("a")]),
        index(vec![col("a")]),
        index(vec![col("a"), col("b")]),
        index(vec![part(Key::Expr(expr("lower(\"user\")")))]),
        index(vec![part(Key::Expr(expr("(a + 1)"))), part(Key::Expr(expr("b + 1")))]),
        declared::Index {
            unique: true,
            nulls_not_distinct: server_version() >= 15,
            name: Some("Own index".into()),
            ..index(vec![col("b")])
        },
        declared::Index { using: Some("hash".into()), ..index(vec![col("user")]) },
        declared::Index { using: Some("BTREE".into()), ..index(vec![col("sum")]) },
        declared::Index {
            include: vec!["b".into(), "old".into()],
            predicate: Some(expr("a > 5")),
            ..index(vec![col("user")])
        },
        index(vec![
            declared::IndexKey { descending: true, ..col("a") },
            declared::IndexKey { descending: true, nulls_first: Some(false), ..col("b") },
            declared::IndexKey { nulls_first: Some(true), ..col("sum") },
            declared::IndexKey { nulls_first: Some(false), ..col("small") },
            declared::IndexKey { descending: true, nulls_first: Some(true), ..col("old") },
        ]),
        index(vec![
            declared::IndexKey { opclass: Some("text_pattern_ops".into()), ..col("user") },
            declared::IndexKey { opclass: Some("text_ops".into()), collation: Some("\"POSIX\"".into()), ..col("user") },
            declared::IndexKey { collation: Some("C".into()), ..col("name") },
        ]),
    ];
    let long = "a_table_with_a_name_that_is_much_longer_than_postgresql_keeps_"; // 62 bytes
    let mut posts = model(
        long,
        vec![
            int("user_id"),
            int("x"),
            int("y"),
            identity("a_column_with_quite_a_long_name_too", "Int4", declared::Identity::Serial),
        ],
    );
    posts.namespace = Some("Blog".into());
    posts.primary_key = key(None, &["user_id", "x"]);
    posts.uniques = vec![key(None, &["x", "y"]), key(None, &["a_column_with_quite_a_long_name_too", "x"])];
    let foreign = |columns: &[&str], to: &[&str]| declared::ForeignKey {
        name: None,
        columns: columns.iter().map(|it| (*it).to_owned()).collect(),
        references_namespace: None,
        references_table: "users".into(),
        references_columns: to.iter().map(|it| (*it).to_owned()).collect(),
        on_delete: declared::ForeignKeyAction::Cascade,
        on_delete_columns: vec![],
        on_update: declared::ForeignKeyAction::SetNull,
        match_full: false,
        period: false,
        deferrable: Deferrable::InitiallyImmediate,
        not_valid: false,
        not_enforced: false,
        at: String::new(),
    };
    posts.foreign_keys = vec![
        foreign(&["user_id"], &["id"]),
        foreign(&["user_id"], &["b"]),
        declared::ForeignKey {
            references_namespace: Some("Blog".into()),
            references_table: long.into(),
            on_delete: declared::ForeignKeyAction::Restrict,
            on_update: declared::ForeignKeyAction::NoAction,
            deferrable: Deferrable::No,
            ..foreign(&["y", "x"], &["user_id", "x"])
        },
    ];
    posts.indexes = vec![index(vec![col("user_id"), col("a_column_with_quite_a_long_name_too")])];
    let mut all = schema(vec![posts, users]);
    let sequence = |name: &str| declared::Sequence {
        namespace: None,
        name: name.into(),
        data_type: None,
        start: None,
        increment: None,
        min: None,
        max: None,
        cache: None,
        cycle: false,
        at: String::new(),
    };
    all.sequences = vec![
        sequence("plain"),
        declared::Sequence { increment: Some(-2), data_type: Some("SMALLINT".into()), cycle: true, ..sequence("down") },
        declared::Sequence {
            namespace: Some("Blog".into()),
            start: Some(7),
            min: Some(3),
            max: Some(90),
            cache: Some(5),
            ..sequence("Full")
        },
        // Serials have to go around it.
        sequence("users_old_seq"),
    ];
    assert_same(&all);
}
