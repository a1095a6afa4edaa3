//! Every type that a field of a model may have, in a table of ours, written and read back by Diesel.
#![allow(missing_docs, reason = "an enum of the database is public, and so is what holds one")]

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_schema::Dialect;
use diesel_schema::declared::DeclaredSchema;
use diesel_schema::def::SchemaDef;
use diesel_schema::diff::{Renames, diff};
use diesel_schema::generate::implementation;
use diesel_schema::model::sql_types::Moment;
use diesel_schema::plan::plan;
use diesel_schema::prelude::*;
use diesel_schema::schema::Schema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, SqlEnum)]
pub enum Tone {
    Calm,
    #[sql_value("it's")]
    Loud,
}

/// What both dialects have.
#[model(table = "shared")]
#[derive(Debug, Clone, PartialEq, Insertable, CompleteInsert)]
pub struct Shared {
    #[primary_key]
    pub id: i32,
    pub small: i16,
    pub large: i64,
    pub single: f32,
    pub double: f64,
    pub yes: bool,
    pub text: String,
    pub bytes: Vec<u8>,
    pub perhaps: Option<String>,
    pub tone: Tone,
    pub perhaps_tone: Option<Tone>,
    #[diesel(serialize_as = Moment<chrono::DateTime<chrono::Utc>>)]
    pub chrono_moment: chrono::DateTime<chrono::Utc>,
    pub chrono_at: chrono::NaiveDateTime,
    pub chrono_day: chrono::NaiveDate,
    pub chrono_time: chrono::NaiveTime,
    #[diesel(treat_none_as_default_value = false)]
    pub perhaps_moment: Option<chrono::DateTime<chrono::Utc>>,
    #[diesel(serialize_as = Moment<time::OffsetDateTime>)]
    pub time_moment: time::OffsetDateTime,
    pub time_at: time::PrimitiveDateTime,
    pub time_day: time::Date,
    pub time_time: time::Time,
    pub perhaps_day: Option<time::Date>,
    pub json: serde_json::Value,
    pub number: bigdecimal::BigDecimal,
}

/// What Diesel has for PostgreSQL alone.
#[model(table = "own")]
#[derive(Debug, Clone, PartialEq, Insertable)]
pub struct Own {
    #[primary_key]
    pub id: uuid::Uuid,
    pub decimal: rust_decimal::Decimal,
    pub perhaps_decimal: Option<rust_decimal::Decimal>,
    pub address: ipnetwork::IpNetwork,
    pub system: SystemTime,
    pub perhaps_system: Option<SystemTime>,
    pub numbers: Vec<i32>,
    pub perhaps_numbers: Option<Vec<i64>>,
    pub holes: Vec<Option<String>>,
    pub tones: Vec<Tone>,
    pub days: Vec<time::Date>,
    pub ids: Vec<uuid::Uuid>,
}

schema! {
    pub mod on_both;
    models: [Shared],
    enums: [Tone],
}

schema! {
    pub mod on_postgres;
    models: [Own],
    enums: [],
    dialects: [postgres],
}

fn shared() -> Shared {
    let chrono_day = chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let chrono_time = chrono::NaiveTime::from_hms_micro_opt(23, 59, 58, 123_456).unwrap();
    let time_day = time::Date::from_calendar_date(1969, time::Month::July, 20).unwrap();
    let time_time = time::Time::from_hms_micro(20, 17, 40, 654_321).unwrap();
    Shared {
        id: -1,
        small: i16::MIN,
        large: i64::MAX,
        single: 1.5,
        double: -0.1,
        yes: true,
        text: "it's \"text\"\n".to_owned(),
        bytes: vec![0, 1, 255],
        perhaps: None,
        tone: Tone::Loud,
        perhaps_tone: Some(Tone::Calm),
        chrono_moment: chrono_day.and_time(chrono_time).and_utc(),
        chrono_at: chrono_day.and_time(chrono_time),
        chrono_day,
        chrono_time,
        perhaps_moment: Some(chrono_day.and_time(chrono_time).and_utc()),
        time_moment: time::PrimitiveDateTime::new(time_day, time_time).assume_utc(),
        time_at: time::PrimitiveDateTime::new(time_day, time_time),
        time_day,
        time_time,
        perhaps_day: Some(time_day),
        json: serde_json::json!({ "a": [1, null, "it's"] }),
        number: bigdecimal::BigDecimal::from_str("-1234.5").unwrap(),
    }
}

fn own() -> Own {
    let decimal = rust_decimal::Decimal::new(-1_234_567, 4);
    let system = SystemTime::UNIX_EPOCH + Duration::from_micros(1_234_567_890);
    Own {
        id: uuid::Uuid::from_u128(7),
        decimal,
        perhaps_decimal: Some(decimal),
        address: "10.0.0.0/8".parse().unwrap(),
        system,
        perhaps_system: None,
        numbers: vec![1, -2],
        perhaps_numbers: Some(Vec::new()),
        holes: vec![Some("a".to_owned()), None],
        tones: vec![Tone::Loud, Tone::Calm],
        days: vec![shared().time_day],
        ids: vec![uuid::Uuid::max()],
    }
}

/// What makes the tables.
fn script(dialect: Dialect, schemas: &[&SchemaDef]) -> String {
    let dialect = implementation(dialect).unwrap();
    let mut declared = DeclaredSchema::from(schemas[0]);
    for more in &schemas[1..] {
        declared.models.extend(DeclaredSchema::from(*more).models);
    }
    let (empty, schema) = (Schema::default(), dialect.lower(&declared).unwrap());
    let changes = diff(&empty, &schema, &Renames::default()).unwrap();
    dialect.script(&plan(&empty, &schema, &changes, dialect).unwrap()).sql
}

/// Writes a row and finds it again by its moments. The same words for both servers, whose connections have no common type.
macro_rules! assert_is_found {
    ($connection:expr, $written:expr) => {
        diesel::insert_into(on_both::shared::table).values($written.clone()).execute($connection).unwrap();
        let same = on_both::shared::chrono_moment
            .eq(Moment($written.chrono_moment))
            .and(on_both::shared::perhaps_moment.eq(Moment($written.chrono_moment)))
            .and(on_both::shared::time_moment.ge(Moment($written.time_moment)));
        let read = on_both::shared::table.filter(same).select(Shared::as_select()).load($connection).unwrap();
        assert_eq!(read, [$written]);
    };
}

#[test]
fn every_type_is_written_and_read_back_on_postgres() {
    let url = std::env::var("TEST_POSTGRES_URL").expect("set TEST_POSTGRES_URL or use tests/run");
    let mut connection = PgConnection::establish(&url).unwrap();
    // Nothing of it is left behind.
    connection.begin_test_transaction().unwrap();
    connection.batch_execute("CREATE SCHEMA every_type; SET LOCAL search_path = every_type").unwrap();
    let made = script(Dialect::Postgres, &[&on_both::SCHEMA, &on_postgres::SCHEMA]);
    connection.batch_execute(&made.replace("public.", "")).unwrap();
    let (written, more) = (shared(), own());
    diesel::insert_into(on_postgres::own::table).values(&more).execute(&mut connection).unwrap();
    assert_is_found!(&mut connection, written);
    let read = on_postgres::own::table.select(Own::as_select()).load(&mut connection).unwrap();
    assert_eq!(read, [more]);
}

#[test]
fn every_type_that_is_there_is_written_and_read_back_on_sqlite() {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(&script(Dialect::Sqlite, &[&on_both::SCHEMA])).unwrap();
    let written = shared();
    assert_is_found!(&mut connection, written);
}
