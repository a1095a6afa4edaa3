//! The nodes of the graph: what each one drops, creates, alters, and which names it frees and takes.

use std::slice;

use super::slots::{
    Slot, constraint_slots, exclusions, joined, not_null_slot, object_slots, parts_of, relation, rows_of,
    sequence_slot, slots_of,
};
use crate::change::{Change, Constraint, Step};
use crate::diff::apply;
use crate::schema::{Column, Index, Name, ObjectId, ObjectKind, Schema, Table};

/// One node: a change, or several that a single run of statements carries out.
pub(super) enum Action {
    /// A change.
    One(Change),
    /// All changes of a table that is made anew.
    Rebuild(Name, Vec<Change>),
    /// Columns, of whatever tables, that others take the place of at once.
    Swap(Vec<Change>),
    /// An index that goes and a key that comes, which is the index from then on; and how.
    Promote(Box<[Change; 2]>, Vec<Step>),
    /// A column that goes, and with it what the server drops by itself.
    DropColumn(Change, Vec<ObjectId>),
    /// The first half of a rename in a circle: to a name that nothing has.
    Aside(Change),
    /// The second half: from there to the name that is meant. It stands right behind the first in the list.
    Back(Change),
}

impl Action {
    /// The changes that it carries out.
    pub(super) fn changes(&self) -> &[Change] {
        match self {
            Self::One(change) | Self::Aside(change) | Self::Back(change) | Self::DropColumn(change, _) => {
                slice::from_ref(change)
            }
            Self::Rebuild(_, changes) | Self::Swap(changes) => changes,
            Self::Promote(changes, _) => changes.as_slice(),
        }
    }

    /// Carries it out on a schema in memory, on the way to `new`.
    pub(super) fn apply(&self, schema: &mut Schema, new: &Schema) {
        self.changes().iter().for_each(|change| apply(schema, change));
        match self {
            Self::DropColumn(Change::DropColumn { table, .. }, with) => {
                let Some(table) = schema.tables.get_mut(table) else { return };
                let goes = |id: &ObjectId, name: &str| matches!(id, ObjectId::Constraint(_, it) | ObjectId::Index(_, it) if it == name);
                let stays = |name: &str| !with.iter().any(|id| goes(id, name));
                table.primary_key.take_if(|key| !stays(&key.name));
                table.uniques.retain(|key| stays(&key.name));
                table.indexes.retain(|index| stays(&index.name));
            }
            // Its changes are a list without an order, in which a name may go from one thing to another.
            Self::Rebuild(name, _) => {
                let (Some(table), Some(made)) = (schema.tables.get_mut(name), new.tables.get(name)) else { return };
                let columns = std::mem::take(&mut table.columns);
                *table = Table { columns, ..made.clone() };
            }
            _ => {}
        }
    }

    /// What is there anew when it is done, whether something of that name stood before or not.
    pub(super) fn made(&self) -> Vec<ObjectId> {
        let column = |table: &Name, it: &Column| {
            let sequence = it.identity.as_ref().and_then(|it| it.sequence.as_ref());
            let sequence = sequence.map(|(name, _)| ObjectId::Sequence(name.clone()));
            std::iter::once(ObjectId::Column(table.clone(), it.name.clone())).chain(sequence).collect::<Vec<_>>()
        };
        let of = |change: &Change| match change {
            Change::CreateNamespace(it) => vec![ObjectId::Namespace(it.name.clone())],
            Change::CreateEnum(it) => vec![ObjectId::Enum(it.name.clone())],
            Change::AlterEnum { old, new } if loses_values(&old.values, &new.values) => {
                vec![ObjectId::Enum(new.name.clone())]
            }
            Change::CreateSequence(it) => vec![ObjectId::Sequence(it.name.clone())],
            Change::CreateTable(it) => std::iter::once(ObjectId::Table(it.name.clone()))
                .chain(it.columns.iter().flat_map(|one| column(&it.name, one)))
                .collect(),
            Change::AddColumn { table, column: it } => column(table, it),
            Change::AlterColumn { table, old, new } if old.identity.is_none() && new.identity.is_some() => {
                column(table, new).split_off(1)
            }
            Change::CreateObject(it) => vec![it.id.clone()],
            _ => Vec::new(),
        };
        self.changes().iter().flat_map(of).collect()
    }

    /// For messages, and as the tie-break of the order.
    pub(super) fn title(&self) -> String {
        match self {
            Self::One(change) | Self::Aside(change) | Self::Back(change) | Self::DropColumn(change, _) => {
                change.describe()
            }
            Self::Rebuild(table, _) => format!("make table {table} anew"),
            Self::Swap(_) | Self::Promote(..) => {
                self.changes().iter().map(Change::describe).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Which of two that could both be next comes first.
    pub(super) fn rank(&self) -> u8 {
        let change = match self {
            Self::Rebuild(..) | Self::Swap(_) => return 9,
            Self::Aside(_) => return 4,
            Self::Promote(changes, _) => &changes[1],
            Self::One(change) | Self::Back(change) | Self::DropColumn(change, _) => change,
        };
        match change {
            Change::RenameTable { .. } | Change::RenameColumn { .. } => 0,
            Change::CreateNamespace(_) => 1,
            Change::CreateObject(it) => match kind_of(&it.id) {
                Some(ObjectKind::Extension) => 2,
                Some(ObjectKind::Collation | ObjectKind::Domain | ObjectKind::Type | ObjectKind::Cast) => 5,
                Some(ObjectKind::TextSearchDictionary | ObjectKind::TextSearchConfiguration) => 5,
                // Before an index or a generated column is made of what it gives.
                Some(ObjectKind::TextSearchMapping) => 5,
                Some(ObjectKind::ForeignDataWrapper | ObjectKind::Server | ObjectKind::UserMapping) => 5,
                Some(ObjectKind::Subscription | ObjectKind::Publication | ObjectKind::EventTrigger) => 19,
                Some(ObjectKind::Setting | ObjectKind::Comment) => 20,
                _ => 15,
            },
            Change::DropObject(it) if !is_extension(&it.id) => 3,
            Change::DropConstraint { .. } | Change::DropIndex { .. } => 4,
            Change::CreateEnum(_)
            | Change::AlterEnum { .. }
            | Change::CreateSequence(_)
            | Change::AlterSequence { .. } => 5,
            Change::RenameConstraint { .. } | Change::RenameIndex { .. } | Change::RenameSequence { .. } => 6,
            // Its parent's columns change without it.
            Change::SetInheritance { old, new, .. } if old.bound.is_some() && new.bound.is_none() => 6,
            Change::SetInheritance { old, new, .. } if old.parents.is_empty() && !new.parents.is_empty() => 15,
            Change::CreateTable(_) => 7,
            Change::AddColumn { .. } => 8,
            Change::AlterColumn { .. } | Change::SetOptions { .. } | Change::SetInheritance { .. } => 9,
            Change::DropColumn { .. } => 10,
            Change::AddConstraint { constraint: Constraint::ForeignKey(_), .. } => 13,
            Change::AddConstraint { .. } => 11,
            Change::CreateIndex { .. } => 12,
            Change::DropTable(_) => 14,
            Change::ReplaceObject { new, .. } if kind_of(&new.id) == Some(ObjectKind::TextSearchMapping) => 5,
            Change::ReplaceObject { .. } => 15,
            Change::DropObject(_) | Change::DropEnum(_) | Change::DropSequence(_) => 16,
            Change::DropNamespace(_) => 17,
            Change::SetComment { .. } => 18,
        }
    }
}

const fn kind_of(id: &ObjectId) -> Option<ObjectKind> {
    match id {
        ObjectId::Object(kind, _) => Some(*kind),
        _ => None,
    }
}

fn is_extension(id: &ObjectId) -> bool {
    kind_of(id) == Some(ObjectKind::Extension)
}

/// What an action does to both schemas' objects.
#[derive(Default)]
pub(super) struct Touches {
    /// What is there no longer.
    pub(super) gone: Vec<ObjectId>,
    /// What is there for the first time.
    pub(super) come: Vec<ObjectId>,
    /// What is changed in its place: nothing that it blocks may stand on it meanwhile.
    pub(super) through: Vec<ObjectId>,
    /// Keys that the server makes anew with what is changed: no foreign key may stand on them meanwhile.
    pub(super) made_anew: Vec<ObjectId>,
    /// What is changed in its place under whatever stands on it, before all else that is done to it.
    pub(super) early: Vec<ObjectId>,
    /// Names that are free afterwards.
    pub(super) frees: Vec<Slot>,
    /// Names that have to be free before.
    pub(super) takes: Vec<Slot>,
}

impl Touches {
    fn both(self, other: Self) -> Self {
        fn join<T>(mut a: Vec<T>, b: Vec<T>) -> Vec<T> {
            a.extend(b);
            a
        }
        Self {
            gone: join(self.gone, other.gone),
            come: join(self.come, other.come),
            through: join(self.through, other.through),
            made_anew: join(self.made_anew, other.made_anew),
            early: join(self.early, other.early),
            frees: join(self.frees, other.frees),
            takes: join(self.takes, other.takes),
        }
    }

    fn reversed(self) -> Self {
        Self { gone: self.come, come: self.gone, frees: self.takes, takes: self.frees, ..self }
    }
}

/// What an action drops, creates and alters; `old` has the tables' and columns' new names.
pub(super) fn touches(action: &Action, old: &Schema, new: &Schema) -> Touches {
    match action {
        Action::One(change) => of_change(change, old, new),
        Action::DropColumn(change, with) => {
            let mut all = of_change(change, old, new);
            for id in with {
                all.frees.extend(slots_of(id, old));
                all.gone.push(id.clone());
            }
            all
        }
        Action::Aside(change) => Touches { takes: vec![], ..of_change(change, old, new) },
        Action::Back(change) => Touches { frees: vec![], ..of_change(change, old, new) },
        Action::Swap(_) | Action::Promote(..) => {
            let all = action.changes().iter().map(|change| of_change(change, old, new));
            all.fold(Touches::default(), Touches::both)
        }
        Action::Rebuild(table, changes) => {
            let whole = Touches { through: vec![ObjectId::Table(table.clone())], ..Touches::default() };
            changes.iter().map(|change| in_rebuild(change, old, new)).fold(whole, Touches::both)
        }
    }
}

/// Constraints have no names that others could want where tables are made anew, and old indexes go before.
fn in_rebuild(change: &Change, old: &Schema, new: &Schema) -> Touches {
    let all = of_change(change, old, new);
    match change {
        Change::CreateIndex { .. } => all,
        Change::RenameIndex { .. } => Touches { frees: vec![], ..all },
        _ => Touches { frees: vec![], takes: vec![], ..all },
    }
}

/// The index that is there no longer under its name after the change.
pub(super) fn index_before(change: &Change, old: &Schema) -> Option<Index> {
    match change {
        Change::DropIndex { index, .. } => Some(index.clone()),
        Change::RenameIndex { table, from, .. } => {
            old.tables.get(table)?.indexes.iter().find(|index| index.name == *from).cloned()
        }
        _ => None,
    }
}

fn whole(table: &Table) -> Touches {
    let name = &table.name;
    let mut all = Touches { come: vec![ObjectId::Table(name.clone())], ..Touches::default() };
    all.takes.push(relation(&name.namespace, &name.name));
    for column in &table.columns {
        all.come.push(ObjectId::Column(name.clone(), column.name.clone()));
        all.takes.extend(names_of(name, column));
    }
    for (constraint, it) in Constraint::all_of(table) {
        all.come.push(ObjectId::Constraint(name.clone(), constraint));
        all.takes.extend(constraint_slots(name, &it));
    }
    for index in &table.indexes {
        all.come.push(ObjectId::Index(name.clone(), index.name.clone()));
        all.takes.push(relation(&name.namespace, &index.name));
    }
    all
}

fn created(id: ObjectId, takes: Vec<Slot>) -> Touches {
    Touches { come: vec![id], takes, ..Touches::default() }
}

fn of_change(change: &Change, old: &Schema, new: &Schema) -> Touches {
    let named = |name: &Name| vec![relation(&name.namespace, &name.name)];
    match change {
        Change::CreateNamespace(it) => created(ObjectId::Namespace(it.name.clone()), vec![]),
        Change::CreateEnum(it) => created(ObjectId::Enum(it.name.clone()), named(&it.name)),
        Change::CreateSequence(it) => created(ObjectId::Sequence(it.name.clone()), named(&it.name)),
        Change::CreateTable(it) => whole(it),
        Change::AddColumn { table, column } => {
            created(ObjectId::Column(table.clone(), column.name.clone()), names_of(table, column))
        }
        Change::AddConstraint { table, constraint: it } => {
            let mut takes = constraint_slots(table, it);
            match it {
                Constraint::PrimaryKey(_) | Constraint::Unique(_) => takes.push(parts_of(table)),
                // A partition that it leads to could not be dropped.
                Constraint::ForeignKey(key) => {
                    takes.extend([table, &key.references].map(rows_of).into_iter().chain([parts_of(&key.references)]));
                    let above = new.tables.get(&key.references).map(|it| new.ancestors(it)).unwrap_or_default();
                    takes.extend(above.into_iter().chain([&key.references]).map(joined));
                }
                Constraint::Check(_) => {}
            }
            created(ObjectId::Constraint(table.clone(), it.name().to_owned()), takes)
        }
        Change::CreateIndex { table, index: it } if it.unique => {
            let takes = vec![relation(&table.namespace, &it.name), parts_of(table)];
            created(ObjectId::Index(table.clone(), it.name.clone()), takes)
        }
        Change::CreateIndex { table, index: it } => {
            created(ObjectId::Index(table.clone(), it.name.clone()), vec![relation(&table.namespace, &it.name)])
        }
        Change::CreateObject(it) => created(it.id.clone(), object_slots(it)),
        Change::AlterEnum { old: before, new: after } => {
            let mut all = Touches { come: vec![ObjectId::Enum(after.name.clone())], ..Touches::default() };
            if loses_values(&before.values, &after.values) {
                // What leaves the type goes before; what stays is moved over with it.
                let stays = |id: &ObjectId| match id {
                    ObjectId::Column(table, name) => new
                        .tables
                        .get(table)
                        .and_then(|it| it.column(name))
                        .is_some_and(|it| it.ty.depends_on.as_ref() == Some(&before.name)),
                    _ => true,
                };
                all.through.push(ObjectId::Enum(before.name.clone()));
                all.through.extend(columns_of(old, &before.name).filter(stays));
                let columns = all.through.iter().filter_map(|id| match id {
                    ObjectId::Column(table, column) => Some(covering(old, table, column)),
                    _ => None,
                });
                all.made_anew = columns.flatten().collect();
            }
            all
        }
        Change::AlterSequence { new, .. } => {
            Touches { come: vec![ObjectId::Sequence(new.name.clone())], ..Touches::default() }
        }
        Change::AlterColumn { table, old, new } if lets_go(old, new) => {
            Touches { early: vec![ObjectId::Column(table.clone(), new.name.clone())], ..Touches::default() }
        }
        Change::AlterColumn { table, old: before, new: after } => {
            let (was, is) = (names_of(table, before), names_of(table, after));
            let only =
                |these: &[Slot], those: &[Slot]| these.iter().filter(|it| !those.contains(it)).cloned().collect();
            let retyped = before.ty != after.ty || before.collation != after.collation;
            Touches {
                through: vec![ObjectId::Column(table.clone(), after.name.clone())],
                made_anew: if retyped { covering(old, table, &after.name) } else { Vec::new() },
                frees: only(&was, &is),
                takes: only(&is, &was),
                ..Touches::default()
            }
        }
        Change::ReplaceObject { new, .. } => Touches { through: vec![new.id.clone()], ..Touches::default() },
        // Nothing waits for a rename but a name.
        Change::RenameConstraint { table, from, to } => {
            let (was, is) =
                (ObjectId::Constraint(table.clone(), from.clone()), ObjectId::Constraint(table.clone(), to.clone()));
            Touches { frees: slots_of(&was, old), takes: slots_of(&is, new), ..Touches::default() }
        }
        Change::RenameIndex { table, from, to } => Touches {
            frees: vec![relation(&table.namespace, from)],
            takes: vec![relation(&table.namespace, to)],
            ..Touches::default()
        },
        Change::RenameSequence { table, column, from, to } => Touches {
            early: vec![ObjectId::Column(table.clone(), column.clone())],
            frees: vec![relation(&table.namespace, from)],
            takes: vec![relation(&table.namespace, to)],
            ..Touches::default()
        },
        Change::SetInheritance { table, new: is, .. } if is.bound.is_some() => {
            let above = new.tables.get(table).map(|it| new.ancestors(it)).unwrap_or_default();
            Touches { frees: above.into_iter().map(rows_of).chain([joined(table)]).collect(), ..Touches::default() }
        }
        Change::RenameColumn { .. }
        | Change::RenameTable { .. }
        | Change::SetOptions { .. }
        | Change::SetInheritance { .. }
        | Change::SetComment { .. } => Touches::default(),
        Change::DropTable(table) => {
            let mut all = whole(table).reversed();
            if table.inheritance.bound.is_some() {
                all.frees.extend(old.ancestors(table).into_iter().map(parts_of));
            }
            // They go with it, without a change of their own.
            all.frees.extend(exclusions(table, old).flat_map(object_slots));
            all
        }
        dropped => of_change(&dropped.reverse(), old, new).reversed(),
    }
}

/// The names that a column has beside its own: its sequence's, and its NOT NULL's.
fn names_of(table: &Name, column: &Column) -> Vec<Slot> {
    sequence_slot(column).into_iter().chain(not_null_slot(table, column)).collect()
}

/// Whether all that changes is that the column is generated no longer.
fn lets_go(old: &Column, new: &Column) -> bool {
    let plain = Column { generated: None, is_virtual: false, comment: new.comment.clone(), ..old.clone() };
    old.generated.is_some() && plain == *new
}

/// Whether an enum changes in a way that adding values can't: some go, or the order of those that stay differs.
pub(super) fn loses_values(old: &[String], new: &[String]) -> bool {
    !new.iter().filter(|value| old.contains(value)).eq(old)
}

/// The keys and unique indexes that cover a column without being over it. The server makes them anew with the column, and
/// forgets then that a foreign key may stand on them.
pub(super) fn covering(schema: &Schema, name: &Name, column: &str) -> Vec<ObjectId> {
    let table = schema.tables.get(name);
    let covers = |include: &[String]| include.iter().any(|it| it == column);
    let keys = table.into_iter().flat_map(|it| it.primary_key.iter().chain(&it.uniques));
    let keys = keys.filter(|it| covers(&it.include)).map(|it| ObjectId::Constraint(name.clone(), it.name.clone()));
    let indexes = table.into_iter().flat_map(|it| &it.indexes).filter(|it| it.unique && covers(&it.include));
    let indexes = indexes.map(|it| ObjectId::Index(name.clone(), it.name.clone()));
    keys.chain(indexes).collect()
}

/// Every column of that type.
pub(super) fn columns_of<'a>(schema: &'a Schema, ty: &'a Name) -> impl Iterator<Item = ObjectId> + 'a {
    schema.tables.values().flat_map(move |table| {
        let own = table.columns.iter().filter(|column| column.ty.depends_on.as_ref() == Some(ty));
        own.map(|column| ObjectId::Column(table.name.clone(), column.name.clone()))
    })
}
