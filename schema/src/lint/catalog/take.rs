//! What a statement leaves behind it, as far as its text says so.

use squawk_syntax::{SyntaxKind as K, SyntaxNode};

use super::{Catalog, Check, Column, Domain, Index, Table, Type};
use crate::lint::names::{below, beside, children, first, folded, has_word, type_of, words};

const TABLES: &[K] = &[K::TABLE_NAME_REF, K::RELATION_NAME_REF, K::TABLE_NAME];

impl Catalog {
    /// Takes in what `statement` does.
    pub(in crate::lint) fn take(&mut self, statement: &SyntaxNode) {
        match statement.kind() {
            K::CREATE_TABLE | K::CREATE_TABLE_AS | K::SELECT_INTO => self.create_table(statement),
            K::ALTER_TABLE => self.alter_table(statement),
            K::DROP_TABLE => self.drop_tables(&names(statement, K::TABLE_NAME_REF)),
            K::CREATE_INDEX => self.create_index(statement),
            K::DROP_INDEX => names(statement, K::INDEX_REF).iter().for_each(|name| {
                self.indexes.remove(name);
            }),
            K::ALTER_INDEX => self.rename_index(statement),
            K::CREATE_DOMAIN => self.create_domain(statement),
            K::ALTER_DOMAIN => self.alter_domain(statement),
            K::CREATE_VIEW | K::CREATE_MATERIALIZED_VIEW => {
                let Some(name) = first(statement, &[K::VIEW]) else { return };
                let words = words(statement).map(|word| word.trim_matches('"').to_owned());
                self.views.insert(name, words.collect());
            }
            K::DROP_VIEW | K::DROP_MATERIALIZED_VIEW => names(statement, K::VIEW_REF).iter().for_each(|name| {
                self.views.remove(name);
            }),
            K::DROP_DOMAIN => names(statement, K::DOMAIN_REF).iter().for_each(|name| {
                self.domains.remove(name);
            }),
            _ => {}
        }
    }

    fn create_table(&mut self, statement: &SyntaxNode) {
        let Some(name) = first(statement, &[K::TABLE_NAME]) else { return };
        let exists = statement.children().any(|it| it.kind() == K::IF_NOT_EXISTS);
        if exists && self.tables.contains_key(&name) {
            return;
        }
        let partitioned = statement.children().any(|it| it.kind() == K::PARTITION_BY);
        let mut table = Table { partitioned, ..Table::default() };
        // A partition has its parent's columns.
        let parents = below(statement, &[K::PARTITION_OF, K::INHERITS]);
        for parent in parents.iter().flat_map(|it| names(it, K::TABLE_NAME_REF)) {
            if let Some(parent) = self.tables.get(&parent) {
                table.columns.extend(parent.columns.clone());
            }
        }
        self.tables.insert(name.clone(), table);
        let part_of = children(statement, K::PARTITION_OF);
        if !below(statement, &[K::PARTITION_DEFAULT]).is_empty()
            && let Some(parent) = part_of.first().and_then(|it| first(it, &[K::TABLE_NAME_REF]))
        {
            self.set_default_partition(&parent, &name);
        }
        for list in children(statement, K::TABLE_ARG_LIST) {
            for argument in list.children() {
                self.take_column(&name, &argument);
                self.take_constraint(&name, &argument);
            }
        }
    }

    fn set_default_partition(&mut self, parent: &str, partition: &str) {
        if let Some(parent) = self.tables.get_mut(parent) {
            parent.default_partition = Some(partition.to_owned());
        }
    }

    /// A column of CREATE TABLE or ADD COLUMN, with its own constraints.
    fn take_column(&mut self, table: &str, node: &SyntaxNode) {
        if !matches!(node.kind(), K::COLUMN | K::ADD_COLUMN) {
            return;
        }
        let Some(name) = first(node, &[K::COLUMN_NAME]) else { return };
        let has = |kind| node.children().any(|it| it.kind() == kind);
        let ty = type_of(node);
        let serial = ty.as_deref().is_some_and(|it| it.to_lowercase().contains("serial"));
        let not_null = has(K::NOT_NULL_CONSTRAINT) || has(K::PRIMARY_KEY_CONSTRAINT) || serial;
        let identity = !below(node, &[K::GENERATED_IDENTITY]).is_empty();
        let collation = first(node, &[K::COLLATION_REF]);
        let column = Column { ty: ty.map(|it| Type::parse(&it)), not_null: not_null || identity, collation };
        self.tables.entry(table.to_owned()).or_default().columns.insert(name, column);
        node.children().for_each(|it| self.take_constraint(table, &it));
    }

    /// A constraint of a table or of one of its columns.
    fn take_constraint(&mut self, table: &str, node: &SyntaxNode) {
        let own = node.parent().filter(|it| matches!(it.kind(), K::COLUMN | K::ADD_COLUMN));
        let own = own.and_then(|it| first(&it, &[K::COLUMN_NAME]));
        let mut columns = match &own {
            Some(column) => vec![column.clone()],
            None => names(node, K::COLUMN_NAME_REF),
        };
        let named = first(node, &[K::CONSTRAINT_NAME]);
        let label = |end: &str| named.clone().unwrap_or_else(|| default_name(table, &columns, end));
        let validated = below(node, &[K::NOT_VALID]).is_empty();
        match node.kind() {
            K::CHECK_CONSTRAINT => {
                let name = label("check");
                let text = node.text().to_string();
                let text = text.split_once('(').map_or("", |(_, text)| text);
                let text = text.rsplit_once(')').map_or(text, |(text, _)| text);
                let check = Check::of(text, validated);
                self.table(table).checks.insert(name, check);
            }
            K::NOT_NULL_CONSTRAINT if own.is_none() => {
                let name = label("not_null");
                for column in columns {
                    let check = Check::of(&format!("{column} is not null"), validated);
                    let table = self.table(table);
                    table.checks.insert(name.clone(), Check { is_not_null: true, ..check });
                    table.columns.entry(column).or_default().not_null |= validated;
                }
            }
            K::PRIMARY_KEY_CONSTRAINT | K::UNIQUE_CONSTRAINT => {
                let primary = node.kind() == K::PRIMARY_KEY_CONSTRAINT;
                let name = if primary {
                    named.clone().unwrap_or_else(|| default_name(table, &[], "pkey"))
                } else {
                    label("key")
                };
                if let Some(index) = first(node, &[K::INDEX_REF]) {
                    columns = self
                        .indexes
                        .remove(&beside(table, &index))
                        .map(|it| it.columns.into_iter().flatten().collect())
                        .unwrap_or_default();
                }
                for column in columns.iter().filter(|_| primary) {
                    self.table(table).columns.entry(column.clone()).or_default().not_null = true;
                }
                let index = Index {
                    table: table.to_owned(),
                    columns: columns.into_iter().map(Some).collect(),
                    unique: true,
                    partial: false,
                    valid: true,
                    method: "btree".to_owned(),
                };
                self.indexes.insert(beside(table, &name), index);
            }
            K::REFERENCES_CONSTRAINT | K::FOREIGN_KEY_CONSTRAINT => {
                let (columns, _) = foreign_key_columns(node, own);
                let name = named.unwrap_or_else(|| default_name(table, &columns, "fkey"));
                self.table(table).foreign_keys.insert(name);
            }
            _ => {}
        }
    }

    fn table(&mut self, name: &str) -> &mut Table {
        self.tables.entry(name.to_owned()).or_default()
    }

    fn alter_table(&mut self, statement: &SyntaxNode) {
        let Some(mut name) = first(statement, TABLES) else { return };
        for action in statement.children() {
            match action.kind() {
                K::ADD_COLUMN => self.take_column(&name, &action),
                K::ADD_CONSTRAINT => action.children().for_each(|it| self.take_constraint(&name, &it)),
                K::DROP_COLUMN => {
                    let Some(column) = first(&action, &[K::COLUMN_NAME_REF]) else { continue };
                    self.table(&name).columns.remove(&column);
                    self.indexes.retain(|_, it| it.table != name || !it.columns.contains(&Some(column.clone())));
                }
                K::ALTER_COLUMN => self.alter_column(&name, &action),
                K::DROP_CONSTRAINT => {
                    let Some(constraint) = first(&action, &[K::CONSTRAINT_NAME_REF]) else { continue };
                    let table = self.table(&name);
                    let gone = table.checks.remove(&constraint).filter(|check| check.is_not_null);
                    if let Some(column) = gone.and_then(|check| table.columns.get_mut(check.words.first()?)) {
                        column.not_null = false;
                    }
                    table.foreign_keys.remove(&constraint);
                    self.indexes.remove(&beside(&name, &constraint));
                }
                K::VALIDATE_CONSTRAINT => {
                    let Some(constraint) = first(&action, &[K::CONSTRAINT_NAME_REF]) else { continue };
                    let table = self.table(&name);
                    if !table.foreign_keys.contains(&constraint) {
                        let unseen = || Check { words: Vec::new(), validated: true, is_not_null: false };
                        table.checks.entry(constraint).or_insert_with(unseen).validated = true;
                    }
                }
                K::RENAME_COLUMN => self.rename_column(&name, &action),
                K::TABLE_RENAME_TO => {
                    let Some(new) = first(&action, &[K::TABLE_NAME]) else { continue };
                    let new = beside(&name, &new);
                    self.rename_table(&name, &new);
                    name = new;
                }
                K::SET_SCHEMA => {
                    let Some(namespace) = first(&action, &[K::SCHEMA_REF]) else { continue };
                    let bare = name.rsplit('.').next().unwrap_or(&name);
                    let new = if namespace == "public" { bare.to_owned() } else { format!("{namespace}.{bare}") };
                    self.rename_table(&name, &new);
                    name = new;
                }
                K::ATTACH_PARTITION if !below(&action, &[K::PARTITION_DEFAULT]).is_empty() => {
                    if let Some(partition) = first(&action, &[K::TABLE_NAME_REF]) {
                        self.set_default_partition(&name, &partition);
                    }
                }
                _ => {}
            }
        }
    }

    fn alter_column(&mut self, table: &str, action: &SyntaxNode) {
        let Some(name) = first(action, &[K::COLUMN_NAME_REF]) else { return };
        let column = self.table(table).columns.entry(name).or_default();
        for option in action.children() {
            match option.kind() {
                K::SET_NOT_NULL | K::ADD_GENERATED => column.not_null = true,
                K::DROP_NOT_NULL => column.not_null = false,
                K::SET_TYPE => {
                    column.ty = type_of(&option).map(|it| Type::parse(&it));
                    column.collation = first(&option, &[K::COLLATION_REF]);
                }
                _ => {}
            }
        }
    }

    fn rename_column(&mut self, table: &str, action: &SyntaxNode) {
        let names = (first(action, &[K::COLUMN_NAME_REF]), first(action, &[K::COLUMN_NAME]));
        let (Some(old), Some(new)) = names else { return };
        let columns = &mut self.table(table).columns;
        if let Some(column) = columns.remove(&old) {
            columns.insert(new.clone(), column);
        }
        for index in self.indexes.values_mut().filter(|it| it.table == table) {
            index.columns.iter_mut().filter(|it| it.as_ref() == Some(&old)).for_each(|it| *it = Some(new.clone()));
        }
    }

    fn rename_table(&mut self, old: &str, new: &str) {
        if let Some(table) = self.tables.remove(old) {
            self.tables.insert(new.to_owned(), table);
        }
        // Its indexes move with it into another namespace.
        for (name, mut index) in self.indexes.extract_if(.., |_, it| it.table == old).collect::<Vec<_>>() {
            new.clone_into(&mut index.table);
            let bare = name.rsplit('.').next().unwrap_or(&name);
            self.indexes.insert(beside(new, bare), index);
        }
    }

    fn drop_tables(&mut self, names: &[String]) {
        for name in names {
            self.tables.remove(name);
            // Such a one goes with it, or keeps it from going.
            let bare = name.rsplit('.').next().unwrap_or(name);
            self.views.retain(|_, words| !words.contains(bare));
            self.indexes.retain(|_, it| it.table != *name);
        }
    }

    fn create_index(&mut self, statement: &SyntaxNode) {
        let Some(table) = first(statement, TABLES) else { return };
        let index = index_of(statement, &table);
        let columns: Vec<String> =
            index.columns.iter().map(|it| it.clone().unwrap_or_else(|| "expr".to_owned())).collect();
        let name = first(statement, &[K::INDEX]).unwrap_or_else(|| default_name(&table, &columns, "idx"));
        self.indexes.insert(beside(&table, &name), index);
    }

    fn rename_index(&mut self, statement: &SyntaxNode) {
        let names = (first(statement, &[K::INDEX_REF]), first(statement, &[K::INDEX]));
        if let (Some(old), Some(new)) = names
            && let Some(index) = self.indexes.remove(&old)
        {
            self.indexes.insert(beside(&old, &new), index);
        }
    }

    fn create_domain(&mut self, statement: &SyntaxNode) {
        let (Some(name), Some(base)) = (first(statement, &[K::DOMAIN]), type_of(statement)) else { return };
        let constrained = !below(statement, &[K::CHECK_CONSTRAINT, K::NOT_NULL_CONSTRAINT]).is_empty();
        self.domains.insert(name, Domain { base: Type::parse(&base), constrained });
    }

    fn alter_domain(&mut self, statement: &SyntaxNode) {
        let tightens = !below(statement, &[K::ADD_CONSTRAINT, K::SET_NOT_NULL]).is_empty();
        let domain = first(statement, &[K::DOMAIN_REF]).and_then(|name| self.domains.get_mut(&name));
        if let Some(domain) = domain.filter(|_| tightens) {
            domain.constrained = true;
        }
    }
}

/// What CREATE INDEX makes.
pub(in crate::lint) fn index_of(statement: &SyntaxNode, table: &str) -> Index {
    let keys = children(statement, K::PARTITION_ITEM_LIST);
    let keys = keys.iter().flat_map(|it| children(it, K::PARTITION_ITEM));
    let method = first(statement, &[K::USING_METHOD]).unwrap_or_default();
    let method = method.strip_prefix("using").unwrap_or(&method);
    Index {
        table: table.to_owned(),
        columns: keys.map(|key| plain_column(&key)).collect(),
        unique: has_word(statement, "unique"),
        partial: statement.children().any(|it| it.kind() == K::WHERE_CLAUSE),
        valid: true,
        method: if method.is_empty() { "btree" } else { method }.to_owned(),
    }
}

/// The column that an index key is, where it is no expression.
fn plain_column(key: &SyntaxNode) -> Option<String> {
    let expr = key.children().next()?;
    matches!(expr.kind(), K::NAME_REF | K::COLUMN_NAME_REF).then(|| folded(&expr.text().to_string()))
}

/// The columns of a foreign key, and those that it points at where they are named. `own` is the column that it stands at.
pub(in crate::lint) fn foreign_key_columns(node: &SyntaxNode, own: Option<String>) -> (Vec<String>, Vec<String>) {
    if let Some(column) = own {
        return (vec![column], names(node, K::COLUMN_NAME_REF));
    }
    let lists = children(node, K::FOREIGN_KEY_COLUMN_LIST);
    let mut lists = lists.iter().map(|list| names(list, K::COLUMN_NAME_REF));
    (lists.next().unwrap_or_default(), lists.next().unwrap_or_default())
}

/// The names of all nodes of a kind.
pub(in crate::lint) fn names(node: &SyntaxNode, kind: K) -> Vec<String> {
    below(node, &[kind]).iter().map(|it| folded(&it.text().to_string())).collect()
}

/// What PostgreSQL calls something that has no name of its own, where that is free and short enough.
fn default_name(table: &str, columns: &[String], end: &str) -> String {
    let table = table.rsplit('.').next().unwrap_or(table);
    [&[table.to_owned()], columns, &[end.to_owned()]].concat().join("_")
}
