//! The server: upgrades its database, then listens.

use std::process::ExitCode;

use diesel_schema::upgrade::{Migrations, Options, upgrade};
use recommendation_writer::config::Config;
use recommendation_writer::state::AppState;
use recommendation_writer::{database, server};
use tracing_subscriber::EnvFilter;

/// Baked in here and not in the library, so that `autogenerate` can be built while the models are ahead of them.
static MIGRATIONS: Migrations = diesel_schema::embed_migrations!(schema: recommendation_writer::schema);

#[tokio::main]
async fn main() -> ExitCode {
    // Each time that the pool has no connection it says why, and whoever asked for one says it, too.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,r2d2=off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let config = Config::from_env()?;
    let pool = database::connect(&config.database, config.pool_size);
    tracing::info!("the database is {}", config.database.redacted());

    // Before the port is opened: nobody is served by a database that the binary does not fit.
    let upgraded = pool.clone();
    tokio::task::spawn_blocking(move || upgrade(&upgraded, &MIGRATIONS, Options::from_env())).await??;

    let state = AppState::new(pool, &MIGRATIONS, config.session)?;
    server::serve(config.listen, state).await?;
    Ok(())
}
