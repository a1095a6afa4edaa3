//! People who use the application all the time.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, RwLock};
use std::thread::JoinHandle;

use serde_json::{Value, json};

use crate::support::send;

/// How many they are.
const PEOPLE: usize = 3;

/// What each has to have done before a phase is over.
const ROUNDS: usize = 3;

#[derive(Default)]
struct Shared {
    /// The servers, which take turns. Held while a request is under way, so that none is when it changes.
    servers: RwLock<Vec<SocketAddr>>,
    requests: AtomicUsize,
    ends: AtomicBool,
    failed: Mutex<Vec<String>>,
    /// How many rounds each has made.
    rounds: Mutex<[usize; PEOPLE]>,
    round: Condvar,
}

pub(crate) struct Load {
    shared: Arc<Shared>,
    people: Vec<JoinHandle<()>>,
}

impl Load {
    /// Begins, on one server.
    pub(crate) fn on(server: SocketAddr) -> Self {
        let shared = Arc::new(Shared { servers: RwLock::new(vec![server]), ..Shared::default() });
        let person = |number| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || {
                while !shared.ends.load(Ordering::Relaxed) {
                    let round = shared.rounds.lock().unwrap()[number];
                    if let Err(failure) = shared.round(number, round) {
                        shared.failed.lock().unwrap().push(failure);
                    }
                    shared.rounds.lock().unwrap()[number] += 1;
                    shared.round.notify_all();
                }
            })
        };
        let people = (0..PEOPLE).map(person).collect();
        Self { shared, people }
    }

    /// Waits until everybody has begun and ended some rounds more.
    pub(crate) fn runs_on(&self) {
        let mut rounds = self.shared.rounds.lock().unwrap();
        // The round that is under way does not count.
        let wanted = rounds.map(|rounds| rounds + 1 + ROUNDS);
        while rounds.iter().zip(&wanted).any(|(rounds, wanted)| rounds < wanted) {
            rounds = self.shared.round.wait(rounds).unwrap();
        }
    }

    /// Sends all requests that follow to these servers in turn, and waits for those that are under way.
    pub(crate) fn goes_to(&self, servers: &[SocketAddr]) {
        *self.shared.servers.write().unwrap() = servers.to_vec();
    }

    /// Ends: how many requests there were, and what came of those that failed.
    pub(crate) fn end(self) -> (usize, Vec<String>) {
        self.shared.ends.store(true, Ordering::Relaxed);
        for person in self.people {
            person.join().unwrap();
        }
        let failed = std::mem::take(&mut *self.shared.failed.lock().unwrap());
        (self.shared.requests.load(Ordering::Relaxed), failed)
    }
}

impl Shared {
    fn send(&self, method: &str, path: &str, token: Option<&str>, body: Option<Value>) -> Result<Value, String> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let servers = self.servers.read().unwrap();
        succeeds(servers[number % servers.len()], method, path, token, body)
    }

    /// Registers, signs in, writes a little, and goes.
    fn round(&self, number: usize, round: usize) -> Result<(), String> {
        let name = format!("person-{number}-{round}");
        self.send("POST", "/register", None, Some(registration(&name)))?;
        let session = self.send("POST", "/login", None, Some(json!({"login": name, "password": "correct horse"})))?;
        let token = session["token"].as_str();
        let data = json!({"profile_data": {"name": "Sean"}});
        let profile = self.send("PUT", "/github-profiles/sgrif", token, Some(data))?;
        let new = json!({"github_profile_id": profile["id"], "title": "On Sean", "content": "Great."});
        let written = self.send("POST", "/recommendations", token, Some(new))?;
        let path = format!("/recommendations/{}", written["id"]);
        self.send("PATCH", &path, token, Some(json!({"status": "published"})))?;
        self.send("PATCH", "/profile", token, Some(json!({"bio": "Writes."})))?;
        for path in ["/profile", "/recommendations", "/github-profiles"] {
            self.send("GET", path, token, None)?;
        }
        self.send("DELETE", &path, token, None)?;
        self.send("POST", "/logout", token, None).map(drop)
    }
}

fn registration(name: &str) -> Value {
    json!({"email": format!("{name}@example.org"), "username": name, "password": "correct horse"})
}

/// Registers somebody; the failure where that is none.
pub(crate) fn register(server: SocketAddr, name: &str) -> Result<Value, String> {
    succeeds(server, "POST", "/register", None, Some(registration(name)))
}

fn succeeds(
    server: SocketAddr,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<Value>,
) -> Result<Value, String> {
    match send(server, method, path, token, body) {
        Ok((200..=299, answer)) => Ok(answer),
        Ok((status, answer)) => Err(format!("{method} {path}: {status} {answer}")),
        Err(error) => Err(format!("{method} {path}: {error}")),
    }
}
