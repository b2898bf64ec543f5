#!/usr/bin/env python3
"""count_results.py FOLDER EXIT_CODE: prints "N passed, N failed" over all result files and exits 0 only when none failed.

Read are gtest's XML and JUnit XML. ctest's own file names each binary: one that failed without a failing case in its XML
(it crashed, or ran out of time) counts as one failure; one without any XML (a script) counts as one test.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

folder, exit_code = pathlib.Path(sys.argv[1]), int(sys.argv[2])
passed = failed = 0
failures = []


def bad(case):
    return case.find("failure") is not None or case.find("error") is not None


def skipped(case):
    return case.find("skipped") is not None or case.get("result") in ("skipped", "suppressed") or case.get("status") in ("notrun", "disabled")


def count(path):
    """(passed, names of failed) of one file; a file cut short by a crash counts what it has."""
    try:
        cases = list(tree.parse(path).iter("testcase"))
    except tree.ParseError:
        return 0, []
    names = [f"{c.get('classname', '')}.{c.get('name')}".lstrip(".") for c in cases if bad(c)]
    return sum(1 for c in cases if not bad(c) and not skipped(c)), names


files = [p for p in folder.rglob("*.xml") if not p.name.startswith("ctest-")]
by_binary = {}
for path in sorted(files):
    good, names = count(path)
    passed += good
    failed += len(names)
    failures += [f"{path.stem}: {n}" for n in names]
    stem = re.sub(r"_\d+$", "", path.stem)
    by_binary[stem] = by_binary.get(stem, 0) + len(names)

for path in sorted(folder.glob("ctest-*.xml")):
    for case in tree.parse(path).iter("testcase"):
        name = case.get("name")
        binary = "tests_" + name.replace("/", "_")
        ok = not bad(case) and case.get("status") != "fail"
        if skipped(case) and ok:
            continue
        if ok and binary not in by_binary:
            passed += 1
        elif not ok and by_binary.get(binary, 0) == 0:
            failed += 1
            failures.append(f"{name}: ended without a result of its own (crash, timeout, or a script that failed)")

if failed == 0 and exit_code != 0:
    failed = 1
    failures.append(f"the run ended with exit code {exit_code}")
if failures:
    print("\nFailed:\n" + "\n".join("  " + f for f in failures), file=sys.stderr)
sys.stderr.flush()
print(f"{passed} passed, {failed} failed", flush=True)
sys.exit(1 if failed else 0)
