//! What can be taken from a lock that git could not merge.

use super::waiting::WAITING;
use super::{Lock, LockError};

/// What a line of git's begins with, and whose side the lines after it are.
const MARKS: [(&str, Side); 4] =
    [("<<<<<<<", Side::Ours), ("|||||||", Side::Base), ("=======", Side::Theirs), (">>>>>>>", Side::Both)];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Ours,
    Base,
    Theirs,
}

/// The first line, from 1, with a mark.
pub(super) fn first_mark(text: &str) -> Option<usize> {
    text.lines().position(|line| side_after(line).is_some()).map(|index| index + 1)
}

fn side_after(line: &str) -> Option<Side> {
    MARKS.iter().find(|(mark, _)| line.starts_with(mark)).map(|(_, side)| *side)
}

impl Lock {
    /// Reads a text in which git's conflict marks may stand: what our side declares, and what waits on either side, since
    /// what nobody remembers would be dropped. Where there is a mark the lock holds no revision, because neither side says
    /// what all of them add up to: that is for the revisions themselves to say.
    ///
    /// # Errors
    /// As [`Lock::parse`]; [`LockError::MergeConflict`] where one side alone says nothing that can be understood.
    pub fn parse_conflicted(text: &str) -> Result<Self, LockError> {
        let Some(line) = first_mark(text) else { return Self::parse(text) };
        let mut side = Side::Both;
        let (mut ours, mut waiting) = (String::new(), Vec::new());
        for line in text.lines() {
            if let Some(next) = side_after(line) {
                side = next;
            } else if line.starts_with(WAITING) {
                if side != Side::Base {
                    waiting.push(line);
                }
            } else if matches!(side, Side::Both | Side::Ours) {
                ours.push_str(line);
                ours.push('\n');
            }
        }
        waiting.sort_unstable();
        waiting.dedup();
        ours.push_str(&waiting.join("\n"));
        let unclear = || LockError::MergeConflict { line };
        let mut lock = Self::parse(&ours).map_err(|_| unclear())?;
        lock.revisions.clear();
        lock.expanded().map_err(|_| unclear())?;
        Ok(lock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFLICT: &str = "version = 1\ncomments = false\ndialects = [sqlite]\n\
        <<<<<<< HEAD\nrevision sqlite 2 checksum=aa\n||||||| base\n=======\nrevision sqlite 3 checksum=bb\n>>>>>>> other\n\
        table users\ncolumn users.id type=Int4\n\
        <<<<<<< HEAD\ncolumn users.nick type=Text null\n=======\ncolumn users.name type=Text null\n>>>>>>> other\n\
        primary_key users columns=[id]\n\
        <<<<<<< HEAD\nwaiting column users.fax type=Text null\n=======\nwaiting column users.telex type=Text null\n>>>>>>> other\n";

    #[test]
    fn our_side_is_taken_with_what_waits_on_either() {
        assert_eq!(first_mark(CONFLICT), Some(4));
        let lock = Lock::parse_conflicted(CONFLICT).expect("our side parses");
        assert!(lock.revisions.is_empty());
        assert_eq!(lock.declared.models[0].columns.len(), 2);
        assert_eq!(lock.contract(), ["drop column users.fax", "drop column users.telex"]);
        let plain = "version = 1\ncomments = false\ndialects = [sqlite]\nrevision sqlite 2 checksum=aa\n";
        assert_eq!(Lock::parse_conflicted(plain).expect("no conflict"), Lock::parse(plain).expect("no conflict"));
    }

    #[test]
    fn what_can_not_be_understood_without_the_other_side_is_a_conflict_still() {
        let text = "version = 1\n<<<<<<< HEAD\n=======\ntable users\nprimary_key users columns=[id]\n>>>>>>> other\n\
                    column users.id type=Int4\n";
        assert!(matches!(Lock::parse_conflicted(text), Err(LockError::MergeConflict { line: 2 })));
    }
}
