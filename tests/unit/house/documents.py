#!/usr/bin/env python3
"""documents.py ROOT [--renew]: what the code knows stands in the documents. --renew writes docs/problems.md."""
import collections
import json
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(sys.argv.pop(1))
PROBLEMS = ROOT / "docs/problems.md"
ADVICE = {"fix": "fix_and_retry", "no": "do_not_retry", "same_key": "retry_same_key", "later": "retry_after"}
HEAD = """# Problems

Every refusal is `application/problem+json` with a stable `code`; texts may change, codes never do. `retry.advice` says what
is worth doing: `fix_and_retry` change the request first, `retry_same_key` send it again with the same Idempotency-Key,
`retry_after` wait and send it again, `do_not_retry`. Where a request has several faults, `errors` names each member by a
JSON Pointer with a code from the same list.

Renewed from `adapters/http/problem.cpp` by `tests/unit/house/documents.py . --renew`.
"""


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def code_names():
    text = read("base/errc.h")
    table = re.sub(r"/\*.*?\*/", "", text[text.index("#define CHO40_ERROR_CODES"):text.index("enum class Errc")])
    return re.findall(r"\bX\((\w+)\)", table)


def catalogue():
    """docs/problems.md as it should be, and the codes in it."""
    text, codes = HEAD, []
    source = re.sub(r',\n {12}"', ', "', read("adapters/http/problem.cpp"))  # a row that is too long for one line
    for line in source.splitlines():
        if heading := re.fullmatch(r"    // ([\w ,]+)", line):
            text += f"\n## {heading[1].capitalize()}\n\n| code | status | advice | tiếng Việt | English |\n|---|---|---|---|---|\n"
        elif row := re.match(r'    Problem\{Errc::(\w+), (\d+), (\w+), (\d+), "(.*)", "(.*)"\},', line):
            code, status, advice, seconds, vietnamese, english = row.groups()
            codes.append(code)
            after = f" {seconds} s" if seconds != "0" else ""
            text += f"| `{code}` | {status} | {ADVICE[advice]}{after} | {vietnamese} | {english} |\n"
    return text, codes


def table_rows(name, heading):
    """The first cells, without backticks, of the tables under one heading of a document."""
    text = read(name)
    match = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    return [] if not match else re.findall(r"^\| `([^`]+)`", match[1], re.M)


class Documents(unittest.TestCase):
    maxDiff = None

    def test_the_openapi_document_names_nothing_twice(self):
        """Readers of JSON keep the last of two members in silence; readers of YAML refuse the document."""
        def members(pairs):
            twice = [name for name, times in collections.Counter(name for name, _ in pairs).items() if times > 1]
            self.assertEqual(twice, [])
            return dict(pairs)

        self.assertTrue(json.loads(read("adapters/api/openapi.json"), object_pairs_hook=members)["paths"])

    def test_every_configuration_key(self):
        keys = re.findall(r'^\s*\{"([a-z]+\.[a-z_]+)", Type::', read("apps/config/config.cpp"), re.M)
        self.assertGreater(len(keys), 10)
        self.assertEqual(sorted(table_rows("docs/operating.md", "Configuration")), sorted(keys), "docs/operating.md, Configuration")
        section, shown = "", []
        for line in read("deploy/cho40.toml").splitlines():
            if match := re.fullmatch(r"\[(\w+)\]", line):
                section = match[1]
            elif match := re.match(r"#? ?([a-z_]+) = ", line):
                shown.append(f"{section}.{match[1]}")
        self.assertEqual(sorted(shown), sorted(keys), "deploy/cho40.toml")

    def test_every_metric(self):
        metrics = set()
        for top in ("adapters", "apps/service", "apps/sandbox", "ledger"):
            for path in (ROOT / top).rglob("*.cpp"):
                metrics |= set(re.findall(r'"(cho40_[a-z_]+)"', path.read_text(encoding="utf-8")))
        self.assertGreater(len(metrics), 10)
        self.assertEqual(sorted(table_rows("docs/operating.md", "Metrics")), sorted(metrics), "docs/operating.md, Metrics")

    def test_every_problem(self):
        text, codes = catalogue()
        self.assertEqual(codes, code_names(), "a row of adapters/http/problem.cpp is written in a way that this test cannot read")
        self.assertEqual(PROBLEMS.read_text(encoding="utf-8"), text, "renew it: tests/unit/house/documents.py . --renew")


if __name__ == "__main__":
    if "--renew" in sys.argv:
        PROBLEMS.write_text(catalogue()[0], encoding="utf-8")
    else:
        unittest.main()
