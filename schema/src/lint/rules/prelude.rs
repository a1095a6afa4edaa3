//! What rules are written in.

pub(super) use squawk_syntax::{SyntaxKind as K, SyntaxNode};

pub(super) use super::kinds::{is_decided, is_serial, is_temporary, lock, own_column, typed};
pub(super) use super::rewrites::{check_name, relation};
pub(super) use crate::lint::example::{Example, Harm, alone, together};
pub(super) use crate::lint::fix::Fix;
pub(super) use crate::lint::names::{below, beside, children, first, folded, has_word, type_of, words};
pub(super) use crate::lint::place::Place;
pub(super) use crate::lint::{Check, Level, Rule};
