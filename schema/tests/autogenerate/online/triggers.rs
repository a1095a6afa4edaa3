//! A back-fill is an `UPDATE` of each row, and the plan says whose triggers run for it.

use diesel_schema::change::HazardKind;
use diesel_schema::generate::Prepared;

use super::{ROWS, Way, a_token, and, bare_t, p};
use crate::build::*;

/// Those that a back-fill fires are `every` and `touch`.
const TRIGGERS: &str = "CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN
        IF TG_LEVEL = 'ROW' THEN INSERT INTO log (name) VALUES (TG_NAME); END IF; RETURN NEW; END$$;
    CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION told();
    CREATE TRIGGER every AFTER INSERT OR UPDATE OF b, token, x_second OR DELETE ON t FOR ROW EXECUTE FUNCTION told();
    CREATE TRIGGER named BEFORE UPDATE OF a, b ON t FOR EACH ROW EXECUTE FUNCTION told();
    CREATE TRIGGER added BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION told();
    CREATE TRIGGER at_once AFTER UPDATE ON t FOR EACH STATEMENT EXECUTE FUNCTION told();
    CREATE TRIGGER quiet BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION told();
    ALTER TABLE t DISABLE TRIGGER quiet;\n";

fn told(prepared: &Prepared) -> Vec<&str> {
    let hazards = prepared.dialects.iter().flat_map(|part| &part.transition.up.steps).flat_map(|step| &step.hazards);
    hazards.filter(|it| it.kind == HazardKind::FiresTriggers).map(|it| it.message.as_str()).collect()
}

/// The triggers that ran, and what was said of them before.
fn fired(way: &Way, plain_below: u64) -> (String, String) {
    let mut journey = way.begin(plain_below);
    journey.live.connection().batch("DELETE FROM log").unwrap();
    let (prepared, _) = journey.write(&way.declared()).unwrap();
    let folder = journey.folder();
    journey.live.upgrade(&folder).unwrap_or_else(|error| panic!("{error}"));
    let ran = "SELECT coalesce(string_agg(DISTINCT name, ', '), '') FROM log";
    (journey.live.connection().rows(ran).unwrap()[0][0].clone().unwrap(), told(&prepared).join("\n"))
}

#[test]
fn the_plan_names_the_triggers_that_a_back_fill_fires() {
    let without = |name: &str| {
        let lines = TRIGGERS.lines().filter(|line| !line.contains(&format!("TRIGGER {name} ")));
        lines.collect::<Vec<_>>().join("\n")
    };
    let way = |from, to, triggers: &str, before: &str| {
        let stage = |table, text: &str| Stage::from([p(), table, t("log", [c("name", "Text")])]).and_sql(text);
        let said = |text: &str, columns: &str| text.replace("b, token, x_second", columns);
        let (before, after) = (said(triggers, before), said(triggers, before));
        Way { from: stage(from, &before), to: stage(to, &after), by_hand: None, rows: ROWS }
    };
    let retyped = |triggers: &str| way(and(c("x", "Int4").int(3)), and(c("x", "Int8").int(3)), triggers, "b");
    let (ran, said) = fired(&retyped(TRIGGERS), 0);
    assert_eq!(ran, "touch");
    assert_eq!(
        said,
        "the trigger touch of t runs for each row that x is filled in, because that is an UPDATE: an updated_at that it \
         sets is then of today everywhere; a trigger that says its columns (UPDATE OF ..) is left alone; --plain writes \
         the table anew, under a lock, and fires none"
    );
    assert_eq!(fired(&retyped(TRIGGERS), u64::MAX), Default::default());
    assert_eq!(fired(&retyped(&without("touch")), 0), Default::default());
    let added = way(bare_t(), and(a_token()), TRIGGERS, "b");
    let (ran, said) = fired(&added, 0);
    assert_eq!(ran, "touch");
    assert!(said.starts_with("the trigger touch of t runs for each row that token is filled in"), "{said}");
    assert_eq!(fired(&added, u64::MAX), Default::default());
}
