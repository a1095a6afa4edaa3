//! What rustfmt, through which Diesel's CLI pipes its text, makes of it: the parts that it does not leave as they are.
//!
//! It is rustfmt without a `rustfmt.toml`, whatever the project has, so that the file is the same on every machine,
//! also where there is no rustfmt. `table!` and `joinable!` are no Rust inside, and stay as they are.

use unicode_width::UnicodeWidthStr;

/// Lines, each indented by so many levels.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
    depth: usize,
}

impl Page {
    /// An empty page.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Everything that is said after is one level further in.
    pub(super) fn indent(&mut self) {
        self.depth += 1;
    }

    /// Everything that is said after is one level further out.
    pub(super) fn outdent(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// A line; an empty one has no indentation.
    pub(super) fn line(&mut self, text: &str) {
        if !text.is_empty() {
            self.text.extend(std::iter::repeat_n("    ", self.depth));
            self.text.push_str(text);
        }
        self.text.push('\n');
    }

    /// A line that opens something.
    pub(super) fn open(&mut self, text: &str) {
        self.line(text);
        self.indent();
    }

    /// A line that closes it.
    pub(super) fn close(&mut self, text: &str) {
        self.outdent();
        self.line(text);
    }

    /// A doc comment.
    pub(super) fn doc(&mut self, text: &str) {
        for line in text.lines() {
            self.line(format!("/// {}", line.trim()).trim_end());
        }
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn width(&self, text: &str) -> usize {
        4 * self.depth + text.width()
    }

    /// A macro with a list of names: on one line where that fits; filled lines where all names are short; else a name
    /// a line.
    pub(super) fn call(&mut self, name: &str, names: &[String]) {
        let one = format!("{name}!({},);", names.join(", "));
        if self.width(&one) <= 101 {
            return self.line(&one);
        }
        self.open(&format!("{name}!("));
        if names.iter().all(|name| name.len() <= 10) {
            let mut line = String::new();
            for name in names {
                if !line.is_empty() && self.width(&line) + name.len() + 2 > 99 {
                    self.line(&std::mem::take(&mut line));
                }
                let space = if line.is_empty() { "" } else { " " };
                line = format!("{line}{space}{name},");
            }
            self.line(&line);
        } else {
            names.iter().for_each(|name| self.line(&format!("{name},")));
        }
        self.close(");");
    }

    /// `#[derive(..)]`: on one line, or all paths on a line of their own, or a path a line.
    pub(super) fn derive(&mut self, paths: &[String]) {
        let (all, one) = (format!("{},", paths.join(", ")), format!("#[derive({})]", paths.join(", ")));
        if self.width(&one) <= 96 {
            return self.line(&one);
        }
        self.open("#[derive(");
        if self.width(&all) <= 101 {
            self.line(&all);
        } else {
            paths.iter().for_each(|path| self.line(&format!("{path},")));
        }
        self.close(")]");
    }

    /// `#[diesel(postgres_type(..))]`: on one line, or an item a line.
    pub(super) fn postgres_type(&mut self, items: &[String]) {
        let one = format!("#[diesel(postgres_type({}))]", items.join(", "));
        if self.width(&one) <= 99 {
            return self.line(&one);
        }
        self.open("#[diesel(postgres_type(");
        for (at, item) in items.iter().enumerate() {
            self.line(&format!("{item}{}", if at + 1 < items.len() { "," } else { "" }));
        }
        self.close("))]");
    }
}
