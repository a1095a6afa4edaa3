//! What foreign keys let Diesel join, in either direction, over files and with several keys to one parent.

use diesel::dsl::exists;
use diesel::pg::expression::extensions::{OnlyDsl, TablesampleDsl};
use diesel::prelude::*;
use diesel_schema::prelude::schema;

mod people {
    use diesel_schema::prelude::*;

    #[model(table = "users")]
    pub struct User {
        #[primary_key]
        pub id: i32,
        pub name: String,
    }
}

mod texts {
    use diesel_schema::prelude::*;

    use super::people::User;

    #[model(table = "posts")]
    pub struct Post {
        #[primary_key]
        pub id: i32,
        #[references(User)]
        pub user_id: i32,
        #[references(Self)]
        pub above: Option<i32>,
    }

    #[model(table = "comments")]
    pub struct Comment {
        #[primary_key]
        pub id: i64,
        #[references(Post)]
        pub post_id: i32,
        #[references(User)]
        pub user_id: i32,
    }

    #[model(table = "lefts")]
    pub struct Left {
        #[primary_key]
        pub id: i64,
        #[references(Right)]
        pub right_id: i64,
    }

    #[model(table = "rights")]
    pub struct Right {
        #[primary_key]
        pub id: i64,
        #[references(Left, join = false)]
        pub left_id: i64,
        #[references(User)]
        pub owner_id: i32,
        #[references(User)]
        pub editor_id: i32,
    }
}

schema! {
    pub mod schema;
    models: [people::User, texts::Post, texts::Comment, texts::Left, texts::Right],
    same_query: [[people::User, texts::Left, texts::Right], [texts::Left, texts::Comment]],
}

/// Where any two tables may stand in one query.
mod all {
    use diesel::prelude::*;

    mod models {
        use diesel_schema::prelude::*;

        #[model(table = "a")]
        pub struct A {
            #[primary_key]
            pub id: i32,
        }

        #[model(table = "b")]
        pub struct B {
            #[primary_key]
            pub id: i32,
            #[references(A)]
            pub a_id: i32,
        }

        #[model(table = "c")]
        pub struct C {
            #[primary_key]
            pub id: i32,
        }

        schema! {
            pub mod schema;
            models: [A, B, C],
            same_query: all,
        }
    }

    use self::models::schema::{a, b, c};

    pub(crate) fn together(connection: &mut PgConnection) {
        let _ = a::table.inner_join(b::table).select(a::id).load::<i32>(connection);
        let _ = a::table.inner_join(c::table.on(c::id.eq(a::id))).select(c::id).load::<i32>(connection);
        let _ = c::table.filter(c::id.eq_any(b::table.select(b::a_id))).select(c::id).load::<i32>(connection);
        let within = c::table.filter(c::id.eq(b::id)).filter(c::id.gt(1));
        let _ = b::table.filter(diesel::dsl::exists(within)).select(b::id).load::<i32>(connection);
    }
}

use schema::{comments, lefts, posts, rights, users};

fn joined(c: &mut PgConnection) {
    let _ = users::table.inner_join(posts::table).select((users::name, posts::id)).load::<(String, i32)>(c);
    let _ = posts::table.left_join(users::table).select(users::name.nullable()).load::<Option<String>>(c);
    let _ = users::table
        .inner_join(posts::table.inner_join(comments::table))
        .select((users::name, comments::id))
        .load::<(String, i64)>(c);
    let _ = users::table.inner_join(posts::table).inner_join(comments::table).select(users::name).load::<String>(c);
    let _ = rights::table.inner_join(lefts::table).select((lefts::id, rights::left_id)).load::<(i64, i64)>(c);
    let _ = users::table.into_boxed().inner_join(posts::table).select(users::id).load::<i32>(c);
}

fn on_a_condition(c: &mut PgConnection) {
    let on = posts::user_id.eq(users::id).and(posts::id.gt(1));
    let _ = users::table.left_join(posts::table.on(on)).select(users::name).load::<String>(c);
    let on = rights::owner_id.eq(users::id);
    let _ = users::table.inner_join(rights::table.on(on)).select(rights::id).load::<i64>(c);
    let _ = users::table.inner_join(lefts::table.on(lefts::id.gt(5))).select(lefts::id).load::<i64>(c);
    let on = lefts::id.eq(comments::id);
    let _ = comments::table.inner_join(lefts::table.on(on)).select(lefts::id).load::<i64>(c);
    let (p, u) = diesel::alias!(posts as p, users as u);
    let on = users::id.eq(p.field(posts::user_id));
    let _ = p.inner_join(users::table.on(on)).select(users::name).load::<String>(c);
    let on = u.field(users::id).eq(posts::user_id);
    let _ = u.inner_join(posts::table.on(on)).select(u.field(users::name)).load::<String>(c);
}

fn within(c: &mut PgConnection) {
    let written = posts::table.filter(posts::user_id.eq(users::id));
    let _ = users::table.filter(exists(written)).select(users::name).load::<String>(c);
    let _ = users::table.only().filter(exists(posts::table.filter(posts::id.gt(1)))).select(users::id).load::<i32>(c);
    let _ = posts::table.only().filter(exists(users::table.filter(users::id.gt(1)))).select(posts::id).load::<i32>(c);
    let some = exists(posts::table.tablesample_system(10).filter(posts::id.gt(1)));
    let _ = users::table.filter(some).select(users::id).load::<i32>(c);
    let some = exists(users::table.tablesample_bernoulli(10).filter(users::id.gt(1)));
    let _ = posts::table.filter(some).select(posts::id).load::<i32>(c);
    let some = posts::table.tablesample_bernoulli(10).filter(exists(users::table.filter(users::id.gt(1))));
    let _ = some.select(posts::id).load::<i32>(c);
    let some = posts::table.filter(exists(users::table.only().filter(users::id.gt(1))));
    let _ = some.select(posts::id).load::<i32>(c);
}

fn belonging(c: &mut PgConnection, users: &[people::User]) {
    let _ = texts::Comment::belonging_to(users).select(texts::Comment::as_select()).load(c);
}

#[test]
fn what_keys_lead_to_is_joined() {
    let _ = (joined, on_a_condition, within, belonging, all::together);
}
