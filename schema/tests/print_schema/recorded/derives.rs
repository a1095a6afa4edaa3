// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(
        diesel::query_builder::QueryId,
        Clone,
        core::fmt::Debug,
        crate::some_module::Whatever,
        diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(
        name = "b_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_no",
        schema = "other"
    ))]
    pub struct BTypeWhoseNameIsAsLongAsANameCanBeInPostgresqlNo;

    #[derive(
        diesel::query_builder::QueryId,
        Clone,
        core::fmt::Debug,
        crate::some_module::Whatever,
        diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "moody"))]
    pub struct Moody;

    #[derive(
        diesel::query_builder::QueryId,
        Clone,
        core::fmt::Debug,
        crate::some_module::Whatever,
        diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = r##"quo"ted#"##))]
    pub struct QuoTed;

    #[derive(
        diesel::query_builder::QueryId,
        Clone,
        core::fmt::Debug,
        crate::some_module::Whatever,
        diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "short"))]
    pub struct Short;

    #[derive(
        diesel::query_builder::QueryId,
        Clone,
        core::fmt::Debug,
        crate::some_module::Whatever,
        diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "shorter"))]
    pub struct Shorter;

    #[derive(
        diesel::query_builder::QueryId,
        Clone,
        core::fmt::Debug,
        crate::some_module::Whatever,
        diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "tone_of_voice", schema = "other"))]
    pub struct ToneOfVoice;

    #[derive(
        diesel::query_builder::QueryId,
        Clone,
        core::fmt::Debug,
        crate::some_module::Whatever,
        diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "Weird Type-name"))]
    pub struct WeirdTypeName;
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Short;
    use super::sql_types::Shorter;
    use super::sql_types::Moody;

    domains (id) {
        id -> Int4,
        #[max_length = 7]
        a -> Short,
        b -> Nullable<Shorter>,
        c -> Nullable<Mood>,
        d -> Nullable<Array<Nullable<Moody>>>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::WeirdTypeName;
    use super::sql_types::ToneOfVoice;
    use super::sql_types::QuoTed;
    use super::sql_types::BTypeWhoseNameIsAsLongAsANameCanBeInPostgresqlNo;

    enums (id) {
        id -> Int4,
        a -> Mood,
        b -> Nullable<WeirdTypeName>,
        c -> Nullable<Array<Nullable<ToneOfVoice>>>,
        d -> Nullable<QuoTed>,
        e -> Nullable<BTypeWhoseNameIsAsLongAsANameCanBeInPostgresqlNo>,
        f -> Nullable<Mood>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(domains, enums,);
