//! How far the server is with an index or a back-fill that takes its time: asked on a connection of its own, told to `tracing`.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::More;
use super::settings::literal;
use crate::connection::SqlConnection;

/// Before the first look and between two of them; what is quicker is not told of.
const EVERY: Duration = Duration::from_secs(2);

/// Runs `build`, whose message begins with `tag`, and tells every other second how far the server is. Where there is
/// no second connection, or the server says nothing (as behind a pooler that hides who is who), nothing is told.
pub(super) fn watch<T>(more: &More<'_>, revision: &str, tag: &str, build: impl FnOnce() -> T) -> T {
    watch_every(EVERY, more, revision, tag, build)
}

fn watch_every<T>(every: Duration, more: &More<'_>, revision: &str, tag: &str, build: impl FnOnce() -> T) -> T {
    std::thread::scope(|scope| {
        // Dropped when the build is over, however it ends.
        let (over, waiting) = channel::<()>();
        // Whoever listens to this thread listens to that one.
        let listener = tracing::dispatcher::get_default(Clone::clone);
        // A thread that the system does not give is no reason not to build.
        let spawned = std::thread::Builder::new().name("index progress".to_owned()).spawn_scoped(scope, move || {
            if waiting.recv_timeout(every) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let Some(mut connection) = more() else { return };
            let connection = connection.as_sql_connection();
            while let Some(seen) = look(connection, tag) {
                tracing::dispatcher::with_default(&listener, || match seen {
                    Seen::Index(phase, percent) => tracing::info!(revision, phase, percent, "building an index"),
                    Seen::Fill(progress) => tracing::info!(revision, progress, "back-filling"),
                    Seen::Nothing => {}
                });
                if waiting.recv_timeout(every) != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        });
        drop(spawned);
        let result = build();
        drop(over);
        result
    })
}

/// What the server is at.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// An index: the phase and its percentage.
    Index(String, u64),
    /// A back-fill, as it says itself.
    Fill(String),
    Nothing,
}

/// `None` where it can't be asked.
fn look(connection: &mut dyn SqlConnection, tag: &str) -> Option<Seen> {
    // Scans count blocks, sorts and checks count tuples.
    let sql = format!(
        "SELECT p.phase, (CASE WHEN p.tuples_total > 0 THEN 100 * p.tuples_done / p.tuples_total \
         WHEN p.blocks_total > 0 THEN 100 * p.blocks_done / p.blocks_total ELSE 0 END)::text, a.application_name \
         FROM pg_stat_activity a LEFT JOIN pg_stat_progress_create_index p USING (pid) \
         WHERE a.datname = current_database() AND starts_with(a.query, {})",
        literal(tag)
    );
    let Some(row) = connection.rows(&sql).ok()?.into_iter().next() else { return Some(Seen::Nothing) };
    let [phase, percent, name] = <[Option<String>; 3]>::try_from(row).ok()?;
    let index = phase.zip(percent.and_then(|percent| percent.parse::<u64>().ok()));
    Some(match (index, name) {
        (Some((phase, percent)), _) => Seen::Index(phase, percent.min(100)),
        (None, Some(name)) if name.contains(" rows filled in ") => Seen::Fill(name),
        _ => Seen::Nothing,
    })
}

#[cfg(all(test, feature = "postgres"))]
mod tests {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::{Connection as _, PgConnection};

    use super::*;
    use crate::connection::AsSqlConnection;

    fn connect() -> PgConnection {
        let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
        PgConnection::establish(&url).unwrap()
    }

    /// Says what is asked and answered.
    struct Telling<'a>(PgConnection, &'a Mutex<Vec<Vec<Option<String>>>>);

    impl SqlConnection for Telling<'_> {
        fn dialect(&self) -> diesel_schema_core::Dialect {
            self.0.dialect()
        }

        fn batch(&mut self, sql: &str) -> diesel::QueryResult<()> {
            self.0.batch(sql)
        }

        fn rows(&mut self, sql: &str) -> diesel::QueryResult<Vec<Vec<Option<String>>>> {
            let rows = self.0.rows(sql)?;
            self.1.lock().unwrap().extend(rows.clone());
            Ok(rows)
        }
    }

    impl AsSqlConnection for Telling<'static> {
        fn as_sql_connection(&mut self) -> &mut dyn SqlConnection {
            self
        }
    }

    #[test]
    fn a_build_that_takes_its_time_is_told_of_while_it_runs() {
        static SEEN: Mutex<Vec<Vec<Option<String>>>> = Mutex::new(Vec::new());
        let mut connection = connect();
        let table = format!("progress_{}", std::process::id());
        connection
            .batch(&format!("CREATE TABLE {table} (a int); INSERT INTO {table} SELECT generate_series(1, 1000)"))
            .unwrap();
        // The build waits for this transaction.
        let mut blocker = connect();
        blocker.batch(&format!("BEGIN; INSERT INTO {table} VALUES (1)")).unwrap();
        let tag = format!("/* diesel_schema {table} */ ");
        let index = format!("{tag}CREATE INDEX CONCURRENTLY ON {table} (a)");
        let more = || Some(Box::new(Telling(connect(), &SEEN)) as Box<dyn AsSqlConnection>);
        std::thread::scope(|scope| {
            let build = scope.spawn(|| {
                let every = Duration::from_millis(20);
                watch_every(every, &more, "1", &tag, || connection.batch(&index))
            });
            let told = || SEEN.lock().unwrap().iter().any(|row| row[0].is_some());
            while !told() && !build.is_finished() {
                std::thread::sleep(Duration::from_millis(5));
            }
            blocker.batch("COMMIT").unwrap();
            build.join().unwrap().unwrap();
        });
        let mut seen = SEEN.lock().unwrap();
        seen.retain(|row| row[0].is_some());
        let phase = seen[0][0].as_deref().unwrap();
        assert!(phase.starts_with("waiting for writers"), "{phase}");
        assert!(seen.iter().all(|row| row[1].as_ref().unwrap().parse::<u64>().unwrap() <= 100));
        connect().batch(&format!("DROP TABLE {table}")).unwrap();
    }

    #[test]
    fn what_is_quick_asks_for_no_connection() {
        let asked = AtomicUsize::new(0);
        let more = || {
            asked.fetch_add(1, Ordering::SeqCst);
            None
        };
        assert_eq!(watch(&more, "1", "", || 7), 7);
        // One that is slower, where none is to be had.
        assert_eq!(watch_every(Duration::ZERO, &more, "1", "", || 7), 7);
        assert!(asked.load(Ordering::SeqCst) <= 1);
    }
}
