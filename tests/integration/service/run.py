#!/usr/bin/env python3
"""run.py [--results FILE.xml] [PATTERN...]: runs the tests of this folder whose name contains a pattern (default: all).

CHO40_BIN is the folder of cho40d and cho40, CHO40_TEST_DATABASE_URL the PostgreSQL server. With --results, or the folder
CHO40_TEST_RESULTS, the results are also written as JUnit XML.
"""
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path += [str(here), str(here.parents[1] / "support")]
import python_tests  # noqa: E402  (needs the path above)
import shared  # noqa: E402


def finish():
    code = shared.finish()
    return None if code in (None, 0) else f"the service ended with exit code {code}"


if __name__ == "__main__":
    sys.exit(python_tests.run(here, "service", __doc__, finish))
