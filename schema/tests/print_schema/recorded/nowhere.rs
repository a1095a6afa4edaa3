// @generated automatically by Diesel CLI.

pub mod Not_There {}
