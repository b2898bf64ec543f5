#!/usr/bin/env python3
"""messages.py HEADER SOURCE vi.messages en.messages: the words of the pages as one C++ function for each message.

A message is `key: text with {places}`; its function takes one string_view for each place. A key that one language lacks,
a place that differs between the languages, a key twice: the build stops and says which."""
import pathlib
import re
import sys

header, source, *paths = sys.argv[1:]
KEY = re.compile(r"([a-z][a-z0-9_]*): (\S.*)$")
PLACE = re.compile(r"\{([a-z_]+)\}")


def read(path):
    messages, faults = {}, []
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = KEY.match(line)
        if not match:
            faults.append(f"{path}:{number}: not `key: text`")
        elif match[1] in messages:
            faults.append(f"{path}:{number}: {match[1]} is there twice")
        else:
            messages[match[1]] = match[2]
    return messages, faults


vi, faults = read(paths[0])
en, more = read(paths[1])
faults += more
faults += [f"{paths[0]}: {key} has no Vietnamese text" for key in en.keys() - vi.keys()]
faults += [f"{paths[1]}: {key} has no English text" for key in vi.keys() - en.keys()]
faults += [f"{paths[1]}: {key}: the places differ from the Vietnamese text"
           for key in vi.keys() & en.keys() if set(PLACE.findall(vi[key])) != set(PLACE.findall(en[key]))]
if faults:
    sys.exit("\n".join(sorted(faults)))


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def expression(text):
    parts = [p for p in re.split(r"(\{[a-z_]+\})", text) if p]
    return " + ".join(f"std::string({p[1:-1]})" if PLACE.fullmatch(p) else f"std::string({quoted(p)})" for p in parts)


declarations, definitions = [], []
for key, text in vi.items():
    places = list(dict.fromkeys(PLACE.findall(text)))
    parameters = ", ".join(f"std::string_view {p}" for p in places)
    declarations.append(f"    [[nodiscard]] std::string {key}({parameters}) const;")
    definitions.append(f"std::string Words::{key}({parameters}) const\n{{\n    return language_ == Language::en\n"
                       f"               ? {expression(en[key])}\n               : {expression(text)};\n}}\n")
path = pathlib.Path(header)
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(
    "#pragma once\n#include \"adapters/pages/language.h\"\n#include <string>\n#include <string_view>\n\n"
    "namespace cho40::pages {\n\n// Every message of the pages in the chosen language. Made from messages/*.messages.\n"
    "class Words {\npublic:\n    explicit Words(Language language) : language_(language) {}\n"
    "    [[nodiscard]] Language language() const { return language_; }\n" + "\n".join(declarations) +
    "\n\nprivate:\n    Language language_;\n};\n\n}  // namespace cho40::pages\n", encoding="utf-8")
pathlib.Path(source).write_text(
    "#include \"generated/pages_words.h\"\n\nnamespace cho40::pages {\n\n" + "\n".join(definitions) + "\n}  // namespace cho40::pages\n",
    encoding="utf-8")
