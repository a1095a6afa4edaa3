// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(
        name = "a_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_ye"
    ))]
    pub struct ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYe;

    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(
        name = "a_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_yes"
    ))]
    pub struct ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYes;

    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(
        name = "b_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_no",
        schema = "other"
    ))]
    pub struct BTypeWhoseNameIsAsLongAsANameCanBeInPostgresqlNo;

    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "mood"))]
    pub struct Mood;

    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "moody"))]
    pub struct Moody;

    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = r##"quo"ted#"##))]
    pub struct QuoTed;

    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "short"))]
    pub struct Short;

    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "tone_of_voice", schema = "other"))]
    pub struct ToneOfVoice;

    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "under"))]
    pub struct Under;

    #[derive(
        diesel::query_builder::QueryId, Clone, std::fmt::Debug, diesel::sql_types::SqlType,
    )]
    #[diesel(postgres_type(name = "Weird Type-name"))]
    pub struct WeirdTypeName;
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    #[sql_name = "1st"]
    _1st (_1st_) {
        #[sql_name = "1st"]
        _1st_ -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    Upper (id) {
        #[sql_name = "Upper"]
        Upper_ -> Nullable<Int4>,
        id -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    _lead (id) {
        #[sql_name = "_lead"]
        _lead_ -> Nullable<Int4>,
        id -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    a (id) {
        b_id -> Nullable<Int4>,
        id -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;
    use super::sql_types::Mood;
    use super::sql_types::Under;
    use super::sql_types::Short;
    use super::sql_types::ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYes;
    use super::sql_types::ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYe;

    arrays (id) {
        a -> Array<Nullable<Int4>>,
        b -> Nullable<Array<Nullable<Varchar>>>,
        c -> Nullable<Array<Nullable<Mood>>>,
        d -> Nullable<Array<Nullable<Mood>>>,
        e -> Nullable<Array<Nullable<Text>>>,
        f -> Nullable<Array<Nullable<Under>>>,
        g -> Nullable<Array<Nullable<Under>>>,
        h -> Nullable<Array<Nullable<Short>>>,
        i -> Nullable<Array<Nullable<Bpchar>>>,
        id -> Int4,
        j -> Nullable<Array<Nullable<Char>>>,
        k -> Nullable<Array<Nullable<Timestamptz>>>,
        l -> Nullable<Array<Nullable<Citext>>>,
        m -> Nullable<ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYes>,
        n -> Nullable<Array<Nullable<ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYe>>>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    b (id) {
        a_id -> Nullable<Int4>,
        id -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    c (id) {
        a1 -> Nullable<Int4>,
        a2 -> Nullable<Int4>,
        b -> Nullable<Int4>,
        id -> Int4,
        parent -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    d (y, x) {
        u -> Nullable<Int4>,
        x -> Int4,
        y -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;
    use super::sql_types::Short;
    use super::sql_types::Mood;
    use super::sql_types::Moody;

    domains (id) {
        #[max_length = 7]
        a -> Varchar,
        b -> Nullable<Short>,
        c -> Nullable<Mood>,
        d -> Nullable<Array<Nullable<Moody>>>,
        id -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    e (id) {
        d_u -> Nullable<Int4>,
        id -> Int4,
        x -> Nullable<Int4>,
        y -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;
    use super::sql_types::Mood;
    use super::sql_types::WeirdTypeName;
    use super::sql_types::ToneOfVoice;
    use super::sql_types::QuoTed;
    use super::sql_types::BTypeWhoseNameIsAsLongAsANameCanBeInPostgresqlNo;

    enums (id) {
        a -> Mood,
        b -> Nullable<WeirdTypeName>,
        c -> Nullable<Array<Nullable<ToneOfVoice>>>,
        d -> Nullable<QuoTed>,
        e -> Nullable<BTypeWhoseNameIsAsLongAsANameCanBeInPostgresqlNo>,
        f -> Nullable<Mood>,
        id -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    f (id) {
        id -> Int4,
        u -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    g (id) {
        f_id -> Nullable<Int4>,
        f_u -> Nullable<Int4>,
        id -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    h (id) {
        #[sql_name = "as"]
        as_ -> Nullable<Int4>,
        f_id -> Nullable<Int4>,
        id -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    inside (id) {
        a_column_whose_name_is_as_long_as_a_name_can_be_in_postgresql_y -> Nullable<Numeric>,
        id -> Int4,
        outside_id -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    keywords (type_) {
        #[sql_name = "-"]
        __ -> Nullable<Int4>,
        #[sql_name = "1st"]
        _1st -> Nullable<Int4>,
        #[sql_name = "Self"]
        Self_ -> Nullable<Int4>,
        Upper -> Nullable<Int4>,
        #[sql_name = "_"]
        __ -> Nullable<Int4>,
        #[sql_name = "__dunder"]
        __dunder_ -> Nullable<Int4>,
        __dunder_ -> Nullable<Int4>,
        #[sql_name = "a-b"]
        a_b -> Nullable<Int4>,
        #[sql_name = "a.b"]
        a_b -> Nullable<Int4>,
        #[sql_name = "as"]
        as_ -> Nullable<Int4>,
        #[sql_name = "async"]
        async_ -> Nullable<Int4>,
        #[sql_name = "columns"]
        columns_ -> Nullable<Int4>,
        #[sql_name = "crate"]
        crate_ -> Nullable<Int4>,
        #[sql_name = "dyn"]
        dyn_ -> Nullable<Int4>,
        gen -> Nullable<Int4>,
        #[sql_name = r##"hash#""##]
        hash_ -> Nullable<Int4>,
        #[sql_name = "is_nullable"]
        is_nullable_ -> Nullable<Int4>,
        #[sql_name = "keywords"]
        keywords_ -> Nullable<Int4>,
        #[sql_name = "macro"]
        macro_ -> Nullable<Int4>,
        #[sql_name = r#"quo"te"#]
        quo_te -> Nullable<Int4>,
        #[sql_name = "r#x"]
        r_x -> Nullable<Int4>,
        #[sql_name = "self"]
        self_ -> Nullable<Int4>,
        #[sql_name = "super"]
        super_ -> Nullable<Int4>,
        #[sql_name = "table"]
        table_ -> Nullable<Int4>,
        #[sql_name = "try"]
        try_ -> Nullable<Int4>,
        #[sql_name = "type"]
        type_ -> Int4,
        union -> Nullable<Int4>,
        #[sql_name = "with space"]
        with_space -> Nullable<Int4>,
        #[sql_name = "yield"]
        yield_ -> Nullable<Int4>,
        #[sql_name = "é"]
        __ -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    #[sql_name = r#"quo"ted"#]
    quo_ted (id) {
        id -> Int4,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    #[sql_name = "table"]
    table_ (id) {
        id -> Int4,
        #[sql_name = "table"]
        table_ -> Nullable<Int4>,
        #[sql_name = "table_"]
        table__ -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    #[sql_name = "type"]
    type_ (type_) {
        #[sql_name = "type"]
        type_ -> Int4,
        #[sql_name = "type_"]
        type__ -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::*;

    #[sql_name = "with space"]
    with_space (id) {
        #[sql_name = "__x"]
        __x_ -> Nullable<Int4>,
        id -> Int4,
        #[sql_name = "type"]
        type_ -> Nullable<Int4>,
    }
}

diesel::joinable!(Upper -> _1st (Upper_));
diesel::joinable!(c -> b (b));
diesel::joinable!(h -> a (as_));
diesel::joinable!(h -> f (f_id));
diesel::joinable!(with_space -> table_ (__x_));
diesel::joinable!(with_space -> type_ (type_));

diesel::allow_tables_to_appear_in_same_query!(
    _1st, Upper, _lead, a, arrays, b, c, d, domains, e, enums, f, g, h, inside, keywords, quo_ted,
    table_, type_, with_space,
);
