//! SQL as text: where one statement ends and the next begins.

pub mod split;
