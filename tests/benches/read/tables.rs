//! A schema of as many tables as asked for, twelve columns each, with what most tables have.

use diesel_schema::Dialect;
use diesel_schema::declared::{
    Column, DeclaredSchema, Default, Deferrable, Expr, ForeignKey, ForeignKeyAction, Identity, Index, IndexKey,
    IndexKeyWhat, Inheritance, Key, Model, Type, TypeKind,
};

/// `count` tables, each of which points at the one before it.
pub(crate) fn declared(count: usize) -> DeclaredSchema {
    DeclaredSchema {
        models: (0..count).map(model).collect(),
        enums: Vec::new(),
        sequences: Vec::new(),
        sql: Vec::new(),
        dialects: vec![Dialect::Postgres, Dialect::Sqlite],
        comments: false,
        at: String::new(),
    }
}

fn model(number: usize) -> Model {
    let mut columns = vec![
        Column { identity: Some(Identity::ByDefault), ..column("id", "Int4") },
        Column { nullable: true, ..column("parent_id", "Int4") },
        column("email", "Text"),
        Column { default: Some(Default::Text("new".to_owned())), ..column("status", "Text") },
        Column { default: Some(Default::Bool(true)), ..column("active", "Bool") },
        Column { default: Some(Default::Expr(expr("now()"))), ..column("created_at", "Timestamp") },
        Column { default: Some(Default::Int(0)), ..column("score", "Int8") },
    ];
    columns.extend((1..=5).map(|part| Column { nullable: true, ..column(&format!("extra_{part}"), "Text") }));
    let foreign_keys = match number {
        0 => Vec::new(),
        _ => vec![ForeignKey {
            name: None,
            columns: vec!["parent_id".to_owned()],
            references_namespace: None,
            references_table: table(number - 1),
            references_columns: vec!["id".to_owned()],
            on_delete: ForeignKeyAction::Cascade,
            on_delete_columns: Vec::new(),
            on_update: ForeignKeyAction::NoAction,
            match_full: false,
            period: false,
            deferrable: Deferrable::No,
            not_valid: false,
            not_enforced: false,
            at: String::new(),
        }],
    };
    Model {
        namespace: None,
        table: table(number),
        rust: format!("Table{number}"),
        comment: String::new(),
        renamed_from: None,
        columns,
        primary_key: key("id"),
        uniques: vec![key("email")],
        foreign_keys,
        checks: Vec::new(),
        indexes: vec![Index {
            name: None,
            keys: vec![IndexKey {
                what: IndexKeyWhat::Column("created_at".to_owned()),
                descending: false,
                nulls_first: None,
                opclass: None,
                collation: None,
            }],
            unique: false,
            nulls_not_distinct: false,
            using: None,
            include: Vec::new(),
            with: None,
            predicate: None,
            at: String::new(),
        }],
        inheritance: Inheritance::default(),
        options: Vec::new(),
        at: String::new(),
    }
}

fn table(number: usize) -> String {
    format!("table_{number:05}")
}

fn column(name: &str, ty: &str) -> Column {
    Column {
        name: name.to_owned(),
        rust: name.to_owned(),
        ty: Type { kind: TypeKind::Diesel, namespace: None, name: ty.to_owned(), modifiers: Vec::new(), array: 0 },
        nullable: false,
        default: None,
        identity: None,
        sequence: None,
        generated: None,
        is_virtual: false,
        not_null: None,
        collation: None,
        comment: String::new(),
        renamed_from: None,
        at: String::new(),
    }
}

fn expr(sql: &str) -> Expr {
    Expr { sql: sql.to_owned(), postgres: None, sqlite: None, mysql: None }
}

fn key(column: &str) -> Key {
    Key {
        name: None,
        columns: vec![column.to_owned()],
        include: Vec::new(),
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: Deferrable::No,
        at: String::new(),
    }
}
