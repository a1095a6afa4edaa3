//! What the database keeps for the release that is running while the next one is deployed.

use super::{Lock, LockError};
use crate::declared::DeclaredSchema;

/// What a line begins with that says what waits; the rest is a fact as others are.
pub(super) const WAITING: &str = "waiting ";

impl Lock {
    /// What the revisions add up to: what is declared, and what waits to be dropped or tightened besides.
    ///
    /// # Errors
    /// A line that waits and does not fit what is declared, as after a merge.
    pub fn expanded(&self) -> Result<DeclaredSchema, LockError> {
        if self.waiting.is_empty() {
            return Ok(self.declared.clone());
        }
        let declared = facts(&self.declared);
        let mut lines: Vec<&str> = declared.lines().collect();
        for fact in &self.waiting {
            let is_same = |line: &&mut &str| subject(fact).is_some_and(|it| subject(line) == Some(it));
            match lines.iter_mut().find(is_same) {
                Some(line) => *line = fact,
                None => lines.push(fact),
            }
        }
        Ok(Self::parse(&lines.join("\n"))?.declared)
    }

    /// The same lock of a database that is still `expanded`.
    #[must_use]
    pub fn waiting_for(mut self, expanded: &DeclaredSchema) -> Self {
        let declared = facts(&self.declared);
        let said = |fact: &&str| declared.lines().any(|line| line == *fact);
        self.waiting =
            facts(expanded).lines().filter(|fact| !fact.is_empty() && !said(fact)).map(str::to_owned).collect();
        self
    }

    /// What the contract will do, a few words each.
    #[must_use]
    pub fn contract(&self) -> Vec<String> {
        let declared = facts(&self.declared);
        let tables: Vec<&str> = self.waiting.iter().filter_map(|fact| fact.strip_prefix("table ")).collect();
        let of = |fact: &String| {
            let subject = subject(fact)?;
            let stands = declared.lines().any(|line| self::subject(line) == Some(subject));
            let (kind, name) = subject.split_once(' ')?;
            match kind {
                "table" => Some(format!("drop table {name}")),
                "enum" if stands => Some(format!("take values from enum {name}")),
                "enum" => Some(format!("drop enum {name}")),
                "sequence" if !stands => Some(format!("drop sequence {name}")),
                "column" if stands => Some(format!("set {name} NOT NULL")),
                "column" if tables.iter().any(|table| is_of(name, table)) => None,
                "column" => Some(format!("drop column {name}")),
                // The path of what `autogenerate` keeps says what it is.
                "sql" => Some(format!("drop the {}", name.trim_matches('"'))),
                _ => None,
            }
        };
        self.waiting.iter().filter_map(of).collect()
    }
}

fn facts(declared: &DeclaredSchema) -> String {
    Lock::new([].into(), declared).to_string()
}

/// What a fact is about that only one line may say: `column users.bio`. Keys, checks and indexes have no such name.
fn subject(line: &str) -> Option<&str> {
    let kind = line.split(' ').next()?;
    let named = ["table", "column", "primary_key", "enum", "sequence", "sql"].contains(&kind);
    let rest = line.get(kind.len() + 1..)?;
    let mut quoted = false;
    let end = rest.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ' ' && !quoted
    });
    named.then(|| &line[..kind.len() + 1 + end.map_or(rest.len(), |(at, _)| at)])
}

/// Whether a column's name is one of this table's, whose comment may follow.
fn is_of(column: &str, table: &str) -> bool {
    let name = subject(&format!("table {table}")).map(|it| it["table ".len()..].to_owned()).unwrap_or_default();
    column.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use crate::lock::Lock;

    const USERS: &str = "version = 1\ncomments = false\ndialects = [sqlite]\ntable users\ncolumn users.email type=Text\n\
        column users.id type=Int4\nprimary_key users columns=[id]\n";

    #[test]
    fn what_waits_is_read_back_and_told() {
        let now = Lock::parse(USERS).unwrap();
        let before = USERS.replace("email type=Text", "email type=Text null")
            + "column users.bio type=Text null\nindex users keys=[bio]\n\
               table posts comment=\"old\"\ncolumn posts.id type=Int4\nprimary_key posts columns=[id]\n";
        let before = Lock::parse(&before).unwrap().declared;
        let lock = now.clone().waiting_for(&before);
        assert_eq!(lock.contract(), ["drop table posts", "drop column users.bio", "set users.email NOT NULL"]);
        assert_eq!(lock.declared, now.declared);
        let read = Lock::parse(&lock.to_string()).unwrap();
        assert_eq!(read, lock);
        assert_eq!(read.expanded().unwrap(), before);
        assert_eq!(now.expanded().unwrap(), now.declared);
    }
}
