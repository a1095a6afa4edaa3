//! Identifiers in expression text, found token by token.

use std::collections::BTreeSet;
use std::ops::Range;

/// The identifiers of an SQL text: where each stands, and its unquoted name. String literals are passed over.
pub(crate) fn identifiers(text: &str) -> Vec<(Range<usize>, String)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            quote @ (b'\'' | b'"') => {
                at += 1;
                while at < bytes.len() {
                    if bytes[at] == quote {
                        if bytes.get(at + 1) != Some(&quote) {
                            break;
                        }
                        at += 1;
                    }
                    at += 1;
                }
                at = (at + 1).min(bytes.len());
                if quote == b'"' && at >= start + 2 {
                    found.push((start..at, text[start + 1..at - 1].replace("\"\"", "\"")));
                }
            }
            byte if byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80 => {
                while bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || *b >= 0x80)
                {
                    at += 1;
                }
                found.push((start..at, text[start..at].to_owned()));
            }
            _ => at += 1,
        }
    }
    found
}

/// The body in dollar quotes, with a number in their tag where the body has the one without.
#[cfg(any(feature = "cli", feature = "postgres"))]
pub(crate) fn dollar_quoted(tag: &str, body: &str) -> String {
    let tags = (0_u32..).map(|at| if at == 0 { format!("${tag}$") } else { format!("${tag}{at}$") });
    // Nothing has to stand between a number and the dollar that ends the tag, so `$1$` would not be one.
    let tags = tags.map(|it| if tag.is_empty() && it.len() > 2 { it.replacen('$', "$body", 1) } else { it });
    let tag = tags.into_iter().find(|it| !body.contains(it.as_str())).unwrap_or_default();
    format!("{tag}{body}{tag}")
}

/// Whether the text names that identifier anywhere outside of string literals.
pub(crate) fn mentions(text: &str, name: &str) -> bool {
    identifiers(text).iter().any(|(_, it)| it.eq_ignore_ascii_case(name))
}

/// Every identifier of the text, in lower case.
pub(crate) fn names(text: &str) -> BTreeSet<String> {
    identifiers(text).into_iter().map(|(_, name)| name.to_ascii_lowercase()).collect()
}

/// The text with a column's name replaced; the names of functions (before a `(`) and types (after `::`) stay.
pub(crate) fn rename(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (range, name) in identifiers(text) {
        let quoted = text[range.clone()].starts_with('"');
        let same = if quoted { name == from } else { name.eq_ignore_ascii_case(from) };
        let call = !quoted && text[range.end..].trim_start().starts_with('(');
        if !same || call || text[..range.start].trim_end().ends_with("::") {
            continue;
        }
        out.push_str(&text[copied..range.start]);
        let plain = to.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            && !to.starts_with(|c: char| c.is_ascii_digit());
        if plain && (!quoted || from.bytes().any(|b| b.is_ascii_uppercase())) {
            out.push_str(to);
        } else {
            out.push_str(&self::quoted(to));
        }
        copied = range.end;
    }
    out.push_str(&text[copied..]);
    out
}

/// An identifier that is quoted whether or not it has to be.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_identifiers_are_renamed() {
        assert_eq!(
            super::rename("text <> 'text' AND lower(text::text) = ''", "text", "body"),
            "body <> 'text' AND lower(body::text) = ''"
        );
        assert!(!super::mentions("'a' || b", "a"));
    }
}
