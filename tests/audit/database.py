"""Throwaway databases on the server of CHO40_TEST_DATABASE_URL, and the audit as an auditor runs it."""
import json
import os
import pathlib
import subprocess
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
AUDIT = ROOT / "deploy/audit/run"


def psql(url, script):
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", url], input=script, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()


class Database:
    """Empty, migrated (migrate()), or a copy of another; dropped at the end of a with statement."""

    def __init__(self, template="template0"):
        self.server = os.environ["CHO40_TEST_DATABASE_URL"]
        self.name = f"cho40_audit_{os.getpid()}_{uuid.uuid4().hex[:8]}"
        self.url = f"{self.server} dbname={self.name}"
        psql(f"{self.server} dbname=postgres", f"CREATE DATABASE {self.name} TEMPLATE {template}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.drop()

    def drop(self):
        psql(f"{self.server} dbname=postgres", f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def copy(self):
        return Database(self.name)

    def migrate(self):
        for path in sorted((ROOT / "adapters/postgres/migrations").glob("*.sql")):
            self.run(f"BEGIN;\n{path.read_text(encoding='utf-8')}\nCOMMIT;")
        return self

    def run(self, script):
        return psql(self.url, script)

    def audit(self, *options, url=None):
        """(exit code, output) of deploy/audit/run."""
        done = subprocess.run([AUDIT, *options, url or self.url], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stderr)
        return done.returncode, done.stdout

    def faults(self, *options):
        """What the audit finds, as dictionaries. Its exit code, its list and its verdict must say the same."""
        code, output = self.audit("--json", *options)
        report = json.loads(output)
        if (code == 0) != report["clean"] or report["clean"] != (report["faults"] == []):
            raise AssertionError(f"exit code {code} of {output}")
        return report["faults"]
