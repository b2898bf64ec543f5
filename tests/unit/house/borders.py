#!/usr/bin/env python3
"""borders.py COMPILER MODULE=INCLUDE_DIRS...: an include across a border does not compile, one within does.

INCLUDE_DIRS are those of the module's CMake target, joined by "|": what is proved is how the targets are wired.
"""
import subprocess
import sys

# module, header it may include, headers it must not find
BORDERS = (
    ("ledger", "base/result.h", ("adapters/http/server.h", "adapters/postgres/pool.h", "qr-pay/payment_request.h")),
    ("qr-pay", "ledger/ports.h", ("adapters/rails/rail.h", "fees/notice.h", "merchants/register.h")),
    ("fees", "qr-pay/payment_request.h", ("adapters/http/server.h", "etax/rates.h", "reconcile/engine.h")),
    ("etax", "base/time.h", ("adapters/xml/writer.h", "fees/notice.h", "apps/config/config.h")),
    ("reconcile", "base/dong.h", ("adapters/statements/camt.h", "qr-pay/payment_request.h")),
    ("http", "adapters/observability/log.h", ("adapters/stores/event_store.h", "ledger/ports.h")),
)


def compile_with(compiler, folders, header):
    command = [compiler, "-std=c++20", "-fsyntax-only", "-x", "c++", "-", *[f"-I{folder}" for folder in folders]]
    return subprocess.run(command, input=f'#include "{header}"\n', capture_output=True, text=True, check=False)


def main():
    compiler, given = sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:])
    wrong = []
    for module, legal, illegal in BORDERS:
        folders = [folder for folder in given[module].split("|") if folder]
        done = compile_with(compiler, folders, legal)
        if done.returncode != 0:
            wrong.append(f"{module} cannot include {legal}:\n{done.stderr[:1000]}")
        for header in illegal:
            done = compile_with(compiler, folders, header)
            if done.returncode == 0 or f"'{header}' file not found" not in done.stderr:
                wrong.append(f"{module} can include {header}: look at its DEPENDS in CMakeLists.txt")
    print("\n".join(wrong) or f"{len(BORDERS)} borders are closed")
    return 1 if wrong else 0


sys.exit(main())
