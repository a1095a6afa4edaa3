//! A row of text in one piece.

/// A row whose columns are all text, or NULL. A schema is tens of thousands of rows, and to give each of their columns
/// memory of its own takes longer than everything else that is done with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextRow {
    text: String,
    /// Where each column ends; `None` where it is NULL.
    ends: Vec<Option<usize>>,
}

impl TextRow {
    /// An empty one with room for `width` columns of `bytes` together.
    #[must_use]
    pub fn with_capacity(width: usize, bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), ends: Vec::with_capacity(width) }
    }

    /// Adds a column.
    pub fn push(&mut self, column: Option<&str>) {
        let end = column.map(|text| {
            self.text.push_str(text);
            self.text.len()
        });
        self.ends.push(end);
    }

    /// A column, counted from 0; `None` where it is NULL, or there is none.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&str> {
        let end = (*self.ends.get(at)?)?;
        let before = self.ends[..at].iter().rev().find_map(|end| *end).unwrap_or_default();
        self.text.get(before..end)
    }

    /// How many columns it has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.ends.len()
    }
}

impl<'a> FromIterator<Option<&'a str>> for TextRow {
    fn from_iter<T: IntoIterator<Item = Option<&'a str>>>(columns: T) -> Self {
        let mut row = Self::default();
        columns.into_iter().for_each(|column| row.push(column));
        row
    }
}

#[cfg(test)]
mod tests {
    use super::TextRow;

    #[test]
    fn columns_come_back_and_null_is_not_empty() {
        let columns = [Some("a"), None, Some(""), None, Some("bc"), None];
        let row: TextRow = columns.into_iter().collect();
        assert_eq!((0..row.width()).map(|at| row.get(at)).collect::<Vec<_>>(), columns);
        assert_eq!(row.get(6), None);
    }
}
