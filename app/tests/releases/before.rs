//! The release of before: its migrations, and its server.

use std::net::SocketAddr;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::SystemTime;

use diesel_schema::config::Project;
use diesel_schema::declared::DeclaredSchema;
use diesel_schema::generate::{self, Nobody, Phase, Request};
use diesel_schema::upgrade::Migrations;
use tokio::sync::oneshot;

use crate::database::{self, DatabaseUrl};
use crate::routes::router;
use crate::schema;
use crate::state::AppState;

/// Whether the database is at head is for `migrate` to know.
static MIGRATIONS: Migrations = Migrations::new(&[]);

/// Writes the migrations that the release was deployed with.
pub(crate) fn migrations(folder: &Path) {
    std::fs::create_dir_all(folder.join("migrations/postgres")).unwrap();
    std::fs::write(folder.join("diesel.toml"), "[migrations_directory]\ndir = \"migrations/postgres\"\n").unwrap();
    let request = Request {
        declared: &DeclaredSchema::from(&schema::SCHEMA),
        name: "initial",
        project: &Project::find(folder, None).unwrap(),
        database: None,
        scratch_postgres: std::env::var(diesel_schema_tests::POSTGRES_VARIABLE).ok(),
        renames: &[],
        allow_data_loss: false,
        keep_data: false,
        phase: Phase::BySize,
        plain: false,
        now: SystemTime::now(),
    };
    generate::prepare(&request, &mut Nobody).unwrap_or_else(|error| panic!("{error}")).write().unwrap();
}

/// Its server, in a thread of this process.
pub(crate) struct Before {
    url: String,
    address: SocketAddr,
    end: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

/// The same when it has ended.
pub(crate) struct Ended(String);

impl Before {
    /// Starts it, and waits until it listens.
    pub(crate) fn start(url: &str) -> Self {
        let database: DatabaseUrl = url.parse().unwrap();
        let (end, ended) = oneshot::channel();
        let (listens, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let state = AppState::new(database::connect(&database, 8), &MIGRATIONS, chrono::Duration::hours(1));
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                listens.send(listener.local_addr().unwrap()).unwrap();
                let asked = async { _ = ended.await };
                axum::serve(listener, router(state.unwrap())).with_graceful_shutdown(asked).await.unwrap();
            });
        });
        let address = address.recv().unwrap();
        Self { url: url.to_owned(), address, end, thread }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets the requests that are under way finish, and ends.
    pub(crate) fn stop(self) -> Ended {
        self.end.send(()).unwrap();
        self.thread.join().unwrap();
        Ended(self.url)
    }
}

impl Ended {
    /// Starts it on what the database has become.
    pub(crate) fn start_again(self) -> Before {
        Before::start(&self.0)
    }
}
