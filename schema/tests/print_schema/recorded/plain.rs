// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(
        name = "a_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_ye"
    ))]
    pub struct ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYe;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(
        name = "a_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_yes"
    ))]
    pub struct ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYes;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(
        name = "b_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_no",
        schema = "other"
    ))]
    pub struct BTypeWhoseNameIsAsLongAsANameCanBeInPostgresqlNo;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "box", schema = "pg_catalog"))]
    pub struct Box;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "hstore"))]
    pub struct Hstore;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "jsonpath", schema = "pg_catalog"))]
    pub struct Jsonpath;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "ltree", schema = "other"))]
    pub struct Ltree;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "mood"))]
    pub struct Mood;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "moody"))]
    pub struct Moody;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "name", schema = "pg_catalog"))]
    pub struct Name;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "point", schema = "pg_catalog"))]
    pub struct Point;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "polygon", schema = "pg_catalog"))]
    pub struct Polygon;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = r##"quo"ted#"##))]
    pub struct QuoTed;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "regclass", schema = "pg_catalog"))]
    pub struct Regclass;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "short"))]
    pub struct Short;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tid", schema = "pg_catalog"))]
    pub struct Tid;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "timetz", schema = "pg_catalog"))]
    pub struct Timetz;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tone_of_voice", schema = "other"))]
    pub struct ToneOfVoice;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsquery", schema = "pg_catalog"))]
    pub struct Tsquery;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "tsvector", schema = "pg_catalog"))]
    pub struct Tsvector;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "under"))]
    pub struct Under;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "varbit", schema = "pg_catalog"))]
    pub struct Varbit;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "Weird Type-name"))]
    pub struct WeirdTypeName;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "xid8", schema = "pg_catalog"))]
    pub struct Xid8;

    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "xml", schema = "pg_catalog"))]
    pub struct Xml;
}

diesel::table! {
    #[sql_name = "1st"]
    _1st (_1st_) {
        #[sql_name = "1st"]
        _1st_ -> Int4,
    }
}

diesel::table! {
    Upper (id) {
        id -> Int4,
        #[sql_name = "Upper"]
        Upper_ -> Nullable<Int4>,
    }
}

diesel::table! {
    _lead (id) {
        id -> Int4,
        #[sql_name = "_lead"]
        _lead_ -> Nullable<Int4>,
    }
}

diesel::table! {
    a (id) {
        id -> Int4,
        b_id -> Nullable<Int4>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Name;
    use super::sql_types::Ltree;
    use super::sql_types::Hstore;
    use super::sql_types::Timetz;
    use super::sql_types::Jsonpath;
    use super::sql_types::Xml;
    use super::sql_types::Tsvector;
    use super::sql_types::Tsquery;
    use super::sql_types::Varbit;
    use super::sql_types::Point;
    use super::sql_types::Box;
    use super::sql_types::Polygon;
    use super::sql_types::Regclass;
    use super::sql_types::Xid8;
    use super::sql_types::Tid;

    all_types (id) {
        id -> Int8,
        a -> Nullable<Int2>,
        b -> Int4,
        c -> Nullable<Int8>,
        d -> Nullable<Float4>,
        e -> Nullable<Float8>,
        f -> Nullable<Numeric>,
        g -> Nullable<Numeric>,
        h -> Nullable<Money>,
        i -> Nullable<Text>,
        j -> Nullable<Varchar>,
        #[max_length = 64]
        k -> Nullable<Varchar>,
        #[max_length = 1]
        l -> Nullable<Bpchar>,
        #[max_length = 9]
        m -> Nullable<Bpchar>,
        n -> Nullable<Char>,
        o -> Nullable<Bpchar>,
        p -> Nullable<Name>,
        q -> Nullable<Citext>,
        r -> Nullable<Ltree>,
        s -> Nullable<Hstore>,
        t -> Nullable<Array<Nullable<Ltree>>>,
        u -> Nullable<Bytea>,
        v -> Nullable<Date>,
        w -> Nullable<Time>,
        x -> Nullable<Time>,
        y -> Nullable<Timetz>,
        z -> Nullable<Timestamp>,
        aa -> Nullable<Timestamp>,
        ab -> Nullable<Timestamptz>,
        ac -> Nullable<Timestamptz>,
        ad -> Nullable<Interval>,
        ae -> Nullable<Interval>,
        ae2 -> Nullable<Interval>,
        af -> Nullable<Uuid>,
        ag -> Nullable<Json>,
        ah -> Nullable<Jsonb>,
        ai -> Nullable<Jsonpath>,
        aj -> Nullable<Inet>,
        ak -> Nullable<Cidr>,
        al -> Nullable<Macaddr>,
        am -> Nullable<Macaddr8>,
        an -> Nullable<Oid>,
        ao -> Nullable<PgLsn>,
        ap -> Nullable<Xml>,
        aq -> Nullable<Tsvector>,
        ar -> Nullable<Tsquery>,
        at -> Nullable<Int4range>,
        au -> Nullable<Int8range>,
        av -> Nullable<Numrange>,
        aw -> Nullable<Tsrange>,
        ax -> Nullable<Tstzrange>,
        ay -> Nullable<Daterange>,
        az -> Nullable<Int4multirange>,
        ba -> Nullable<Int8multirange>,
        bb -> Nullable<Nummultirange>,
        bc -> Nullable<Tsmultirange>,
        bd -> Nullable<Tstzmultirange>,
        be -> Nullable<Datemultirange>,
        #[max_length = 1]
        bf -> Nullable<Bit>,
        #[max_length = 5]
        bg -> Nullable<Bit>,
        bh -> Nullable<Varbit>,
        #[max_length = 9]
        bi -> Nullable<Varbit>,
        bj -> Nullable<Point>,
        bk -> Nullable<Box>,
        bl -> Nullable<Polygon>,
        bm -> Nullable<Bool>,
        bn -> Nullable<Regclass>,
        bo -> Nullable<Xid8>,
        bp -> Nullable<Tid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Mood;
    use super::sql_types::Under;
    use super::sql_types::Short;
    use super::sql_types::ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYes;
    use super::sql_types::ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYe;

    arrays (id) {
        id -> Int4,
        a -> Array<Nullable<Int4>>,
        b -> Nullable<Array<Nullable<Varchar>>>,
        c -> Nullable<Array<Nullable<Mood>>>,
        d -> Nullable<Array<Nullable<Mood>>>,
        e -> Nullable<Array<Nullable<Text>>>,
        f -> Nullable<Array<Nullable<Under>>>,
        g -> Nullable<Array<Nullable<Under>>>,
        h -> Nullable<Array<Nullable<Short>>>,
        i -> Nullable<Array<Nullable<Bpchar>>>,
        j -> Nullable<Array<Nullable<Char>>>,
        k -> Nullable<Array<Nullable<Timestamptz>>>,
        l -> Nullable<Array<Nullable<Citext>>>,
        m -> Nullable<ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYes>,
        n -> Nullable<Array<Nullable<ATypeWhoseNameIsAsLongAsANameCanBeInPostgresqlYe>>>,
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
    use diesel::sql_types::*;
    use super::sql_types::Short;
    use super::sql_types::Mood;
    use super::sql_types::Moody;

    domains (id) {
        id -> Int4,
        #[max_length = 7]
        a -> Varchar,
        b -> Nullable<Short>,
        c -> Nullable<Mood>,
        d -> Nullable<Array<Nullable<Moody>>>,
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

diesel::table! {
    f (id) {
        id -> Int4,
        u -> Nullable<Int4>,
    }
}

diesel::table! {
    g (id) {
        id -> Int4,
        f_u -> Nullable<Int4>,
        f_id -> Nullable<Int4>,
    }
}

diesel::table! {
    h (id) {
        id -> Int4,
        f_id -> Nullable<Int4>,
        #[sql_name = "as"]
        as_ -> Nullable<Int4>,
    }
}

diesel::table! {
    inside (id) {
        id -> Int4,
        outside_id -> Nullable<Int4>,
        a_column_whose_name_is_as_long_as_a_name_can_be_in_postgresql_y -> Nullable<Numeric>,
    }
}

diesel::table! {
    keywords (type_) {
        #[sql_name = "type"]
        type_ -> Int4,
        #[sql_name = "table"]
        table_ -> Nullable<Int4>,
        #[sql_name = "columns"]
        columns_ -> Nullable<Int4>,
        #[sql_name = "keywords"]
        keywords_ -> Nullable<Int4>,
        #[sql_name = "is_nullable"]
        is_nullable_ -> Nullable<Int4>,
        #[sql_name = "self"]
        self_ -> Nullable<Int4>,
        #[sql_name = "Self"]
        Self_ -> Nullable<Int4>,
        #[sql_name = "crate"]
        crate_ -> Nullable<Int4>,
        #[sql_name = "async"]
        async_ -> Nullable<Int4>,
        #[sql_name = "try"]
        try_ -> Nullable<Int4>,
        gen -> Nullable<Int4>,
        #[sql_name = "1st"]
        _1st -> Nullable<Int4>,
        #[sql_name = "__dunder"]
        __dunder_ -> Nullable<Int4>,
        __dunder_ -> Nullable<Int4>,
        #[sql_name = "_"]
        __ -> Nullable<Int4>,
        #[sql_name = "with space"]
        with_space -> Nullable<Int4>,
        #[sql_name = "é"]
        __ -> Nullable<Int4>,
        #[sql_name = "a-b"]
        a_b -> Nullable<Int4>,
        #[sql_name = r#"quo"te"#]
        quo_te -> Nullable<Int4>,
        Upper -> Nullable<Int4>,
        union -> Nullable<Int4>,
        #[sql_name = "dyn"]
        dyn_ -> Nullable<Int4>,
        #[sql_name = "macro"]
        macro_ -> Nullable<Int4>,
        #[sql_name = "yield"]
        yield_ -> Nullable<Int4>,
        #[sql_name = "as"]
        as_ -> Nullable<Int4>,
        #[sql_name = "r#x"]
        r_x -> Nullable<Int4>,
        #[sql_name = "a.b"]
        a_b -> Nullable<Int4>,
        #[sql_name = "-"]
        __ -> Nullable<Int4>,
        #[sql_name = r##"hash#""##]
        hash_ -> Nullable<Int4>,
        #[sql_name = "super"]
        super_ -> Nullable<Int4>,
    }
}

diesel::table! {
    #[sql_name = r#"quo"ted"#]
    quo_ted (id) {
        id -> Int4,
    }
}

diesel::table! {
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
    #[sql_name = "type"]
    type_ (type_) {
        #[sql_name = "type"]
        type_ -> Int4,
        #[sql_name = "type_"]
        type__ -> Nullable<Int4>,
    }
}

diesel::table! {
    #[sql_name = "with space"]
    with_space (id) {
        id -> Int4,
        #[sql_name = "type"]
        type_ -> Nullable<Int4>,
        #[sql_name = "__x"]
        __x_ -> Nullable<Int4>,
    }
}

diesel::joinable!(Upper -> _1st (Upper_));
diesel::joinable!(c -> b (b));
diesel::joinable!(h -> a (as_));
diesel::joinable!(h -> f (f_id));
diesel::joinable!(with_space -> table_ (__x_));
diesel::joinable!(with_space -> type_ (type_));

diesel::allow_tables_to_appear_in_same_query!(
    _1st, Upper, _lead, a, all_types, arrays, b, c, d, domains, e, enums, f, g, h, inside,
    keywords, quo_ted, table_, type_, with_space,
);
