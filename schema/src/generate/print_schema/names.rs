//! Names in the database → names in Rust.

/// Names that `table!` uses for itself, and what Rust reserves.
const TAKEN: &str = "table columns is_nullable \
    _ abstract as async await become box break const continue crate do dyn else enum extern false final fn for if impl in \
    let loop macro match mod move mut override priv pub ref return Self self static struct super trait true try type \
    typeof unsafe unsized use virtual where while yield";

/// A table's name in Rust.
pub(super) fn table(name: &str) -> String {
    identifier(name, None)
}

/// A column's name in Rust, in a table of that name in Rust.
pub(super) fn column(name: &str, table: &str) -> String {
    identifier(name, Some(table))
}

/// Whether a type can be called so.
pub(super) fn is_identifier(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}

/// Each run of what no identifier has becomes one underscore, a digit in front gets one before it, and what is then
/// still taken, one behind it.
fn identifier(name: &str, taken: Option<&str>) -> String {
    let mut mapped = String::with_capacity(name.len() + 1);
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        mapped.push('_');
    }
    let mut in_gap = false;
    for character in name.chars() {
        let fits = character.is_ascii_alphanumeric() || character == '_';
        if fits {
            mapped.push(character);
        } else if !in_gap {
            mapped.push('_');
        }
        in_gap = !fits;
    }
    // Diesel's own names begin so, and end otherwise.
    let like_diesels = mapped.starts_with("__") && !mapped.ends_with('_');
    if taken == Some(&mapped) || like_diesels || TAKEN.split_whitespace().any(|word| word == mapped) {
        mapped.push('_');
    }
    mapped
}

/// A name as a Rust string. It is raw where it has quotes, and, other than Diesel's, where it has a backslash: Diesel
/// prints what does not compile there.
pub(super) fn literal(text: &str) -> String {
    if !text.contains(['"', '\\']) {
        return format!("\"{text}\"");
    }
    let hashes = if text.contains('"') { "#".repeat(text.matches('#').count() + 1) } else { String::new() };
    format!("r{hashes}\"{text}\"{hashes}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_mapped_as_diesel_maps_them() {
        for (sql, rust) in [
            ("users", "users"),
            ("type", "type_"),
            ("table", "table_"),
            ("columns", "columns_"),
            ("Self", "Self_"),
            ("1st", "_1st"),
            ("__x", "__x_"),
            ("__x_", "__x_"),
            ("_", "__"),
            ("é", "__"),
            ("a - b", "a_b"),
            ("a_-b", "a__b"),
            ("Upper", "Upper"),
        ] {
            assert_eq!(column(sql, "nothing"), rust, "{sql}");
        }
        assert_eq!(column("users", "users"), "users_");
    }

    #[test]
    fn what_rust_reserves_is_what_syn_refuses() {
        for word in TAKEN.split_whitespace().skip(3) {
            assert!(!is_identifier(word), "{word}");
        }
        for word in ["union", "gen", "raw", "safe", "auto", "default", "macro_rules", "static_", "__", "_1"] {
            assert!(is_identifier(word) && (word == "__" || column(word, "") == word), "{word}");
        }
    }

    #[test]
    fn literals_compile() {
        for text in ["plain", "quo\"te", "hash#\"", "back\\slash", "both\\\"#"] {
            let read: syn::LitStr = syn::parse_str(&literal(text)).unwrap();
            assert_eq!(read.value(), text);
        }
    }
}
