//! Behind pgbouncer in transaction mode: each transaction may run on another server connection, so what belongs to a
//! session (its locks, its `SET`s, its named prepared statements) is lost or, worse, somebody else's.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use diesel::{Connection, PgConnection, r2d2};
use diesel_schema::Dialect;
use diesel_schema::connection::SqlConnection;
use diesel_schema::upgrade::{self, Options};
use diesel_schema_core::revision;

use crate::DEADLINE;
use crate::embed::MIGRATIONS;
use crate::patience::More;
use crate::processes::{finish, start};
use crate::support::{Pg, set_of, write};

/// A pgbouncer in front of one database, ended with the value.
struct Pooler {
    process: Child,
    port: u16,
    database: String,
    _folder: tempfile::TempDir,
}

impl Pooler {
    fn new(pg: &Pg, connections: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Server::of(&pg.url());
        let config = format!(
            "[databases]\n* = host={} port={} user={}{}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = {connections}\n\
             server_round_robin = 1\nignore_startup_parameters = extra_float_digits\n",
            server.host, server.port, server.user, server.password
        );
        let path = folder.path().join("pgbouncer.ini");
        std::fs::write(&path, config).unwrap();
        let process = command(&path).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let pooler = Self { process, port, database: pg.name.clone(), _folder: folder };
        for _ in 0..100 {
            if PgConnection::establish(&pooler.url()).is_ok() {
                return pooler;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("pgbouncer does not answer on port {port}");
    }

    fn url(&self) -> String {
        format!("postgres://anyone@127.0.0.1:{}/{}", self.port, self.database)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Debian keeps it out of an ordinary user's PATH; it refuses to run as root.
fn command(config: &Path) -> Command {
    let debian = Path::new("/usr/sbin/pgbouncer");
    let mut command = Command::new(if debian.exists() { debian } else { Path::new("pgbouncer") });
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"));
    if root {
        command.args(["-u", "nobody"]);
    }
    command.arg(config);
    command
}

/// The parts of the test server's URL; the password as pgbouncer takes it, which has no word for an empty one.
struct Server {
    host: String,
    port: String,
    user: String,
    password: String,
}

impl Server {
    fn of(url: &str) -> Self {
        let (_, rest) = url.split_once("://").expect("a URL");
        let (place, _) = rest.split_once('/').expect("a database");
        let (who, place) = place.rsplit_once('@').unwrap_or(("postgres", place));
        let (user, password) = who
            .split_once(':')
            .map_or((who, String::new()), |(user, password)| (user, format!(" password={password}")));
        let (host, port) = place.rsplit_once(':').unwrap_or((place, "5432"));
        Self { host: host.to_owned(), port: port.to_owned(), user: user.to_owned(), password }
    }
}

const REVISIONS: usize = 8;

/// Each fails where it runs twice; two can't run in a transaction.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=REVISIONS {
        let (up, transaction) = if number % 4 == 0 {
            let table = number - 1;
            (
                format!("CREATE INDEX CONCURRENTLY i{number} ON t{table} (id);\nCREATE TABLE t{number} (id int);"),
                "false",
            )
        } else {
            (format!("SET LOCAL lock_timeout = '3s';\nCREATE TABLE t{number} (id int);"), "true")
        };
        let parent = (number - 1).to_string();
        let parents: &[&str] = if number == 1 { &[] } else { &[&parent] };
        write(folder.path(), &format!("{number}_x"), &up, transaction, parents);
    }
    folder
}

#[test]
fn sixteen_processes_at_once_and_every_later_start_succeed_behind_pgbouncer() {
    Pg::on_each("pooler").for_each(|pg| race(&pg));
}

/// Two server connections, which take turns.
fn two_sessions(pooler: &Pooler) {
    let mut both = [(); 2].map(|()| PgConnection::establish(&pooler.url()).unwrap());
    for connection in &mut both {
        connection.batch("BEGIN; SELECT 1").unwrap();
    }
    for connection in &mut both {
        connection.batch("COMMIT").unwrap();
    }
}

#[test]
fn a_lock_of_the_session_is_refused_where_a_pooler_changes_the_session() {
    let pg = Pg::new("pooled_session");
    let pooler = Pooler::new(&pg, 2);
    two_sessions(&pooler);
    let folder = folder();
    let revisions = revision::read(folder.path()).unwrap();
    let set = set_of(Dialect::Postgres, &revisions);
    let mut connection = PgConnection::establish(&pooler.url()).unwrap();
    // The fourth one runs outside a transaction, and there is no second connection for the lock.
    let text = upgrade::run(&mut connection, &|| None, &set, DEADLINE).unwrap_err().to_string();
    assert!(text.contains("a pool of two connections or more"), "{text}");
    assert_eq!(upgrade::applied(&mut connection).unwrap().unwrap(), ["1", "2", "3"]);
    let locks = "SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' \
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    assert_eq!(pg.connect().rows(locks).unwrap(), [[Some("0".to_owned())]]);
    let more = || Some(Box::new(More(PgConnection::establish(&pooler.url()).unwrap())) as _);
    assert_eq!(upgrade::run(&mut connection, &more, &set, DEADLINE).unwrap().len(), REVISIONS - 3);
}

#[test]
fn a_pool_of_diesels_own_starts_behind_pgbouncer_without_a_named_statement() {
    let pg = Pg::new("pooled");
    let pooler = Pooler::new(&pg, 1);
    for start in 0..3 {
        let pool = r2d2::Pool::builder()
            .max_size(1)
            .test_on_check_out(false)
            .build(r2d2::ConnectionManager::<PgConnection>::new(pooler.url()))
            .unwrap();
        let report = upgrade::upgrade(&pool, &MIGRATIONS, Options::default()).unwrap();
        assert_eq!(report.already_at_head, start > 0);
    }
}

fn race(pg: &Pg) {
    // Fewer server connections than processes: transactions of different processes share them.
    let pooler = Pooler::new(pg, 4);
    let folder = folder();
    let children: Vec<_> = (0..16).map(|_| start(&pooler.url(), folder.path())).collect();
    let applied: usize = children.into_iter().map(finish).sum();
    assert_eq!(applied, REVISIONS);
    for _ in 0..4 {
        assert_eq!(finish(start(&pooler.url(), folder.path())), 0);
    }
    let mut connection = pg.connect();
    let mut count = |sql: &str| connection.rows(sql).unwrap().into_iter().flatten().flatten().collect::<Vec<_>>();
    let own = format!("datname = '{}'", pg.name);
    assert_eq!(
        count(&format!(
            "SELECT count(*)::text FROM pg_locks JOIN pg_database ON database = pg_database.oid \
             WHERE locktype = 'advisory' AND {own}"
        )),
        ["0"],
        "a lock stays on an idle server connection"
    );
    assert_eq!(
        count("SELECT count(*)::text FROM pg_index WHERE indisvalid AND indexrelid::regclass::text ~ '^i'"),
        ["2"]
    );
    assert_eq!(
        count("SELECT count(*)::text FROM __diesel_schema_history WHERE direction = 'up' AND outcome = 'done'"),
        [REVISIONS.to_string()]
    );
    assert_eq!(upgrade::applied(&mut connection).unwrap().unwrap().len(), REVISIONS);
}
