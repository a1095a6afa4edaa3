//! The example of an application on diesel-async starts, and starts again.

#[path = "../examples/diesel_async/main.rs"]
mod example;

use diesel_schema_tests::TestDatabase;

#[test]
fn an_application_on_diesel_async_upgrades_its_database_before_its_first_query() {
    let database = TestDatabase::postgres();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let start = || runtime.block_on(example::start(database.url().to_owned())).unwrap();
    assert_eq!(start(), "1 applied; users: Ada, Bob");
    assert_eq!(start(), "0 applied; users: Ada, Bob");
}
