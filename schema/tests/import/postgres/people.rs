use bigdecimal::BigDecimal;
use chrono::{DateTime, Utc};
use diesel::data_types::PgInterval;
use diesel_schema::model::Opaque;
use diesel_schema::prelude::*;
use ipnetwork::IpNetwork;
use std::ops::Bound;
use uuid::Uuid;

use super::{State, Team, Tone};

#[model(table = "people")]
#[primary_key(id, name = "people_key")]
#[check(
    "(n <> 0) AND\nCASE\n    WHEN (n = 3) THEN (type <> 'x\"y'::text)\n    ELSE true\nEND",
    name = "sane"
)]
#[check("n < 10")]
#[check("n > '-5'::integer")]
#[index(name collate r#""C""#, unique)]
#[index("lower(name)", n desc nulls_last, include(at), where = "n > 0")]
#[derive(Debug, Clone)]
pub struct Person {
    #[identity(serial, sequence = "persons_id_seq", type = "bigint")]
    pub id: i32,
    #[sql_type(Varchar(8))]
    #[references(Team, column = code, on_delete = cascade)]
    pub team_code: Option<String>,
    #[references(Team, column = old, deferrable = initially_deferred, name = "to_team")]
    pub team_id: Option<i32>,
    #[references(Team)]
    pub team: Option<i64>,
    #[references(Self)]
    pub boss: Option<i32>,
    #[default("casual")]
    pub tone: Tone,
    #[default("{}")]
    pub states: Vec<Option<State>>,
    #[sql_type(Numeric(10, 2))]
    #[default(0.5)]
    pub price: Option<BigDecimal>,
    #[index(desc)]
    #[default(now())]
    pub at: DateTime<Utc>,
    #[default(gen_random_uuid())]
    pub u: Option<Uuid>,
    #[default(-1)]
    pub n: Option<i32>,
    #[default("it's")]
    pub name: Option<String>,
    #[index(opclass = "jsonb_path_ops", using = "gin", name = "people_j")]
    pub j: Option<serde_json::Value>,
    #[sql_type(sql = "tsvector", diesel = super::sql_types::Tsvector)]
    pub vector: Option<Opaque>,
    #[sql_type(sql = "tsvector[]", diesel = super::sql_types::TsvectorArray)]
    pub vectors: Option<Vec<Option<Opaque>>>,
    #[sql_type(Tstzrange)]
    pub period: Option<(Bound<DateTime<Utc>>, Bound<DateTime<Utc>>)>,
    #[sql_type(sql = "time with time zone", diesel = super::sql_types::Timetz)]
    pub t: Option<Opaque>,
    pub tags: Option<Vec<Option<String>>>,
    #[sql_type(Array<Varchar(3)>)]
    pub sizes: Option<Vec<String>>,
    #[sql_name("type")]
    pub type_: Option<String>,
    #[sql_type(Interval)]
    pub small: Option<PgInterval>,
    pub address: Option<IpNetwork>,
    #[sql_type(CChar)]
    pub flag: Option<u8>,
    #[generated("length(name)")]
    pub size: Option<i32>,
}
