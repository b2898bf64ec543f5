#!/usr/bin/env python3
"""layers.py ROOT: fails when a folder includes one it may not. The table is the architecture; keep it short."""
import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])

DOMAIN = {"base", "ledger", "qr-pay", "merchants", "fees", "etax", "reconcile"}
ADAPTER_BASE = {"base", "adapters/observability"}

MAY_INCLUDE = {
    "base": set(),
    "ledger": {"base"},
    "qr-pay": {"base", "ledger"},
    "merchants": {"base", "ledger", "qr-pay"},
    "fees": {"base", "ledger", "qr-pay"},
    "etax": {"base", "ledger", "merchants"},
    "reconcile": {"base", "ledger"},
    # One way to the outside each; none knows another's protocol.
    "adapters/observability": {"base"},
    "adapters/strict_json": {"base"},
    "adapters/http": ADAPTER_BASE | {"adapters/strict_json"},
    "adapters/postgres": {"base"},
    "adapters/redis": ADAPTER_BASE,
    "adapters/xml": {"base"},
    "adapters/rails": {"base", "qr-pay", "adapters/strict_json"},
    "adapters/documents": {"base", "ledger", "qr-pay", "fees", "adapters/strict_json"},
    "adapters/statements": {"base", "reconcile"},
    "adapters/tax_gateway": ADAPTER_BASE | {"etax", "merchants", "adapters/http", "adapters/strict_json", "adapters/xml"},
    "adapters/portal": ADAPTER_BASE | {"fees", "adapters/http"},
    "adapters/national_pay": ADAPTER_BASE | {"ledger", "qr-pay", "fees", "adapters/http", "adapters/strict_json"},
    "adapters/receipts": {"base", "fees", "adapters/xml"},
    "adapters/pages": DOMAIN,
    "adapters/identity": ADAPTER_BASE | {"ledger", "adapters/http"},
    # What puts domain and database, or domain and HTTP, together.
    "adapters/stores": DOMAIN | ADAPTER_BASE | {"adapters/postgres", "adapters/identity",
                                               "adapters/tax_gateway"},  # a filing is kept as the JSON it is shown as
    "adapters/api": DOMAIN | ADAPTER_BASE | {"adapters/documents", "adapters/http", "adapters/identity", "adapters/national_pay", "adapters/pages", "adapters/portal",
                                             "adapters/rails", "adapters/statements", "adapters/stores", "adapters/tax_gateway",
                                             "adapters/xml"},
    "apps/config": {"base"},
}


def folder_of(path):
    """"adapters/http" for what lies there, "ledger" for a module of one level."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in ("adapters", "apps") else parts[0]


def main():
    wrong = []
    present = {folder_of(f"{p.relative_to(ROOT).as_posix()}/x") for top in ("adapters", "apps") for p in (ROOT / top).iterdir() if p.is_dir()} | DOMAIN
    nowhere = {folder for folder in present if folder.startswith("adapters/") and folder not in MAY_INCLUDE}
    wrong += [f"{folder}: has no row in MAY_INCLUDE of {pathlib.Path(__file__).name}" for folder in sorted(nowhere)]
    files = 0
    for folder, allowed in MAY_INCLUDE.items():
        for path in sorted((ROOT / folder).rglob("*.[hc]*")):
            if path.suffix not in (".h", ".cpp"):
                continue
            files += 1
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = re.match(r'\s*#\s*include\s*"([^"]+)"', line)
                if not match or match[1].split("/")[0] in ("embedded", "generated"):
                    continue
                other = folder_of(match[1])
                if other != folder and other not in allowed:
                    wrong.append(f"{path.relative_to(ROOT)}:{number}: {folder} may not include {match[1]}")
    print("\n".join(wrong) or f"{files} files include only what they may")
    return 1 if wrong or files < 100 else 0


sys.exit(main())
