# Shared by the scripts of this folder: where things are, how to speak, which Python to use. Sourced, never run.
# shellcheck shell=bash
set -euo pipefail

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
RUN=$ROOT/.run
VENV_PYTHON=$ROOT/.venv/bin/python
export ROOT
cd -- "$ROOT"
umask 022

# Another project's settings must not leak into ours.
unset VIRTUAL_ENV PYTHONPATH PYTHONHOME DJANGO_SETTINGS_MODULE GUNICORN_CMD_ARGS
export no_proxy="${no_proxy:+$no_proxy,}127.0.0.1,localhost" # we talk to ourselves
if [ -z "${DATABASE_URL:-}" ]; then
  unset PGHOST PGHOSTADDR PGPORT PGUSER PGPASSWORD PGDATABASE PGSERVICE PGOPTIONS DATABASE_URL
else
  # With a given server, never fall back to the private one for half of the connections.
  export MIGRATION_DATABASE_URL="${MIGRATION_DATABASE_URL:-$DATABASE_URL}"
fi
[ -n "${REDIS_URL:-}" ] || unset REDIS_URL

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# begin TARGET STEPS: one run of a target at a time in this checkout (a second one waits), and its steps.
begin() {
  TARGET=$1 STEPS=$2 STEP=0
  if ! mkdir -p "$RUN/log" || [ ! -w "$RUN" ]; then fail "$RUN cannot be written by user $(id -un)."; fi
  chmod 700 "$RUN"
  command -v flock >/dev/null || return 0
  exec 9>"$RUN/$TARGET.lock"
  flock -n 9 || {
    say "another 'make $TARGET' is at work in this checkout; waiting for it"
    flock 9
  }
}

# step TITLE COMMAND…: says what is done, how long it took, and on failure what it printed.
step() {
  local title=$1 log=$RUN/log/$TARGET.log start=$SECONDS status=0
  shift
  STEP=$((STEP + 1))
  printf '%s/%s %s … ' "$STEP" "$STEPS" "$title"
  # 9 is the lock: what a command leaves running must not hold it.
  "$@" >"$log" 2>&1 </dev/null 9>&- || status=$?
  if [ "$status" -ne 0 ]; then
    printf 'FAILED (%s s)\n' "$((SECONDS - start))"
    tail -n 40 "$log" >&2
    exit "$status"
  fi
  printf 'ok (%s s)\n' "$((SECONDS - start))"
}

# find_python: the first Python that is new enough; a shim that does not start is passed over.
find_python() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return 0
    fi
  done
  return 1
}

# any_python: the project's own Python where it works, else the machine's.
any_python() {
  if [ -x "$VENV_PYTHON" ] && "$VENV_PYTHON" -c '' 2>/dev/null; then
    printf '%s\n' "$VENV_PYTHON"
  else
    find_python || fail "Harmwatch needs Python 3.11 or newer; none was found on PATH."
  fi
}

# run_uv: the machine's uv, or the one in .tools; never a Python that it would download.
export UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=$ROOT/.venv
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-1} # so that a private CA known to the machine is trusted
run_uv() {
  if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
    uv "$@"
  elif [ -x .tools/bin/uv ] && .tools/bin/uv --version >/dev/null 2>&1; then
    .tools/bin/uv "$@"
  else
    PYTHONPATH=$ROOT/.tools/uv "$(find_python)" -m uv "$@"
  fi
}

manage() { "$VENV_PYTHON" "$ROOT/manage.py" "$@"; }

# setup_servers: three steps that every target starts with.
setup_servers() {
  step "system packages" bash scripts/ensure_packages
  step "Python packages" bash scripts/ensure_venv
  step "PostgreSQL and Redis" "$VENV_PYTHON" scripts/services.py start
}
