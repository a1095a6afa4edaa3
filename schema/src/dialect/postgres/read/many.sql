-- Each kind of object many times over, and what is said of it.
DO $$ BEGIN
  FOR n IN 1..300 LOOP
    EXECUTE format('CREATE TYPE mood_%s AS ENUM (''a'', ''b'')', n);
    EXECUTE format('CREATE DOMAIN positive_%s AS int CHECK (VALUE > 0)', n);
    EXECUTE format('CREATE TABLE t_%1$s (id serial PRIMARY KEY, a text DEFAULT ''x'' UNIQUE, b int CHECK (b > 0), c positive_%1$s, d mood_%1$s, e text GENERATED ALWAYS AS (upper(a)) STORED, of int REFERENCES t_%2$s, EXCLUDE USING btree (b WITH =))', n, CASE n WHEN 1 THEN 1 ELSE n - 1 END);
    EXECUTE format('CREATE INDEX ON t_%s (lower(a)) WHERE b > 0', n);
    EXECUTE format('CREATE VIEW v_%1$s AS SELECT id, a FROM t_%1$s', n);
    EXECUTE format('CREATE MATERIALIZED VIEW m_%1$s AS SELECT id, a FROM v_%1$s', n);
    EXECUTE format('CREATE UNIQUE INDEX ON m_%s (id)', n);
    EXECUTE format('CREATE FUNCTION f_%s() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NEW; END''', n);
    EXECUTE format('CREATE TRIGGER g BEFORE INSERT ON t_%1$s FOR EACH ROW EXECUTE FUNCTION f_%1$s()', n);
    EXECUTE format('CREATE POLICY p ON t_%s USING (b > 0)', n);
    EXECUTE format('CREATE STATISTICS s_%1$s ON a, b FROM t_%1$s', n);
    EXECUTE format('COMMENT ON TABLE t_%s IS ''x''', n);
    EXECUTE format('COMMENT ON FUNCTION f_%s IS ''x''', n);
    EXECUTE format('COMMENT ON VIEW v_%s IS ''x''', n);
    EXECUTE format('COMMENT ON TRIGGER g ON t_%s IS ''x''', n);
    EXECUTE format('COMMENT ON POLICY p ON t_%s IS ''x''', n);
    EXECUTE format('COMMENT ON DOMAIN positive_%s IS ''x''', n);
    EXECUTE format('COMMENT ON COLUMN t_%1$s.id IS ''x''; COMMENT ON COLUMN t_%1$s.a IS ''x''; COMMENT ON COLUMN t_%1$s.b IS ''x''; COMMENT ON COLUMN v_%1$s.a IS ''x''', n);
    EXECUTE format('COMMENT ON SEQUENCE t_%s_id_seq IS ''x''', n);
    EXECUTE format('ALTER TABLE t_%s ALTER a SET STATISTICS 5, ALTER a SET STORAGE EXTERNAL', n);
  END LOOP;
END $$;
