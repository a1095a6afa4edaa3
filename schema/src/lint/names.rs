//! Names as PostgreSQL compares them, and words of a statement.

use squawk_syntax::{SyntaxKind, SyntaxNode};

/// A table's name: folded to lower case where it is not quoted, without quotes and without `public`.
pub(super) fn folded(text: &str) -> String {
    let mut name = String::new();
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => name.push(letter),
            _ if letter.is_whitespace() => {}
            _ => name.extend(letter.to_lowercase()),
        }
    }
    name.strip_prefix("public.").map(str::to_owned).unwrap_or(name)
}

/// The name of something that lives in the namespace of that table: of its index, or of the table once it is renamed.
pub(super) fn beside(table: &str, name: &str) -> String {
    match table.rsplit_once('.') {
        Some((namespace, _)) => format!("{namespace}.{name}"),
        None => name.to_owned(),
    }
}

/// The first node of one of `kinds` below `node`, as a name.
pub(super) fn first(node: &SyntaxNode, kinds: &[SyntaxKind]) -> Option<String> {
    node.descendants().find(|it| kinds.contains(&it.kind())).map(|it| folded(&it.text().to_string()))
}

/// Whether `word` stands in `node` as a token.
pub(super) fn has_word(node: &SyntaxNode, word: &str) -> bool {
    words(node).any(|it| it == word)
}

/// The tokens of `node` in lower case, without white space and comments.
pub(super) fn words(node: &SyntaxNode) -> impl Iterator<Item = String> {
    node.descendants_with_tokens().filter_map(|it| it.into_token()).filter_map(|token| {
        let trivia = matches!(token.kind(), SyntaxKind::WHITESPACE | SyntaxKind::COMMENT);
        (!trivia).then(|| token.text().to_lowercase())
    })
}

/// The children of `node` that are of `kind`.
pub(super) fn children(node: &SyntaxNode, kind: SyntaxKind) -> Vec<SyntaxNode> {
    node.children().filter(|it| it.kind() == kind).collect()
}

/// Everything below `node` that is of one of `kinds`.
pub(super) fn below(node: &SyntaxNode, kinds: &[SyntaxKind]) -> Vec<SyntaxNode> {
    node.descendants().filter(|it| kinds.contains(&it.kind())).collect()
}

/// The type that stands in `node`, as it is written.
pub(super) fn type_of(node: &SyntaxNode) -> Option<String> {
    let is_type = |it: &SyntaxNode| format!("{:?}", it.kind()).ends_with("_TYPE") && it.kind() != SyntaxKind::SET_TYPE;
    node.children().find(is_type).map(|it| it.text().to_string())
}
