// @generated automatically by Diesel CLI.

diesel::table! {
    app_config (key) {
        key -> Varchar,
        value -> Text,
        description -> Nullable<Text>,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    github_profiles (id) {
        id -> Int4,
        user_id -> Int4,
        github_username -> Varchar,
        profile_data -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    recommendations (id) {
        id -> Int4,
        user_id -> Int4,
        github_profile_id -> Int4,
        title -> Varchar,
        content -> Text,
        tone -> Varchar,
        status -> Varchar,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Varchar,
        user_id -> Int4,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    users (id) {
        id -> Int4,
        email -> Varchar,
        username -> Varchar,
        hashed_password -> Varchar,
        full_name -> Nullable<Varchar>,
        github_username -> Nullable<Varchar>,
        is_active -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        bio -> Nullable<Text>,
        email_notifications_enabled -> Bool,
        default_tone -> Varchar,
        language -> Varchar,
    }
}

diesel::joinable!(github_profiles -> users (user_id));
diesel::joinable!(recommendations -> github_profiles (github_profile_id));
diesel::joinable!(recommendations -> users (user_id));
diesel::joinable!(sessions -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    app_config,
    github_profiles,
    recommendations,
    sessions,
    users,
);
