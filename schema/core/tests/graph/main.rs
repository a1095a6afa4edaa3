//! The graph of revisions: against cases recorded from Alembic, against its definitions, and sentence by sentence.

mod build;
mod common;
mod errors;
mod oracle;
mod property;
mod select;
mod travel;
