//! The indexes and keys that a partition has because its parent has them, and what PostgreSQL calls them.

use diesel_schema_core::naming::{columns_part, label, object_name};
use diesel_schema_core::{Dialect, sql::split};

use super::{Index, IndexKeyWhat, Key, Schema, Table};

/// An index of a partitioned table, or the key that stands on it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part<'a> {
    /// The primary key.
    PrimaryKey(&'a Key),
    /// A unique constraint.
    Unique(&'a Key),
    /// An index that backs no constraint.
    Index(&'a Index),
}

/// What a partition of `parent` gets, by its name there: what that has of its own, and what it got itself.
pub(crate) fn given<'a>(schema: &'a Schema, parent: &'a Table) -> Vec<(String, Part<'a>)> {
    let own_key = parent.primary_key.as_ref().filter(|_| !parent.inheritance.has_parents_key);
    let own = own_key.map(Part::PrimaryKey).into_iter().chain(parent.uniques.iter().map(Part::Unique));
    let own = own.chain(parent.indexes.iter().map(Part::Index));
    let mut all: Vec<(String, Part<'a>)> = own.map(|part| (part.name().to_owned(), part)).collect();
    if parent.inheritance.bound.is_some() {
        let above = parent.inheritance.parents.iter().filter_map(|name| schema.tables.get(name));
        for (of, part) in above.flat_map(|above| given(schema, above)) {
            let attached = parent.inheritance.attached.iter().find(|it| it.of == of);
            let name = attached.map(|it| it.name.clone()).unwrap_or_else(|| part.usual(&parent.name.name));
            all.push((name, part));
        }
    }
    all
}

impl Part<'_> {
    fn name(&self) -> &str {
        match self {
            Self::PrimaryKey(key) | Self::Unique(key) => &key.name,
            Self::Index(index) => &index.name,
        }
    }

    /// The name that the server gives to the part of it, where nobody has that yet.
    pub(crate) fn usual(&self, table: &str) -> String {
        self.numbered(table, "")
    }

    /// The name that it gives where others have those with lesser numbers.
    fn numbered(&self, table: &str, number: &str) -> String {
        let label = |label: &str| format!("{label}{number}");
        match self {
            Self::PrimaryKey(_) => object_name(table, "", &label(label::PRIMARY_KEY)),
            Self::Unique(key) => {
                let columns = columns_part(key.columns.iter().chain(&key.include).map(String::as_str));
                object_name(table, &columns, &label(label::UNIQUE))
            }
            Self::Index(index) => {
                let listed = index.keys.iter().map(|key| match &key.what {
                    IndexKeyWhat::Column(column) => column.clone(),
                    IndexKeyWhat::Expr(sql) => expression_name(sql),
                });
                let mut columns: Vec<String> = Vec::new();
                for column in listed.chain(index.include.iter().cloned()) {
                    let numbered = (1..).map(|number| format!("{column}{number}"));
                    let mut names = std::iter::once(column.clone()).chain(numbered);
                    columns.extend(names.find(|name| !columns.contains(name)));
                }
                object_name(table, &columns_part(columns.iter().map(String::as_str)), &label(label::INDEX))
            }
        }
    }

    #[cfg(any(feature = "cli", feature = "postgres"))]
    /// Whether the server may have picked the name for the part of it: where others have the name, it counts, and cuts a
    /// long one before the number.
    pub(crate) fn may_be_called(&self, name: &str, table: &str) -> bool {
        let stem = name.trim_end_matches(|it: char| it.is_ascii_digit());
        self.numbered(table, &name[stem.len()..]) == name
    }
}

/// What the server calls an expression key: the function's name where it is a call, else `expr`.
pub(crate) fn expression_name(sql: &str) -> String {
    let tokens = split::tokens(sql, Dialect::Postgres);
    let (Some(first), Some(second), Some(last)) = (tokens.first(), tokens.get(1), tokens.last()) else {
        return "expr".to_owned();
    };
    let mut depth = 0_i32;
    let one_call = tokens[1..].iter().enumerate().all(|(at, token)| {
        depth += match token.sql {
            "(" => 1,
            ")" => -1,
            _ => 0,
        };
        depth > 0 || at + 2 == tokens.len()
    });
    if second.sql == "(" && last.sql == ")" && one_call && first.sql.starts_with(|c: char| c.is_alphabetic()) {
        first.sql.to_ascii_lowercase()
    } else {
        "expr".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Deferrable;

    #[test]
    fn a_number_costs_a_long_name_a_byte() {
        let columns = ["station_and_its_sensor", "taken_at_the_station"].map(str::to_owned).to_vec();
        let key = Key {
            name: "k".to_owned(),
            columns,
            include: Vec::new(),
            nulls_not_distinct: false,
            without_overlaps: false,
            deferrable: Deferrable::No,
            comment: None,
        };
        let part = Part::Unique(&key);
        let may = |name: &str| part.may_be_called(name, "measurements_of_the_stations_ever");
        assert!(may("measurements_of_the_stations__station_and_its_sensor_taken__key"));
        assert!(may("measurements_of_the_stations__station_and_its_sensor_taken_key1"));
        assert!(!may("measurements_of_the_stations__station_and_its_sensor_taken_key"));
        assert!(!may("measurements_of_the_stations__station_and_its_sensor_taken__key1"));
        assert!(!may("taken"));
    }
}
