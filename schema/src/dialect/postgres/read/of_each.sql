-- So many of each kind of object, and what is said of it.
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE parent (k int, v text) PARTITION BY LIST (k);
CREATE INDEX ON parent (k);
ALTER TABLE parent ADD UNIQUE (k);
DO $$
DECLARE statement text;
BEGIN
    FOREACH statement IN ARRAY ARRAY[
        'CREATE TYPE e%1$s AS ENUM (''a'', ''b'')',
        'CREATE DOMAIN d%1$s AS text CHECK (value <> '''')',
        'CREATE TYPE c%1$s AS (x int, y text)',
        'CREATE TYPE ra%1$s AS RANGE (subtype = int)',
        'CREATE COLLATION co%1$s (locale = ''C'')',
        'CREATE SEQUENCE s%1$s',
        'CREATE TABLE t%1$s (id serial PRIMARY KEY, p int REFERENCES t%1$s, e e%1$s, d d%1$s, c c%1$s, n int DEFAULT nextval(''s%1$s''), '
            'g text GENERATED ALWAYS AS (upper(d)) STORED, r int4range, CHECK (n > 0), EXCLUDE (id WITH =)) WITH (fillfactor = 70)',
        'ALTER SEQUENCE s%1$s OWNED BY t%1$s.n',
        'CREATE INDEX ON t%1$s (lower(d)) WHERE n > 3',
        'CREATE UNIQUE INDEX ON t%1$s (n, p) WITH (fillfactor = 80)',
        'ALTER TABLE t%1$s ALTER COLUMN g SET STORAGE EXTERNAL, ALTER COLUMN g SET STATISTICS 50, '
            'ALTER COLUMN g SET (n_distinct = 5), ENABLE ROW LEVEL SECURITY, CLUSTER ON t%1$s_pkey, '
            'REPLICA IDENTITY USING INDEX t%1$s_pkey',
        'CREATE POLICY p ON t%1$s USING (n > 1)',
        'CREATE TRIGGER tr BEFORE UPDATE ON t%1$s FOR EACH ROW EXECUTE FUNCTION touch()',
        'ALTER TABLE t%1$s DISABLE TRIGGER tr',
        'CREATE RULE ru AS ON DELETE TO t%1$s DO INSTEAD NOTHING',
        'CREATE STATISTICS st%1$s ON n, p FROM t%1$s',
        'CREATE VIEW v%1$s AS SELECT n, p, d FROM t%1$s',
        'CREATE MATERIALIZED VIEW m%1$s AS SELECT n, p, d FROM v%1$s',
        'CREATE INDEX ON m%1$s (n)',
        'CREATE FUNCTION f%1$s(a t%1$s) RETURNS int LANGUAGE sql AS ''SELECT 1''',
        'CREATE AGGREGATE ag%1$s (int) (sfunc = int4pl, stype = int)',
        'CREATE CAST (c%1$s AS e%1$s) WITH INOUT',
        'CREATE FUNCTION eq(c%1$s, c%1$s) RETURNS bool LANGUAGE sql AS ''SELECT true''',
        'CREATE OPERATOR === (LEFTARG = c%1$s, RIGHTARG = c%1$s, FUNCTION = eq)',
        'CREATE TEXT SEARCH DICTIONARY td%1$s (TEMPLATE = simple)',
        'CREATE TEXT SEARCH CONFIGURATION ts%1$s (COPY = simple)',
        'CREATE TABLE pa%1$s PARTITION OF parent FOR VALUES IN (%1$s)',
        'CREATE TABLE ch%1$s () INHERITS (t%1$s)',
        'COMMENT ON FUNCTION f%1$s IS ''x''',
        'COMMENT ON TABLE t%1$s IS ''x''',
        'COMMENT ON COLUMN t%1$s.n IS ''x''',
        'COMMENT ON TRIGGER tr ON t%1$s IS ''x''',
        'COMMENT ON VIEW v%1$s IS ''x''',
        'COMMENT ON CONSTRAINT t%1$s_pkey ON t%1$s IS ''x''',
        'COMMENT ON INDEX t%1$s_pkey IS ''x''',
        'COMMENT ON SEQUENCE t%1$s_id_seq IS ''x'''
    ] LOOP
        FOR i IN 1 .. {count} LOOP
            EXECUTE format(statement, i);
        END LOOP;
    END LOOP;
END $$;
