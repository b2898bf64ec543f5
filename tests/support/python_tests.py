"""Runs the tests of a folder that are written in Python, and writes their results where tests/run counts them."""
import argparse
import os
import pathlib
import sys
import time
import unittest
import xml.etree.ElementTree as tree


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


def write_results(path, name, result):
    root = tree.Element("testsuites")
    suite = tree.SubElement(root, "testsuite", name=name)
    for test, seconds, bad in result.cases:
        group, _, short = test.rpartition(".")
        case = tree.SubElement(suite, "testcase", classname=group, name=short, time=f"{seconds:.3f}")
        if bad:
            tree.SubElement(case, "failure").text = "\n".join(bad)
    tree.ElementTree(root).write(path, encoding="utf-8")


def run(folder, name, description, finish=lambda: None):
    """The exit code. `finish` stops what the tests shared and returns what went wrong with it, or nothing."""
    options = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--results", default="")
    options.add_argument("--name", default=name, help="how the results are called")
    options.add_argument("patterns", nargs="*")
    given = options.parse_args()
    suite = unittest.TestSuite(every_test(unittest.defaultTestLoader.discover(str(folder)), given.patterns))
    result = unittest.TextTestRunner(resultclass=Recorded, verbosity=2).run(suite)
    wrong = finish()
    if wrong:
        print(wrong, file=sys.stderr)
    results = given.results
    if not results and os.environ.get("CHO40_TEST_RESULTS"):
        where = pathlib.Path(os.environ["CHO40_TEST_RESULTS"], "integration")
        where.mkdir(parents=True, exist_ok=True)
        results = where / f"tests_integration_{given.name}.xml"
    if results:
        write_results(results, given.name, result)
    return 0 if result.wasSuccessful() and result.testsRun > 0 and not wrong else 1
