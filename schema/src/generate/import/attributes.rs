//! Attributes and literals as rustfmt lays them out without a `rustfmt.toml`.

/// rustfmt's `attr_fn_like_width`: arguments that are wider go on lines of their own.
const ARGUMENTS_WIDTH: usize = 70;
/// rustfmt's `max_width`.
const MAX_WIDTH: usize = 100;

/// One argument of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Argument {
    /// What the grammar of Rust's own attributes knows: a path, a literal, `path = literal`. rustfmt moves these.
    Known(String),
    /// Anything else; rustfmt leaves an attribute that has one as it is.
    Free(String),
}

impl Argument {
    /// `key = "text"`.
    pub(super) fn text(key: &str, text: &str) -> Self {
        Self::Known(format!("{key} = {}", literal(text)))
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Known(text) | Self::Free(text) => text,
        }
    }
}

/// `#[name(arguments)]`, `indent` spaces from the left, with a newline behind it.
pub(super) fn attribute(indent: usize, name: &str, arguments: &[Argument]) -> String {
    let margin = " ".repeat(indent);
    if arguments.is_empty() {
        return format!("{margin}#[{name}]\n");
    }
    let words: Vec<&str> = arguments.iter().map(Argument::as_str).collect();
    let inside = words.join(", ");
    let line = format!("{margin}#[{name}({inside})]\n");
    let width = |text: &str| text.chars().count();
    // One argument alone may fill the line.
    let narrow = words.len() == 1 || width(&inside) <= ARGUMENTS_WIDTH;
    let fits = narrow && width(line.trim_end()) <= MAX_WIDTH;
    if fits || arguments.iter().any(|argument| matches!(argument, Argument::Free(_))) {
        return line;
    }
    let inner = format!("\n{margin}    ");
    format!("{margin}#[{name}({inner}{}\n{margin})]\n", words.join(&format!(",{inner}")))
}

/// Text as a Rust string: raw where that spares escapes, and always on one line.
pub(super) fn literal(text: &str) -> String {
    let plain = text.chars().all(|c| !c.is_control());
    if plain && text.contains(['"', '\\']) {
        let longest = text.split('"').skip(1).map(|rest| rest.chars().take_while(|c| *c == '#').count()).max();
        let hashes = "#".repeat(longest.map_or(0, |count| count + 1));
        return format!("r{hashes}\"{text}\"{hashes}");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A doc comment, a line for each of the text's.
pub(super) fn doc(indent: usize, comment: &str) -> String {
    if comment.is_empty() {
        return String::new();
    }
    let margin = " ".repeat(indent);
    comment.split('\n').map(|line| format!("{margin}/// {line}").trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_what_they_say() {
        for text in ["plain", "quo\"te", "hash\"# and \"##", "back\\slash", "two\nlines \"x\"", "\u{1}\t"] {
            let read: syn::LitStr = syn::parse_str(&literal(text)).unwrap();
            assert_eq!(read.value(), text, "{}", literal(text));
            assert_eq!(literal(text).lines().count(), 1);
        }
    }

    #[test]
    fn wide_arguments_go_on_lines_of_their_own_where_rustfmt_would_move_them() {
        let column = |name: &str| Argument::Known(name.repeat(20));
        let wide = [column("a"), column("b"), column("c"), Argument::text("name", "x")];
        assert_eq!(
            attribute(0, "index", &wide),
            format!(
                "#[index(\n    {},\n    {},\n    {},\n    name = \"x\"\n)]\n",
                "a".repeat(20),
                "b".repeat(20),
                "c".repeat(20)
            )
        );
        let mut free = wide.to_vec();
        free.push(Argument::Free("d desc".to_owned()));
        assert_eq!(attribute(4, "index", &free).lines().count(), 1);
    }
}
