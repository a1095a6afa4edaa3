//! A model as the lines of `schema.lock`.

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
    /// The lock's lines that they were found to be already.
    pub seen: SeenDef<'a>,
}

/// What the macro saw in the lock: these lines, if the holes are these words.
#[derive(Debug, Clone, Copy)]
pub struct SeenDef<'a> {
    /// Where the lock has the lines, in [`LockDef::tables`](super::LockDef::tables).
    pub at: usize,
    /// Their number in [`LockDef::sums`](super::LockDef::sums); 0 is none.
    pub sum: u128,
    /// The words.
    pub words: &'a [&'a str],
}

impl SeenDef<'_> {
    /// Nothing was seen.
    pub const NOTHING: SeenDef<'static> = SeenDef { at: 0, sum: 0, words: &[] };
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
