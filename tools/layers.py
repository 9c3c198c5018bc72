#!/usr/bin/env python3
"""Checks the directions between the Swift modules. Usage: tools/layers.py [folder with the modules]

Prints one line `file:line: what is wrong` for each fault and exits with 1 if there is any.
"""

import re
import sys
from pathlib import Path

# Which modules of the house a module may import. One that is not listed belongs to no layer and is refused.
MAY_IMPORT = {
    "Geometry": set(),
    "JSON": {"CSimdjson"},
    "Labeling": {"Geometry", "JSON"},
    "Formats": {"Geometry", "JSON", "Labeling"},
    "Storage": {"CPostgres", "JSON", "Labeling"},
    "Media": {"CVips", "Geometry"},
    "Work": {"Formats", "Geometry", "JSON", "Labeling", "Media", "Storage"},
    "Server": {"Formats", "JSON", "Labeling", "Media", "Storage", "Work"},
    "vernier": {"Formats", "JSON", "Labeling", "Media", "Storage", "Work", "Server"},
}
C_MODULES = {"CPostgres", "CSimdjson", "CVips", "CVipsSystem"}

# Libraries whose use is one module's business. Others (Foundation, Crypto, Logging …) are free but for the pure modules.
ONLY_IN = {
    "ArgumentParser": {"vernier"},
    "AsyncHTTPClient": {"Media"},
    "Configuration": {"vernier"},
    "GRDB": {"Storage"},
    "HTTPTypes": {"Server"},
    "Hummingbird": {"Server", "vernier"},
    "HummingbirdCore": {"Server", "vernier"},
    "ServiceLifecycle": {"Work", "vernier"},
}
# Modules without input and output: the standard library and these.
PURE = {"Geometry", "JSON", "Labeling", "Formats"}
PURE_LIBRARIES = {"Foundation", "FoundationEssentials", "Glibc", "Musl", "Darwin", "Synchronization"}

# Text that stands in one module only.
TEXTS = [
    (re.compile(r'"\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\s'), {"Storage"}, "SQL"),
    (re.compile(r"""(environment\[|getenv\()\s*"VERNIER_"""), {"vernier"}, "a setting"),
]

IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)"
)


def faults(root: Path) -> list[str]:
    found = []
    callers: dict[str, list[str]] = {}
    for file in sorted(root.rglob("*.swift")):
        module = file.relative_to(root).parts[0]
        if module in C_MODULES:
            continue
        if module not in MAY_IMPORT:
            found.append(f"{file}:1: {module} is no known module")
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            place = f"{file}:{number}"
            if match := IMPORT.match(line):
                other = match[1]
                found += import_faults(place, module, other)
                if other in C_MODULES:
                    callers.setdefault(other, []).append(place)
            if line.lstrip().startswith("//"):
                continue
            for pattern, modules, what in TEXTS:
                if module not in modules and pattern.search(line):
                    found.append(f"{place}: {what} belongs to {' and '.join(sorted(modules))} alone")
    for other, places in callers.items():
        for place in places[1:]:
            found.append(f"{place}: {other} is already called by {places[0]}, and one file alone calls it")
    return found


def import_faults(place: str, module: str, other: str) -> list[str]:
    if other in MAY_IMPORT or other in C_MODULES:
        if other not in MAY_IMPORT[module]:
            return [f"{place}: {module} must not import {other}"]
    elif other in ONLY_IN and module not in ONLY_IN[other]:
        return [f"{place}: {other} belongs to {' and '.join(sorted(ONLY_IN[other]))} alone"]
    elif module in PURE and other not in PURE_LIBRARIES:
        return [f"{place}: {module} does no input or output and must not import {other}"]
    return []


if __name__ == "__main__":
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "Sources")
    found = faults(root)
    print("\n".join(found), end="\n" if found else "", file=sys.stderr)
    sys.exit(1 if found else 0)
