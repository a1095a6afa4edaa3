//! Text that is put together in a constant.

use crate::def::{HoleDef, IdentityDef, TypeDef, TypeKind};

/// At most `N` bytes of UTF-8; what does not fit is left out, and three dots say so.
#[derive(Debug, Clone, Copy)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
    full: bool,
}

const DOTS: &str = " ...";

impl<const N: usize> Text<N> {
    /// Nothing.
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self { bytes: [0; N], len: 0, full: false }
    }

    /// What it holds.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            // Only whole texts are put in.
            Err(_) => "",
        }
    }

    /// The bytes of what it holds.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        self.bytes.split_at(self.len).0
    }

    /// Adds a text.
    pub const fn push(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
    }

    /// Adds UTF-8.
    pub const fn push_bytes(&mut self, text: &[u8]) {
        if self.full {
            return;
        }
        if N < DOTS.len() || self.len + text.len() > N - DOTS.len() {
            self.full = true;
            if N >= DOTS.len() {
                self.put(DOTS.as_bytes());
            }
            return;
        }
        self.put(text);
    }

    const fn put(&mut self, text: &[u8]) {
        self.bytes.split_at_mut(self.len).1.split_at_mut(text.len()).0.copy_from_slice(text);
        self.len += text.len();
    }

    /// Adds a number.
    pub const fn push_number(&mut self, number: i64) {
        if number < 0 {
            self.push("-");
        }
        let mut digits = [0_u8; 20];
        let (mut at, mut rest) = (digits.len(), number.unsigned_abs());
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.push_bytes(digits.split_at(at).1);
    }

    /// Adds a name as the lock writes it: as it is where it is a word, else quoted.
    pub(crate) const fn push_name(&mut self, name: &str) {
        if is_bare(name.as_bytes()) { self.push(name) } else { self.push_quoted(name) }
    }

    /// Adds a text as the lock quotes it.
    const fn push_quoted(&mut self, text: &str) {
        const HEX: [&str; 16] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];
        let bytes = text.as_bytes();
        self.push("\"");
        let (mut from, mut at) = (0, 0);
        while at < bytes.len() {
            let escaped = match bytes[at] {
                b'"' => "\\\"",
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                0..0x20 | 0x7f => "\\u{",
                _ => {
                    at += 1;
                    continue;
                }
            };
            self.push_bytes(slice(bytes, from, at));
            self.push(escaped);
            if escaped.len() == 3 {
                if bytes[at] >= 16 {
                    self.push(HEX[(bytes[at] >> 4) as usize]);
                }
                self.push(HEX[(bytes[at] & 15) as usize]);
                self.push("}");
            }
            at += 1;
            from = at;
        }
        self.push_bytes(slice(bytes, from, at));
        self.push("\"");
    }

    pub(crate) const fn push_qualified(&mut self, namespace: Option<&str>, name: &str) {
        if let Some(namespace) = namespace {
            self.push_name(namespace);
            self.push(".");
        }
        self.push_name(name);
    }

    const fn push_type(&mut self, ty: &TypeDef) {
        let special = matches!(ty.name.as_bytes(), b"diesel" | b"enum" | b"sql");
        match ty.kind {
            TypeKind::Diesel if ty.namespace.is_none() && !special => self.push_name(ty.name),
            TypeKind::Diesel | TypeKind::Enum => {
                self.push(if matches!(ty.kind, TypeKind::Enum) { "enum(" } else { "diesel(" });
                self.push_qualified(ty.namespace, ty.name);
                self.push(")");
            }
            TypeKind::Sql => {
                self.push("sql(");
                if let Some(namespace) = ty.namespace {
                    self.push_name(namespace);
                    self.push(".");
                }
                self.push_quoted(ty.name);
                self.push(")");
            }
        }
        let mut at = 0;
        while at < ty.modifiers.len() {
            self.push(if at == 0 { "(" } else { ", " });
            self.push_number(ty.modifiers[at] as i64);
            at += 1;
        }
        if at > 0 {
            self.push(")");
        }
        let mut array = 0;
        while array < ty.array {
            self.push("[]");
            array += 1;
        }
    }

    /// Adds what stands in the lock for a hole.
    pub(super) const fn push_hole(&mut self, hole: &HoleDef<'_>) {
        match hole {
            HoleDef::Text(text) => self.push(text),
            HoleDef::Table(namespace, table) => self.push_qualified(*namespace, table),
            HoleDef::Columns(columns) => {
                let mut at = 0;
                while at < columns.len() {
                    if at > 0 {
                        self.push(", ");
                    }
                    self.push_name(columns[at]);
                    at += 1;
                }
            }
            HoleDef::Type { ty, nullable, identity } => {
                self.push_type(ty);
                if *nullable {
                    self.push(" null");
                }
                self.push(match identity {
                    None => "",
                    Some(IdentityDef::ByDefault) => " identity=by_default",
                    Some(IdentityDef::Always) => " identity=always",
                    Some(IdentityDef::Serial) => " identity=serial",
                });
            }
        }
    }
}

/// Whether a name stands in the lock without quotes.
pub(super) const fn is_bare(name: &[u8]) -> bool {
    let mut at = 0;
    while at < name.len() {
        // Not `is_ascii_alphanumeric`: in a constant each call is costly.
        if !matches!(name[at], b'a'..=b'z' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'-') {
            return false;
        }
        at += 1;
    }
    at > 0
}

/// `bytes[from..to]`.
pub(crate) const fn slice(bytes: &[u8], from: usize, to: usize) -> &[u8] {
    bytes.split_at(to).0.split_at(from).1
}

/// Whether both are the same bytes. Sixteen at a time: a constant is evaluated step by step.
pub(crate) const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let (mut a, mut b) = (a, b);
    // Most texts are shorter, and this is told without a call.
    while a.len() >= 16
        && let (Some((first, rest)), Some((other, others))) = (a.split_first_chunk::<16>(), b.split_first_chunk::<16>())
    {
        if u128::from_ne_bytes(*first) != u128::from_ne_bytes(*other) {
            return false;
        }
        (a, b) = (rest, others);
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}
