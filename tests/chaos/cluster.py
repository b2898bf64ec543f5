"""A PostgreSQL of one's own, in memory where the machine allows it, to be killed, filled up and started again."""
import os
import pathlib
import re
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 90  # seconds, for a busy machine
ROOM = "768m"


class Cluster:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.folder.chmod(0o755)
        # A file system of its own can be filled up without doing harm to anybody.
        self.can_be_full = os.geteuid() == 0 and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=755", "cho40-chaos", self.folder], capture_output=True, check=False).returncode == 0
        self.server = self.start()
        for setting in ("max_wal_size = '128MB'", "min_wal_size = '32MB'", "checkpoint_timeout = '30s'", "log_min_messages = 'warning'"):
            self.sql(f"ALTER SYSTEM SET {setting}", "postgres")
        self.sql("SELECT pg_reload_conf()", "postgres")

    def start(self):
        """Starts, or starts again after a kill, and returns how to connect (without a database)."""
        done = self._embedded("start")
        if done.returncode != 0:
            raise RuntimeError("PostgreSQL does not start:\n" + done.stdout + done.stderr)
        return re.search(r"DATABASE_URL='(host=\S+) dbname=\S+ (user=\S+)'", done.stdout).expand(r"\1 \2")

    def close(self):
        self.make_room()
        self._embedded("stop")
        if self.can_be_full:
            subprocess.run(["umount", "-l", self.folder], check=False)

    def _embedded(self, what):
        return subprocess.run([ROOT / "deploy/embedded.sh", what, "--throwaway", "--no-redis", "--var", self.folder / "var"],
                              capture_output=True, text=True, check=False, timeout=PATIENCE)

    @property
    def socket_folder(self):
        return re.search(r"host=(\S+)", self.server)[1]

    # --- asking ---

    def sql(self, text, database):
        done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", f"{self.server} dbname={database}", "-c", text],
                              capture_output=True, text=True, check=False, timeout=PATIENCE)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def rows(self, text, database):
        return [line.split("|") for line in self.sql(text, database).splitlines()]

    def writers_backends(self):
        """Process ids of what serves a ledger's writer."""
        return [int(pid) for (pid,) in self.rows("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'cho40 ledger%'", "postgres")]

    def wait_until_nobody_writes(self):
        """A client that was killed leaves backends behind that may still commit what it had sent."""
        end = time.monotonic() + PATIENCE
        while self.sql("SELECT count(*) FROM pg_stat_activity WHERE datname <> current_database() AND backend_type = 'client backend'", "postgres") != "0":
            if time.monotonic() > end:
                raise RuntimeError("a backend of a dead client does not end")

    # --- breaking ---

    def postmaster(self):
        """Its process id; 0 when it is not there."""
        try:
            pid = int((self.folder / "var/pg/data/postmaster.pid").read_text().split()[0])
            return pid if "postgres" in pathlib.Path(f"/proc/{pid}/comm").read_text() else 0
        except (OSError, ValueError, IndexError):
            return 0

    def kill(self):
        """kill -9 of the postmaster and of all its children."""
        first = self.postmaster()
        children = []
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if int(entry.joinpath("stat").read_text().rpartition(")")[2].split()[1]) == first:
                        children.append(int(entry.name))
                except OSError:
                    pass
        for pid in [first, *children]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def fill(self):
        """Leaves not one page, unless PostgreSQL gives some back meanwhile."""
        room = os.statvfs(self.folder)
        piece = room.f_bavail * room.f_frsize
        with open(self.folder / "ballast", "ab") as ballast:
            while piece >= room.f_frsize:
                try:
                    os.posix_fallocate(ballast.fileno(), ballast.seek(0, os.SEEK_END), piece)
                except OSError:
                    piece //= 2  # somebody else has taken some of it

    def make_room(self):
        (self.folder / "ballast").unlink(missing_ok=True)
