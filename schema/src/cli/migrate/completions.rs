//! `migrate completions SHELL`.

use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

use crate::cli::print;

/// Print a completion script for a shell
///
/// bash: `source <(migrate completions bash)` in ~/.bashrc. zsh: `migrate completions zsh > _migrate` in a folder of
/// $fpath. fish: `migrate completions fish > ~/.config/fish/completions/migrate.fish`. elvish: `eval (migrate completions
/// elvish | slurp)` in ~/.config/elvish/rc.elv. PowerShell: `migrate completions powershell | Out-String |
/// Invoke-Expression` in $PROFILE.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Which
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, program: &mut clap::Command) -> ExitCode {
    let mut script = Vec::new();
    let name = program.get_name().to_owned();
    clap_complete::generate(arguments.shell, program, name, &mut script);
    print::text(&String::from_utf8_lossy(&script));
    ExitCode::SUCCESS
}
