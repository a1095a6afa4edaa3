//! The macros in the server in which rust-analyzer runs them, which comes with the toolchain: another working directory,
//! one process for all packages, places of its own, and now and then no package that it knows of.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diesel_schema_tests::workspace_root;
use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use serde_json::{Value, json};

const MODEL: &str = "pub struct User { #[primary_key] pub id: i32, pub fax: Option<String> }";

/// The newest library of the macros beside this test.
fn macros() -> PathBuf {
    let name = format!("{}diesel_schema_macros-", std::env::consts::DLL_PREFIX);
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let all = std::fs::read_dir(deps).unwrap().map(|entry| entry.unwrap().path());
    let is_ours = |path: &PathBuf| {
        path.extension().is_some_and(|it| it == std::env::consts::DLL_EXTENSION)
            && path.file_name().is_some_and(|it| it.to_string_lossy().starts_with(&name))
    };
    all.filter(is_ours).max_by_key(|path| path.metadata().unwrap().modified().unwrap()).expect("they are built")
}

/// The server's own way to write tokens: lists of numbers, and the texts that these are indices of.
#[derive(Default)]
struct Flat {
    subtree: Vec<u32>,
    literal: Vec<u32>,
    punct: Vec<u32>,
    ident: Vec<u32>,
    token_tree: Vec<u32>,
    text: Vec<String>,
}

impl Flat {
    fn of(tokens: &str) -> Value {
        let mut flat = Self::default();
        // A group stands behind the one that holds it.
        let mut groups = vec![(0, tokens.parse::<TokenStream>().unwrap())];
        let mut at = 0;
        while let Some((kind, tokens)) = groups.get(at).cloned() {
            at += 1;
            let first = index(flat.token_tree.len());
            for tree in tokens {
                let tree = match tree {
                    TokenTree::Group(group) => {
                        let kind = match group.delimiter() {
                            Delimiter::None => 0,
                            Delimiter::Parenthesis => 1,
                            Delimiter::Brace => 2,
                            Delimiter::Bracket => 3,
                        };
                        groups.push((kind, group.stream()));
                        index(groups.len() - 1) << 2
                    }
                    TokenTree::Literal(literal) => flat.literal(&literal.to_string()),
                    TokenTree::Punct(punct) => {
                        flat.punct.extend([0, punct.as_char().into(), u32::from(punct.spacing() == Spacing::Joint)]);
                        (index(flat.punct.len() / 3 - 1) << 2) | 2
                    }
                    TokenTree::Ident(ident) => {
                        let text = flat.text(ident.to_string());
                        flat.ident.extend([0, text, 0]);
                        (index(flat.ident.len() / 3 - 1) << 2) | 3
                    }
                };
                flat.token_tree.push(tree);
            }
            flat.subtree.extend([0, 0, kind, first, index(flat.token_tree.len())]);
        }
        let Self { subtree, literal, punct, ident, token_tree, text } = flat;
        json!({"subtree": subtree, "literal": literal, "punct": punct, "ident": ident, "token_tree": token_tree, "text": text})
    }

    /// Of those that are used here: whole numbers, and strings without escapes.
    fn literal(&mut self, written: &str) -> u32 {
        let kind = if written.starts_with('"') { 5 } else { 3 };
        let text = self.text(written.trim_matches('"').to_owned());
        self.literal.extend([0, text, kind, u32::MAX]);
        (index(self.literal.len() / 4 - 1) << 2) | 1
    }

    fn text(&mut self, text: String) -> u32 {
        self.text.push(text);
        index(self.text.len() - 1)
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap()
}

/// A macro's call; `package` is the folder of the one that it stands in, where that is known.
fn call(name: &str, attributes: Option<&str>, body: &str, package: Option<&Path>) -> Value {
    let env: Vec<[String; 2]> =
        package.iter().map(|it| ["CARGO_MANIFEST_DIR".to_owned(), it.display().to_string()]).collect();
    json!({"ExpandMacro": {
        "lib": macros(),
        "env": env,
        "current_dir": std::env::temp_dir(),
        "macro_name": name,
        "macro_body": Flat::of(body),
        "attributes": attributes.map(Flat::of),
        "has_global_spans": {"serialize": true, "def_site": 0, "call_site": 0, "mixed_site": 0},
        "span_data_table": [0, 0, 0, 0, 0],
    }})
}

/// The names and literals of what each call expands to.
fn expanded(calls: &[Value]) -> Vec<Vec<String>> {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output().unwrap();
    let sysroot = PathBuf::from(String::from_utf8(sysroot.stdout).unwrap().trim());
    let mut server = Command::new(sysroot.join("libexec/rust-analyzer-proc-macro-srv"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("CARGO")) {
        server.env_remove(name);
    }
    let mut server = server
        .env("RUST_ANALYZER_INTERNALS_DO_NOT_USE", "this is unstable")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the toolchain has rust-analyzer's server: rustup's `rustc` does, Debian's does not");
    let config = json!({"SetConfig": {"span_mode": "RustAnalyzer"}});
    let requests = [json!({"ApiVersionCheck": {}}), config].into_iter().chain(calls.iter().cloned());
    let lines: String = requests.map(|request| format!("{request}\n")).collect();
    server.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = server.wait_with_output().unwrap();
    let answers: Vec<Value> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts = |answer: &Value| {
        let tree = answer.pointer("/ExpandMacroExtended/Ok/tree/text").unwrap_or_else(|| panic!("{answer}"));
        tree.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(answers.len(), calls.len() + 2, "{answers:?}");
    answers[2..].iter().map(texts).collect()
}

#[test]
fn models_and_migrations_expand_in_rust_analyzer() {
    let app = workspace_root().join("app");
    let table = Some("table = \"users\"");
    let calls = [
        call("model", table, MODEL, Some(&app)),
        call("model", table, MODEL, None),
        call("embed_migrations", None, "schema: recommendation_writer::schema", Some(&app)),
        call("embed_migrations", None, "schema: recommendation_writer::schema", None),
    ];
    let [warned, silent, embedded, homeless] = expanded(&calls).try_into().unwrap();
    let says = |texts: &[String], part: &str| texts.iter().any(|text| text.contains(part));
    assert!(says(&warned, "`User.fax` is `Text NULL`; no revision adds it") && says(&warned, "KeyDef"), "{warned:?}");
    assert!(says(&silent, "KeyDef") && !says(&silent, "no revision"), "{silent:?}");
    let file = "add_sessions/up.sql";
    assert!(embedded.iter().any(|text| Path::new(text).is_absolute() && text.ends_with(file)), "{embedded:?}");
    assert!(says(&homeless, "needs CARGO_MANIFEST_DIR") && says(&homeless, "compile_error"), "{homeless:?}");
}
