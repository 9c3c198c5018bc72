"""Tasks created one call at a time, beside a constant answer and the same rows inserted by SQLite alone."""

import shutil
import time
from pathlib import Path

import limits
from rig import Server, ceilings, rows_of, watched, wrk


def creations(table, folder: Path, site: str, pictures: list[str]) -> None:
    """Image tasks with project, geometries, attributes, metadata, tags and unique id, with a live key."""
    plain = {rows: limits.plain_inserts(folder, rows) for rows in (1, 32, 100)}
    for rows, rate in plain.items():
        table.row(f"limit: SQLite alone, FULL, 1 KB rows, {rows} in a commit", f"{rate:,.0f} rows/s")
    for workers in (False, True):
        server = Server(folder / f"creations-{'workers' if workers else 'alone'}").start(workers=workers)
        state = "workers on" if workers else "no workers"
        try:
            server.ask("/v1/projects", {"name": "Street", "type": "imageannotation", "params": {}})
            constant = ceilings(server, folder)
            answered = 0
            for clients, rows in ((1, 1), (8, 32), (32, 32)):
                shot = wrk(
                    server, server.address, "create.lua", server.key, f"c{clients}", site + "/labelled", *pictures,
                    clients=clients, seconds=5,
                )  # fmt: skip
                answered += shot.answered
                table.shot(
                    f"creations, {clients} clients, {state}", shot, "/s",
                    f"/healthz {constant[clients].per_second:,.0f}/s ({constant[clients].cpu:.0f} us), SQLite {plain[rows]:,.0f} rows/s",
                )  # fmt: skip
            total = server.ask("/v1/tasks?limit=1")[1]["total"]
            # What was under way when wrk stopped may be stored without its answer having been read.
            if not answered <= total <= answered + 41:
                raise SystemExit(f"{answered} creations were answered, but there are {total} tasks")
            if workers:
                drained(table, server)
            else:
                server.stop()
                rate = limits.same_rows(server.database, folder, 32)
                table.row("limit: SQLite alone, the rows of a creation, 32 in a commit", f"{rate:,.0f} creations/s")
        finally:
            server.stop()
            shutil.rmtree(server.data)


def drained(table, server: Server, seconds: float = 5) -> None:
    """How fast workers bring pictures, measured while creations no longer come."""
    waiting = "SELECT COUNT(*) FROM attachments WHERE state = 'waiting'"
    with watched(server) as usage:
        before = rows_of(server, waiting)
        time.sleep(seconds)
        count = before - rows_of(server, waiting)
    if before:
        rate, cpu = count / usage.seconds, usage.server / max(count, 1) * 1e6
        table.row("pictures fetched, probed and shrunk", f"{rate:,.0f} /s", "", f"{cpu:,.0f} us", "", usage.other_cores)
