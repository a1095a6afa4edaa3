//! Which columns an SQL expression speaks of: what PostgreSQL names a check constraint after.

/// The columns of `known` that `sql` names, each once, in the order of their first mention.
#[must_use]
pub fn columns_in(sql: &str, known: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut chars = sql.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let word = match c {
            '\'' => {
                // A doubled quote ends one literal and begins the next: the same to us.
                for (_, c) in chars.by_ref() {
                    if c == '\'' {
                        break;
                    }
                }
                continue;
            }
            '"' => {
                let mut name = String::new();
                for (_, c) in chars.by_ref() {
                    if c == '"' {
                        break;
                    }
                    name.push(c);
                }
                name
            }
            c if c == '_' || c.is_alphabetic() => {
                let mut end = start + c.len_utf8();
                while let Some((at, c)) = chars.next_if(|(_, c)| *c == '_' || *c == '$' || c.is_alphanumeric()) {
                    end = at + c.len_utf8();
                }
                let rest = sql[end..].trim_start();
                if rest.starts_with('(') || sql[..start].ends_with("::") {
                    continue;
                }
                sql[start..end].to_lowercase()
            }
            c if c.is_numeric() => {
                while chars.next_if(|(_, c)| c.is_alphanumeric()).is_some() {}
                continue;
            }
            _ => continue,
        };
        if known.contains(&word) && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::columns_in;

    #[test]
    fn a_column_is_no_function_no_literal_and_no_type() {
        let known = ["length".to_owned(), "bio".to_owned(), "Odd".to_owned(), "text".to_owned()];
        assert_eq!(columns_in("length(bio) > 3 AND bio <> 'text'::text", &known), ["bio"]);
        assert_eq!(columns_in(r#"LENGTH > 1e5 AND "Odd" IS NULL"#, &known), ["length", "Odd"]);
        assert!(columns_in("true", &known).is_empty());
    }
}
