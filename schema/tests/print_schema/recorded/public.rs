// @generated automatically by Diesel CLI.

pub mod public {
    pub mod sql_types {
        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(
            name = "b_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_no",
            schema = "other"
        ))]
        pub struct BTypeWhoseNameIsAsLongAsANameCanBeInPostgresqlNo;

        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = "mood"))]
        pub struct Mood;

        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = r##"quo"ted#"##))]
        pub struct QuoTed;

        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = "tone_of_voice", schema = "other"))]
        pub struct ToneOfVoice;

        #[derive(diesel::sql_types::SqlType)]
        #[diesel(postgres_type(name = "Weird Type-name"))]
        pub struct WeirdTypeName;
    }

    diesel::table! {
        a (id) {
            id -> Int4,
            b_id -> Nullable<Int4>,
        }
    }

    diesel::table! {
        b (id) {
            id -> Int4,
            a_id -> Nullable<Int4>,
        }
    }

    diesel::table! {
        c (id) {
            id -> Int4,
            parent -> Nullable<Int4>,
            a1 -> Nullable<Int4>,
            a2 -> Nullable<Int4>,
            b -> Nullable<Int4>,
        }
    }

    diesel::table! {
        d (y, x) {
            x -> Int4,
            y -> Int4,
            u -> Nullable<Int4>,
        }
    }

    diesel::table! {
        e (id) {
            id -> Int4,
            x -> Nullable<Int4>,
            y -> Nullable<Int4>,
            d_u -> Nullable<Int4>,
        }
    }

    diesel::table! {
        use diesel::sql_types::*;
        use super::sql_types::Mood;
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

    diesel::joinable!(c -> b (b));

    diesel::allow_tables_to_appear_in_same_query!(a, b, c, d, e, enums,);
}
