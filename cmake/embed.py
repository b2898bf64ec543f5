#!/usr/bin/env python3
"""embed.py TARGET HEADER SOURCE FILE...: turns data files into string_views that live in the binary."""
import pathlib
import re
import sys

target, header, source, *files = sys.argv[1:]
names = [(re.sub(r"[^A-Za-z0-9]", "_", pathlib.Path(f).name), pathlib.Path(f)) for f in files]
if len({n for n, _ in names}) != len(names):
    sys.exit("embed.py: two files of the same name")
pathlib.Path(header).parent.mkdir(parents=True, exist_ok=True)
space = "cho40::embedded"
pathlib.Path(header).write_text(
    "#pragma once\n#include <string_view>\n"
    f"namespace {space} {{\n" + "".join(f"extern std::string_view const {n};\n" for n, _ in names) + "}\n")
with open(source, "w", encoding="utf-8") as out:
    out.write(f'#include "embedded/{target}.h"\nnamespace {space} {{\n')
    for name, path in names:
        data = path.read_bytes()
        out.write(f"static unsigned char const {name}_bytes[] = {{")
        out.write(",".join(map(str, data)) or "0")
        out.write(f"}};\nstd::string_view const {name}(reinterpret_cast<char const*>({name}_bytes), {len(data)});\n")
    out.write("}\n")
