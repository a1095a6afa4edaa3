//! An application whose queries are asynchronous (diesel-async): it upgrades its database on a thread that may block, with
//! connections of Diesel's own, and makes the asynchronous ones afterwards.
//!
//! ```sh
//! DATABASE_URL=postgres://localhost/my_app cargo run -p diesel-schema-tests --example diesel_async
//! ```

use std::error::Error;

use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{PgConnection, QueryDsl as _};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use diesel_schema::embed_migrations;
use diesel_schema::upgrade::{Migrations, Options, Report, upgrade};

use schema::users;

static MIGRATIONS: Migrations = embed_migrations!("examples/diesel_async/migrations");

mod schema {
    diesel::table! {
        users {
            id -> Integer,
            name -> Text,
        }
    }
}

/// Brings the database to the binary's heads. The three connections are for the SQL, the lock, and what watches an index
/// being built; all of them are closed when it is done.
async fn upgraded(url: String) -> Result<Report, Box<dyn Error + Send + Sync>> {
    let upgrade = move || {
        let manager = ConnectionManager::<PgConnection>::new(url);
        let pool = Pool::builder().max_size(3).min_idle(Some(0)).build_unchecked(manager);
        upgrade(&pool, &MIGRATIONS, Options::from_env())
    };
    Ok(tokio::task::spawn_blocking(upgrade).await??)
}

/// Starts, and gives what there is to say.
pub(crate) async fn start(url: String) -> Result<String, Box<dyn Error + Send + Sync>> {
    let report = upgraded(url.clone()).await?;
    let mut connection = AsyncPgConnection::establish(&url).await?;
    let names: Vec<String> = users::table.select(users::name).order(users::id).load(&mut connection).await?;
    Ok(format!("{} applied; users: {}", report.applied.len(), names.join(", ")))
}

#[tokio::main]
#[allow(dead_code, reason = "the test that runs the example has a main of its own")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    println!("{}", start(std::env::var("DATABASE_URL")?).await?);
    Ok(())
}
