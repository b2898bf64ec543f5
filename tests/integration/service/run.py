#!/usr/bin/env python3
"""run.py [--results FILE.xml] [PATTERN...]: runs the tests of this folder whose name contains a pattern (default: all).

CHO40_BIN is the folder of cho40d and cho40, CHO40_TEST_DATABASE_URL the PostgreSQL server. With --results, or the folder
CHO40_TEST_RESULTS, the results are also written as JUnit XML.
"""
import argparse
import os
import pathlib
import sys
import time
import unittest
import xml.etree.ElementTree as tree

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here))
import shared  # noqa: E402  (needs the path above)


class Recorded(unittest.TextTestResult):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        self.cases = []
        self._began = {}

    def startTest(self, test):
        self._began[test] = time.monotonic()
        super().startTest(test)

    def stopTest(self, test):
        super().stopTest(test)
        bad = [text for case, text in self.failures + self.errors if case is test or getattr(case, "test_case", None) is test]
        self.cases.append((test.id(), time.monotonic() - self._began[test], bad))


def every_test(suite, patterns):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from every_test(item, patterns)
        elif not patterns or any(p in item.id() for p in patterns):
            yield item


def write_results(path, result):
    root = tree.Element("testsuites")
    suite = tree.SubElement(root, "testsuite", name="service")
    for name, seconds, bad in result.cases:
        group, _, short = name.rpartition(".")
        case = tree.SubElement(suite, "testcase", classname=group, name=short, time=f"{seconds:.3f}")
        if bad:
            tree.SubElement(case, "failure").text = "\n".join(bad)
    tree.ElementTree(root).write(path, encoding="utf-8")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--results", default="")
    options.add_argument("patterns", nargs="*")
    given = options.parse_args()
    suite = unittest.TestSuite(every_test(unittest.defaultTestLoader.discover(str(here)), given.patterns))
    result = unittest.TextTestRunner(resultclass=Recorded, verbosity=2).run(suite)
    code = shared.finish()
    if code not in (None, 0):
        print(f"the service ended with exit code {code}", file=sys.stderr)
    results = given.results
    if not results and os.environ.get("CHO40_TEST_RESULTS"):
        folder = pathlib.Path(os.environ["CHO40_TEST_RESULTS"], "integration")
        folder.mkdir(parents=True, exist_ok=True)
        results = folder / "tests_integration_service.xml"
    if results:
        write_results(results, result)
    return 0 if result.wasSuccessful() and result.testsRun > 0 and code in (None, 0) else 1


if __name__ == "__main__":
    sys.exit(main())
