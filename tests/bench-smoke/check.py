#!/usr/bin/env python3
"""check.py BENCH FILE: fails unless `cho40 bench BENCH --json` printed every figure as a number above zero."""
import json
import pathlib
import sys

FIGURES = {
    "http": {"notifications_per_second", "notifications_over_healthz", "notification_p50", "notification_p99", "healthz_per_second",
             "start_to_ready", "service_memory"},
    # DuckDB's figures only where it is installed.
    "recon": {"files_to_answer", "peak_memory", "sort_and_join", "engine_over_sort_and_join", "engine_over_faster_floor",
              "growth_over_n_log_n", "memory_at_most_lines", "fees_assessed"},
}

bench, file = sys.argv[1:]
report = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
found = {figure["name"]: figure["value"] for figure in report["figures"]}
wrong = [f"{name} is missing" for name in sorted(FIGURES[bench] - found.keys())]
wrong += [f"{name} is {value}" for name, value in found.items() if not isinstance(value, int | float) or not value > 0]
if not report["machine"]["processor"] or report["machine"]["threads"] < 1:
    wrong.append("the machine is not named")
print("\n".join(wrong) or "\n".join(f"{name} {value:g}" for name, value in found.items()))
sys.exit(1 if wrong else 0)
