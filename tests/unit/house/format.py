"""Every C++ file looks as clang-format would write it, so that a change shows only what it changes."""
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FORMATTER = "clang-format-19"  # another version writes other lines


def is_clean(path):
    return subprocess.run([FORMATTER, "--dry-run", "-Werror", path], capture_output=True).returncode == 0


def main(root):
    modules = ("base", "ledger", "qr-pay", "merchants", "fees", "reconcile", "etax", "adapters", "apps", "cmake", "tests")
    files = [p for module in modules for p in sorted((root / module).rglob("*")) if p.suffix in (".h", ".cpp") and "node_modules" not in p.parts]
    with ThreadPoolExecutor() as pool:
        clean = list(pool.map(is_clean, files))
    wrong = [str(path.relative_to(root)) for path, fine in zip(files, clean) if not fine]
    for name in wrong:
        print(f"{name}: run {FORMATTER} -i {name}")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
