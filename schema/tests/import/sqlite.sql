CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    email TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name VARCHAR(64) DEFAULT 'x',
    at DATETIME DEFAULT CURRENT_TIMESTAMP,
    price DECIMAL(10, 2),
    ok BOOLEAN NOT NULL DEFAULT 0
);
CREATE TABLE notes (
    id TEXT PRIMARY KEY,
    user_id INTEGER REFERENCES users (id) ON DELETE CASCADE,
    body BLOB,
    "Group" BIGINT,
    CHECK (length(body) > 0)
);
CREATE TABLE plain (a INT, b TEXT, anything);
CREATE INDEX notes_by_user ON notes (user_id DESC);
CREATE INDEX notes_body_idx ON notes (body);
