//! What a column is in Rust.

use std::collections::BTreeSet;

use diesel_schema_core::declared::{Type, TypeKind};

use super::attributes::{Argument, attribute};

/// One way to say a column's type in a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldType {
    /// The Rust type, without the `Option` of a column that may be NULL.
    pub(super) rust: String,
    /// What its file has to import: the module, and the name in it.
    pub(super) imports: BTreeSet<(&'static str, &'static str)>,
    /// What an attribute says of it.
    pub(super) said: Option<Said>,
    /// What the macros make of it.
    pub(super) declared: Type,
    /// Diesel's type of the column, by which two are told apart.
    pub(super) diesel: String,
    /// The crate that the Rust type is of.
    pub(super) needs: Option<&'static str>,
    /// SQL types that Diesel lacks.
    pub(super) customs: Vec<Custom>,
}

/// `#[sql_type(..)]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// One of Diesel's types.
    Diesel {
        /// Its name.
        name: &'static str,
        /// What stands in parentheses.
        modifiers: Vec<i32>,
        /// Whether it is an array of them.
        array: bool,
    },
    /// The database's own words, and the path of the Diesel type that carries them.
    Sql {
        /// The words.
        sql: String,
        /// The path.
        diesel: String,
    },
}

/// An SQL type that Diesel lacks: a definition in `sql_types.rs`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Custom {
    /// Its name in Rust.
    pub(super) rust: String,
    /// What it is.
    pub(super) kind: CustomKind,
}

/// What a definition of `sql_types.rs` is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CustomKind {
    /// A type of the server: its namespace, where it is not found without, and its name.
    Server(Option<String>, String),
    /// Another name for a Diesel type that has parameters.
    Alias(String),
}

/// A Rust type, and what of Diesel's it stands for.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// The Rust type.
    pub(super) rust: &'static str,
    /// Its imports.
    pub(super) imports: &'static [(&'static str, &'static str)],
    /// Diesel's type.
    pub(super) diesel: &'static str,
    /// Whether the Rust type alone says that type.
    pub(super) alone: bool,
    /// The crate that it is of.
    pub(super) needs: Option<&'static str>,
}

impl Known {
    pub(super) const fn alone(rust: &'static str, diesel: &'static str) -> Self {
        Self { rust, imports: &[], diesel, alone: true, needs: None }
    }

    pub(super) const fn said(rust: &'static str, diesel: &'static str) -> Self {
        Self { alone: false, ..Self::alone(rust, diesel) }
    }

    pub(super) const fn of(self, needs: &'static str, imports: &'static [(&'static str, &'static str)]) -> Self {
        Self { needs: Some(needs), imports, ..self }
    }

    pub(super) const fn importing(self, imports: &'static [(&'static str, &'static str)]) -> Self {
        Self { imports, ..self }
    }

    fn field(&self, said: Option<Said>, declared: Type, array: bool) -> FieldType {
        // An array may hold NULLs, and Diesel's own schema.rs says so of each.
        let rust = match (array, &said) {
            (false, _) => self.rust.to_owned(),
            (true, None | Some(Said::Sql { .. })) => format!("Vec<Option<{}>>", self.rust),
            (true, Some(Said::Diesel { .. })) => format!("Vec<{}>", self.rust),
        };
        FieldType {
            rust,
            imports: self.imports.iter().copied().collect(),
            said,
            declared,
            diesel: format!("{}{}", self.diesel, if array { "[]" } else { "" }),
            needs: self.needs,
            customs: Vec::new(),
        }
    }

    /// All that the attributes can say of a column of this type, the shortest first.
    pub(super) fn ways(&self, sql: &str, modifiers: Option<&[i32]>, array: bool) -> Vec<FieldType> {
        let of_diesel = |modifiers: &[i32]| Type {
            kind: TypeKind::Diesel,
            namespace: None,
            name: self.diesel.to_owned(),
            modifiers: modifiers.to_vec(),
            array: u8::from(array),
        };
        let mut ways = Vec::new();
        if self.alone {
            ways.push(self.field(None, of_diesel(&[]), array));
        }
        if let Some(modifiers) = modifiers {
            let said = Said::Diesel { name: self.diesel, modifiers: modifiers.to_vec(), array };
            ways.push(self.field(Some(said), of_diesel(modifiers), array));
        }
        let path = format!("diesel::sql_types::{}", self.diesel);
        let (diesel, customs) = if array {
            let rust = format!("{}Array", self.diesel);
            let of = format!("diesel::sql_types::Array<diesel::sql_types::Nullable<{path}>>");
            (format!("sql_types::{rust}"), vec![Custom { rust, kind: CustomKind::Alias(of) }])
        } else {
            (path, Vec::new())
        };
        let mut in_sql = self.field(Some(Said::Sql { sql: sql.to_owned(), diesel }), in_sql(sql), array);
        in_sql.customs = customs;
        ways.push(in_sql);
        ways
    }
}

/// The database's own words, as the macros declare them.
pub(super) fn in_sql(sql: &str) -> Type {
    Type { kind: TypeKind::Sql, namespace: None, name: sql.to_owned(), modifiers: Vec::new(), array: 0 }
}

impl FieldType {
    /// The attribute. `up` leads from the model's module to the folder of the models.
    pub(super) fn attribute(&self, up: &str) -> String {
        let argument = match &self.said {
            None => return String::new(),
            Some(Said::Diesel { name, modifiers, array }) => {
                let inside: Vec<String> = modifiers.iter().map(i32::to_string).collect();
                let name =
                    if inside.is_empty() { (*name).to_owned() } else { format!("{name}({})", inside.join(", ")) };
                let free = *array || modifiers.iter().any(|it| *it < 0);
                let name = if *array { format!("Array<{name}>") } else { name };
                vec![if free { Argument::Free(name) } else { Argument::Known(name) }]
            }
            Some(Said::Sql { sql, diesel }) => {
                let ours = diesel.starts_with("sql_types::");
                let diesel = if ours { format!("{up}{diesel}") } else { diesel.clone() };
                vec![Argument::text("sql", sql), Argument::Free(format!("diesel = {diesel}"))]
            }
        };
        attribute(4, "sql_type", &argument)
    }
}
