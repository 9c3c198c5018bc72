"""Work done by many labelers at once, beside bare SQLite and a constant answer."""

import shutil
from pathlib import Path

import limits
import seed
from rig import Server, ceilings, eventually, rows_of, wrk

LABELERS = 32
LOOPS = 16_000  # tasks that wait for them, more than they can do


def loops(table, folder: Path, site: str, pictures: list[str]) -> None:
    """Claim, one box, submit, by many labelers at once."""
    server = Server(folder / "loops").start(workers=True)
    try:
        server.ask("/v1/projects", {"name": "Street", "type": "imageannotation", "params": {}})
        first = {"project": "Street", "attachment": pictures[0], "geometries": {"box": {"objects_to_annotate": ["car"]}}}
        server.ask("/v1/task/imageannotation", first | {"callback_url": site + "/labelled"})
        eventually("the first picture is there", lambda: rows_of(server, "SELECT COUNT(*) FROM work_items") == 1, 30)
        server.stop()
        server.start(workers=False)
        made = 1
        while made < LOOPS:
            made += wrk(
                server, server.address, "create.lua", server.key, f"w{made}", site + "/labelled", *pictures, clients=32,
                seconds=2,
            ).answered  # fmt: skip
        people = folder / "people"
        people.write_text("".join(server.person(number) + "\n" for number in range(LABELERS)))
        server.stop()
        # Fetching so many pictures would take minutes, which is not what is measured here.
        seed.offer(server.database)
        bare = limits.bare_loops(server.database, folder)
        done = 0
        for workers in (False, True):
            server.start(workers=workers)
            constant = ceilings(server, folder)[32]
            shot = wrk(
                server, server.address, "work.lua", str(people), clients=LABELERS, seconds=8, threads=LABELERS
            )
            result = shot.raw
            if result["failed"]:
                raise SystemExit(f"{result['failed']} failed: {result['failure']}")
            done += result["loops"]
            state = "workers on, callbacks delivered beside" if workers else "no workers"
            parts = ", ".join(f"{name} {result[name][0]:.1f}/{result[name][1]:.1f}" for name in ("claim", "steps", "submit"))
            rate = result["loops"] / result["seconds"]
            table.row(
                f"claim, one box, submit: {LABELERS} labelers, {state}",
                f"{rate:,.0f} loops/s, {result['duplicates']} duplicates", parts,
                f"{shot.usage.server / result['loops'] * 1e6:,.0f} us a loop",
                f"bare SQLite, two commits a loop {bare:,.0f}/s; /healthz : 3 = {constant.per_second / 3:,.0f}/s",
                shot.usage.other_cores,
            )  # fmt: skip
            server.stop()
            completed = rows_of(server, "SELECT COUNT(*) FROM tasks WHERE status = 'completed'")
            handed_in = rows_of(server, "SELECT COUNT(*) FROM work_items WHERE state = 'submitted'")
            if result["duplicates"] or completed != handed_in or not done <= completed <= done + 2 * LABELERS:
                raise SystemExit(f"{done} loops, {completed} tasks completed, {handed_in} items handed in: {result}")
    finally:
        server.stop()
        shutil.rmtree(server.data)
