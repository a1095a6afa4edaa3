//! Partitions that leave their parent, with what they have from it, and partitions to whose rows others refer.

use super::changes::{CASE, Case, all};
use super::{Pair, Postgres, run};
use crate::change::HazardKind;
use crate::diff::{Renames, diff};
use crate::plan::plan;

const PARENT: &str = "CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE p (id int, k int NOT NULL, o int CONSTRAINT p_o REFERENCES o, \
    v text, CONSTRAINT p_v CHECK (v <> ''), PRIMARY KEY (id, k), UNIQUE (v, k)) PARTITION BY LIST (k); CREATE INDEX p_i ON p (v); \
    CREATE UNIQUE INDEX p_u ON p (o, k);";
const OWN: &str = "id int, k int NOT NULL, o int CONSTRAINT p_o REFERENCES o, v text, CONSTRAINT p_v CHECK (v <> ''), PRIMARY KEY (id, k), \
    UNIQUE (v, k)";

fn leak(text: String) -> &'static str {
    text.leak()
}

#[test]
fn a_partition_leaves_with_what_it_has() {
    let part = leak(format!("{PARENT} CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)"));
    let case = |new: String| Case {
        old: part,
        new: leak(new),
        rows: "INSERT INTO o VALUES (1); INSERT INTO p VALUES (1, 1, 1, 'x')",
        same: "SELECT v FROM p1",
        ..CASE
    };
    let indexes = "CREATE INDEX ON p1 (v); CREATE UNIQUE INDEX ON p1 (o, k)";
    all(&[
        case(format!("{PARENT} CREATE TABLE p1 ({OWN}); {indexes}")),
        case(format!("{PARENT} CREATE TABLE p1 ({OWN})")),
        case(format!("{PARENT} CREATE TABLE p1 (id int NOT NULL, k int NOT NULL, o int, v text)")),
        case(format!("CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE p1 ({OWN}); {indexes}")),
        // To another parent, with other keys, and to one of its own with none.
        case(format!(
            "{PARENT} CREATE TABLE q (LIKE p) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF q FOR VALUES IN (1)"
        )),
        case(format!(
            "{PARENT} CREATE TABLE q (LIKE p, PRIMARY KEY (id, k)) PARTITION BY LIST (k); CREATE INDEX q_i ON q (v); \
             CREATE TABLE p1 PARTITION OF q DEFAULT"
        )),
    ]);
}

#[test]
fn partitions_that_refer_to_each_other_change_their_parents() {
    let of = |p: &str, q: &str| {
        leak(format!(
            "CREATE TABLE {p} (a int, b int, UNIQUE (a)) PARTITION BY LIST (a); \
             CREATE TABLE x PARTITION OF {p} (PRIMARY KEY (a, b)) FOR VALUES IN (1); \
             CREATE TABLE {q} (a int, b int, UNIQUE (a)) PARTITION BY LIST (a); \
             CREATE TABLE y PARTITION OF {q} (PRIMARY KEY (a, b)) FOR VALUES IN (1); \
             ALTER TABLE {p} ADD CONSTRAINT pq FOREIGN KEY (a) REFERENCES {q} (a) DEFERRABLE INITIALLY DEFERRED; \
             ALTER TABLE {q} ADD CONSTRAINT qp FOREIGN KEY (a) REFERENCES {p} (a) DEFERRABLE INITIALLY DEFERRED; \
             ALTER TABLE x ADD CONSTRAINT xy FOREIGN KEY (a, b) REFERENCES y DEFERRABLE INITIALLY DEFERRED; \
             ALTER TABLE y ADD CONSTRAINT yx FOREIGN KEY (a, b) REFERENCES x DEFERRABLE INITIALLY DEFERRED"
        ))
    };
    let rows = "INSERT INTO x VALUES (1, 2); INSERT INTO y VALUES (1, 2)";
    all(&[Case {
        old: of("p", "q"),
        new: of("p2", "q2"),
        rows,
        same: "SELECT b::text FROM x JOIN y USING (a, b)",
        ..CASE
    }]);
}

#[test]
fn a_partition_of_a_partition_leaves_with_what_both_gave() {
    let given = PARENT.replace("UNIQUE (v, k)", "UNIQUE (v, id, k)").replace("p_u ON p (o, k)", "p_u ON p (o, id, k)");
    let own = OWN.replace("UNIQUE (v, k)", "UNIQUE (v, id, k)");
    let parents = format!(
        "{given} CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY RANGE (id); CREATE INDEX own ON p1 (id);"
    );
    let part = leak(format!("{parents} CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (0) TO (9)"));
    let indexes = "CREATE INDEX ON p11 (v); CREATE UNIQUE INDEX ON p11 (o, id, k); CREATE INDEX ON p11 (id)";
    all(&[Case {
        old: part,
        new: leak(format!("{parents} CREATE TABLE p11 ({own}); {indexes}")),
        rows: "INSERT INTO o VALUES (1); INSERT INTO p VALUES (1, 1, 1, 'x')",
        same: "SELECT v FROM p11",
        ..CASE
    }]);
}

#[test]
fn rows_of_partitions_are_referred_to() {
    let key = "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);";
    let both = leak(format!(
        "{key} CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (9) TO (20); CREATE TABLE f (p int REFERENCES p)"
    ));
    let own = "CREATE TABLE p (id int PRIMARY KEY, up int REFERENCES p) PARTITION BY RANGE (id); \
               CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);";
    all(&[
        // One goes, all go, one leaves while the key goes.
        Case {
            old: both,
            new: leak(format!("{key} CREATE TABLE f (p int REFERENCES p)")),
            rows: "INSERT INTO p VALUES (1); INSERT INTO f VALUES (1)",
            same: "SELECT p::text FROM f",
            ..CASE
        },
        Case { old: both, new: "SELECT 1", ..CASE },
        Case { old: leak(format!("{own} INSERT INTO p VALUES (1, 1)")), new: "SELECT 1", ..CASE },
        Case {
            old: both,
            new: leak(format!("{} CREATE TABLE p2 (id int PRIMARY KEY); CREATE TABLE f (p int)", key)),
            rows: "INSERT INTO p VALUES (10)",
            same: "SELECT id::text FROM p2",
            ..CASE
        },
    ]);
}

#[test]
fn a_key_waits_for_partitions_that_are_split_by_what_it_lacks() {
    let old = "CREATE TABLE p (id int NOT NULL, k int NOT NULL) PARTITION BY LIST (k); \
               CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1) PARTITION BY RANGE (id); \
               CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (0) TO (9)";
    all(&[
        Case { old, new: "CREATE TABLE p (id int NOT NULL, k int PRIMARY KEY) PARTITION BY LIST (k)", ..CASE },
        Case { old, new: "CREATE TABLE p (id int NOT NULL, k int NOT NULL UNIQUE) PARTITION BY LIST (k)", ..CASE },
        Case {
            old,
            new: "CREATE TABLE p (id int NOT NULL, k int NOT NULL) PARTITION BY LIST (k); CREATE UNIQUE INDEX ON p (k)",
            ..CASE
        },
        Case {
            old,
            new: "CREATE TABLE p (id int NOT NULL, k int PRIMARY KEY) PARTITION BY LIST (k); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
            ..CASE
        },
    ]);
}

#[test]
fn an_index_on_the_parent_alone_gets_its_parts() {
    let parent = "CREATE TABLE p (a int NOT NULL, b int NOT NULL) PARTITION BY LIST (a); \
                  CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);";
    let alone = "ALTER TABLE ONLY p ADD CONSTRAINT p_key PRIMARY KEY (a, b); CREATE INDEX i ON ONLY p (b);";
    let old = leak(format!("{parent} {alone} CREATE UNIQUE INDEX p1_key ON p1 (a, b)"));
    let attach = "ALTER INDEX p_key ATTACH PARTITION p1_key;";
    let mut pair = Pair::new();
    for new in [
        format!("{parent} {alone} ALTER TABLE p1 ADD CONSTRAINT p1_key PRIMARY KEY (a, b); {attach}"),
        format!(
            "{parent} {alone} ALTER TABLE p1 ADD CONSTRAINT p1_key PRIMARY KEY (a, b); {attach} CREATE INDEX i1 ON p1 (b); \
             ALTER INDEX i ATTACH PARTITION i1; ALTER TABLE p2 ADD CONSTRAINT p2_key PRIMARY KEY (a, b); \
             ALTER INDEX p_key ATTACH PARTITION p2_key"
        ),
    ] {
        pair.reset();
        pair.first().batch(old).unwrap();
        pair.second().batch(&new).unwrap();
        let (from, to) = (pair.read_first(), pair.read_second());
        run(pair.first(), &from, &to, &Renames::default()).unwrap();
        assert_eq!(pair.read_first(), to);
        // No statement detaches an index.
        let refused = run(pair.first(), &to, &from, &Renames::default()).unwrap_err();
        assert!(refused.contains("in another way"), "{refused}");
    }
}

#[test]
fn a_step_says_that_rows_which_are_referred_to_would_keep_a_partition() {
    let parent = "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);";
    let part = "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);";
    let own = "CREATE TABLE p1 (id int PRIMARY KEY);";
    let key = "CREATE TABLE f (p int, CONSTRAINT f_p FOREIGN KEY (p) REFERENCES p);";
    let mut pair = Pair::new();
    let mut warned = |old: String, new: String| {
        pair.reset();
        pair.first().batch(&old).unwrap();
        pair.second().batch(&new).unwrap();
        let (old, new) = (pair.read_first(), pair.read_second());
        let changes = diff(&old, &new, &Renames::default()).unwrap();
        let steps = plan(&old, &new, &changes, &Postgres).unwrap().steps;
        let detach = steps.iter().find(|step| step.sql.contains("DETACH PARTITION"));
        detach.map(|step| step.hazards.iter().any(|hazard| hazard.kind == HazardKind::MayFail))
    };
    // The foreign key stays, goes, comes.
    assert_eq!(warned(format!("{parent}{part}{key}"), format!("{parent}{own}{key}")), Some(true));
    assert_eq!(warned(format!("{parent}{part}{key}"), format!("{parent}{key}")), Some(true));
    assert_eq!(warned(format!("{parent}{part}{key}"), format!("{parent}{own}")), Some(false));
    assert_eq!(warned(format!("{parent}{part}"), format!("{parent}{own}{key}")), Some(false));
    assert_eq!(warned(format!("{parent}{part}"), format!("{parent}{key}")), None);
}
