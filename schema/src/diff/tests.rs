use proptest::prelude::*;

use super::*;
use crate::schema::{Check, ColumnType, ForeignKey, ForeignKeyAction, Name};

pub(crate) fn table(name: &str, columns: &[u8], target: Option<u8>, check: bool) -> Table {
    let own = columns.iter().map(|it| Column {
        name: format!("c{}", it % 4),
        ty: ColumnType::builtin(if it % 3 == 0 { "integer" } else { "text" }),
        nullable: it % 2 == 0,
        default: None,
        identity: None,
        generated: None,
        is_virtual: false,
        not_null: None,
        collation: None,
        comment: (it % 5 == 0).then(|| "x".to_owned()),
    });
    let by_name: BTreeMap<_, _> = own.map(|it| (it.name.clone(), it)).collect();
    let first = by_name.keys().next().cloned().unwrap_or_default();
    Table {
        name: Name::new(name),
        columns: by_name.into_values().collect(),
        primary_key: None,
        uniques: vec![],
        foreign_keys: target
            .map(|to| ForeignKey {
                name: format!("{name}_fk"),
                columns: vec![first.clone()],
                references: Name::new(format!("t{to}")),
                references_columns: vec!["c0".into()],
                on_delete_columns: Vec::new(),
                on_delete: ForeignKeyAction::NoAction,
                on_update: ForeignKeyAction::NoAction,
                match_full: false,
                period: false,
                deferrable: Default::default(),
                validated: true,
                enforced: true,
                comment: None,
            })
            .into_iter()
            .collect(),
        checks: check
            .then(|| Check {
                name: "k".into(),
                expr: format!("{first} IS NULL"),
                no_inherit: false,
                validated: true,
                enforced: true,
                comment: None,
            })
            .into_iter()
            .collect(),
        indexes: vec![],
        comment: None,
        options: vec![],
        inheritance: crate::schema::Inheritance::default(),
    }
}

fn schemas() -> impl Strategy<Value = Schema> {
    let one = (0_u8..4, prop::collection::vec(any::<u8>(), 1..5), prop::option::of(0_u8..4), any::<bool>());
    prop::collection::vec(one, 0..4).prop_map(|all| {
        let tables = all.iter().map(|(name, columns, to, check)| table(&format!("t{name}"), columns, *to, *check));
        Schema { tables: tables.map(|it| (it.name.clone(), it)).collect(), ..Schema::default() }
    })
}

fn sorted(mut schema: Schema) -> Schema {
    schema.tables.values_mut().for_each(|it| it.columns.sort_by(|a, b| a.name.cmp(&b.name)));
    schema
}

proptest! {
    #[test]
    fn the_changes_make_the_new_schema_of_the_old(a in schemas(), b in schemas()) {
        prop_assert_eq!(diff(&a, &a, &Renames::default()).unwrap(), vec![]);
        let mut made = a.clone();
        for change in diff(&a, &b, &Renames::default()).unwrap() {
            prop_assert_eq!(&change.reverse().reverse(), &change);
            apply(&mut made, &change);
        }
        prop_assert_eq!(sorted(made), sorted(b));
    }
}
