//! Row-level security that is forced hides rows from the table's owner, too: nothing of them is passed over.

use diesel_schema::declared::{Column, Identity, Model};

use super::{ROWS, Way, a_token, and, bare_t, p};
use crate::build::*;
use crate::journey::{Journey, sql};

/// Shows a sixth of the rows.
const FORCED: &str = "ALTER TABLE t ENABLE ROW LEVEL SECURITY;\nALTER TABLE t FORCE ROW LEVEL SECURITY;\n\
    CREATE POLICY own ON t USING (a > 250);\n";

fn way(from: Model, to: Model) -> Way {
    let stage = |table| Stage::from([p(), table]).and_sql(FORCED);
    Way { from: stage(from), to: stage(to), by_hand: None, rows: ROWS }
}

/// Everything is the property of a role that policies are for; the connection stays what it is.
pub(crate) fn owned(journey: &mut Journey) {
    let owner = "pg_monitor";
    let all = format!(
        "GRANT ALL ON SCHEMA public TO {owner}; DO $$ DECLARE it regclass; BEGIN FOR it IN SELECT oid FROM pg_class \
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP EXECUTE format('ALTER TABLE %s OWNER TO \
         {owner}', it); END LOOP; END $$; SET ROLE {owner}"
    );
    journey.live.connection().batch(&all).unwrap();
}

/// As the owner, who does not see all rows, and who then does.
#[track_caller]
fn is_refused_until_all_are_seen(way: &Way, left: &str) {
    let mut journey = way.begin(0);
    let (_, ids) = journey.write(&way.declared()).unwrap();
    owned(&mut journey);
    let folder = journey.folder();
    let error = journey.live.upgrade(&folder).unwrap_err();
    assert!(error.contains("query would be affected by row-level security policy for table \"t\""), "{error}");
    assert!(error.contains("take a role that sees all rows (BYPASSRLS), or have the table's owner"), "{error}");
    journey.live.connection().batch("ALTER TABLE t NO FORCE ROW LEVEL SECURITY").unwrap();
    journey.live.upgrade(&folder).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(journey.live.connection().rows(left).unwrap(), [[Some("300".to_owned())]]);
    journey.live.downgrade(&folder, &ids).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_back_fill_passes_over_no_row() {
    let token = Column { nullable: true, ..a_token() };
    is_refused_until_all_are_seen(&way(bare_t(), and(token)), "SELECT count(token)::text FROM t");
}

#[test]
fn nor_does_a_second_column() {
    let to = |ty| way(and(c("x", "Int4").int(3)), and(c("x", ty).int(3)));
    is_refused_until_all_are_seen(&to("Int8"), "SELECT count(x)::text FROM t");
}

#[test]
fn what_is_kept_is_kept_of_all_rows() {
    for to in [Stage::from([p()]), Stage::from([p(), t("t", [c("a", "Int4"), c("b", "Int4")])]).and_sql(FORCED)] {
        let way = Way { to, ..way(bare_t(), bare_t()) };
        let mut journey = way.begin(0);
        journey.bench.keep_data = true;
        let (prepared, ids) = journey.write(&way.declared()).unwrap();
        owned(&mut journey);
        let folder = journey.folder();
        let error = journey.live.upgrade(&folder).unwrap_err();
        assert!(error.contains("affected by row-level security"), "{error}\n{}", sql(&prepared));
        journey.live.connection().batch("ALTER TABLE t NO FORCE ROW LEVEL SECURITY").unwrap();
        journey.live.upgrade(&folder).unwrap_or_else(|error| panic!("{error}"));
        journey.live.downgrade(&folder, &ids).unwrap_or_else(|error| panic!("{error}"));
        journey.live.connection().batch("RESET ROLE").unwrap();
        let rows = "SELECT count(*)::text FROM t WHERE p = a";
        assert_eq!(journey.live.connection().rows(rows).unwrap(), [[Some("300".to_owned())]], "{}", sql(&prepared));
    }
}

/// A number that is there already would be given again.
#[test]
fn numbers_go_on_behind_the_greatest_of_all_rows() {
    let way = way(and(c("number", "Int4").not_null()), and(c("number", "Int4").identity(Identity::ByDefault)));
    let journey = Way { rows: "", ..way }.begin(0);
    let declared = Stage::from([p(), and(c("number", "Int4").identity(Identity::ByDefault))]).and_sql(FORCED);
    let declared = declared.of(diesel_schema::Dialect::Postgres);
    let prepared = journey.bench.prepare(&declared, &mut diesel_schema::generate::Nobody, true).unwrap();
    assert!(sql(&prepared).contains("SET LOCAL row_security = off;\n\nSELECT setval("), "{}", sql(&prepared));
}
