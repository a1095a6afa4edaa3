//! From the constants of [`crate::def`] to the owned data of [`crate::declared`].

use crate::declared::*;
use crate::{def, lock};

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
    /// # Panics
    /// Where the lines are none of the lock's, which no macro writes.
    fn from(def: &def::ModelDef) -> Self {
        lock::model(def).unwrap_or_else(|why| panic!("the constant of the model `{}` can't be read: {why}", def.rust))
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
