//! The server says which casts lose something: every type to every other one and back, with values that show it.

use diesel::{Connection, PgConnection};

use super::url;
use crate::connection::SqlConnection;
use crate::dialect::postgres::ddl::is_lossy;
use crate::dialect::postgres::types::without_modifiers;

const VALUES: &[(&str, &[&str])] = &[
    ("smallint", &["7", "-300"]),
    ("integer", &["7", "0", "1", "-300000", "16777217"]),
    ("bigint", &["7", "9007199254740993", "16777217"]),
    ("real", &["1.5", "0.12345", "3e30"]),
    ("double precision", &["1.5", "0.1", "1e300", "0.123456789012345"]),
    ("numeric", &["1.23456", "7", "12345678901234567890.5"]),
    ("numeric(20,2)", &["1.25", "123456789012345678.25"]),
    ("numeric(20,4)", &["1.2345", "1234567890123456.2345"]),
    ("numeric(20,0)", &["7", "12345678901234567890"]),
    ("money", &["1.25", "90071992547409.93"]),
    ("boolean", &["true", "false"]),
    ("text", &["abc", "1.23456", "2020-01-01 10:20:30.123456", "1 day 10:20:30.123456", LONG]),
    ("character varying(200)", &["abc", "1.23456", "2020-01-01 10:20:30.123456", "1 day 10:20:30.123456", LONG]),
    ("character varying(200)[]", &["{1.23456}", "{2020-01-01 10:20:30.123456}"]),
    ("bpchar", &["abc", "1.23456", "2020-01-01 10:20:30.123456", "1 day 10:20:30.123456", LONG]),
    ("\"char\"", &["a"]),
    ("name", &["abc", "1.23456", "2020-01-01 10:20:30.123456", "1 day 10:20:30.123456"]),
    ("date", &["2020-01-01"]),
    ("date[]", &["{2020-01-01}"]),
    ("time without time zone", &["10:20:30.123456"]),
    ("time(0) without time zone", &["10:20:30"]),
    ("time with time zone", &["10:20:30.123456+03"]),
    ("timestamp without time zone", &["2020-01-01 10:20:30.123456"]),
    ("timestamp without time zone[]", &["{2020-01-01 10:20:30.123456}"]),
    ("timestamp(0) without time zone", &["2020-01-01 10:20:30"]),
    ("timestamp with time zone", &["2020-01-01 10:20:30.123456+00"]),
    ("timestamp(3) with time zone", &["2020-01-01 10:20:30.123+00"]),
    ("interval", &["1 month 3 days 10:20:30.123456"]),
    ("interval(0)", &["2 days 10:20:30"]),
    ("interval day", &["2 days"]),
    ("inet", &["10.0.0.1/8", "10.0.0.1"]),
    ("cidr", &["10.0.0.0/8"]),
    ("macaddr", &["08:00:2b:01:02:03"]),
    ("macaddr8", &["08:00:2b:ff:fe:02:03:04", "08:00:2b:01:02:03:04:05"]),
    ("jsonb", &["{\"a\": 1}", "7"]),
    ("uuid", &["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]),
    ("bit varying", &["101"]),
    ("bit(1)", &["1"]),
    ("oid", &["7"]),
    ("point", &["(1,2)"]),
    ("box", &["(1,2),(0,0)"]),
    ("lseg", &["[(1,2),(0,0)]"]),
    ("path", &["((0,0),(0,1),(1,1))"]),
    ("polygon", &["((0,0),(0,1),(1,1))"]),
];

/// Longer than a name can be.
const LONG: &str = "y123456789012345678901234567890123456789012345678901234567890123456789";

/// What becomes of a value: `kept`, `lost`, or `stuck` where there is no cast, or none back. Equal is what the type calls
/// equal, where it has an equality, or what reads the same.
const TRIP: &str = "
    CREATE FUNCTION pg_temp.trip(f text, t text, bare_f text, bare_t text, v text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE same boolean;
    BEGIN
        EXECUTE format('CREATE TEMP TABLE trip (c %s, was %1$s)', f);
        EXECUTE format('INSERT INTO trip VALUES (%L, %1$L)', v);
        EXECUTE format('ALTER TABLE trip ALTER c TYPE %s USING c::%s', t, bare_t);
        EXECUTE format('ALTER TABLE trip ALTER c TYPE %s USING c::%s', f, bare_f);
        SELECT c::text = was::text INTO same FROM trip;
        BEGIN
            IF f !~ '^(box|lseg|path|polygon|point|circle)$' THEN
                EXECUTE 'SELECT c = was FROM trip' INTO same;
            END IF;
        EXCEPTION WHEN undefined_function THEN NULL;
        END;
        DROP TABLE trip;
        RETURN CASE WHEN same THEN 'kept' ELSE 'lost' END;
    EXCEPTION WHEN OTHERS THEN RETURN 'stuck';
    END $$";

/// What differs afterwards, and is no loss: a text says the same in another way.
fn only_reads_differently(from: &str, to: &str) -> bool {
    let text = ["text", "character varying", "bpchar", "name"].iter().any(|text| from.starts_with(text));
    text && matches!(to, "interval" | "inet" | "cidr" | "timestamp with time zone" | "timestamp without time zone")
}

#[test]
fn the_casts_that_lose_something() {
    let mut connection = PgConnection::establish(&url()).expect("connect");
    connection.batch("SET timezone = 'UTC'; SET lc_monetary = 'C'").expect("set");
    connection.batch(TRIP).expect("function");
    let mut wrong = Vec::new();
    for (from, values) in VALUES {
        for (to, _) in VALUES.iter().filter(|(to, _)| to != from) {
            let (bare_from, bare_to) = (without_modifiers(from), without_modifiers(to));
            let sql: Vec<String> = values
                .iter()
                .map(|v| {
                    format!("pg_temp.trip($q${from}$q$, $q${to}$q$, $q${bare_from}$q$, $q${bare_to}$q$, $q${v}$q$)")
                })
                .collect();
            let rows = connection.rows(&format!("SELECT {}", sql.join(", "))).expect("trip");
            let outcomes: Vec<&str> = rows[0].iter().flatten().map(String::as_str).collect();
            let lost = outcomes.contains(&"lost");
            let never_stands = outcomes.iter().all(|outcome| *outcome == "stuck");
            match is_lossy(from, to) {
                false if lost && !only_reads_differently(from, to) => wrong.push(format!("{from} to {to} loses")),
                true if !lost && !never_stands => wrong.push(format!("{from} to {to} keeps everything")),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
