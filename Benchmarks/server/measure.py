#!/usr/bin/env python3
"""Measures the built server from outside, each figure beside what the machine can do at most, and prints one table.

Usage: Benchmarks/server/measure.py [creations] [imports] [buckets] [loops] [pages] [tables] [bulk] [ledger] [files] [export] [media] [tiles] [store] [proof] [start];
without names, everything: about twelve minutes. VERNIER_BIN names another program to measure, VERNIER_BENCH_TASKS another size than a million for the lists,
VERNIER_BENCH_KEYS for the bucket.
With VERNIER_BENCH_POSTGRES, the address of a server on which databases can be made, tables, bulk, ledger and files are measured there too.
Needs the packages wrk, nginx, curl and libvips-tools.
"""

import os
import shutil
import sys
import tempfile
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path

import buckets
import creations
import export
import imports
import loops
import media
import pages
import proof
import start
import stock
import store
import tables
import tiles
from rig import PROGRAM, Shot, nginx

LARGE = int(os.environ.get("VERNIER_BENCH_TASKS", "1000000"))


class Table:
    """Lines as they come, and all of them again as Markdown at the end."""

    head = ("figure", "measured", "p50 / p99 ms", "server CPU", "limit in the same run", "others' cores, load")

    def __init__(self):
        self.rows: list[tuple[str, ...]] = []

    def row(self, figure: str, measured: str, waits: str = "", cpu: str = "", limit: str = "", others: float = 0) -> None:
        noise = f"{others:.1f}, {os.getloadavg()[0]:.1f}"
        self.rows.append((figure, measured, waits, cpu, limit, noise))
        print(" | ".join(cell for cell in self.rows[-1] if cell), flush=True)

    def shot(self, figure: str, shot: Shot, unit: str, limit: str) -> None:
        self.row(
            figure, f"{shot.per_second:,.0f} {unit}", f"{shot.p50:.2f} / {shot.p99:.2f}", f"{shot.cpu:,.0f} us", limit,
            shot.usage.other_cores,
        )  # fmt: skip

    def print(self) -> None:
        print("\n| " + " | ".join(self.head) + " |\n|" + " --- |" * len(self.head))
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


def picture(number: int, width: int = 640, height: int = 480) -> bytes:
    """A PNG with a pattern of its own."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    lines = b"".join(
        b"\0" + bytes((x * (number + 3) ^ y * 5) & 0xFF for x in range(width) for _ in range(3)) for y in range(height)
    )
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines, 1)) + chunk(b"IEND", b"")


def main(wanted: list[str]) -> None:
    known = ("creations", "imports", "buckets", "loops", "pages", "tables", "bulk", "ledger", "files", "export", "media", "tiles", "store", "proof", "start")
    if unknown := set(wanted) - set(known):
        sys.exit(f"There is no measurement {', '.join(unknown)}; there are {', '.join(known)}.")
    for program in ("wrk", "nginx", "curl", "vipsthumbnail", PROGRAM):
        if not shutil.which(program):
            sys.exit(f"{program} is missing.")
    wanted = wanted or list(known)
    table = Table()
    began = time.monotonic()
    # Flushes must reach a disk, which /tmp need not be.
    with tempfile.TemporaryDirectory(prefix="vernier-bench-", dir=os.environ.get("VERNIER_BENCH_FOLDER", "/var/tmp")) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with nginx(folder) as (site, files):
            pictures = []
            for number in range(16):
                (files / f"{number}.png").write_bytes(picture(number))
                pictures.append(f"{site}/{number}.png")
            if "creations" in wanted:
                creations.creations(table, folder, site, pictures)
            if "imports" in wanted:
                imports.imports(table, folder)
            if "buckets" in wanted:
                buckets.buckets(table, folder)
            if "loops" in wanted:
                loops.loops(table, folder, site, pictures)
            if "media" in wanted:
                media.media(table, folder)
            if "tiles" in wanted:
                tiles.tiles(table, folder, site, files)
            if "store" in wanted:
                store.store(table, folder, site, files)
            if "proof" in wanted:
                proof.proof(table, folder)
            if "files" in wanted:
                full = stock.stocked(folder, tables.FILES, site, pictures, boxes=20, statuses=["completed"])
                stock.everywhere(table, full, {"files": tables.files})
            if set(wanted) & {"pages", "tables", "bulk", "ledger", "export", "start"}:
                stocks = {count: stock.stocked(folder, count, site, pictures) for count in (10_000, LARGE)}
                if "pages" in wanted:
                    pages.pages(table, folder, site, files, stocks)
                if "export" in wanted:
                    export.export(table, site, files, stocks[LARGE], LARGE)
                many = {
                    "tables": lambda table, server: tables.lists(table, server, LARGE), "ledger": tables.ledger, "bulk": tables.bulk,
                }  # fmt: skip
                stock.everywhere(table, stocks[LARGE], {name: measure for name, measure in many.items() if name in wanted})
                if "start" in wanted:
                    start.start(table, folder, stocks[LARGE], LARGE)
    table.print()
    print(f"\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
