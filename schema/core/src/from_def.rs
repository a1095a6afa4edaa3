//! From the constants of [`crate::def`] to the owned data of [`crate::declared`], field by field.

use crate::declared::*;
use crate::def;

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

impl From<&def::SchemaDef> for DeclaredSchema {
    fn from(def: &def::SchemaDef) -> Self {
        Self {
            models: def.models.iter().map(|def| (*def).into()).collect(),
            enums: def.enums.iter().map(|def| (*def).into()).collect(),
            sequences: def.sequences.iter().map(Into::into).collect(),
            sql: def.sql.iter().map(Into::into).collect(),
            dialects: def.dialects.to_vec(),
            comments: def.comments,
            at: def.at.to_owned(),
        }
    }
}

impl From<&def::ModelDef> for Model {
    fn from(def: &def::ModelDef) -> Self {
        Self {
            namespace: def.namespace.map(str::to_owned),
            table: def.table.to_owned(),
            rust: def.rust.to_owned(),
            comment: def.comment.to_owned(),
            renamed_from: def.renamed_from.map(str::to_owned),
            columns: def.columns.iter().map(Into::into).collect(),
            primary_key: (&def.primary_key).into(),
            uniques: def.uniques.iter().map(Into::into).collect(),
            foreign_keys: def.foreign_keys.iter().map(Into::into).collect(),
            checks: def.checks.iter().map(Into::into).collect(),
            indexes: def.indexes.iter().map(Into::into).collect(),
            inheritance: (&def.inheritance).into(),
            options: owned(def.options),
            at: def.at.to_owned(),
        }
    }
}

impl From<&def::InheritanceDef> for Inheritance {
    fn from(def: &def::InheritanceDef) -> Self {
        let pair = |(namespace, table): &(Option<&str>, &str)| (namespace.map(str::to_owned), (*table).to_owned());
        Self {
            partition_by: def.partition_by.map(str::to_owned),
            parents: def.parents.iter().map(pair).collect(),
            bound: def.bound.map(str::to_owned),
        }
    }
}

impl From<&def::NotNullDef> for NotNull {
    fn from(def: &def::NotNullDef) -> Self {
        Self { name: def.name.map(str::to_owned), no_inherit: def.no_inherit, not_valid: def.not_valid }
    }
}

impl From<&def::ColumnDef> for Column {
    fn from(def: &def::ColumnDef) -> Self {
        Self {
            name: def.name.to_owned(),
            rust: def.rust.to_owned(),
            ty: (&def.ty).into(),
            nullable: def.nullable,
            default: def.default.as_ref().map(Into::into),
            identity: def.identity,
            sequence: def.sequence.as_ref().map(Into::into),
            generated: def.generated.as_ref().map(Into::into),
            is_virtual: def.is_virtual,
            not_null: def.not_null.as_ref().map(Into::into),
            collation: def.collation.map(str::to_owned),
            comment: def.comment.to_owned(),
            renamed_from: def.renamed_from.map(str::to_owned),
            at: def.at.to_owned(),
        }
    }
}

impl From<&def::TypeDef> for Type {
    fn from(def: &def::TypeDef) -> Self {
        Self {
            kind: def.kind,
            namespace: def.namespace.map(str::to_owned),
            name: def.name.to_owned(),
            modifiers: def.modifiers.to_vec(),
            array: def.array,
        }
    }
}

impl From<&def::ExprDef> for Expr {
    fn from(def: &def::ExprDef) -> Self {
        Self {
            sql: def.sql.to_owned(),
            postgres: def.postgres.map(str::to_owned),
            sqlite: def.sqlite.map(str::to_owned),
            mysql: def.mysql.map(str::to_owned),
        }
    }
}

impl From<&def::DefaultDef> for Default {
    fn from(def: &def::DefaultDef) -> Self {
        match def {
            def::DefaultDef::Bool(value) => Self::Bool(*value),
            def::DefaultDef::Int(value) => Self::Int(*value),
            def::DefaultDef::Float(value) => Self::Float((*value).to_owned()),
            def::DefaultDef::Text(value) => Self::Text((*value).to_owned()),
            def::DefaultDef::Expr(value) => Self::Expr(value.into()),
        }
    }
}

impl From<&def::KeyDef> for Key {
    fn from(def: &def::KeyDef) -> Self {
        Self {
            name: def.name.map(str::to_owned),
            columns: owned(def.columns),
            include: owned(def.include),
            nulls_not_distinct: def.nulls_not_distinct,
            without_overlaps: def.without_overlaps,
            deferrable: def.deferrable,
            at: def.at.to_owned(),
        }
    }
}

impl From<&def::ForeignKeyDef> for ForeignKey {
    fn from(def: &def::ForeignKeyDef) -> Self {
        Self {
            name: def.name.map(str::to_owned),
            columns: owned(def.columns),
            references_namespace: def.references_namespace.map(str::to_owned),
            references_table: def.references_table.to_owned(),
            references_columns: owned(def.references_columns),
            on_delete: def.on_delete,
            on_delete_columns: owned(def.on_delete_columns),
            on_update: def.on_update,
            match_full: def.match_full,
            period: def.period,
            deferrable: def.deferrable,
            not_valid: def.not_valid,
            not_enforced: def.not_enforced,
            at: def.at.to_owned(),
        }
    }
}

impl From<&def::CheckDef> for Check {
    fn from(def: &def::CheckDef) -> Self {
        Self {
            name: def.name.map(str::to_owned),
            expr: (&def.expr).into(),
            columns: owned(def.columns),
            not_valid: def.not_valid,
            no_inherit: def.no_inherit,
            not_enforced: def.not_enforced,
            at: def.at.to_owned(),
        }
    }
}

impl From<&def::IndexDef> for Index {
    fn from(def: &def::IndexDef) -> Self {
        Self {
            name: def.name.map(str::to_owned),
            keys: def.keys.iter().map(Into::into).collect(),
            unique: def.unique,
            nulls_not_distinct: def.nulls_not_distinct,
            using: def.using.map(str::to_owned),
            include: owned(def.include),
            with: def.with.map(str::to_owned),
            predicate: def.predicate.as_ref().map(Into::into),
            at: def.at.to_owned(),
        }
    }
}

impl From<&def::IndexKeyDef> for IndexKey {
    fn from(def: &def::IndexKeyDef) -> Self {
        Self {
            what: (&def.what).into(),
            descending: def.descending,
            nulls_first: def.nulls_first,
            opclass: def.opclass.map(str::to_owned),
            collation: def.collation.map(str::to_owned),
        }
    }
}

impl From<&def::IndexKeyWhat> for IndexKeyWhat {
    fn from(def: &def::IndexKeyWhat) -> Self {
        match def {
            def::IndexKeyWhat::Column(value) => Self::Column((*value).to_owned()),
            def::IndexKeyWhat::Expr(value) => Self::Expr(value.into()),
        }
    }
}

impl From<&def::EnumDef> for Enum {
    fn from(def: &def::EnumDef) -> Self {
        Self {
            namespace: def.namespace.map(str::to_owned),
            name: def.name.to_owned(),
            rust: def.rust.to_owned(),
            values: owned(def.values),
            comment: def.comment.to_owned(),
            at: def.at.to_owned(),
        }
    }
}

impl From<&def::SequenceDef> for Sequence {
    fn from(def: &def::SequenceDef) -> Self {
        Self {
            namespace: def.namespace.map(str::to_owned),
            name: def.name.to_owned(),
            data_type: def.data_type.map(str::to_owned),
            start: def.start,
            increment: def.increment,
            min: def.min,
            max: def.max,
            cache: def.cache,
            cycle: def.cycle,
            at: def.at.to_owned(),
        }
    }
}

impl From<&def::SqlFileDef> for SqlFile {
    fn from(def: &def::SqlFileDef) -> Self {
        Self { path: def.path.to_owned(), text: def.text.to_owned(), dialects: def.dialects.to_vec() }
    }
}
