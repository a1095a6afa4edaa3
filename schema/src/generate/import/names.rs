//! Rust names for what a database calls as it likes.

use std::collections::BTreeSet;

use heck::{ToSnakeCase, ToUpperCamelCase};

/// What a model can't be called: the names that its file uses already, and those of Rust's prelude.
const TAKEN: &str = "Option Vec String Box Result Some None Ok Err Self Default Clone Copy Debug Eq PartialEq Hash Send \
    Sync Drop Fn Iterator From Into ToString Model SqlEnum SqlColumn Bound BigDecimal Decimal DateTime Utc NaiveDate \
    NaiveDateTime NaiveTime OffsetDateTime PrimitiveDateTime Uuid IpNetwork PgInterval PgLsn PgMoney Opaque";

/// Names that are given, each once.
#[derive(Debug, Clone, Default)]
pub(super) struct Given(BTreeSet<String>);

impl Given {
    /// With the names that no model or enum may have.
    pub(super) fn types() -> Self {
        Self(TAKEN.split_whitespace().map(str::to_owned).collect())
    }

    /// With these.
    pub(super) fn with(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(names.into_iter().map(Into::into).collect())
    }

    /// Whether nobody has the name.
    pub(super) fn is_free(&self, name: &str) -> bool {
        !self.0.contains(name)
    }

    /// `wanted`, or it with the first ending that nobody has: `named`, then a number.
    pub(super) fn choose(&mut self, wanted: &str, named: &str) -> String {
        let numbered = (2..).map(|number| format!("{wanted}{}{number}", if named.starts_with('_') { "_" } else { "" }));
        let mut all = [wanted.to_owned(), format!("{wanted}{named}")].into_iter().chain(numbered);
        let free = all.find(|name| !self.0.contains(name)).unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

fn is_identifier(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}

/// A type's name: `user_accounts` is `UserAccounts`.
pub(super) fn type_name(name: &str) -> String {
    let camel: String = name.to_upper_camel_case().chars().filter(|c| c.is_alphanumeric()).collect();
    let camel = if camel.starts_with(char::is_alphabetic) { camel } else { format!("T{camel}") };
    if is_identifier(&camel) { camel } else { format!("{camel}_").replace(|c: char| !c.is_ascii_alphanumeric(), "") }
}

/// A model's name: one row of the table. `user_accounts` is `UserAccount`.
pub(super) fn model(table: &str) -> String {
    let snake = table.to_snake_case();
    match snake.rsplit_once('_') {
        Some((before, last)) => type_name(&format!("{before}_{}", singular(last))),
        None => type_name(&singular(&snake)),
    }
}

/// A field's or a module's name; a column that has one in Rust already keeps it.
pub(super) fn field(name: &str) -> String {
    let is_snake = !name.chars().any(char::is_uppercase);
    if is_snake && name != "_" && is_identifier(name) {
        return name.to_owned();
    }
    let kept: String = name.chars().map(|c| if c == '_' || c.is_alphanumeric() { c } else { ' ' }).collect();
    let snake = if is_snake && !kept.contains(' ') { kept } else { kept.to_snake_case() };
    let snake = if snake.starts_with(|c: char| c == '_' || c.is_alphabetic()) { snake } else { format!("_{snake}") };
    let candidates =
        [snake.clone(), format!("{snake}_"), snake.replace(|c: char| !c.is_ascii_alphanumeric(), "_") + "_"];
    candidates.into_iter().find(|name| name != "_" && is_identifier(name)).unwrap_or_else(|| "field".to_owned())
}

/// The module of a table's file, or of a namespace: as a field, but with one underscore between two words, which rustc asks
/// of a module. The table's own name, which queries use, stays.
pub(super) fn module(name: &str) -> String {
    let field = field(name);
    let words: Vec<&str> = field.split('_').filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        [] => field,
        words => {
            let (start, end) = (field.len() - field.trim_start_matches('_').len(), field.trim_end_matches('_').len());
            format!("{}{}{}", &field[..start], words.join("_"), &field[end..])
        }
    }
}

/// English, as far as tables are named in it: the last word of their name for one row.
fn singular(word: &str) -> String {
    const ODD: &[(&str, &str)] = &[
        ("people", "person"),
        ("children", "child"),
        ("men", "man"),
        ("women", "woman"),
        ("indices", "index"),
        ("vertices", "vertex"),
        ("matrices", "matrix"),
        ("aliases", "alias"),
        ("statuses", "status"),
        ("caches", "cache"),
        ("movies", "movie"),
        ("cookies", "cookie"),
        ("analyses", "analysis"),
    ];
    const SAME: &[&str] = &["series", "species", "news", "sms", "dns", "https", "aws", "os", "gas", "bus", "alias"];
    if let Some((_, one)) = ODD.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    let ends = |end: &str| word.len() > end.len() + 1 && word.ends_with(end);
    if SAME.contains(&word) || ends("ss") || ends("us") || ends("is") || !ends("s") {
        return word.to_owned();
    }
    if ends("ies") {
        return format!("{}y", &word[..word.len() - 3]);
    }
    let without_es = ["sses", "xes", "ches", "shes", "zzes"].iter().any(|end| ends(end));
    word[..word.len() - if without_es { 2 } else { 1 }].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_one_row() {
        for (table, name) in [
            ("users", "User"),
            ("user_accounts", "UserAccount"),
            ("AspNetUsers", "AspNetUser"),
            ("categories", "Category"),
            ("address", "Address"),
            ("addresses", "Address"),
            ("status", "Status"),
            ("people", "Person"),
            ("order lines", "OrderLine"),
            ("2fa.codes", "T2faCode"),
            ("data", "Data"),
            ("größen", "Größen"),
            ("---", "T"),
        ] {
            assert_eq!(model(table), name, "{table}");
            assert!(is_identifier(&model(table)));
        }
    }

    #[test]
    fn a_field_is_snake_case_and_no_keyword() {
        for (column, name) in [
            ("id", "id"),
            ("__typename", "__typename"),
            ("a__b", "a__b"),
            ("type", "type_"),
            ("self", "self_"),
            ("createdAt", "created_at"),
            ("Created At", "created_at"),
            ("a.b", "a_b"),
            ("say \"hi\"", "say_hi"),
            ("1st", "_1st"),
            ("größe", "größe"),
            ("_", "__"),
            ("", "__"),
            ("%", "__"),
        ] {
            assert_eq!(field(column), name, "{column}");
            assert!(is_identifier(&field(column)));
        }
    }

    #[test]
    fn a_module_has_one_underscore_between_two_words() {
        for (table, name) in
            [("a__b___c", "a_b_c"), ("__meta__rows", "__meta_rows"), ("type", "type_"), ("a__", "a__"), ("_", "__")]
        {
            assert_eq!(module(table), name, "{table}");
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let mut given = Given::types();
        assert_eq!(given.choose("Option", "Row"), "OptionRow");
        assert_eq!(given.choose("User", "Row"), "User");
        assert_eq!(given.choose("User", "Row"), "UserRow");
        assert_eq!(given.choose("User", "Row"), "User2");
        let mut given = Given::with(["a"]);
        assert_eq!(given.choose("a", "_"), "a_");
        assert_eq!(given.choose("a", "_"), "a_2");
    }
}
