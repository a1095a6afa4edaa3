//! The steps in Rust that the application's binary holds, and the connections that they take.

use diesel::ConnectionResult;

use super::context::Revisions;
use crate::config::DatabaseUrl;
use crate::connection::{AsSqlConnection, SqlConnection};
use crate::generate;
use crate::upgrade::step::Typed;
use crate::upgrade::{RevisionSet, RustStep};

type Connect = dyn Fn(&DatabaseUrl) -> ConnectionResult<Box<dyn SqlConnection>>;

pub(super) struct Steps {
    steps: &'static [RustStep],
    connect: Option<Box<Connect>>,
}

impl Steps {
    pub(super) fn none() -> Self {
        Self { steps: &[], connect: None }
    }

    pub(super) fn of<C: AsSqlConnection + 'static>(
        steps: &'static [RustStep],
        connect: fn(&DatabaseUrl) -> ConnectionResult<C>,
    ) -> Self {
        let connect = move |url: &DatabaseUrl| {
            connect(url).map(|connection| Box::new(Typed::new(Box::new(connection))) as Box<dyn SqlConnection>)
        };
        Self { steps, connect: Some(Box::new(connect)) }
    }

    /// The revisions of a folder, with their steps.
    pub(super) fn set<'a>(&self, revisions: &'a Revisions) -> RevisionSet<'a> {
        revisions.set().with_steps(self.steps)
    }

    /// A connection that the steps can take.
    pub(super) fn establish(&self, url: &DatabaseUrl) -> Result<Box<dyn SqlConnection>, generate::Error> {
        match &self.connect {
            None => generate::establish(url),
            Some(connect) => connect(url).map_err(|error| generate::cannot_connect(url, &error)),
        }
    }
}
