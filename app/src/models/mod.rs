//! The tables. `cargo run --bin autogenerate -- "what changes"` turns an edit here into a migration.

mod app_config;
mod github_profile;
mod recommendation;
mod session;
mod user;

pub use app_config::AppConfig;
pub use github_profile::GithubProfile;
pub use recommendation::Recommendation;
pub use session::Session;
pub use user::User;

/// Stand-in until the macros land.
#[allow(missing_docs)]
pub mod schema {
    diesel::table! { app_config (key) { key -> Varchar, value -> Text, description -> Nullable<Text>, updated_at -> Timestamp, } }
    diesel::table! { users (id) { id -> Integer, email -> Varchar, username -> Varchar, hashed_password -> Varchar,
    full_name -> Nullable<Varchar>, github_username -> Nullable<Varchar>, is_active -> Bool, created_at -> Timestamp, updated_at -> Timestamp,
    bio -> Nullable<Text>, email_notifications_enabled -> Bool, default_tone -> Varchar, language -> Varchar, } }
    diesel::table! { github_profiles (id) { id -> Integer, user_id -> Integer, github_username -> Varchar, profile_data -> Text, created_at -> Timestamp, updated_at -> Timestamp, } }
    diesel::table! { recommendations (id) { id -> Integer, user_id -> Integer, github_profile_id -> Integer, title -> Varchar, content -> Text, tone -> Varchar, status -> Varchar, created_at -> Timestamp, updated_at -> Timestamp, } }
    diesel::table! { sessions (token_hash) { token_hash -> Varchar, user_id -> Integer, created_at -> Timestamp, expires_at -> Timestamp, } }
    diesel::joinable!(sessions -> users (user_id));
    diesel::allow_tables_to_appear_in_same_query!(sessions, users);
}
