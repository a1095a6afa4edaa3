CREATE TYPE tone AS ENUM ('very kind', 'casual');
CREATE TYPE state AS ENUM ('OPEN', 'IN_WORK');
CREATE TYPE nothing AS ENUM ();
CREATE SCHEMA audit;
CREATE SEQUENCE tickets START 100 CACHE 5;

CREATE TABLE teams (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code varchar(8) NOT NULL UNIQUE,
    old int NOT NULL CONSTRAINT old_once UNIQUE,
    lead int
);
COMMENT ON TABLE teams IS 'Who works together.';
COMMENT ON COLUMN teams.code IS 'As it is said.';

CREATE TABLE people (
    id serial,
    team_code varchar(8) REFERENCES teams (code) ON DELETE CASCADE,
    team_id int CONSTRAINT to_team REFERENCES teams (old) DEFERRABLE INITIALLY DEFERRED,
    team bigint REFERENCES teams,
    boss int REFERENCES people,
    tone tone NOT NULL DEFAULT 'casual',
    states state[] NOT NULL DEFAULT '{}',
    price numeric(10,2) DEFAULT 0.5,
    at timestamptz NOT NULL DEFAULT now(),
    u uuid DEFAULT gen_random_uuid(),
    n int DEFAULT -1,
    name text DEFAULT 'it''s',
    j jsonb,
    vector tsvector,
    vectors tsvector[],
    period tstzrange,
    t timetz,
    tags text[],
    sizes varchar(3)[],
    type text,
    small interval,
    address inet,
    flag "char",
    size int GENERATED ALWAYS AS (length(name)) STORED,
    CONSTRAINT people_key PRIMARY KEY (id),
    CHECK (n < 10),
    CHECK (n > -5),
    CONSTRAINT sane CHECK (n <> 0 AND CASE WHEN n = 3 THEN "type" <> 'x"y' ELSE true END)
);
ALTER TABLE teams ADD FOREIGN KEY (lead) REFERENCES people;
ALTER SEQUENCE people_id_seq RENAME TO persons_id_seq;
ALTER SEQUENCE persons_id_seq AS bigint;
CREATE INDEX ON people (lower(name), n DESC NULLS LAST) INCLUDE (at) WHERE n > 0;
CREATE INDEX people_j ON people USING gin (j jsonb_path_ops);
CREATE UNIQUE INDEX ON people (name COLLATE "C");
CREATE INDEX ON people (at DESC);

CREATE TABLE "Order Lines" ("Id" serial PRIMARY KEY, "a.b" int, "say ""hi""" text, "self" int, "größe" int);
CREATE TABLE order_lines (id serial PRIMARY KEY, "order_lines" int REFERENCES "Order Lines", "1st" int);
CREATE TABLE options (id int PRIMARY KEY, "createdAt" timestamptz DEFAULT now(), created_at date, kind nothing);
CREATE TABLE "select" (a int, b int, PRIMARY KEY (b, a));
CREATE TABLE choices (id int PRIMARY KEY, x int, y int, FOREIGN KEY (x, y) REFERENCES "select" (b, a));
CREATE TABLE logs (line text NOT NULL, at timestamptz);
CREATE INDEX "by line" ON logs (line) WHERE line <> '';
CREATE TABLE audit.entries (id bigint PRIMARY KEY REFERENCES teams, of_option int REFERENCES options);
CREATE TABLE a_very_long_name_of_a_table_that_reaches_the_limit_of_63_bytes (
    id int PRIMARY KEY,
    a_column_whose_name_is_long_too int UNIQUE
);

CREATE TABLE events (
    id bigint NOT NULL CHECK (id > 0),
    at date NOT NULL,
    kind text,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE INDEX ON events (kind);
CREATE INDEX ON events (lower(kind));
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2024-01-01') PARTITION BY LIST (id);
CREATE TABLE events_old_a PARTITION OF events_old FOR VALUES IN (1, 2);
CREATE TABLE events_old_rest (id bigint NOT NULL CONSTRAINT events_id_check CHECK (id > 0), at date NOT NULL, kind text);
CREATE INDEX old_kinds ON events_old_rest (kind);
ALTER TABLE events_old ATTACH PARTITION events_old_rest DEFAULT;
CREATE TABLE events_rest PARTITION OF events (kind DEFAULT 'x', CONSTRAINT has_kind CHECK (kind <> '')) DEFAULT;
ALTER INDEX events_rest_pkey RENAME TO rest_key;
CREATE INDEX rest_at ON events_rest (at);
CREATE TABLE cities (id serial PRIMARY KEY, name text NOT NULL CHECK (name <> ''));
CREATE TABLE audit.capitals (state char(2), PRIMARY KEY (id)) INHERITS (cities);
