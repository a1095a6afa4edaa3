//! A default is a value of the field's enum, as the database has it.
use diesel_schema::prelude::*;

#[derive(Debug, SqlEnum)]
#[sql_enum(rename_all = "kebab-case")]
pub enum Tone {
    Professional,
    LaidBack,
}

pub type MaybeTone = Option<Tone>;

#[model(table = "users")]
pub struct User {
    #[primary_key]
    pub id: i32,
    #[default("profesional")]
    pub tone: Tone,
    #[default("LaidBack")]
    pub other: Option<Tone>,
    #[default("laid-back")]
    pub fine: Tone,
    #[default("{laid-back}")]
    pub tones: Vec<Tone>,
    #[default("2026-01-01")]
    pub day: chrono::NaiveDate,
    #[default("-")]
    #[sql_type(sql = "tone", diesel = Tone)]
    pub said: MaybeTone,
}

schema! {
    pub mod schema;
    models: [User],
    enums: [Tone],
}

fn main() {}
