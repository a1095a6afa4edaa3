//! What the macros ask of a model's lines in constants.

use super::{FactsDef, HoleDef, ModelDef};
use crate::drift::Text;
use crate::drift::line::{Kind, blank, end, field, filled, holes_in, kind, name};
use crate::drift::text::{same, slice};

/// The lines of a model, one after the other.
struct Lines {
    facts: FactsDef<'static>,
    from: usize,
    holes: usize,
    place: usize,
}

/// A line, and where it is declared.
#[derive(Clone, Copy)]
struct Line {
    text: &'static [u8],
    first_hole: usize,
    place: &'static [u8],
}

impl Lines {
    const fn of(model: &ModelDef) -> Self {
        Self { facts: model.facts, from: 0, holes: 0, place: 0 }
    }

    const fn next(&mut self) -> Option<Line> {
        let (lines, places) = (self.facts.lines.as_bytes(), self.facts.places.as_bytes());
        if self.from >= lines.len() {
            return None;
        }
        let (to, place_to) = (end(lines, self.from), end(places, self.place));
        let text = slice(lines, self.from, to);
        let line = Line { text, first_hole: self.holes, place: slice(places, self.place, place_to) };
        self.holes += holes_in(text);
        self.from = to + 1;
        self.place = if place_to < places.len() { place_to + 1 } else { place_to };
        Some(line)
    }
}

/// Whether the model has a column of that name in the database.
#[must_use]
pub const fn has_column(model: &ModelDef, column: &str) -> bool {
    let mut path: Text<512> = Text::new();
    path.push_qualified(model.namespace, model.table);
    path.push(".");
    path.push_name(column);
    let mut lines = Lines::of(model);
    while let Some(line) = lines.next() {
        if matches!(kind(line.text), Kind::Column) && same(name(line.text), path.as_bytes()) {
            return true;
        }
    }
    false
}

/// Whether a foreign key may point at these columns: they are the primary key or unique, in whatever order. Of a column
/// that is not there nothing is said: [`has_column`] does.
#[must_use]
pub const fn may_be_referenced(model: &ModelDef, columns: &[&str]) -> bool {
    let mut at = 0;
    while at < columns.len() {
        if !has_column(model, columns[at]) {
            return true;
        }
        at += 1;
    }
    let mut lines = Lines::of(model);
    while let Some(line) = lines.next() {
        let keys = match slice(line.text, 0, blank(line.text, 0)) {
            b"primary_key" | b"unique" => value(line.text, b"columns="),
            b"index" if has(line.text, b"unique") && value(line.text, b"where=").is_none() => {
                value(line.text, b"keys=")
            }
            _ => None,
        };
        if let Some(keys) = keys
            && is_list_of(keys, columns)
        {
            return true;
        }
    }
    false
}

/// What `CompleteInsert` says of a struct that gives a value to these columns, by Diesel's names; nothing where no column
/// is left out that needs one.
#[must_use]
pub const fn left_out(insert: &str, model: &ModelDef, columns: &[&str]) -> Text<2048> {
    let (mut said, mut lines) = (Text::new(), Lines::of(model));
    while let Some(line) = lines.next() {
        if !matches!(kind(line.text), Kind::Column) || !needs_value(line, model.facts.holes) {
            continue;
        }
        let (field, column) = (field(line.place), name(line.text));
        if gives(columns, field, column) {
            continue;
        }
        if !said.as_str().is_empty() {
            said.push("\n");
        }
        said.push("`");
        said.push(insert);
        said.push("` may leave out `");
        said.push_bytes(column);
        said.push("`, which is NOT NULL and has no default: add `pub ");
        said.push_bytes(field);
        said.push(": ..`, not as an `Option`, or write `#[default(..)]` in `");
        said.push(model.rust);
        said.push("`");
    }
    said
}

/// Whether an INSERT without the column fails.
const fn needs_value(line: Line, holes: &[HoleDef<'_>]) -> bool {
    let text: Text<4096> = filled(line.text, holes, line.first_hole);
    let text = text.as_bytes();
    !has(text, b"null")
        && value(text, b"default=").is_none()
        && value(text, b"identity=").is_none()
        && value(text, b"generated=").is_none()
}

/// Diesel's name of a column is the field's, or has a `_` behind it where the name is taken.
const fn gives(columns: &[&str], field: &[u8], path: &[u8]) -> bool {
    let mut at = 0;
    while at < columns.len() {
        let given = columns[at];
        let mut column: Text<256> = Text::new();
        column.push(".");
        column.push_name(given);
        if same(given.as_bytes(), field) || ends_with(path, column.as_bytes()) {
            return true;
        }
        if let Some((b'_', before)) = given.as_bytes().split_last()
            && same(before, field)
        {
            return true;
        }
        at += 1;
    }
    false
}

const fn ends_with(text: &[u8], end: &[u8]) -> bool {
    text.len() >= end.len() && same(slice(text, text.len() - end.len(), text.len()), end)
}

/// What follows the word that begins with `key`.
const fn value<'a>(line: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut from = 0;
    while from < line.len() {
        let to = blank(line, from);
        if to - from >= key.len() && same(slice(line, from, from + key.len()), key) {
            return Some(slice(line, from + key.len(), to));
        }
        from = to + 1;
    }
    None
}

/// Whether the word stands in the line, behind what the line is about: a table may have the same name.
const fn has(line: &[u8], word: &[u8]) -> bool {
    let mut from = blank(line, blank(line, 0) + 1) + 1;
    while from < line.len() {
        let to = blank(line, from);
        if same(slice(line, from, to), word) {
            return true;
        }
        from = to + 1;
    }
    false
}

/// Whether the lock's list `[a, b desc]` is of these columns and of nothing else, in whatever order.
const fn is_list_of(list: &[u8], columns: &[&str]) -> bool {
    let (mut from, mut count) = (1, 0);
    // The closing bracket stands last.
    while from + 1 < list.len() {
        let (to, next) = item(list, from);
        if !is_one_of(slice(list, from, to), columns) {
            return false;
        }
        count += 1;
        from = next;
    }
    count == columns.len()
}

/// Where the name that begins an item ends, and where the next item begins.
const fn item(list: &[u8], from: usize) -> (usize, usize) {
    let (mut at, mut quoted, mut name) = (from, false, 0);
    while at + 1 < list.len() {
        match list[at] {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            b' ' if !quoted && name == 0 => name = at,
            b',' if !quoted => return (if name == 0 { at } else { name }, at + 2),
            _ => {}
        }
        at += 1;
    }
    (if name == 0 { at } else { name }, list.len())
}

const fn is_one_of(item: &[u8], columns: &[&str]) -> bool {
    let mut at = 0;
    while at < columns.len() {
        let mut column: Text<256> = Text::new();
        column.push_name(columns[at]);
        if same(item, column.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{has_column, left_out, may_be_referenced};
    use crate::def::{FactsDef, ModelDef, SeenDef};

    fn model(table: &'static str, lines: &'static str) -> ModelDef {
        let places = "a:1:1 \na:2:1 id\na:3:1 null_at\na:2:1 id\na:4:1 ";
        let facts = FactsDef { lines, places, holes: &[], seen: SeenDef::NOTHING };
        ModelDef { namespace: None, table, rust: "T", fields: "id null_at", renamed: &[], facts, at: "a:1:1" }
    }

    /// Tables and columns may be called like the words that are looked for.
    #[test]
    fn names_are_not_taken_for_words() {
        let nulls = model(
            "nulls",
            "table nulls\ncolumn nulls.id type=Int4\ncolumn nulls.null_at type=Date null\nprimary_key nulls columns=[id]",
        );
        assert!(left_out("New", &nulls, &["id"]).as_str().is_empty(), "it may be NULL");
        assert!(left_out("New", &nulls, &["null_at"]).as_str().contains("may leave out `nulls.id`"));
        let uniques = model(
            "uniques",
            "table uniques\ncolumn uniques.id type=Int4\ncolumn uniques.null_at type=Date\nprimary_key uniques columns=[id]\n\
             index uniques keys=[null_at desc, id] unique",
        );
        assert!(has_column(&uniques, "null_at") && !has_column(&uniques, "null"));
        assert!(may_be_referenced(&uniques, &["id", "null_at"]) && !may_be_referenced(&uniques, &["null_at"]));
        let unique = model(
            "unique",
            "table unique\ncolumn unique.id type=Int4\ncolumn unique.null_at type=Date\nprimary_key unique columns=[id]\n\
             index unique keys=[null_at]",
        );
        assert!(!may_be_referenced(&unique, &["null_at"]));
    }
}
