#!/usr/bin/env bash
# A private PostgreSQL and a private Redis in one folder, on unix sockets, for deploy/run and tests/run.
#
#   deploy/embedded.sh start|stop|status|url [--var DIR] [--throwaway] [--no-redis] [--no-postgres]
#
# start is safe to call again, at the same time and after any crash. url prints two lines that a shell can read:
#   CHO40_DATABASE_URL='host=/.../run dbname=cho40 user=cho40'
#   CHO40_REDIS_URL='unix:///.../redis.sock'
# --throwaway: a test cluster; it gives up durability (fsync=off) and must never hold anything of worth.
# As root the servers run as user $RUNAS, for PostgreSQL refuses root. By default that is whoever owns the folder's data,
# else cho40 where that user exists, else postgres.
set -euo pipefail

command=${1:-start}
[ $# -eq 0 ] || shift
var=var throwaway=no with_redis=yes with_postgres=yes
while [ $# -gt 0 ]; do
  case $1 in
    --var) var=${2:?--var needs a folder}; shift 2 ;;
    --throwaway) throwaway=yes; shift ;;
    --no-redis) with_redis=no; shift ;;
    --no-postgres) with_postgres=no; shift ;;
    *) echo "embedded.sh: unknown argument $1" >&2; exit 2 ;;
  esac
done
mkdir -p "$var"
VAR=$(cd "$var" && pwd)

# Debian keeps the server programs outside PATH: never call a bare initdb.
PGBIN=${PGBIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)}
[ -x "$PGBIN/postgres" ] || { echo "embedded.sh: no PostgreSQL server programs; apt-get install postgresql-15" >&2; exit 3; }
DATA=$VAR/pg/data SOCK=$VAR/pg/run LOG=$VAR/pg/server.log REDIS=$VAR/redis
# A unix socket path holds 107 bytes: a long folder gets short ones.
if [ ${#SOCK} -gt 85 ]; then
  short=/tmp/cho40-$(id -u)-$(printf %s "$VAR" | cksum | cut -d' ' -f1)
  SOCK=$short/pg REDIS_SOCK=$short/redis.sock
else
  short='' REDIS_SOCK=$REDIS/redis.sock
fi

if [ "$(id -u)" = 0 ]; then
  owner=$(stat -c %U "$VAR/pg" 2>/dev/null || echo root)
  if [ "$owner" != root ] && [ "$owner" != UNKNOWN ]; then RUNAS=${RUNAS:-$owner}; fi
  RUNAS=${RUNAS:-$(getent passwd cho40 >/dev/null && echo cho40 || echo postgres)}
  group=$(id -gn "$RUNAS")
  asuser() { setpriv --reuid="$RUNAS" --regid="$group" --init-groups --no-new-privs -- "$@"; }
  private() { install -d -o "$RUNAS" -g "$group" -m 700 "$@"; }
else
  asuser() { "$@"; }
  private() { install -d -m 700 "$@"; }
fi
private "$VAR/pg" "$REDIS"
[ -z "$short" ] || private "$short"
asuser test -x "$VAR/pg" || {
  echo "embedded.sh: user $RUNAS cannot reach $VAR (a parent folder is closed to it, often /root): choose an open place with --var, such as /var/lib/cho40" >&2
  exit 3
}
private "$SOCK"
cd /  # a closed working directory breaks the children

# Processes of a server on our data folder, told by their working directory and program.
ours() {
  local p
  for p in /proc/[0-9]*; do
    if [ "$(readlink "$p/cwd" 2>/dev/null)" = "$DATA" ] && [ "$(readlink "$p/exe" 2>/dev/null)" = "$PGBIN/postgres" ]; then echo "${p#/proc/}"; fi
  done
}
# After kill -9 of the postmaster a busy child can run on for hours, and the server does not start while it does. After
# a reboot the pid in the lock file can belong to somebody else. With no postmaster of ours alive, clear both.
clear_remains() {
  local pm p left
  pm=$(asuser head -1 "$DATA/postmaster.pid" 2>/dev/null || true)
  left=$(ours)
  if [ -n "$pm" ] && grep -qx "$pm" <<<"$left"; then return 0; fi  # it lives; let it finish starting
  for p in $left; do kill -QUIT "$p" 2>/dev/null || true; done
  if [ -n "$left" ]; then
    sleep 0.3
    for p in $(ours); do kill -KILL "$p" 2>/dev/null || true; done
  fi
  asuser rm -f "$DATA/postmaster.pid"
}

pg_ready() { asuser "$PGBIN/pg_isready" -q -h "$SOCK"; }
redis_ready() { [ "$(asuser timeout 2 redis-cli -s "$REDIS_SOCK" ping 2>/dev/null)" = PONG ]; }

make_cluster() {
  asuser rm -rf "$DATA.new"
  # Into a side folder, renamed when complete: a killed initdb never looks finished.
  asuser "$PGBIN/initdb" -D "$DATA.new" -U cho40 -E UTF8 --locale=C.UTF-8 -k -A peer --auth-local=trust -N >"$LOG.initdb" 2>&1 ||
    { cat "$LOG.initdb" >&2; return 1; }
  {
    cat <<CONF
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 512MB
wal_buffers = 64MB
jit = off
wal_compression = zstd
max_wal_size = 2GB
autovacuum_naptime = 2s
autovacuum_analyze_scale_factor = 1.0
autovacuum_vacuum_insert_scale_factor = 1.0
default_statistics_target = 30
checkpoint_timeout = 15min
idle_in_transaction_session_timeout = 30s
lock_timeout = 5s
log_checkpoints = on
synchronous_commit = on
CONF
    if [ "$throwaway" = yes ]; then
      printf '%s\n' 'fsync = off' 'full_page_writes = off' 'shared_buffers = 128MB' 'max_connections = 200' 'autovacuum_naptime = 10min'
    else
      # Log files are used again: making one is a stall of 50 ms for everybody who commits.
      printf '%s\n' 'fsync = on' 'full_page_writes = on' 'min_wal_size = 1GB'
    fi
  } | asuser tee -a "$DATA.new/postgresql.conf" >/dev/null
  asuser sync -f "$DATA.new"
  asuser mv "$DATA.new" "$DATA"
  asuser sync -f "$DATA"
}

start_postgres() {
  pg_ready && return 0
  [ -s "$DATA/PG_VERSION" ] || asuser test -s "$DATA/PG_VERSION" || make_cluster
  for _ in $(seq 1 60); do  # after kill -9 the old children may hold on for a moment
    # 9>&-: the server must not inherit the lock.
    if asuser "$PGBIN/pg_ctl" -D "$DATA" -w -t 300 -s -l "$LOG" -o "-c unix_socket_directories='$SOCK'" start 9>&- 2>/dev/null; then break; fi
    pg_ready && break
    clear_remains
    sleep 0.5
  done
  pg_ready || { asuser tail -20 "$LOG" >&2; return 1; }
  asuser "$PGBIN/psql" -qAtX -h "$SOCK" -U cho40 -d postgres -c "SELECT 1 FROM pg_database WHERE datname = 'cho40'" | grep -q 1 ||
    asuser "$PGBIN/createdb" -h "$SOCK" -U cho40 cho40
}

start_redis() {
  # A second redis-server on one socket takes it over without a word and the first lives on unseen: hence the lock
  # that our caller holds, and PING first.
  redis_ready && return 0
  asuser redis-server --port 0 --unixsocket "$REDIS_SOCK" --unixsocketperm 700 --save "" --appendonly no --maxmemory 256mb \
    --maxmemory-policy noeviction --daemonize yes --pidfile "$REDIS/redis.pid" --dir "$REDIS" --logfile "$REDIS/redis.log" 9>&- >/dev/null
  for _ in $(seq 1 50); do
    redis_ready && return 0
    sleep 0.1
  done
  asuser tail -20 "$REDIS/redis.log" >&2
  return 1
}

print_url() {
  [ "$with_postgres" = no ] || echo "CHO40_DATABASE_URL='host=$SOCK dbname=cho40 user=cho40'"
  [ "$with_redis" = no ] || echo "CHO40_REDIS_URL='unix://$REDIS_SOCK'"
  return 0
}

case $command in
  start)
    exec 9>"$VAR/.servers.lock"
    flock 9  # two starts at once
    [ "$with_postgres" = no ] || start_postgres
    [ "$with_redis" = no ] || start_redis
    print_url
    ;;
  stop)
    exec 9>"$VAR/.servers.lock"
    flock 9
    if [ "$with_redis" = yes ] && redis_ready; then asuser redis-cli -s "$REDIS_SOCK" shutdown nosave >/dev/null 2>&1 || true; fi
    if [ "$with_postgres" = yes ] && asuser test -f "$DATA/postmaster.pid"; then asuser "$PGBIN/pg_ctl" -D "$DATA" -m fast -w -t 60 -s stop || clear_remains; fi
    [ -z "$short" ] || [ "$with_redis$with_postgres" != yesyes ] || rm -rf "$short"
    ;;
  status)
    up=yes
    if [ "$with_postgres" = yes ]; then pg_ready && echo "postgres: up" || { echo "postgres: down"; up=no; }; fi
    if [ "$with_redis" = yes ]; then redis_ready && echo "redis: up" || { echo "redis: down"; up=no; }; fi
    [ $up = yes ]
    ;;
  url) print_url ;;
  *) echo "embedded.sh: start, stop, status or url" >&2; exit 2 ;;
esac
