#!/bin/sh
# Makes the databases of the services and their roles. Runs before the services at every start: a new password or a new
# service then needs no step by hand, which scripts of the image's first start would.
set -eu

secrets=${SECRETS_DIR:-/run/secrets}
PGPASSWORD=$(cat "$secrets/postgres-password")
export PGPASSWORD

while read -r ROLE DATABASE; do
  [ -n "$ROLE" ] || continue
  # by the environment: arguments are shown to everybody who lists processes
  ROLE_PASSWORD=$(cat "$secrets/$ROLE-password")
  export ROLE DATABASE ROLE_PASSWORD
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file "$(dirname "$0")/database.sql"
  echo "$DATABASE belongs to $ROLE"
done <<'LIST'
stage_service stage_db
activity_service activity_db
task_service task_db
workflow_service workflow_db
LIST
