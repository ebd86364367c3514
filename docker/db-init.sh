#!/bin/sh
# Run once by the database image, on an empty data folder: roles with their passwords, database, extensions.
# The passwords come from files and are on no command line.
set -eu
export SECRETS="${SECRETS:-/run/secrets}" ROLES_SQL="${ROLES_SQL:-/harmwatch/roles.sql}"

psql -X -q -v ON_ERROR_STOP=1 --username postgres --dbname postgres <<'SQL'
\getenv roles_sql ROLES_SQL
\i :roles_sql
\set owner_password `cat "$SECRETS/owner_password"`
\set app_password `cat "$SECRETS/app_password"`
ALTER ROLE harmwatch_owner PASSWORD :'owner_password';
ALTER ROLE harmwatch_app PASSWORD :'app_password';
CREATE DATABASE harmwatch OWNER harmwatch_owner;
REVOKE ALL ON DATABASE harmwatch FROM PUBLIC;
GRANT CONNECT ON DATABASE harmwatch TO harmwatch_app;
\c harmwatch
CREATE EXTENSION postgis;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
SQL
