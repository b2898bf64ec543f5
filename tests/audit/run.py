#!/usr/bin/env python3
"""run.py [--results FILE.xml] [PATTERN...]: runs the tests of this folder whose name contains a pattern (default: all).

CHO40_TEST_DATABASE_URL is the PostgreSQL server, CHO40_AUDIT_SEED and CHO40_AUDIT_ROUNDS the seed and the length of the random
damage (a seed that failed is printed; 200). With --results, or the folder CHO40_TEST_RESULTS, the results are also written as
JUnit XML.
"""
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path += [str(here), str(here.parent / "support")]
import python_tests  # noqa: E402  (needs the path above)

if __name__ == "__main__":
    sys.exit(python_tests.run(here, "audit", __doc__))
