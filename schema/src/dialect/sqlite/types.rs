//! Types, by names that Diesel's CLI infers back to the same Diesel type
//! (diesel_cli 2.3's `infer_schema_internals/sqlite.rs`).

use diesel_schema_core::declared::{Type, TypeKind};

/// SQLite's name of a declared type; the error says what to write instead.
pub(super) fn lower(ty: &Type) -> Result<String, String> {
    if ty.array > 0 {
        return Err(
            "an array; keep it in a table of its own, or say `#[sql_type(sql = \"TEXT\")]` and store JSON".to_owned()
        );
    }
    if ty.kind == TypeKind::Sql {
        return Ok(super::token::canonical(&ty.name).to_ascii_uppercase());
    }
    if ty.kind == TypeKind::Enum {
        return Ok("TEXT".to_owned());
    }
    let base = match ty.name.as_str() {
        "Int2" | "SmallInt" => "SMALLINT",
        "Int4" | "Integer" => "INTEGER",
        "Int8" | "BigInt" => "BIGINT",
        "Bool" => "BOOLEAN",
        "Text" if ty.modifiers.is_empty() => "TEXT",
        "VarChar" | "Varchar" => "VARCHAR",
        "Char" | "Bpchar" => "CHAR",
        "Float4" | "Float" => "FLOAT",
        "Float8" | "Double" => "DOUBLE",
        "Numeric" | "Decimal" => "NUMERIC",
        "Timestamp" => "TIMESTAMP",
        // Diesel's CLI knows no name for TimestamptzSqlite; its text is kept as this type's.
        "Timestamptz" | "TimestamptzSqlite" => "TIMESTAMPTZ",
        "Date" => "DATE",
        "Time" => "TIME",
        "Bytea" | "Binary" | "Blob" => "BLOB",
        "Uuid" => "BINARY",
        "Json" => "JSON",
        "Jsonb" => "JSONB",
        "Citext" => "TEXT",
        other => {
            return Err(format!(
                "the type {other}; say `#[sql_type(Text)]` or `#[sql_type(Binary)]`, or restrict `dialects:`"
            ));
        }
    };
    // A Timestamp(6) or Time(3) says how PostgreSQL rounds; SQLite keeps the text that it is given.
    let sized = matches!(base, "VARCHAR" | "CHAR" | "NUMERIC");
    if ty.modifiers.is_empty() || !sized {
        return Ok(base.to_owned());
    }
    let modifiers: Vec<String> = ty.modifiers.iter().map(ToString::to_string).collect();
    Ok(format!("{base}({})", modifiers.join(", ")))
}
