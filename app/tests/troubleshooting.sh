# What gets in the way in docs/troubleshooting.md: a function for each `<!-- set-up: NAME -->`.

ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "$DATABASE_URL" "$@"; }

# Has somebody else run a statement, and stay in its transaction, once the query after it finds that it has run.
hold() {
    PGAPPNAME=somebody psql --no-psqlrc "$DATABASE_URL" -c "BEGIN; $1; SELECT pg_sleep(600)" >/dev/null 2>&1 &
    until [ -n "$(ask -c "$2")" ]; do sleep 0.05; done
}

free() {
    ask -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'somebody' AND datname = current_database()"
}

two_branches() {
    export DATABASE_URL=app.db
    migrate upgrade
    migrate revision --empty "add tags" --rev-id 20261201090000
    migrate revision --empty "add likes" --rev-id 20261201100000 --head 20261122220815 --splice
}

an_older_build() {
    mkdir ../newer.$$
    mv migrations/sqlite/*_tags_and_likes ../newer.$$
}

an_edited_file() {
    mv ../newer.$$/* migrations/sqlite
    rmdir ../newer.$$
    echo "SELECT 2;" >> migrations/sqlite/20261201090000_add_tags/up.sql
}

a_conflict() {
    export SCRATCH_POSTGRES_URL=$POSTGRES_URL
    commit() { git add migrations && git commit -q -m "$1"; }
    git init -q -b main .
    git config user.name me
    git config user.email me@localhost
    cp migrations/schema.lock ../lock.$$
    sed -i "/ users.email /s/Varchar/Text/" migrations/schema.lock
    commit base
    git checkout -q -b theirs
    sed -i "/ users.email /s/Text/Bpchar/" migrations/schema.lock
    commit theirs
    git checkout -q main
    mv ../lock.$$ migrations/schema.lock
    commit ours
    ! git merge -q theirs
}

a_held_table() {
    export DATABASE_URL=$POSTGRES_URL
    migrate upgrade
    migrate revision --empty "tag users" --rev-id 20261203090000
    echo "ALTER TABLE users ADD COLUMN tag text;" > migrations/postgres/20261203090000_tag_users/up.sql
    hold "LOCK TABLE users" "SELECT pid FROM pg_locks WHERE relation = 'users'::regclass AND granted"
}

a_long_upgrade() {
    migrate revision --empty "more" --rev-id 20261203100000
    hold "SELECT pg_advisory_xact_lock(7235425822644645235)" \
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database
         WHERE datname = current_database())"
}

a_doubled_row() {
    free
    until migrate upgrade; do sleep 0.1; done
    migrate revision --empty "index tags" --rev-id 20261203110000
    local folder=migrations/postgres/20261203110000_index_tags
    printf 'run_in_transaction = false\ndown_revision = ["20261203100000"]\n' > $folder/metadata.toml
    echo "UPDATE users SET tag = lower(tag);" > $folder/up.sql
    echo "CREATE UNIQUE INDEX CONCURRENTLY users_tag_key ON users (tag);" >> $folder/up.sql
    echo "DROP INDEX CONCURRENTLY users_tag_key;" > $folder/down.sql
    ask -c "INSERT INTO users (email, username, hashed_password, tag) VALUES ('a', 'a', '', 'x'), ('b', 'b', '', 'X')"
}

an_edited_statement() {
    migrate downgrade 20261203100000 --yes
    ask -c "UPDATE users SET tag = 'x'"
    ! migrate upgrade
    ask -c "UPDATE users SET tag = username"
    sed -i "s/lower/upper/" migrations/postgres/20261203110000_index_tags/up.sql
}
