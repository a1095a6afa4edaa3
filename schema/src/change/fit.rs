//! Which application can go on with a change: while a release rolls out, the one of before meets the new schema, and
//! this one may meet the old.

use super::{Change, Constraint};
use crate::schema::Column;

/// Whether an application's statements still succeed, as far as the schema tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Works {
    /// They do.
    #[default]
    Yes,
    /// Those do that respect what the other side wants.
    Perhaps,
    /// Some can't: what they name is not there, or what is wanted of them they don't say.
    No,
}

impl Works {
    /// `yes`, `perhaps`, `no`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Perhaps => "perhaps",
            Self::No => "no",
        }
    }
}

/// Who works with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fit {
    /// The application of the revision before, on the schema of this one.
    pub old: Works,
    /// The application of this revision, on the schema before.
    pub new: Works,
}

impl Change {
    /// Who can go on with it.
    #[must_use]
    pub fn fit(&self) -> Fit {
        use Works::{No, Perhaps, Yes};
        let fit = |old, new| Fit { old, new };
        match self {
            Self::AddColumn { column, .. } => fit(if is_optional(column) { Yes } else { No }, No),
            Self::AlterColumn { old, new, .. } => fit(written_for(old, new), written_for(new, old)),
            Self::AddConstraint { constraint: Constraint::PrimaryKey(_), .. } => fit(Perhaps, Perhaps),
            Self::AddConstraint { .. } => fit(Perhaps, Yes),
            Self::CreateIndex { index, .. } => fit(if index.unique { Perhaps } else { Yes }, Yes),
            Self::CreateTable(_) | Self::CreateSequence(_) | Self::CreateEnum(_) => fit(Yes, No),
            // What reads it meets values that it does not know.
            Self::AlterEnum { old, new } if old.grows_into(new) => fit(Perhaps, Perhaps),
            Self::AlterEnum { .. } => fit(No, Perhaps),
            Self::RenameTable { .. } | Self::RenameColumn { .. } => fit(No, No),
            Self::CreateObject(_) => fit(Perhaps, Perhaps),
            Self::ReplaceObject { .. } | Self::AlterSequence { .. } => fit(Perhaps, Perhaps),
            Self::DropColumn { .. }
            | Self::DropConstraint { .. }
            | Self::DropIndex { .. }
            | Self::DropTable(_)
            | Self::DropSequence(_)
            | Self::DropEnum(_)
            | Self::DropObject(_) => {
                let Fit { old, new } = self.reverse().fit();
                fit(new, old)
            }
            Self::CreateNamespace(_)
            | Self::DropNamespace(_)
            | Self::RenameConstraint { .. }
            | Self::RenameIndex { .. }
            | Self::RenameSequence { .. }
            | Self::SetOptions { .. }
            | Self::SetInheritance { .. }
            | Self::SetComment { .. } => fit(Yes, Yes),
        }
    }
}

/// Whether a row can be inserted by who does not know the column.
const fn is_optional(column: &Column) -> bool {
    column.nullable || column.default.is_some() || column.identity.is_some() || column.generated.is_some()
}

/// Whether what was written for one form of a column works with the other one.
fn written_for(one: &Column, other: &Column) -> Works {
    let base = |column: &Column| column.ty.sql.split('(').next().unwrap_or_default().to_owned();
    // `text` and `varchar` are one type to Diesel, and a narrower one refuses some values.
    let text = |column: &Column| matches!(base(column).as_str(), "text" | "character varying");
    let written_out = |column: &Column| column.generated.is_some();
    if (base(one) != base(other) && !(text(one) && text(other))) || written_out(one) != written_out(other) {
        return Works::No;
    }
    if is_optional(one) && !is_optional(other) {
        return if one.nullable && one.default.is_none() { Works::Perhaps } else { Works::No };
    }
    // One writes NULL, or reads it, where the other has none.
    if one.nullable != other.nullable || one.ty != other.ty { Works::Perhaps } else { Works::Yes }
}
