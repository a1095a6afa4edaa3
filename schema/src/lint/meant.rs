//! Rules about what somebody means to do, for which there is no other form: only another time.

use super::Rule;

/// What takes something away, gives it another name, or lets other rows in.
const MEANT: &[&str] = &[
    "access-change",
    "avoid-create-trigger",
    "ban-add-column",
    "ban-add-composite-attribute",
    "ban-add-enum-value",
    "ban-alter-identity",
    "ban-alter-sequence-values",
    "ban-detach-inheritance",
    "ban-disable-trigger",
    "ban-drop-column",
    "ban-drop-constraint",
    "ban-drop-default",
    "ban-drop-domain",
    "ban-drop-function",
    "ban-drop-generated-expression",
    "ban-drop-index",
    "ban-drop-not-null",
    "ban-drop-policy",
    "ban-drop-schema",
    "ban-drop-sequence",
    "ban-drop-table",
    "ban-drop-trigger",
    "ban-drop-type",
    "ban-new-write-restriction",
    "ban-replace-view-function",
    "ban-replica-identity",
    "ban-revoke",
    "ban-set-default",
    "ban-set-schema",
    "mysql-data-loss",
    "mysql-rename",
    "renaming-column",
    "renaming-object",
    "renaming-table",
    "sqlite-drop-column",
    "sqlite-drop-table",
    "sqlite-rename",
];

impl Rule {
    /// Whether it is about what a revision means to do, and a step back does by its nature.
    #[must_use]
    pub fn is_meant(&self) -> bool {
        MEANT.contains(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::MEANT;
    use crate::lint::all;

    #[test]
    fn each_is_a_rule() {
        let unknown = |name: &&&str| all().iter().all(|rule| rule.name != **name);
        assert_eq!(MEANT.iter().filter(unknown).collect::<Vec<_>>(), Vec::<&&str>::new());
    }
}
