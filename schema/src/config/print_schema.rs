//! `[print_schema]` of `diesel.toml`: which `schema.rs`s there are, and what stands in them.
//!
//! The keys are those of Diesel's CLI 2.3. One that can't be honoured is refused: a file that is written otherwise
//! than Diesel would write it is worse than none.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One `schema.rs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaRs {
    /// Where it is written to.
    pub file: PathBuf,
    /// What stands in it.
    pub print: PrintSchema,
}

/// What `diesel print-schema` is told to print. The default is what it prints without any option.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PrintSchema {
    /// Doc comments of tables and columns.
    pub with_docs: Docs,
    /// Which tables `allow_tables_to_appear_in_same_query!` names together.
    pub allow_tables_to_appear_in_same_query_config: SameQuery,
    /// Which tables are printed.
    pub filter: Filter,
    /// The order of a table's columns.
    pub column_sorting: ColumnSorting,
    /// The PostgreSQL schema to print, in a module of its name; `None` is `public`, in no module.
    pub schema: Option<String>,
    /// A patch of what is printed; a relative path is one from the folder of `diesel.toml`.
    pub patch_file: Option<PathBuf>,
    /// What every `table!` imports.
    pub import_types: Option<Vec<String>>,
    /// Whether a type that Diesel does not know gets a definition; `None` is yes.
    pub generate_missing_sql_type_definitions: Option<bool>,
    /// Types that get none all the same, by their Rust name.
    pub except_custom_type_definitions: Vec<Pattern>,
    /// What those definitions derive, besides `SqlType`.
    pub custom_type_derives: Option<Vec<String>>,
    /// Domains that count as types, by their name; the others count as what they are made of.
    pub pg_domains_as_custom_types: Vec<Pattern>,
}

/// Which doc comments are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub enum Docs {
    /// The database's comments, and a sentence of Diesel's own where there is none.
    CommentsOrGenerated,
    /// The database's comments.
    Comments,
    /// None.
    #[default]
    None,
}

impl TryFrom<toml::Value> for Docs {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Self, String> {
        match (value.as_bool(), value.as_str()) {
            (Some(true), _) | (_, Some("database-comments-fallback-to-auto-generated-doc-comment")) => {
                Ok(Self::CommentsOrGenerated)
            }
            (_, Some("only-database-comments")) => Ok(Self::Comments),
            (Some(false), _) | (_, Some("no-doc-comments")) => Ok(Self::None),
            _ => Err("with_docs has to be true, false, \
                      \"database-comments-fallback-to-auto-generated-doc-comment\", \"only-database-comments\" or \
                      \"no-doc-comments\""
                .to_owned()),
        }
    }
}

/// Which tables may appear in one query.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameQuery {
    /// Those that foreign keys tie together.
    FkRelatedTables,
    /// All.
    #[default]
    AllTables,
    /// Nothing is printed.
    None,
}

/// The order of columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnSorting {
    /// As in the table.
    #[default]
    OrdinalPosition,
    /// By name.
    Name,
}

/// Which tables are printed, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Filters")]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those that match one of these.
    Only(Vec<Pattern>),
    /// Those that match none of these.
    Except(Vec<Pattern>),
}

impl Filter {
    /// Whether a table of that name is printed.
    #[must_use]
    pub fn prints(&self, table: &str) -> bool {
        let found = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(table));
        match self {
            Self::All => true,
            Self::Only(patterns) => found(patterns),
            Self::Except(patterns) => !found(patterns),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filters {
    only_tables: Option<Vec<Pattern>>,
    except_tables: Option<Vec<Pattern>>,
}

impl TryFrom<Filters> for Filter {
    type Error = &'static str;

    fn try_from(filters: Filters) -> Result<Self, Self::Error> {
        match (filters.only_tables, filters.except_tables) {
            (None, None) => Ok(Self::All),
            (Some(patterns), None) => Ok(Self::Only(patterns)),
            (None, Some(patterns)) => Ok(Self::Except(patterns)),
            (Some(_), Some(_)) => Err("`filter` has only_tables and except_tables: leave one of them out"),
        }
    }
}

/// A regular expression; two are equal where their texts are.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(regex::Regex);

impl Pattern {
    /// Whether it is found in `text`.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // The parser's own message draws the expression over several lines.
        regex::Regex::new(&text).map(Self).map_err(|error| {
            let why = error.to_string();
            format!("`{text}` is no regular expression: {}", why.lines().last().unwrap_or_default().trim())
        })
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Eq for Pattern {}

/// The `schema.rs`s of `[print_schema]`, and of the `[print_schema.<key>]`s where there are any; paths are relative
/// to `folder`.
///
/// # Errors
/// A sentence about the key that can't be used.
pub(super) fn schema_rs(section: toml::Table, folder: &Path) -> Result<Vec<SchemaRs>, String> {
    let is_key = |name: &str, value: &toml::Value| value.is_table() && name != "filter";
    let (named, plain): (Vec<_>, Vec<_>) = section.into_iter().partition(|(name, value)| is_key(name, value));
    let mut sections: BTreeMap<String, toml::Table> = BTreeMap::new();
    for (name, value) in named {
        if let toml::Value::Table(table) = value {
            sections.insert(name, table);
        }
    }
    // Diesel reads the keys outside as those of `default`, unless that is there too.
    sections.entry("default".to_owned()).or_insert_with(|| plain.into_iter().collect());
    let alone = sections.len() == 1;
    let mut found = Vec::new();
    for (name, mut table) in sections {
        let place = if alone { "[print_schema]".to_owned() } else { format!("[print_schema.{name}]") };
        // Of SQLite alone.
        table.remove("sqlite_integer_primary_key_is_bigint");
        let file = table.remove("file");
        let mut print: PrintSchema = table
            .try_into()
            .map_err(|error: toml::de::Error| format!("{place}: {}", error.message().trim_end().replace('\n', " ")))?;
        if let Some(derive) =
            print.custom_type_derives.iter().flatten().find(|it| syn::parse_str::<syn::Path>(it).is_err())
        {
            return Err(format!(
                "{place}: `{derive}` in custom_type_derives is no path: write it as in \"diesel::query_builder::QueryId\""
            ));
        }
        print.patch_file = print.patch_file.map(|patch| folder.join(patch));
        if let Some(file) = file {
            let file = file.as_str().ok_or_else(|| format!("{place}: file has to be a path: \"src/schema.rs\""))?;
            found.push(SchemaRs { file: folder.join(file), print });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<SchemaRs>, String> {
        schema_rs(text.parse().unwrap(), Path::new("/app"))
    }

    #[test]
    fn one_file_with_its_options() {
        let text = "file = \"src/schema.rs\"\nwith_docs = true\nfilter = { except_tables = [\"^spatial\"] }\n\
                    column_sorting = \"name\"\nallow_tables_to_appear_in_same_query_config = \"fk_related_tables\"\n";
        let [found] = &parse(text).unwrap()[..] else { panic!("one file") };
        assert_eq!(found.file, Path::new("/app/src/schema.rs"));
        assert_eq!(found.print.with_docs, Docs::CommentsOrGenerated);
        assert_eq!(found.print.column_sorting, ColumnSorting::Name);
        assert_eq!(found.print.allow_tables_to_appear_in_same_query_config, SameQuery::FkRelatedTables);
        assert!(found.print.filter.prints("users") && !found.print.filter.prints("spatial_ref_sys"));
    }

    #[test]
    fn a_file_for_each_key() {
        let text = "file = \"a.rs\"\n[auth]\nfile = \"b.rs\"\nschema = \"auth\"\n[nothing]\nwith_docs = false\n";
        let found = parse(text).unwrap();
        let shown: Vec<_> = found.iter().map(|it| (it.file.to_str().unwrap(), it.print.schema.as_deref())).collect();
        assert_eq!(shown, [("/app/b.rs", Some("auth")), ("/app/a.rs", None)]);
    }

    #[test]
    fn what_can_not_be_honoured_is_refused_in_one_sentence() {
        for (text, said) in [
            ("file = \"a.rs\"\nwith_doc = true\n", "[print_schema]: unknown field `with_doc`, expected one of `with_"),
            ("file = \"a.rs\"\nwith_docs = \"all\"\n", "[print_schema]: with_docs has to be true"),
            ("file = 3\n", "[print_schema]: file has to be a path"),
            ("[x]\nfile = \"a.rs\"\nfilter = { only_tables = [\"(\"] }\n", "[print_schema.x]: `(` is no regular expr"),
            (
                "file = \"a.rs\"\ncustom_type_derives = [\"a b\"]\n",
                "[print_schema]: `a b` in custom_type_derives is no",
            ),
            (
                "file = \"a.rs\"\nfilter = { only_tables = [], except_tables = [] }\n",
                "[print_schema]: `filter` has only_tables and except_tables",
            ),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with(said), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}
