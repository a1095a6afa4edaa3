//! Where in the genome what stands, and how a byte is read.

use proptest::prelude::*;

pub(super) const TABLES: usize = 4;
pub(super) const COLUMNS: usize = 6;
pub(super) const HEAD: usize = 5;
pub(super) const COLUMN: usize = 9;
pub(super) const UNIQUE: usize = 5;
pub(super) const FOREIGN: usize = 8;
pub(super) const CHECK: usize = 5;
pub(super) const INDEX: usize = 10;
pub(super) const TABLE: usize = HEAD + COLUMNS * COLUMN + 2 * UNIQUE + 2 * FOREIGN + 2 * CHECK + 3 * INDEX;
pub(super) const ENUM: usize = 5;
pub(super) const SEQUENCE: usize = 7;
pub(super) const OBJECTS: usize = 16;
pub(super) const DEFINED: usize = 26;
pub(super) const FAMILIES: usize = 12;
pub(super) const LENGTH: usize = TABLES * TABLE + 2 * ENUM + 2 * SEQUENCE + TABLES * OBJECTS + DEFINED + FAMILIES;

pub(super) fn genome() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), LENGTH..=LENGTH)
}

pub(super) fn pick<T: Copy>(of: &[T], byte: u8) -> T {
    of[usize::from(byte) % of.len()]
}

pub(super) fn there(byte: u8) -> bool {
    !byte.is_multiple_of(3)
}

pub(super) fn rare(byte: u8) -> bool {
    byte % 6 == 5
}

/// The bytes of the table in a place.
pub(super) fn table_genes(genome: &[u8], table: usize) -> &[u8] {
    &genome[table * TABLE..(table + 1) * TABLE]
}

pub(super) fn column_genes(table: &[u8], column: usize) -> &[u8] {
    &table[HEAD + column * COLUMN..HEAD + (column + 1) * COLUMN]
}

/// The bytes of the nth of the parts that begin `skip` bytes into a table.
pub(super) fn part(table: &[u8], skip: usize, size: usize, nth: usize) -> &[u8] {
    let start = HEAD + COLUMNS * COLUMN + skip + nth * size;
    &table[start..start + size]
}
