//! What each rule claims, asked of a server: its example is run, and the lock, the scan, the rewrite or the error is there.
//! MySQL's are claims of its manual alone: there is no such server here.

use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};
use diesel_schema::Dialect;
use diesel_schema::config::Project;
use diesel_schema::connection::SqlConnection as _;
use diesel_schema::generate::{ProofRequest, Scratches, Traced, Which, trace};
use diesel_schema::lint::{Harm, Piece, ROWS, Rule, all};

use crate::examples::{finds, known};

fn write(root: &Path, id: usize, piece: &Piece, parent: Option<usize>) {
    let folder = root.join(format!("migrations/postgres/{id}_x"));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("up.sql"), piece.sql).unwrap();
    let parent = parent.map(|it| format!("\"{it}\"")).unwrap_or_default();
    let metadata =
        format!("run_in_transaction = {}\ndown_revision = [{parent}]\nirreversible = true\n", piece.in_transaction);
    std::fs::write(folder.join("metadata.toml"), metadata).unwrap();
}

/// What the statement does that the rule is about, and whether the safe ones run.
fn on_postgres(rule: &Rule, server: &str, pool: &Scratches) -> Result<(), String> {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    let before = format!("{ROWS}{}", rule.example.before);
    write(root.path(), 1, &Piece { sql: Box::leak(before.into_boxed_str()), in_transaction: true }, None);
    write(root.path(), 2, &rule.example.bad, Some(1));
    for (at, good) in rule.example.good.iter().enumerate() {
        write(root.path(), 3 + at, good, Some(if at == 0 { 1 } else { 2 + at }));
    }
    let project = Project::find(root.path(), None).unwrap();
    let traced = |id: usize| -> Result<Traced, String> {
        let which: Which = id.to_string().parse().unwrap();
        let request = ProofRequest {
            dialect: Dialect::Postgres,
            project: &project,
            which: &[which],
            database: None,
            scratch_postgres: Some(server),
        };
        let mut traced = trace(&request, None, pool).map_err(|error| error.to_string())?;
        traced.pop().ok_or_else(|| "nothing was traced".to_owned())
    };
    // The last of them runs behind all the others.
    traced(2 + rule.example.good.len()).map_err(|error| format!("the safe form fails: {error}"))?;
    claimed(rule.harm, traced(2), rule.example.bad.in_transaction)
}

/// The locks of what runs outside a transaction are only seen where another connection looks at the right moment.
fn claimed(harm: Harm, traced: Result<Traced, String>, in_transaction: bool) -> Result<(), String> {
    let traced = match (harm, traced) {
        (Harm::Refused(part), Err(error)) if error.contains(part) => return Ok(()),
        (Harm::Refused(part), Err(error)) => return Err(format!("it is refused, without {part:?}: {error}")),
        (Harm::Refused(_), Ok(_)) => return Err("it is not refused".to_owned()),
        (_, Err(error)) => return Err(format!("it fails: {error}")),
        (_, Ok(traced)) => traced,
    };
    let taken = |mode: &str| traced.statements.iter().flat_map(|it| &it.locks).any(|lock| lock.mode == mode);
    let locked = |mode: &str| !in_transaction || taken(mode);
    let scanned = || traced.statements.iter().any(|it| it.scanned.as_ref().is_none_or(|names| !names.is_empty()));
    let rewritten = || traced.statements.iter().any(|it| !it.rewritten.is_empty());
    let is_so = match harm {
        Harm::Rewrites => rewritten() && locked("ACCESS EXCLUSIVE"),
        Harm::Scans(mode) => scanned() && locked(mode),
        Harm::Locks(mode) => locked(mode),
        _ => true,
    };
    if is_so { Ok(()) } else { Err(format!("{harm:?} is not what the server says: {:?}", traced.statements)) }
}

#[test]
fn postgresql_does_what_each_rule_says() {
    let server =
        std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| panic!("set TEST_POSTGRES_URL or use tests/run"));
    let major = PgConnection::establish(&server).unwrap().rows("SHOW server_version_num").unwrap();
    let major = major.into_iter().flatten().flatten().next().and_then(|number| number.parse::<u32>().ok());
    let version = major.map(|number| number / 10_000);
    // Some say nothing of a server that can't do better, or that does no harm.
    let speaks = |rule: &&Rule| finds(rule, &rule.example.bad, &mut known(rule, version));
    let rules: Vec<&Rule> =
        all().into_iter().filter(|rule| rule.dialect() == Dialect::Postgres).filter(speaks).collect();
    let part = |rules: &[&Rule]| {
        let pool = Scratches::default();
        let one = |rule: &&Rule| on_postgres(rule, &server, &pool).err().map(|error| format!("{}: {error}", rule.name));
        rules.iter().filter_map(one).collect::<Vec<_>>()
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> =
            rules.chunks(rules.len().div_ceil(4)).map(|part_of| scope.spawn(|| part(part_of))).collect();
        running.into_iter().flat_map(|it| it.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rules.len(), wrong.join("\n"));
}

/// In a transaction as a revision is run, or as it stands.
fn on_sqlite(rule: &Rule, pieces: &[Piece]) -> Result<(), String> {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute("PRAGMA foreign_keys = ON").unwrap();
    connection.batch_execute(rule.example.before).map_err(|error| format!("before: {error}"))?;
    for piece in pieces {
        let sql = if piece.in_transaction { format!("BEGIN;{}\n;COMMIT", piece.sql) } else { piece.sql.to_owned() };
        connection.batch_execute(&sql).map_err(|error| error.to_string())?;
    }
    Ok(())
}

#[test]
fn sqlite_does_what_each_rule_says() {
    let mut wrong = Vec::new();
    for rule in all().into_iter().filter(|rule| rule.dialect() == Dialect::Sqlite) {
        if let Err(error) = on_sqlite(rule, rule.example.good) {
            wrong.push(format!("{}: the safe form fails: {error}", rule.name));
        }
        match (rule.harm, on_sqlite(rule, &[rule.example.bad])) {
            (Harm::Refused(part), Err(error)) if error.contains(part) => {}
            (Harm::Refused(part), outcome) => wrong.push(format!("{}: no {part:?}: {outcome:?}", rule.name)),
            (_, Err(error)) => wrong.push(format!("{}: it fails: {error}", rule.name)),
            (_, Ok(())) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
