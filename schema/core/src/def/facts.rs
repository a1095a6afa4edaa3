//! A model as the lines of `schema.lock`, for the compile-time check.

use super::{IdentityDef, TypeDef};

/// What stands in [`FactsDef::lines`] where only the compiler knows what belongs there. No line of the lock holds it.
pub const HOLE: u8 = 1;

/// A model as the lines of `schema.lock`.
#[derive(Debug, Clone, Copy)]
pub struct FactsDef<'a> {
    /// The lines, as the lock would have them, with a `\n` between them.
    pub lines: &'a str,
    /// For each line, where that is declared and the field: `src/user.rs:12:9 bio`. No field stands there where it is not
    /// one's alone.
    pub places: &'a str,
    /// What belongs into the holes, in their order.
    pub holes: &'a [HoleDef<'a>],
}

impl FactsDef<'_> {
    /// What a model has that no macro wrote: it differs from every lock.
    pub const NONE: FactsDef<'static> = FactsDef { lines: "", places: "", holes: &[] };
}

/// What a macro can't know of a line.
#[derive(Debug, Clone, Copy)]
pub enum HoleDef<'a> {
    /// The type of a column, whether it may be NULL, and where its values come from.
    Type {
        /// The type.
        ty: TypeDef,
        /// Whether to say `null`.
        nullable: bool,
        /// The identity, where nothing was said of it.
        identity: Option<IdentityDef>,
    },
    /// Another model's table.
    Table(Option<&'a str>, &'a str),
    /// Another model's columns, without brackets.
    Columns(&'a [&'a str]),
    /// Any text.
    Text(&'a str),
}
