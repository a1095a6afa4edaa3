//! Types, what can be cast to what, and defaults that fit.

use diesel_schema_core::Dialect;
use diesel_schema_core::declared::{DeclaredSchema, Default, Sequence, Type, TypeKind};

use super::Limits;
use super::defined::Defined;
use super::genes::pick;
use super::other::expr;

pub(super) fn plain(name: &str) -> Type {
    Type { kind: TypeKind::Diesel, namespace: None, name: name.to_owned(), modifiers: Vec::new(), array: 0 }
}

pub(super) fn ty(byte: u8, schema: &DeclaredSchema, defined: &Defined, limits: Limits) -> Type {
    let sized = |name: &str, modifiers: &[i32]| Type { modifiers: modifiers.to_vec(), ..plain(name) };
    let common = 14;
    let known = match limits.dialect {
        Dialect::Postgres if limits.definitions => common + 12,
        Dialect::Postgres => common + 6,
        _ => common,
    };
    match byte % known {
        0 => plain("Int4"),
        1 => plain("Int8"),
        2 => plain("Text"),
        3 => sized("Varchar", &[20]),
        4 => plain("Bool"),
        5 | 6 => match schema.enums.get(usize::from(byte / 128)).or(schema.enums.first()) {
            Some(it) => Type { kind: TypeKind::Enum, namespace: it.namespace.clone(), ..plain(&it.name) },
            None => plain("Text"),
        },
        7 => plain("Int2"),
        8 => sized("Numeric", &[10, 2]),
        9 => plain("Float8"),
        10 => plain("Timestamp"),
        11 => plain("Date"),
        12 => plain("Bytea"),
        13 => sized("Varchar", &[40]),
        14 => plain("Timestamptz"),
        15 => plain("Jsonb"),
        16 => Type { array: 1, ..plain("Text") },
        17 => Type { array: 1, ..plain("Int4") },
        18 => plain("Uuid"),
        it @ 20.. => defined.ty(it - 20),
        _ => match schema.enums.first() {
            Some(it) => Type { kind: TypeKind::Enum, namespace: it.namespace.clone(), array: 1, ..plain(&it.name) },
            None => plain("Uuid"),
        },
    }
}

/// What an expression can do with a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Text,
    Enum,
    Other,
}

impl Kind {
    pub(super) fn of(ty: &Type) -> Self {
        match (ty.kind, ty.name.as_str()) {
            _ if ty.array > 0 => Self::Other,
            (TypeKind::Enum, _) => Self::Enum,
            (_, "Int2" | "Int4" | "Int8" | "Numeric" | "Float8") => Self::Number,
            (_, "Text" | "Varchar") => Self::Text,
            _ => Self::Other,
        }
    }
}

/// Whether PostgreSQL has a cast from one to the other.
pub(super) fn castable(from: &Type, to: &Type) -> bool {
    let time = |ty: &Type| matches!(ty.name.as_str(), "Timestamp" | "Timestamptz" | "Date") && ty.array == 0;
    let both = |kind| Kind::of(from) == kind && Kind::of(to) == kind;
    let text = |ty: &Type| Kind::of(ty) == Kind::Text;
    from == to || text(from) || text(to) || both(Kind::Number) || (time(from) && time(to))
}

pub(super) fn default(byte: u8, ty: &Type, schema: &DeclaredSchema, limits: Limits) -> Option<Default> {
    if byte % 3 != 1 {
        return None;
    }
    let which = byte / 3;
    let sequence = schema.sequences.first().filter(|_| which % 4 == 3);
    let value = match (Kind::of(ty), ty.name.as_str()) {
        (Kind::Number, "Int8") if sequence.is_some() => {
            let home = |it: &Sequence| it.namespace.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
            let name = sequence.map(|it| format!("{}{}", home(it), it.name)).unwrap_or_default();
            Default::Expr(expr(format!("nextval('{name}'::regclass)")))
        }
        (Kind::Number, "Float8") => Default::Float(pick(&["1.5", "-2.5"], which).to_owned()),
        (Kind::Number, _) => Default::Int(pick(&[1, 7, -3], which)),
        (Kind::Text, _) => Default::Text(pick(&["x", "it's", "1"], which).to_owned()),
        (Kind::Enum, name) => {
            let found = schema.enums.iter().find(|it| it.name == name && it.namespace == ty.namespace)?;
            Default::Text(found.values.get(usize::from(which) % found.values.len())?.clone())
        }
        (Kind::Other, "Bool") => Default::Bool(which.is_multiple_of(2)),
        (Kind::Other, "Timestamp" | "Timestamptz") if ty.array == 0 => Default::Expr(expr("now()".to_owned())),
        (Kind::Other, _) if ty.array > 0 && limits.postgres() => Default::Text("{}".to_owned()),
        (Kind::Other, "Jsonb") => Default::Text("{}".to_owned()),
        (Kind::Other, "d0") => Default::Expr(expr(format!("'{}'::d0", which % 3 + 1))),
        (Kind::Other, "span") => Default::Expr(expr("'[1,3)'::span".to_owned())),
        (Kind::Other, "int4range") => Default::Expr(expr("int4range(1, 4)".to_owned())),
        _ => return None,
    };
    Some(value)
}
