//! Lists of candidates in messages.

use crate::suggest::distance;

/// The most candidates that a message lists.
const MOST: usize = 10;

/// `a, b, c`, cut where it would fill the screen.
pub(super) fn list(ids: &[String]) -> String {
    let shown = ids.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if ids.len() > MOST { format!("{shown} and {} more", ids.len() - MOST) } else { shown }
}

/// What makes one of several heads.
pub(super) fn merge(heads: &[String]) -> String {
    let heads = if heads.len() > MOST { "heads".to_owned() } else { heads.join(" ") };
    format!("`migrate merge {heads} NAME`")
}

/// `a or b or c`.
pub(super) fn either(ids: &[String]) -> String {
    ids.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(" or ")
}

/// Up to three of `names` that `typed` may have been meant to be, the likeliest first.
pub(super) fn similar<'n>(names: impl IntoIterator<Item = &'n str>, typed: &str) -> Vec<String> {
    if typed.is_empty() {
        return Vec::new();
    }
    let typed = typed.to_lowercase();
    let most = (typed.chars().count() / 3).clamp(1, 4);
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .filter_map(|name| {
            let lower = name.to_lowercase();
            if lower.starts_with(&typed) || (typed.starts_with(&lower) && lower.chars().count() > 1) {
                return Some((0, name));
            }
            let distance = distance(&lower, &typed);
            (distance <= most && distance < lower.chars().count()).then_some((distance, name))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_come_first() {
        assert_eq!(similar(["head", "heads", "20251010122401"], "haed"), ["head"]);
        assert_eq!(similar(["head", "heads", "20251010122401"], "base"), ["head"; 0]);
        assert_eq!(similar(["head", "heads", "20251010122401"], "HEAD"), ["head", "heads"]);
        assert_eq!(similar(["head", "heads", "20251010122401"], "20251010122410"), ["20251010122401"]);
    }
}
