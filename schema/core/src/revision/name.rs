//! What a revision is called: its id and its slug.
//!
//! A slug is what a name may be: letters a to z, digits, spaces, `-` and `_`; an id made here is a UTC timestamp.

use std::time::{SystemTime, UNIX_EPOCH};

/// Longest slug: with the id, the folder's name stays far below the 255 bytes that file systems allow.
const MAX_SLUG: usize = 100;

/// A revision's name that can't be a folder's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing is left of it.
    #[error("the revision needs a name")]
    Empty,
    /// A character that is no letter, digit, space, `-` or `_`.
    #[error("the revision's name can't hold `{0}`: letters a to z, digits, spaces, `-` and `_` only")]
    Character(String),
    /// Too long.
    #[error("the revision's name has {0} characters, and at most {MAX_SLUG} fit a folder's name")]
    Long(usize),
}

/// The folder's part after the id: `Add user nickname` is `add_user_nickname`.
///
/// # Errors
/// The name is empty, too long, or holds a character that doesn't belong in a folder's name everywhere.
pub fn slug(name: &str) -> Result<String, NameError> {
    let strange = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    if let Some(c) = name.chars().find(strange) {
        return Err(NameError::Character(if c.is_control() { c.escape_default().to_string() } else { c.to_string() }));
    }
    let words: Vec<&str> = name.split([' ', '-', '_']).filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Err(NameError::Empty);
    }
    let slug = words.join("_").to_ascii_lowercase();
    if slug.len() > MAX_SLUG { Err(NameError::Long(name.chars().count())) } else { Ok(slug) }
}

/// Ids for `count` new revisions: UTC timestamps a second apart, the first being now, or later where that is needed
/// to sort after every id of `taken` that is a timestamp, so that stock Diesel runs them in the right order.
#[must_use]
pub fn ids<'a>(now: SystemTime, taken: impl Iterator<Item = &'a str>, count: usize) -> Vec<String> {
    let latest = taken.filter_map(seconds).max();
    let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let first = latest.map_or(now, |latest| now.max(latest + 1));
    (first..).take(count).map(timestamp).collect()
}

/// `20251010122401`; the calendar is Howard Hinnant's `civil_from_days`
/// (<https://howardhinnant.github.io/date_algorithms.html>), for days after 1970.
fn timestamp(seconds: u64) -> String {
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

/// The reverse of [`timestamp`]; `None` for an id that is none, or that no date has.
fn seconds(id: &str) -> Option<u64> {
    if id.len() != 14 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| id[range].parse::<u64>().ok();
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let (hour, minute, second) = (part(8..10)?, part(10..12)?, part(12..14)?);
    // A year far ahead of every clock is a made-up id, and ids after it would be nonsense too.
    if !(1970..2100).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (shifted_year / 400, shifted_year % 400);
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some((era * 146_097 + day_of_era - 719_468) * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_name_becomes_a_folder() {
        assert_eq!(slug("Add user-nickname "), Ok("add_user_nickname".to_owned()));
        assert_eq!(slug(" "), Err(NameError::Empty));
        assert_eq!(slug("a/b"), Err(NameError::Character("/".to_owned())));
        assert_eq!(slug("🦀"), Err(NameError::Character("🦀".to_owned())));
        assert_eq!(slug(&"x".repeat(300)), Err(NameError::Long(300)));
    }

    #[test]
    fn ids_are_timestamps_that_sort_after_every_other() {
        let now = UNIX_EPOCH + Duration::from_secs(1_760_099_041);
        assert_eq!(ids(now, ["6bdfb470e813"].into_iter(), 1), ["20251010122401"]);
        assert_eq!(ids(now, ["20251010122401"].into_iter(), 2), ["20251010122402", "20251010122403"]);
        assert_eq!(ids(now, ["20301231235959"].into_iter(), 1), ["20310101000000"]);
    }

    #[test]
    fn timestamps_go_there_and_back() {
        for at in (0..4_000_000_000).step_by(7_777_777) {
            assert_eq!(seconds(&timestamp(at)), Some(at));
        }
    }
}
