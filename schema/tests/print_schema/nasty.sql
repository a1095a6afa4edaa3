CREATE SCHEMA other;
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS ltree WITH SCHEMA other;
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE other.mood AS ENUM ('x');
CREATE TYPE other.tone_of_voice AS ENUM ('x');
CREATE TYPE "Weird Type-name" AS ENUM ('x');
CREATE TYPE "quo""ted#" AS ENUM ('x');
CREATE TYPE _under AS ENUM ('x');
CREATE TYPE a_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_yes AS ENUM ('x');
CREATE TYPE other.b_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_no AS ENUM ('x');
CREATE DOMAIN short AS varchar(7) NOT NULL;
CREATE DOMAIN shorter AS short;
CREATE DOMAIN moody AS mood;
CREATE TABLE all_types (
  id bigserial PRIMARY KEY, a smallint, b integer NOT NULL, c bigint, d real, e double precision, f numeric, g numeric(10,2), h money,
  i text, j varchar, k varchar(64), l char, m char(9), n "char", o bpchar, p name, q citext, r other.ltree, s hstore, t other.ltree[],
  u bytea, v date, w time, x time(3), y timetz, z timestamp, aa timestamp(3), ab timestamptz, ac timestamptz(0), ad interval, ae interval day to second(3), ae2 interval(2),
  af uuid, ag json, ah jsonb, ai jsonpath, aj inet, ak cidr, al macaddr, am macaddr8, an oid, ao pg_lsn, ap xml, aq tsvector, ar tsquery,
  at int4range, au int8range, av numrange, aw tsrange, ax tstzrange, ay daterange, az int4multirange, ba int8multirange, bb nummultirange, bc tsmultirange, bd tstzmultirange, be datemultirange,
  bf bit, bg bit(5), bh varbit, bi varbit(9), bj point, bk box, bl polygon, bm boolean, bn regclass, bo xid8, bp tid
);
CREATE TABLE arrays (
  id int PRIMARY KEY, a int[] NOT NULL, b varchar(9)[], c mood[], d other.mood[], e text[][], f _under, g _under[], h short[], i char(3)[], j "char"[], k timestamptz(3)[], l citext[],
  m a_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_yes, n a_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_yes[]
);
CREATE TABLE domains (id int PRIMARY KEY, a short, b shorter, c moody, d moody[]);
CREATE TABLE enums (id int PRIMARY KEY, a mood NOT NULL, b "Weird Type-name", c other.tone_of_voice[], d "quo""ted#", e other.b_type_whose_name_is_as_long_as_a_name_can_be_in_postgresql_no, f mood);
CREATE TABLE keywords (type int PRIMARY KEY, "table" int, columns int, keywords int, is_nullable int, "self" int, "Self" int, "crate" int, "async" int, "try" int, "gen" int, "1st" int, "__dunder" int, "__dunder_" int, "_" int, "with space" int, "é" int, "a-b" int, "quo""te" int, "Upper" int, "union" int, "dyn" int, "macro" int, "yield" int, "as" int, "r#x" int, "a.b" int, "-" int, "hash#""" int, "super" int);
CREATE TABLE "1st" ("1st" int PRIMARY KEY);
CREATE TABLE "table" (id int PRIMARY KEY, "table" int, table_ int);
CREATE TABLE "type" (type int PRIMARY KEY, type_ int);
CREATE TABLE "Upper" (id int PRIMARY KEY, "Upper" int REFERENCES "1st");
CREATE TABLE "_lead" (id int PRIMARY KEY, "_lead" int);
CREATE TABLE "__hidden" (id int PRIMARY KEY);
CREATE TABLE "with space" (id int PRIMARY KEY, type int REFERENCES "type", "__x" int REFERENCES "table");
CREATE TABLE "quo""ted" (id int PRIMARY KEY);
CREATE TABLE a (id int PRIMARY KEY, b_id int);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b;
CREATE TABLE c (id int PRIMARY KEY, parent int REFERENCES c, a1 int REFERENCES a, a2 int REFERENCES a, b int REFERENCES b);
CREATE TABLE d (x int, y int, u int UNIQUE, PRIMARY KEY (y, x));
CREATE TABLE e (id int PRIMARY KEY, x int, y int, d_u int REFERENCES d(u), FOREIGN KEY (y, x) REFERENCES d);
CREATE TABLE f (id int PRIMARY KEY, u int UNIQUE);
CREATE TABLE g (id int PRIMARY KEY, f_u int REFERENCES f(u), f_id int);
CREATE TABLE h (id int PRIMARY KEY, f_id int REFERENCES f(id), "as" int REFERENCES a);
CREATE TABLE other.outside (id int PRIMARY KEY, f_id int REFERENCES public.f, m other.mood);
CREATE TABLE inside (id int PRIMARY KEY, outside_id int REFERENCES other.outside, "a_column_whose_name_is_as_long_as_a_name_can_be_in_postgresql_yes" numeric(20,10));
CREATE VIEW seen AS SELECT id FROM a;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM a;
COMMENT ON TABLE a IS E'What a is.\n\n  Indented, with trailing space.  ';
COMMENT ON COLUMN a.b_id IS 'Its b.';
COMMENT ON COLUMN other.outside.id IS '';
