//! `completions`.

use std::process::Command;

use crate::support::Session;

/// Every shell gets a script that knows the commands, in a folder that is no project too.
pub(crate) fn every_shell() {
    let session = Session::new("sqlite", Some("no such://url"));
    std::fs::write(session.root().join("Cargo.toml"), "no TOML").unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = session.output(&["completions", shell]);
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && script.contains("downgrade"), "{shell}: {script}");
    }
}

/// bash reads its own, and completes with it.
pub(crate) fn bash() {
    let mut session = Session::new("sqlite", None);
    let script = session.output(&["completions", "bash"]).stdout;
    let path = session.root().join("migrate.bash");
    std::fs::write(&path, script).unwrap();
    let checked = Command::new("bash").arg("-n").arg(&path).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    for (typed, at) in [("migrate dow", 1), ("migrate diff --ex", 2), ("migrate completions f", 2)] {
        let word = typed.rsplit(' ').next().unwrap();
        let ask = "source \"$0\"; COMP_WORDS=($1); COMP_CWORD=$2; _migrate migrate \"$3\"; echo \"${COMPREPLY[*]}\"";
        let asked = Command::new("bash").args(["-c", ask]).arg(&path).args([typed, &at.to_string(), word]).output();
        let answer = String::from_utf8(asked.unwrap().stdout).unwrap();
        session.note(&format!("{typed} -> {}", answer.trim_end()));
    }
    session.migrate(&["completions"]);
    insta::assert_snapshot!(session.text);
}
