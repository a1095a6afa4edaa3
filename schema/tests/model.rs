//! Models as a user writes them, over several modules, on an in-memory SQLite.

use diesel::prelude::*;
use diesel::sqlite::SqliteConnection;
use diesel_schema::declared::{ForeignKeyAction, Identity, Model as Declared, TypeKind};
use diesel_schema::prelude::*;

#[allow(unreachable_pub)]
mod models {
    pub mod user {
        use diesel_schema::prelude::*;

        pub type Counter = i64;

        /// What a user likes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, SqlEnum)]
        pub enum Tone {
            Professional,
            Friendly,
            #[sql_value("laid-back")]
            Casual,
        }

        /// People who sign in.
        #[model(table = "users")]
        #[index(logins desc nulls_last, where = "bio IS NOT NULL")]
        #[index("lower(email)", unique, name = "users_email_lower")]
        #[check("length(username) >= 3")]
        #[derive(Debug, Clone, PartialEq)]
        pub struct User {
            #[primary_key]
            pub id: i32,
            #[unique]
            #[sql_type(Varchar(64))]
            pub username: String,
            pub email: String,
            /// Markdown.
            pub bio: Option<String>,
            #[default(true)]
            pub notify: bool,
            #[default("professional")]
            pub tone: self::Tone,
            pub other_tone: Option<Tone>,
            #[default(0)]
            #[sql_type(BigInt)]
            pub logins: Counter,
            pub r#type: String,
            #[references(Self, on_delete = set_null)]
            pub invited_by: Option<i32>,
        }
    }

    pub mod post {
        use diesel_schema::prelude::*;

        use super::user::User;

        #[model(table = "posts")]
        #[unique(user_id, body)]
        #[derive(Debug, Clone, PartialEq)]
        pub struct Post {
            #[primary_key]
            pub id: i64,
            #[index]
            #[references(User, on_delete = cascade)]
            pub user_id: i32,
            #[renamed_from("text")]
            pub body: String,
            #[generated("length(body)")]
            pub length: i32,
        }

        #[model(table = "likes")]
        #[derive(Debug)]
        pub struct Like {
            #[primary_key]
            #[references(super::user::User)]
            pub user_id: i32,
            #[primary_key]
            #[references(Post)]
            pub post_id: i64,
        }

        #[model(table = "like_notes")]
        #[foreign_key((user_id, post_id) -> Like(user_id, post_id), on_delete = cascade)]
        #[derive(Debug)]
        pub struct LikeNote {
            #[primary_key]
            pub id: i32,
            pub user_id: i32,
            pub post_id: i64,
            #[sql_name("note text")]
            pub note: String,
        }
    }
    pub use post::*;
    pub use user::*;
}

diesel_schema::prelude::schema! {
    pub mod schema;
    models: [models::User, models::Post, models::Like, models::post::LikeNote],
    enums: [models::Tone],
    sequences: [order_numbers(start = 1000, increment = -10, cycle)],
    comments: true,
}

use models::{Post, Tone, User};
use schema::{like_notes, likes, posts, users};

const TABLES: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL, username VARCHAR(64) NOT NULL, email TEXT NOT NULL, bio TEXT,
        notify BOOLEAN NOT NULL DEFAULT 1, tone TEXT NOT NULL DEFAULT 'professional', other_tone TEXT,
        logins BIGINT NOT NULL DEFAULT 0, type TEXT NOT NULL, invited_by INTEGER);
    CREATE TABLE posts (id INTEGER PRIMARY KEY NOT NULL, user_id INTEGER NOT NULL, body TEXT NOT NULL,
        length INTEGER NOT NULL GENERATED ALWAYS AS (length(body)) STORED);
    CREATE TABLE likes (user_id INTEGER NOT NULL, post_id BIGINT NOT NULL, PRIMARY KEY (user_id, post_id));
    CREATE TABLE like_notes (id INTEGER PRIMARY KEY NOT NULL, user_id INTEGER NOT NULL, post_id BIGINT NOT NULL,
        \"note text\" TEXT NOT NULL);";

fn connection() -> SqliteConnection {
    use diesel::connection::SimpleConnection;
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute(TABLES).unwrap();
    diesel::insert_into(users::table)
        .values((users::username.eq("ada"), users::email.eq("a@b"), users::type_.eq("x"), users::tone.eq(Tone::Casual)))
        .execute(&mut connection)
        .unwrap();
    diesel::insert_into(posts::table)
        .values((posts::user_id.eq(1), posts::body.eq("hello")))
        .execute(&mut connection)
        .unwrap();
    connection
}

#[test]
fn rows_come_back_as_models() {
    let mut connection = connection();
    let user: User = users::table.select(User::as_select()).first(&mut connection).unwrap();
    assert_eq!(user.tone, Tone::Casual);
    assert_eq!(user.other_tone, None);
    assert_eq!(user.r#type, "x");
    let stored: String =
        diesel::dsl::sql::<diesel::sql_types::Text>("SELECT tone FROM users").get_result(&mut connection).unwrap();
    assert_eq!(stored, "laid-back");
    let posts = Post::belonging_to(&user).select(Post::as_select()).load(&mut connection).unwrap();
    assert_eq!(posts[0].length, 5);
    let logins: i64 = users::table.select(users::logins + 1).first(&mut connection).unwrap();
    assert_eq!(logins, 1);
}

#[test]
fn a_value_that_no_variant_has_is_an_error_that_names_it() {
    let mut connection = connection();
    diesel::sql_query("UPDATE users SET tone = 'rude'").execute(&mut connection).unwrap();
    let error = users::table.select(users::tone).first::<Tone>(&mut connection).unwrap_err();
    let error = format!("{error:?}");
    assert!(error.contains("`rude` is no value of the enum tone"), "{error}");
}

#[test]
fn tables_join_along_their_foreign_keys() {
    let mut connection = connection();
    let pairs: Vec<(User, Post)> = users::table
        .inner_join(posts::table)
        .select((User::as_select(), Post::as_select()))
        .load(&mut connection)
        .unwrap();
    assert_eq!(pairs.len(), 1);
    let likes: i64 =
        likes::table.inner_join(posts::table).inner_join(users::table).count().get_result(&mut connection).unwrap();
    assert_eq!(likes, 0);
    let on = like_notes::user_id.eq(likes::user_id).and(like_notes::post_id.eq(likes::post_id));
    let notes: i64 = like_notes::table.inner_join(likes::table.on(on)).count().get_result(&mut connection).unwrap();
    assert_eq!(notes, 0);
}

#[test]
fn constants_say_what_was_declared() {
    let schema = &schema::SCHEMA;
    let tables: Vec<&str> = schema.models.iter().map(|model| model.table).collect();
    assert_eq!(tables, ["users", "posts", "likes", "like_notes"]);
    let user = Declared::from(&User::DEF);
    assert_eq!(user.comment, "People who sign in.");
    assert_eq!(user.columns[0].identity, Some(Identity::ByDefault));
    assert_eq!(user.columns[1].ty.modifiers, [64]);
    assert!(user.columns[3].nullable);
    assert_eq!(user.columns[3].comment, "Markdown.");
    assert_eq!(user.columns[5].ty.kind, TypeKind::Enum);
    assert_eq!(user.columns[7].ty.name, "BigInt");
    assert_eq!(user.columns[8].name, "type");
    assert_eq!(user.checks[0].columns, ["username"]);
    assert_eq!(user.foreign_keys[0].references_table, "users");
    assert!(user.at.starts_with("schema/tests/model.rs:"), "{}", user.at);
    let [post, like, note] = [Post::DEF, models::Like::DEF, models::LikeNote::DEF].map(|def| Declared::from(&def));
    assert_eq!(post.foreign_keys[0].on_delete, ForeignKeyAction::Cascade);
    assert_eq!(models::Like::PRIMARY_KEY, ["user_id", "post_id"]);
    assert_eq!(like.columns[0].identity, None);
    assert_eq!(note.foreign_keys[0].references_columns, ["user_id", "post_id"]);
    assert_eq!(schema.enums[0].values, ["professional", "friendly", "laid-back"]);
    assert_eq!(schema.sequences[0].increment, Some(-10));
    assert_eq!(post.indexes.len(), 1);
    assert_eq!(post.uniques[0].columns, ["user_id", "body"]);
}
