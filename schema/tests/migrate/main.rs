//! What a user sees who types `migrate ..`: whole sessions, as snapshots.
//!
//! The test is its own `migrate` binary: with `AS_MIGRATE` set, `main` is the application's.

mod adopting;
mod checks;
mod completions;
mod databases;
mod diffs;
mod listing;
#[path = "../ordinary/mod.rs"]
mod ordinary;
mod postgres;
mod proofs;
mod purging;
mod records;
mod rights;
mod scripts;
mod squashing;
mod steps;
mod support;
mod traces;
mod travel;
#[path = "../users/mod.rs"]
mod users;
mod writing;

use std::process::ExitCode;

use diesel_schema::Dialect;
use diesel_schema::cli::Migrate;
use diesel_schema::def::SchemaDef;

static SQLITE: SchemaDef = users::schema(&[&users::USER], &[Dialect::Sqlite]);
static POSTGRES: SchemaDef = users::schema(&[&users::USER], &[Dialect::Postgres]);
static BOTH: SchemaDef = users::schema(&[&users::USER], &[Dialect::Postgres, Dialect::Sqlite]);

fn main() -> ExitCode {
    match std::env::var("AS_MIGRATE").as_deref() {
        Ok("both") => return diesel_schema::cli::migrate(&BOTH),
        Ok("steps") => return Migrate::new(&SQLITE).steps(&steps::MIGRATIONS, steps::connect).run(),
        Ok("hook") => return Migrate::new(&SQLITE).before_upgrade(records::hook).run(),
        Ok("postgres") => return diesel_schema::cli::migrate(&POSTGRES),
        Ok(_) => return diesel_schema::cli::migrate(&SQLITE),
        Err(_) => {}
    }
    let cases: &[(&str, fn())] = &[
        ("travel::there_and_back", travel::there_and_back),
        ("travel::relative", travel::relative),
        ("travel::one_way", travel::one_way),
        ("travel::branches", travel::branches),
        ("travel::faults", travel::faults),
        ("travel::heads_alone", travel::heads_alone),
        ("travel::stamps", travel::stamps),
        ("listing::a_chain", listing::a_chain),
        ("listing::branches", listing::branches),
        ("listing::machines", listing::machines),
        ("listing::help", listing::help),
        ("rights::folders", rights::folders),
        ("writing::empty", writing::empty),
        ("writing::branches", writing::branches),
        ("writing::mistakes", writing::mistakes),
        ("writing::both_dialects", writing::both_dialects),
        ("writing::onto_a_chosen_parent", writing::onto_a_chosen_parent),
        ("writing::edited_by_hand", writing::edited_by_hand),
        ("purging::what_was_dropped", purging::what_was_dropped),
        ("squashing::every_database", squashing::every_database),
        ("squashing::stamped", squashing::stamped),
        ("squashing::refusals", squashing::refusals),
        ("squashing::dialects_and_lock", squashing::dialects_and_lock),
        ("squashing::on_postgres", squashing::on_postgres),
        ("adopting::on_sqlite", adopting::on_sqlite),
        ("adopting::on_postgres", adopting::on_postgres),
        ("adopting::mistakes", adopting::mistakes),
        ("checks::each_difference", checks::each_difference),
        ("checks::exit_codes", checks::exit_codes),
        ("records::changed_files", records::changed_files),
        ("records::timeouts", records::timeouts),
        ("records::backups", records::backups),
        ("records::the_applications_hook", records::the_applications_hook),
        ("checks::revisions", checks::revisions),
        ("diffs::sources", diffs::sources),
        ("diffs::revisions", diffs::revisions),
        ("diffs::mistakes", diffs::mistakes),
        ("diffs::two_databases", diffs::two_databases),
        ("diffs::functions_that_call", diffs::functions_that_call),
        ("diffs::triggers_of_partitions", diffs::triggers_of_partitions),
        ("diffs::privileges", diffs::privileges),
        ("diffs::further_kinds", diffs::further_kinds),
        ("diffs::parts_of_indexes", diffs::parts_of_indexes),
        ("proofs::a_chain", proofs::a_chain),
        ("proofs::branches", proofs::branches),
        ("proofs::each_way_to_fail", proofs::each_way_to_fail),
        ("proofs::both_dialects", proofs::both_dialects),
        ("proofs::postgres", proofs::postgres),
        ("traces::in_a_transaction", traces::in_a_transaction),
        ("traces::beside_one", traces::beside_one),
        ("databases::each_and_all", databases::each_and_all),
        ("databases::one_that_fails", databases::one_that_fails),
        ("databases::mistakes", databases::mistakes),
        ("completions::every_shell", completions::every_shell),
        ("completions::bash", completions::bash),
        ("scripts::sqlite3_runs_them", scripts::sqlite3_runs_them),
        ("scripts::texts", scripts::texts),
        ("postgres::travel", postgres::travel),
        ("postgres::psql_runs_scripts", postgres::psql_runs_scripts),
        ("postgres::scripts_end_what_a_file_sets", postgres::scripts_end_what_a_file_sets),
        ("postgres::scripts_need_no_more_than_their_own_table", postgres::scripts_need_no_more_than_their_own_table),
        ("postgres::unfinished", postgres::unfinished),
        ("postgres::a_way_back_that_is_cut_off", postgres::a_way_back_that_is_cut_off),
        ("steps::there_and_back", steps::there_and_back),
        ("postgres::a_busy_lock", postgres::a_busy_lock),
    ];
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-')).unwrap_or_default();
    for (name, case) in cases.iter().filter(|(name, _)| name.contains(&filter)) {
        case();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}
