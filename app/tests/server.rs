//! The server as its users and operators meet it, on both databases.

mod support;

use diesel_schema_tests::{SqliteFile, TestDatabase};
use serde_json::{Value, json};
use support::{Server, command};

/// Both databases, empty.
fn on_both(test: impl Fn(&str)) {
    test(&SqliteFile::new().url());
    test(TestDatabase::postgres().url());
}

fn sign_in(server: &Server, name: &str) -> String {
    let registration = json!({"email": format!("{name}@Example.org"), "username": name, "password": "correct horse", "full_name": "A B"});
    let (status, user) = server.send("POST", "/register", None, Some(registration));
    assert_eq!(status, 201, "{user}");
    let credentials = json!({"login": name, "password": "correct horse"});
    let (status, session) = server.send("POST", "/login", None, Some(credentials));
    assert_eq!(status, 200, "{session}");
    session["token"].as_str().unwrap().to_owned()
}

#[test]
fn a_user_registers_signs_in_and_edits_the_profile() {
    on_both(|url| {
        let server = Server::start(url);
        let token = sign_in(&server, "ann");
        let (status, profile) = server.send("GET", "/profile", Some(&token), None);
        assert_eq!(status, 200);
        assert_eq!(profile["email"], "ann@example.org");
        assert_eq!(profile["bio"], Value::Null);
        assert_eq!(profile["email_notifications_enabled"], true);
        assert_eq!(profile["default_tone"], "professional");
        assert_eq!(profile["language"], "en");
        assert!(!profile.to_string().contains("argon2"), "{profile}");

        let update = json!({"bio": "Writes.", "email_notifications_enabled": false, "default_tone": "casual", "language": "pt-BR"});
        let (status, updated) = server.send("PATCH", "/profile", Some(&token), Some(update.clone()));
        assert_eq!(status, 200, "{updated}");
        for (field, value) in update.as_object().unwrap() {
            assert_eq!(&updated[field], value);
        }
        let (_, cleared) = server.send("PATCH", "/profile", Some(&token), Some(json!({"bio": null})));
        assert_eq!((&cleared["bio"], &cleared["language"]), (&Value::Null, &json!("pt-BR")));

        let (_, session) =
            server.send("POST", "/login", None, Some(json!({"email": "Ann@example.org", "password": "correct horse"})));
        let second = session["token"].as_str().unwrap();
        assert_eq!(server.send("POST", "/logout", Some(&token), None).0, 204);
        assert_eq!(server.send("GET", "/profile", Some(&token), None).0, 401);
        assert_eq!(server.send("GET", "/profile", Some(second), None).0, 200);
    });
}

#[test]
fn a_recommendation_is_written_read_changed_and_deleted() {
    on_both(|url| {
        let server = Server::start(url);
        let (ann, bob) = (sign_in(&server, "ann"), sign_in(&server, "bob"));
        let data = json!({"profile_data": {"name": "Sean", "languages": ["Rust"]}});
        let (status, profile) = server.send("PUT", "/github-profiles/Sgrif", Some(&ann), Some(data));
        assert_eq!((status, &profile["github_username"]), (201, &json!("sgrif")));
        assert_eq!(profile["profile_data"]["languages"][0], "Rust");
        let again = json!({"profile_data": {"name": "Sean G."}});
        let (status, replaced) = server.send("PUT", "/github-profiles/sgrif", Some(&ann), Some(again));
        assert_eq!(
            (status, &replaced["id"], &replaced["profile_data"]["name"]),
            (200, &profile["id"], &json!("Sean G."))
        );
        assert_eq!(server.send("GET", "/github-profiles", Some(&ann), None).1.as_array().unwrap().len(), 1);
        assert_eq!(server.send("GET", "/github-profiles/sgrif", Some(&bob), None).0, 404);

        let new = json!({"github_profile_id": profile["id"], "title": "On Sean", "content": "Great. 🦀"});
        assert_eq!(server.send("POST", "/recommendations", Some(&bob), Some(new.clone())).0, 422);
        let (status, written) = server.send("POST", "/recommendations", Some(&ann), Some(new));
        assert_eq!((status, &written["tone"], &written["status"]), (201, &json!("professional"), &json!("draft")));
        let path = format!("/recommendations/{}", written["id"]);
        assert_eq!(server.send("GET", &path, Some(&ann), None), (200, written.clone()));
        let (status, published) = server.send("PATCH", &path, Some(&ann), Some(json!({"status": "published"})));
        assert_eq!(
            (status, &published["status"], &published["content"]),
            (200, &json!("published"), &json!("Great. 🦀"))
        );
        assert_eq!(server.send("GET", "/recommendations?limit=1", Some(&ann), None).1, json!([published]));
        for method in ["GET", "DELETE"] {
            assert_eq!(server.send(method, &path, Some(&bob), None).0, 404);
        }
        assert_eq!(server.send("PATCH", &path, Some(&bob), Some(json!({"title": "x"}))).0, 404);
        assert_eq!(server.send("DELETE", &path, Some(&ann), None).0, 204);
        assert_eq!(server.send("GET", &path, Some(&ann), None).0, 404);
        assert_eq!(server.send("DELETE", "/github-profiles/sgrif", Some(&ann), None).0, 204);
    });
}

#[test]
fn what_can_not_be_accepted_is_said_field_by_field() {
    on_both(|url| {
        let server = Server::start(url);
        let token = sign_in(&server, "ann");
        let bad = json!({"email": "no", "username": "a b", "password": "short"});
        let (status, answer) = server.send("POST", "/register", None, Some(bad));
        assert_eq!(status, 422);
        assert_eq!(answer["fields"].as_object().unwrap().keys().collect::<Vec<_>>(), ["email", "password", "username"]);

        let taken = json!({"email": "other@example.org", "username": "ann", "password": "correct horse"});
        let (status, answer) = server.send("POST", "/register", None, Some(taken));
        assert_eq!((status, &answer["message"]), (409, &json!("this username is taken")));
        let taken = json!({"email": "ann@example.org", "username": "ann2", "password": "correct horse"});
        let (status, answer) = server.send("POST", "/register", None, Some(taken));
        assert_eq!((status, &answer["message"]), (409, &json!("this email is taken")));

        for login in ["ann", "nobody"] {
            let wrong = json!({"login": login, "password": "battery staple"});
            assert_eq!(server.send("POST", "/login", None, Some(wrong)).0, 401);
        }
        assert_eq!(server.send("GET", "/profile", None, None).0, 401);
        assert_eq!(server.send("GET", "/profile", Some("0000"), None).0, 401);
        assert_eq!(server.send("PATCH", "/profile", Some(&token), Some(json!({"default_tone": "rude"}))).0, 422);
        assert_eq!(server.send("PATCH", "/profile", Some(&token), Some(json!({"is_active": false}))).0, 400);
        assert_eq!(server.send("PATCH", "/profile", Some(&token), Some(json!("text"))).0, 400);
        assert_eq!(server.send("GET", "/recommendations/x", Some(&token), None).0, 400);
        assert_eq!(server.send("GET", "/nowhere", None, None).0, 404);
    });
}

#[test]
fn health_is_good_at_the_binarys_head_only() {
    use diesel::RunQueryDsl;

    on_both(|url| {
        let server = Server::start(url);
        let (status, health) = server.send("GET", "/health", None, None);
        assert_eq!((status, &health["status"]), (200, &json!("ok")), "{health}");
        assert_eq!(health["revision"], health["expected"]);
        let head = health["revision"][0].as_str().unwrap();

        let mut connection = recommendation_writer::database::connect(&url.parse().unwrap(), 1).get().unwrap();
        let mut say = |sql: &str| diesel::sql_query(sql).execute(&mut *connection).unwrap();
        say("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')");
        let (status, health) = server.send("GET", "/health", None, None);
        assert_eq!((status, &health["status"]), (503, &json!("ahead")));
        say("DELETE FROM __diesel_schema_migrations WHERE version = '29990101000000'");
        say(&format!("DELETE FROM __diesel_schema_migrations WHERE version = '{head}'"));
        let (status, health) = server.send("GET", "/health", None, None);
        assert_eq!((status, &health["status"]), (503, &json!("behind")));
    });
}

#[test]
fn a_failed_migration_ends_the_process_before_the_port_is_opened() {
    use diesel::RunQueryDsl;

    on_both(|url| {
        // What the first revision creates is there already, in another shape.
        let mut connection = recommendation_writer::database::connect(&url.parse().unwrap(), 1).get().unwrap();
        diesel::sql_query("CREATE TABLE users (id INTEGER PRIMARY KEY)").execute(&mut *connection).unwrap();
        drop(connection);
        let ended = command(url).output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{said}");
        assert!(!said.contains("listening on"), "{said}");
        let last = said.lines().skip_while(|line| !line.starts_with("error: ")).collect::<Vec<_>>().join("\n");
        assert!(last.contains("6bdfb470e813") && last.contains("already exists"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    });
}

/// What the server says that is started on such a database, and ends without another attempt.
fn refused(url: &str) -> String {
    let ended = command(url).env_remove("RUST_LOG").output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    for word in ["tried again", "r2d2", "timed out", "panicked", "secret"] {
        assert!(!said.contains(word), "{said}");
    }
    let mut lines = said.lines().filter(|line| line.starts_with("error: "));
    let error = lines.next().unwrap_or_else(|| panic!("{said}")).to_owned();
    assert_eq!(lines.next(), None, "{said}");
    error
}

#[test]
fn a_database_url_that_names_nothing_is_refused_at_once_with_the_next_step() {
    let folder = SqliteFile::new();
    let at = |name: &str| folder.folder().join(name).to_str().unwrap().to_owned();
    std::fs::write(at("text.db"), "this is no database, but long enough to be looked at".repeat(20)).unwrap();
    std::fs::create_dir(at("folder.db")).unwrap();
    let postgres = TestDatabase::postgres();
    let (server, _) = postgres.url().rsplit_once('/').unwrap();
    for (url, words) in [
        ("mysql://h/d", ["MySQL", "not supported"]),
        ("sqlite://", ["names no file", "sqlite://path/to/file.db"]),
        ("postgres://u:secret%zz@127.0.0.1/d", ["malformed", "has to be written as %25"]),
        (&at("no/such/a.db"), ["no/such does not exist", "make that folder, or mend DATABASE_URL"]),
        (&at("folder.db"), ["it is a folder", "name a file in it: mend DATABASE_URL"]),
        (&at("text.db"), ["file is not a database", "name an SQLite database: mend DATABASE_URL"]),
        (
            &format!("{server}/no_such_database"),
            ["does not exist", "make the database (createdb), or mend DATABASE_URL"],
        ),
        (&format!("{server}/x?sslmode=no"), ["invalid sslmode", "; mend DATABASE_URL"]),
    ] {
        let error = refused(url);
        assert!(words.iter().all(|word| error.contains(word)), "{url}: {error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_at_once() {
    let error = refused("/dev/full");
    assert!(error.contains("disk is full; make room on the disk that the database is on"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_server_that_is_asked_to_end_ends_well() {
    on_both(|url| assert_eq!(Server::start(url).terminate(), Some(0)));
}
