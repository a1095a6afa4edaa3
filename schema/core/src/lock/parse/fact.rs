//! One line's fact.

use super::super::text::Token;
use super::cursor::{Cursor, split, unknown};
use super::{Fact, LockedRevision};
use crate::declared::*;
use crate::dialect::Dialect;

pub(super) fn fact(mut c: Cursor) -> Result<Fact, String> {
    let c = &mut c;
    let word = c.word()?;
    let fact = match &*word {
        "version" => Fact::Version(value(c, Cursor::word)?),
        "comments" => Fact::Comments(value(c, boolean)?),
        "dialects" => Fact::Dialects(value(c, dialects)?),
        "revision" => revision(c)?,
        "enum" => Fact::Enum(enumeration(c)?),
        "sequence" => Fact::Sequence(sequence(c)?),
        "sql" => Fact::Sql(sql_file(c)?),
        "table" => table(c)?,
        "column" => column(c)?,
        "primary_key" => Fact::PrimaryKey(c.qualified()?, key(c)?),
        "unique" => Fact::Unique(c.qualified()?, key(c)?),
        "foreign_key" => Fact::ForeignKey(c.qualified()?, foreign_key(c)?),
        "check" => Fact::Check(c.qualified()?, check(c)?),
        "index" => Fact::Index(c.qualified()?, index(c)?),
        _ => return Err(format!("no line begins with `{word}`")),
    };
    match c.next() {
        None => Ok(fact),
        Some(_) => Err("something follows its end".to_owned()),
    }
}

fn value<T>(c: &mut Cursor, read: impl FnOnce(&mut Cursor) -> Result<T, String>) -> Result<T, String> {
    c.mark('=')?;
    read(c)
}

fn boolean(c: &mut Cursor) -> Result<bool, String> {
    match &*c.word()? {
        "true" => Ok(true),
        "false" => Ok(false),
        word => Err(format!("`{word}` is neither true nor false")),
    }
}

fn dialect(c: &mut Cursor) -> Result<Dialect, String> {
    c.word()?.parse().map_err(|error: crate::dialect::UnknownDialect| error.to_string())
}

fn dialects(c: &mut Cursor) -> Result<Vec<Dialect>, String> {
    c.list(dialect)
}

fn names(c: &mut Cursor) -> Result<Vec<String>, String> {
    c.list(Cursor::name)
}

fn revision(c: &mut Cursor) -> Result<Fact, String> {
    let dialect = dialect(c)?;
    let (id, mut down_revision, mut depends_on, mut checksum) = (c.name()?, Vec::new(), Vec::new(), None);
    while let Some(field) = c.field()? {
        match &*field {
            "down_revision=" => down_revision = names(c)?,
            "depends_on=" => depends_on = names(c)?,
            "checksum=" => checksum = Some(c.name()?),
            word => return unknown(word),
        }
    }
    let checksum = checksum.ok_or("`checksum=` is missing")?;
    Ok(Fact::Revision(dialect, LockedRevision { id, down_revision, depends_on, checksum }))
}

fn enumeration(c: &mut Cursor) -> Result<Enum, String> {
    let (namespace, name) = c.qualified()?;
    let (rust, at) = (String::new(), String::new());
    let mut out = Enum { namespace, name, rust, values: Vec::new(), comment: String::new(), at };
    while let Some(field) = c.field()? {
        match &*field {
            "values=" => out.values = names(c)?,
            "comment=" => out.comment = c.text()?,
            word => return unknown(word),
        }
    }
    Ok(out)
}

fn sequence(c: &mut Cursor) -> Result<Sequence, String> {
    let (namespace, name) = c.qualified()?;
    let mut out = Sequence {
        namespace,
        name,
        data_type: None,
        start: None,
        increment: None,
        min: None,
        max: None,
        cache: None,
        cycle: false,
        at: String::new(),
    };
    while let Some(field) = c.field()? {
        match &*field {
            "data_type=" => out.data_type = Some(c.name()?),
            "start=" => out.start = Some(c.number()?),
            "increment=" => out.increment = Some(c.number()?),
            "min=" => out.min = Some(c.number()?),
            "max=" => out.max = Some(c.number()?),
            "cache=" => out.cache = Some(c.number()?),
            "cycle" => out.cycle = true,
            word => return unknown(word),
        }
    }
    Ok(out)
}

fn sql_file(c: &mut Cursor) -> Result<SqlFile, String> {
    let (path, mut dialects_, mut text) = (c.text()?, Vec::new(), None);
    while let Some(field) = c.field()? {
        match &*field {
            "dialects=" => dialects_ = dialects(c)?,
            "text=" => text = Some(c.text()?),
            word => return unknown(word),
        }
    }
    Ok(SqlFile { path, text: text.ok_or("`text=` is missing")?, dialects: dialects_ })
}

fn table(c: &mut Cursor) -> Result<Fact, String> {
    let mut out = empty_model(c.qualified()?);
    let ties = &mut out.inheritance;
    while let Some(field) = c.field()? {
        match &*field {
            "partition_by=" => ties.partition_by = Some(c.text()?),
            "partition_of=" | "inherits=" => ties.parents = c.list(Cursor::qualified)?,
            "bound=" => ties.bound = Some(c.text()?),
            "options=" => out.options = c.list(Cursor::text)?,
            "comment=" => out.comment = c.text()?,
            word => return unknown(word),
        }
    }
    Ok(Fact::Table(Box::new(out)))
}

fn column(c: &mut Cursor) -> Result<Fact, String> {
    let mut path = c.path()?;
    let name = path.pop().unwrap_or_default();
    let table = split(path).map_err(|_| "a column's name is `table.column` or `schema.table.column`")?;
    let (mut ty, mut nullable, mut default, mut identity) = (None, false, None, None);
    let (mut counted, mut generated, mut collation, mut comment) = (None, None, None, String::new());
    let (mut is_virtual, mut not_null) = (false, None);
    while let Some(field) = c.field()? {
        match &*field {
            "type=" => ty = Some(column_type(c)?),
            "null" => nullable = true,
            "default=" => default = Some(column_default(c)?),
            "identity=" => {
                identity = Some(match &*c.word()? {
                    "by_default" => Identity::ByDefault,
                    "always" => Identity::Always,
                    "serial" => Identity::Serial,
                    word => return unknown(word),
                });
            }
            "sequence=" => counted = Some(c.nested(sequence)?),
            "generated=" => generated = Some(c.expr()?),
            "virtual" => is_virtual = true,
            "not_null=" => not_null = Some(c.nested(said_of_not_null)?),
            "collation=" => collation = Some(c.text()?),
            "comment=" => comment = c.text()?,
            word => return unknown(word),
        }
    }
    let ty = ty.ok_or("`type=` is missing")?;
    let (rust, renamed_from, at, sequence) = (String::new(), None, String::new(), counted);
    let column = Column {
        name,
        rust,
        ty,
        nullable,
        default,
        identity,
        sequence,
        generated,
        is_virtual,
        not_null,
        collation,
        comment,
        renamed_from,
        at,
    };
    Ok(Fact::Column(table, Box::new(column)))
}

fn said_of_not_null(c: &mut Cursor) -> Result<NotNull, String> {
    let mut out = NotNull::default();
    while let Some(field) = c.field()? {
        match &*field {
            "name=" => out.name = Some(c.name()?),
            "no_inherit" => out.no_inherit = true,
            "not_valid" => out.not_valid = true,
            word => return unknown(word),
        }
    }
    Ok(out)
}

fn column_default(c: &mut Cursor) -> Result<Default, String> {
    Ok(match &*c.word()? {
        "true" => Default::Bool(true),
        "false" => Default::Bool(false),
        "float" => Default::Float(c.in_parentheses(Cursor::text)?),
        "text" => Default::Text(c.in_parentheses(Cursor::text)?),
        "sql" => Default::Expr(c.in_parentheses(Cursor::expr)?),
        word => Default::Int(word.parse().map_err(|_| format!("`{word}` is no default"))?),
    })
}

fn column_type(c: &mut Cursor) -> Result<Type, String> {
    let (kind, (namespace, name)) = match c.next() {
        Some(Token::Word(word)) if word == "diesel" => (TypeKind::Diesel, c.in_parentheses(Cursor::qualified)?),
        Some(Token::Word(word)) if word == "enum" => (TypeKind::Enum, c.in_parentheses(Cursor::qualified)?),
        Some(Token::Word(word)) if word == "sql" => (TypeKind::Sql, c.in_parentheses(Cursor::qualified)?),
        Some(Token::Word(name) | Token::Text(name)) => (TypeKind::Diesel, (None, name)),
        _ => return Err("a type is missing".to_owned()),
    };
    let mut modifiers = Vec::new();
    if c.try_mark('(') {
        modifiers.push(c.number()?);
        while c.try_mark(',') {
            modifiers.push(c.number()?);
        }
        c.mark(')')?;
    }
    let mut array = 0_u8;
    while c.try_mark('[') {
        c.mark(']')?;
        array = array.checked_add(1).ok_or("an array has 255 dimensions at most")?;
    }
    Ok(Type { kind, namespace, name, modifiers, array })
}

fn empty_model((namespace, table): (Option<String>, String)) -> Model {
    Model {
        namespace,
        table,
        rust: String::new(),
        comment: String::new(),
        renamed_from: None,
        columns: Vec::new(),
        primary_key: empty_key(),
        uniques: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
        inheritance: Inheritance::default(),
        options: Vec::new(),
        at: String::new(),
    }
}

fn empty_key() -> Key {
    Key {
        name: None,
        columns: Vec::new(),
        include: Vec::new(),
        nulls_not_distinct: false,
        without_overlaps: false,
        deferrable: Deferrable::No,
        at: String::new(),
    }
}

fn deferrable(c: &mut Cursor) -> Result<Deferrable, String> {
    match &*c.word()? {
        "immediate" => Ok(Deferrable::InitiallyImmediate),
        "deferred" => Ok(Deferrable::InitiallyDeferred),
        word => unknown(word),
    }
}

fn key(c: &mut Cursor) -> Result<Key, String> {
    let mut out = empty_key();
    while let Some(field) = c.field()? {
        match &*field {
            "columns=" => out.columns = names(c)?,
            "name=" => out.name = Some(c.name()?),
            "include=" => out.include = names(c)?,
            "nulls_not_distinct" => out.nulls_not_distinct = true,
            "without_overlaps" => out.without_overlaps = true,
            "deferrable=" => out.deferrable = deferrable(c)?,
            word => return unknown(word),
        }
    }
    Ok(out)
}

fn action(c: &mut Cursor) -> Result<ForeignKeyAction, String> {
    match &*c.word()? {
        "restrict" => Ok(ForeignKeyAction::Restrict),
        "cascade" => Ok(ForeignKeyAction::Cascade),
        "set_null" => Ok(ForeignKeyAction::SetNull),
        "set_default" => Ok(ForeignKeyAction::SetDefault),
        word => unknown(word),
    }
}

fn foreign_key(c: &mut Cursor) -> Result<ForeignKey, String> {
    let (mut name, mut columns, mut references, mut references_columns) = (None, Vec::new(), None, Vec::new());
    let (mut on_delete, mut on_update) = (ForeignKeyAction::NoAction, ForeignKeyAction::NoAction);
    let (mut when, mut on_delete_columns) = (Deferrable::No, Vec::new());
    let (mut match_full, mut period, mut not_valid, mut not_enforced) = (false, false, false, false);
    while let Some(field) = c.field()? {
        match &*field {
            "columns=" => columns = names(c)?,
            "references=" => references = Some(c.qualified()?),
            "references_columns=" => references_columns = names(c)?,
            "name=" => name = Some(c.name()?),
            "on_delete=" => on_delete = action(c)?,
            "on_delete_columns=" => on_delete_columns = names(c)?,
            "on_update=" => on_update = action(c)?,
            "match_full" => match_full = true,
            "period" => period = true,
            "not_valid" => not_valid = true,
            "not_enforced" => not_enforced = true,
            "deferrable=" => when = deferrable(c)?,
            word => return unknown(word),
        }
    }
    let (references_namespace, references_table) = references.ok_or("`references=` is missing")?;
    Ok(ForeignKey {
        name,
        columns,
        references_namespace,
        references_table,
        references_columns,
        on_delete,
        on_delete_columns,
        on_update,
        match_full,
        period,
        deferrable: when,
        not_valid,
        not_enforced,
        at: String::new(),
    })
}

fn check(c: &mut Cursor) -> Result<Check, String> {
    let (mut name, mut expr, mut columns) = (None, None, Vec::new());
    let (mut not_valid, mut no_inherit, mut not_enforced) = (false, false, false);
    while let Some(field) = c.field()? {
        match &*field {
            "expr=" => expr = Some(c.expr()?),
            "not_valid" => not_valid = true,
            "not_enforced" => not_enforced = true,
            "no_inherit" => no_inherit = true,
            "columns=" => columns = names(c)?,
            "name=" => name = Some(c.name()?),
            word => return unknown(word),
        }
    }
    let expr = expr.ok_or("`expr=` is missing")?;
    Ok(Check { name, expr, columns, not_valid, no_inherit, not_enforced, at: String::new() })
}

fn index(c: &mut Cursor) -> Result<Index, String> {
    let mut out = Index {
        name: None,
        keys: Vec::new(),
        unique: false,
        nulls_not_distinct: false,
        using: None,
        include: Vec::new(),
        with: None,
        predicate: None,
        at: String::new(),
    };
    while let Some(field) = c.field()? {
        match &*field {
            "keys=" => out.keys = c.list(index_key)?,
            "name=" => out.name = Some(c.name()?),
            "unique" => out.unique = true,
            "nulls_not_distinct" => out.nulls_not_distinct = true,
            "using=" => out.using = Some(c.name()?),
            "include=" => out.include = names(c)?,
            "with=" => out.with = Some(c.name()?),
            "where=" => out.predicate = Some(c.expr()?),
            word => return unknown(word),
        }
    }
    Ok(out)
}

fn index_key(c: &mut Cursor) -> Result<IndexKey, String> {
    let name = c.name()?;
    let what = if name == "sql" && c.try_mark('(') {
        let expr = c.expr()?;
        c.mark(')')?;
        IndexKeyWhat::Expr(expr)
    } else {
        IndexKeyWhat::Column(name)
    };
    let mut out = IndexKey { what, descending: false, nulls_first: None, opclass: None, collation: None };
    while let Some(flag) = c.key_flag() {
        match &*flag {
            "desc" => out.descending = true,
            "nulls_first" => out.nulls_first = Some(true),
            "nulls_last" => out.nulls_first = Some(false),
            "opclass" => out.opclass = Some(value(c, Cursor::name)?),
            "collation" => out.collation = Some(value(c, Cursor::text)?),
            word => return unknown(word),
        }
    }
    Ok(out)
}
