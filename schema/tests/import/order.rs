//! Schemas whose order counts: what has to stand before what, and what was made first.

use crate::beside_structs::imported;

/// The default calls a function, so the table waits for it, and functions that return the table's rows wait for that.
#[test]
fn functions_around_a_table_that_waits_for_one() {
    let sql = "CREATE SEQUENCE numbers;
        CREATE FUNCTION next_number(regclass) RETURNS bigint LANGUAGE sql AS 'SELECT nextval($1)';
        CREATE TABLE parcels (id bigint PRIMARY KEY DEFAULT next_number('numbers'), \"to\" text);
        CREATE FUNCTION all_parcels() RETURNS SETOF parcels LANGUAGE sql AS 'SELECT * FROM parcels';
        CREATE FUNCTION count_parcels() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM parcels';
        CREATE VIEW addresses AS SELECT \"to\" FROM parcels;";
    imported("functions_around", sql, &[]);
}

/// The server numbers the parts' indexes by what else is there, and cuts long names before the number.
#[test]
fn parts_of_indexes_in_another_order_than_their_names() {
    let sql = "CREATE TABLE measurements_of_the_stations (
            station_and_its_sensor int, taken_at_the_station date, value int, unit int)
            PARTITION BY RANGE (taken_at_the_station);
        CREATE INDEX z ON measurements_of_the_stations (station_and_its_sensor, taken_at_the_station, value);
        CREATE INDEX a ON measurements_of_the_stations (station_and_its_sensor, taken_at_the_station, unit);
        CREATE INDEX m ON measurements_of_the_stations (station_and_its_sensor, taken_at_the_station);
        CREATE TABLE measurements_of_the_stations_ever PARTITION OF measurements_of_the_stations DEFAULT;";
    imported("parts_in_order", sql, &[]);
}

/// A child may say a column again that its parent gives it, with numbers of its own.
#[test]
fn a_child_that_counts_by_itself() {
    let sql = "CREATE TABLE records (id bigserial PRIMARY KEY, made int NOT NULL);
        CREATE TABLE agents (id bigserial PRIMARY KEY, name text) INHERITS (records);";
    imported("a_child_that_counts", sql, &[]);
}

/// A partition that was a table has its columns in another order than its parent, and `schema.rs` has that one.
#[test]
fn a_partition_that_was_a_table() {
    let sql = "CREATE TABLE visits (id bigint NOT NULL, day date NOT NULL, place text, PRIMARY KEY (id, day))
            PARTITION BY RANGE (day);
        CREATE TABLE visits_old (place text, day date NOT NULL, id bigint NOT NULL);
        ALTER TABLE visits ATTACH PARTITION visits_old DEFAULT;";
    insta::assert_snapshot!(imported("was_a_table", sql, &["schema.rs"]));
}

/// The server would look for what a body names, and whoever calls the function sets the path for it.
#[test]
fn a_function_that_counts_on_a_search_path() {
    let sql = "CREATE SCHEMA music;
        CREATE TABLE music.tracks (id int PRIMARY KEY, length int);
        SET check_function_bodies = off;
        CREATE FUNCTION music.longest() RETURNS int LANGUAGE sql AS 'SELECT max(length) FROM tracks';
        CREATE FUNCTION music.minutes() RETURNS int LANGUAGE sql AS 'SELECT longest() / 60';
        CREATE TYPE music.tone AS ENUM ('high', 'low');
        CREATE FUNCTION music.low() RETURNS text LANGUAGE plpgsql AS
            'DECLARE it tone := ''low''; one tracks%ROWTYPE; BEGIN RETURN it; END';";
    imported("on_a_search_path", sql, &[]);
}

#[test]
fn an_extension_that_needs_another_one() {
    imported("extensions", "CREATE EXTENSION cube; CREATE EXTENSION earthdistance;", &[]);
}
