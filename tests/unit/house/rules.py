#!/usr/bin/env python3
"""rules.py ROOT: the rules of the house that no compiler knows. One test method each."""
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))
SOURCE = (".cpp", ".h")
TEXT = SOURCE + (".py", ".sh", ".mjs", ".js", ".ts", ".tsx", ".css", ".sql", ".md", ".toml", ".cmake", ".txt")
CODE = ("base/", "ledger/", "qr-pay/", "merchants/", "fees/", "etax/", "reconcile/", "adapters/", "apps/")
MONEY = ("ledger/", "qr-pay/", "merchants/", "fees/", "etax/", "reconcile/")

# A wait for what another process does in its own time, inside a loop with a limit.
MAY_POLL = {"tests/support/redis.cpp", "tests/support/live_server.h", "tests/support/postgres.cpp",
            "tests/unit/adapters/http/events_test.cpp", "tests/unit/adapters/http/server_test.cpp"}


def all_files():
    if shutil.which("git"):
        names = subprocess.run(["git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard"], capture_output=True, text=True, check=False)
        if names.returncode == 0 and names.stdout:
            return [name for name in names.stdout.splitlines() if (ROOT / name).is_file()]
    # An unpacked archive, or a machine without git.
    outside = {"build", "node_modules", "dist", "var", "generated", ".git"}
    return [p.relative_to(ROOT).as_posix() for p in ROOT.rglob("*") if p.is_file() and not outside & set(p.relative_to(ROOT).parts)]


FILES = all_files()


def without_comments(text):
    """The same lines with comments blank."""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.S)
    return re.sub(r"//[^\n]*", "", text)


def lines(prefixes, endings, code_only=False):
    for name in FILES:
        if name.startswith(prefixes) and name.endswith(endings):
            text = (ROOT / name).read_text(encoding="utf-8")
            for number, line in enumerate((without_comments(text) if code_only else text).splitlines(), 1):
                yield name, number, line


class Rules(unittest.TestCase):
    def none(self, found, why):
        found = list(found)
        self.assertFalse(found, why + ":\n" + "\n".join(f"{name}:{number}: {line.strip()}" for name, number, line in found))

    def test_files_are_found(self):
        self.assertGreater(len(FILES), 300)

    def test_every_statement_has_a_name_of_its_own(self):
        """An inline constant defined in two headers is one constant to the linker, and one name is prepared once."""
        seen = {}
        again = []
        for name, number, line in lines(("adapters/",), SOURCE, True):
            match = re.search(r'inline constexpr (?:postgres::)?Statement (\w+)\{"(\w+)"', line)
            for word in match.groups() if match else re.findall(r'Statement \w+\{"(\w+)"', line):
                if word in seen:
                    again.append((name, number, f"{word} stands in {seen[word]} already"))
                seen[word] = name
        self.none(again, "name statements after their table group")

    def test_nothing_runs_unowned(self):
        self.none(((n, i, l) for n, i, l in lines(CODE, SOURCE, True) if re.search(r"\bdetached\b", l)),
                  "work beside its caller belongs to observability::JobGroup")

    def test_the_time_comes_from_the_clock(self):
        self.none(((n, i, l) for n, i, l in lines(CODE, SOURCE, True)
                   if re.search(r"system_clock::now\(|gettimeofday|\btime\((NULL|nullptr|0)\)", l) and n != "base/time.cpp"),
                  "ask cho40::Clock; only deadlines read the steady clock")

    def test_the_domain_reads_no_clock_at_all(self):
        self.none(((n, i, l) for n, i, l in lines(MONEY, SOURCE, True) if "::now()" in l), "a rule gets the time as an argument")

    def test_money_is_whole(self):
        self.none(((n, i, l) for n, i, l in lines(MONEY, SOURCE, True) if re.search(r"\b(float|double)\b|\bstd::sto[dfl]d?\b|\bstrtod\b", l)),
                  "đồng, rates and areas are whole numbers")

    def test_tests_do_not_sleep(self):
        pattern = r"this_thread::sleep_(for|until)|\busleep\(|\bnanosleep\(|\btime\.sleep\(|(?<![\w.])sleep\("
        self.none(((n, i, l) for n, i, l in lines(("tests/",), (".cpp", ".h", ".py"), True)
                   if re.search(pattern, l) and n not in MAY_POLL and n != "tests/unit/house/rules.py"), "wait for what you wait for, not for a time")

    def test_nothing_is_left_for_later(self):
        self.none(((n, i, l) for n, i, l in lines(("",), TEXT) if re.search(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b", l)), "finish it or write an issue")

    def test_files_stay_readable(self):
        long = [(name, (ROOT / name).read_text(encoding="utf-8").count("\n"), "") for name in FILES
                if name.startswith(CODE + ("tests/", "web/", "deploy/", "cmake/")) and name.endswith(SOURCE + (".py", ".sh", ".mjs", ".js", ".ts", ".tsx", ".css"))]
        self.none(((n, count, "lines") for n, count, _ in long if count > 600), "one reason to change, no more than 600 lines")

    def test_no_path_of_one_machine(self):
        pattern = r"(?<![\w.$/}-])/(home|root|Users|work)/"
        self.none(((n, i, l) for n, i, l in lines(("",), TEXT) if re.search(pattern, l) and n != "tests/unit/house/rules.py"),
                  "this path exists on one machine only")

    def test_every_test_is_built(self):
        lists = {pathlib.PurePosixPath(n).parent: (ROOT / n).read_text(encoding="utf-8") for n in FILES if n.endswith("CMakeLists.txt")}
        lost = []
        for name in FILES:
            path = pathlib.PurePosixPath(name)
            if name.startswith("tests/") and name.endswith("_test.cpp"):
                named = any(re.search(rf"(?<![\w-]){re.escape(str(path.relative_to(folder)))}\b", text)
                            for folder, text in lists.items() if path.is_relative_to(folder))
                if not named and "/*_test.cpp" not in lists.get(path.parent, ""):
                    lost.append(name)
        self.assertEqual(lost, [], "no CMakeLists.txt names them")

    def test_the_palette_stands_in_one_file(self):
        defined = {n for n, _, l in lines(("adapters/", "web/"), (".css",)) if re.search(r"--jade\s*:", l)}
        self.assertEqual(defined, {"web/shared/src/styles/tokens.css"}, "the public pages embed it from there")


if __name__ == "__main__":
    unittest.main()
