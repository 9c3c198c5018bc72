"""An import of a bucket of a million keys, whose list is made while it is read: tasks of all pictures in it, in bounded memory."""

import os
import subprocess
import sys
import time
from pathlib import Path

from imports import PARAMS
from rig import HERE, Server, forget_peak, memory, watched

KEYS = int(os.environ.get("VERNIER_BENCH_KEYS", "1000000"))
LISTING = HERE.parents[1] / "acceptance" / "rig" / "listing.py"


def buckets(table, folder: Path) -> None:
    """Dry first, which is reading and matching alone; the files themselves are asked for later (`Retry-After`)."""
    listing = subprocess.Popen([sys.executable, LISTING, str(KEYS)], stdout=subprocess.PIPE, text=True)
    server = Server(folder / "buckets").start(workers=True)
    try:
        address = listing.stdout.readline().strip()
        server.ask("/v1/projects", {"name": "Street", "type": "imageannotation", "params": PARAMS})
        keys = {"access_key": "a", "secret_key": "b"}
        server.ask("/api/integrations", {"name": "many", "prefix": "s3://many/", "endpoint": address, **keys})
        for regex, name in [(r"\.jpg$", "tried dry with a regular expression"), (None, "with a pattern")]:
            asked = {"source": "s3://many/", "project": "Street", "dry_run": regex is not None}
            wanted = asked | ({"regex": regex} if regex else {"pattern": "**/*.jpg"})
            forget_peak(server.pid)
            with watched(server) as usage:
                row = finished(server, server.ask("/api/imports", wanted)[1])
            tasks = row["created"] + row["ready"]
            if (row["state"], row["lines"], tasks) != ("done", KEYS, KEYS - KEYS // 10):
                raise SystemExit(f"the import came to {row}")
            table.row(
                f"a bucket of {KEYS:,} keys, of which {tasks:,} are pictures, {name}",
                f"{KEYS / usage.seconds:,.0f} keys/s, memory peaks at {memory(server.pid)['peak']:.0f} MB", "",
                f"{usage.server / KEYS * 1e6:,.0f} us a key", "the list is made by a Python process beside it", usage.other_cores,
            )  # fmt: skip
    finally:
        server.stop()
        listing.kill()
        listing.wait()


def finished(server: Server, row: dict) -> dict:
    while row["state"] in ("waiting", "running"):
        time.sleep(0.2)
        row = server.ask(f"/api/imports/{row['id']}")[1]
    return row
