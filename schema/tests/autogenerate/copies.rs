//! Never a false difference: the schemas of real applications and of other differs' cases, each against itself, against
//! what is made of its reading, and against copies that are another role's, on another search path, on other servers.
//!
//! They are read from a folder that is not the repository's; a line says where it is not. A few of them are taken, all
//! with `DIESEL_SCHEMA_COPIES=all`, or those whose names have what it says in them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diesel_schema::config::DatabaseUrl;
use diesel_schema::dialect::Scratch;
use diesel_schema::generate::{self, Comparison, Scratches, Sides, Source, connect, implementation};
use diesel_schema::{Dialect, connection::SqlConnection};

use crate::live::server;
use crate::support::Workbench;

/// Every so many of them are taken where nothing is asked for.
const SAMPLE: usize = 60;

struct Case {
    name: String,
    files: Vec<PathBuf>,
}

/// The folder of cases; `None`, said in a line, where there is none.
fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("DIESEL_SCHEMA_ORACLES").map(PathBuf::from);
    let root = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/oracles"));
    if !root.join("apps/postgres").is_dir() {
        let why = "is not there: no schema was copied; DIESEL_SCHEMA_ORACLES names its folder";
        std::io::stderr().write_all(format!("skipped: {} {why}\n", root.join("apps").display()).as_bytes()).unwrap();
        return None;
    }
    Some(root)
}

fn cases(root: &Path) -> Vec<Case> {
    let mut found: Vec<Case> = std::fs::read_dir(root.join("apps/postgres"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| Case { name: path.file_stem().unwrap().to_string_lossy().into_owned(), files: vec![path] })
        .collect();
    let index = std::fs::read_to_string(root.join("diff/index.tsv")).unwrap_or_default();
    for line in index.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [source, case, _, "y", ..] = columns.as_slice() else { continue };
        let files = ["setup.sql", "new.sql"].map(|file| root.join("diff").join(source).join(case).join(file));
        found.push(Case {
            name: format!("{source}/{case}"),
            files: files.into_iter().filter(|file| file.exists()).collect(),
        });
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    match std::env::var("DIESEL_SCHEMA_COPIES").unwrap_or_default().as_str() {
        "" => found.into_iter().step_by(SAMPLE).collect(),
        "all" => found,
        some => found.into_iter().filter(|case| case.name.contains(some)).collect(),
    }
}

fn psql(url: &str, sql: &str) -> Result<(), String> {
    let arguments = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url, "--file=-"];
    let mut psql = Command::new("psql")
        .args(arguments)
        .env("PGOPTIONS", "-c client_min_messages=error")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("psql: {error}"))?;
    // It may stop before it has read all.
    drop(psql.stdin.take().unwrap().write_all(sql.as_bytes()));
    let output = psql.wait_with_output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()) }
}

/// What `pg_dump` says of it; `None` where it is older than the server.
fn dump(url: &str) -> Option<String> {
    let output = Command::new("pg_dump").args(["--schema-only", "--no-owner", "--dbname", url]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    // In an empty database, they are there.
    let lines = text.lines().filter(|line| !line.starts_with("CREATE SCHEMA public"));
    output.status.success().then(|| lines.collect::<Vec<_>>().join("\n"))
}

/// A role that sees everything and looks in places of its own.
struct Role(String);

impl Role {
    fn new(administrator: &mut dyn SqlConnection) -> Self {
        let name = format!("diesel_schema_copier_{}", std::process::id());
        let made = format!(
            "CREATE ROLE {name} SUPERUSER LOGIN PASSWORD 'copier'; ALTER ROLE {name} SET search_path = pg_catalog, other"
        );
        administrator.batch(&made).unwrap();
        Self(name)
    }

    /// The URL, as this role.
    fn at(&self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").unwrap();
        let place = rest.split_once('@').map_or(rest, |(_, place)| place);
        format!("{scheme}://{}:copier@{place}", self.0)
    }
}

struct Bench {
    own: Workbench,
    pool: Scratches,
}

impl Bench {
    fn compare(&self, from: &str, to: &str, privileges: bool) -> Result<Comparison, String> {
        let (from, to): (Source, Source) = (from.parse().unwrap(), to.parse().unwrap());
        let sides = Sides {
            from: &from,
            to: &to,
            dialect: Dialect::Postgres,
            declared: None,
            project: &self.own.project,
            database: None,
            scratch_postgres: None,
            renames: &[],
            online: false,
            privileges,
        };
        generate::compare(&sides, &self.pool).map_err(|error| error.to_string())
    }

    /// That nothing differs.
    fn same(&self, what: &str, from: &str, to: &str, privileges: bool, wrong: &mut Vec<String>) {
        match self.compare(from, to, privileges) {
            Ok(found) => {
                let changes = found.changes.iter().map(|change| change.describe()).chain(found.privileges);
                wrong.extend(changes.map(|change| format!("{what}: {change}")));
            }
            Err(error) => wrong.push(format!("{what}: {error}")),
        }
    }

    /// The one made by what makes it of nothing.
    fn make(&self, url: &str, copy: &mut dyn Scratch) -> Result<bool, String> {
        let target = copy.url().unwrap().to_owned();
        let found = self.compare(&target, url, true)?;
        // What is not read is not made, nor what stands on it.
        if !found.unread.is_empty() {
            return Ok(false);
        }
        // As pg_dump has it: a body may name what its caller's search path finds, or what is gone.
        copy.connection().batch("SET check_function_bodies = off").map_err(|error| error.to_string())?;
        for step in &found.plan.steps {
            copy.connection().batch(&step.sql).map_err(|error| format!("{error}\n{}", step.sql))?;
        }
        Ok(true)
    }
}

#[derive(Default)]
struct Count {
    loaded: usize,
    made: usize,
    dumped: usize,
    elsewhere: usize,
}

fn check(case: &Case, bench: &Bench, role: &Role, others: &[String], count: &mut Count) -> Vec<String> {
    let dialect = implementation(Dialect::Postgres).unwrap();
    let text: String = case.files.iter().map(|file| std::fs::read_to_string(file).unwrap() + "\n").collect();
    let take = |server: &str| {
        let mut scratch = bench.pool.take(dialect, Some(server)).unwrap();
        // That it is used, which psql does not tell.
        scratch.connection();
        scratch
    };
    let (here, mut wrong) = (server(), Vec::new());
    let original = take(&here);
    let url = original.url().unwrap().to_owned();
    if let Err(error) = psql(&url, &text) {
        eprintln!("{}: not loaded: {error}", case.name);
        return wrong;
    }
    count.loaded += 1;
    bench.same("itself, as another role", &url, &role.at(&url), false, &mut wrong);
    let mut copy = take(&here);
    match bench.make(&url, &mut copy) {
        Ok(true) => {
            count.made += 1;
            bench.same("what is made of its reading", &url, copy.url().unwrap(), true, &mut wrong);
        }
        Ok(false) => {}
        Err(error) => wrong.push(format!("what is made of its reading: {error}")),
    }
    drop(copy);
    let copy = take(&here);
    // A dump that does not load is no copy.
    if dump(&url).is_some_and(|dump| psql(copy.url().unwrap(), &dump).is_ok()) {
        count.dumped += 1;
        bench.same("its dump, as another role", &url, &role.at(copy.url().unwrap()), false, &mut wrong);
    }
    drop(copy);
    for other in others {
        let copy = take(other);
        if psql(copy.url().unwrap(), &text).is_ok() {
            count.elsewhere += 1;
            bench.same(&format!("on {other}"), &url, copy.url().unwrap(), false, &mut wrong);
        }
    }
    wrong
}

#[test]
fn a_schema_and_its_copies_are_the_same() {
    let Some(root) = folder() else { return };
    let bench = Bench { own: Workbench::new(), pool: Scratches::default() };
    let mut administrator = connect(&DatabaseUrl { dialect: Dialect::Postgres, target: server() }).unwrap();
    let role = Role::new(&mut *administrator);
    let others = std::env::var("TEST_POSTGRES_URLS").unwrap_or_default();
    let others: Vec<String> = others.split_whitespace().filter(|it| **it != server()).map(str::to_owned).collect();
    let (mut count, mut wrong) = (Count::default(), Vec::new());
    let cases = cases(&root);
    for case in &cases {
        let found = check(case, &bench, &role, &others, &mut count);
        wrong.extend(found.into_iter().map(|it| format!("{}: {it}", case.name)));
    }
    drop(bench);
    administrator.batch(&format!("DROP ROLE {}", role.0)).unwrap();
    let Count { loaded, made, dumped, elsewhere } = count;
    eprintln!(
        "of {}: {loaded} loaded, {made} made of their reading, {dumped} dumped, {elsewhere} on other servers",
        cases.len()
    );
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
    assert!(loaded * 10 >= cases.len() * 9, "hardly a schema was loaded");
}
