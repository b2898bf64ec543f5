#!/usr/bin/env python3
"""embed_migrations.py SOURCE FILE...: the migrations as a table in a C++ source file, so that the program carries them."""
import pathlib
import re
import sys

source, *files = sys.argv[1:]
rows = []
for path in map(pathlib.Path, files):
    found = re.fullmatch(r"(\d{4})_[a-z0-9_]+\.sql", path.name)
    if not found:
        sys.exit(f"{path}: a migration is called NNNN_words.sql")
    rows.append((int(found[1]), path.name, path.read_bytes()))
rows.sort()
for (a, name_a, _), (b, name_b, _) in zip(rows, rows[1:]):
    if a == b:
        sys.exit(f"{name_a} and {name_b} have the same number")
with open(source, "w", encoding="utf-8") as out:
    out.write('#include "adapters/postgres/migrations.h"\nnamespace cho40::postgres {\n')
    for number, _, data in rows:
        out.write(f"static unsigned char const bytes_{number}[] = {{" + (",".join(map(str, data)) or "0") + "};\n")
    out.write("std::span<Migration const> embedded_migrations()\n{\n")
    if rows:
        out.write("    static Migration const all[] = {\n")
        for number, name, data in rows:
            out.write(f'        {{{number}, "{name}", {{reinterpret_cast<char const*>(bytes_{number}), {len(data)}}}}},\n')
        out.write("    };\n    return all;\n}\n")
    else:
        out.write("    return {};\n}\n")
    out.write("}\n")
