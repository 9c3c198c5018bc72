"""Servers with many tasks in their data folders, for measurements of lists and files."""

import contextlib
import os
import time
import urllib.parse
from pathlib import Path

import seed
from rig import Server, eventually, rows_of


def stocked(
    folder: Path, count: int, site: str, pictures: list[str], boxes: int = 5, statuses: list[str] = seed.STATUSES
) -> Server:
    """A server, not started, whose data folder holds so many tasks in ten projects, most of them completed."""
    server = Server(folder / f"stock-{count}-{boxes}").start(workers=True)
    try:
        for number in range(seed.PROJECTS):
            server.ask("/v1/projects", {"name": seed.project(number), "type": "imageannotation", "params": {}})
            server.ask(
                "/v1/task/imageannotation",
                {
                    "project": seed.project(number), "attachment": pictures[number % len(pictures)],
                    "callback_url": site + "/labelled", "instruction": "Draw a tight box around every vehicle.",
                    "unique_id": f"frame-{number}", "metadata": {"camera": "front-left", "frame": number}, "tags": ["north"],
                    "geometries": {"box": {"objects_to_annotate": ["car", "truck", "person"], "min_width": 4}},
                },
            )  # fmt: skip
        eventually("the first pictures are there", lambda: rows_of(server, "SELECT COUNT(*) FROM work_items") == 10, 30)
        cookie, token = server.person(0).split()
        headers = {"Cookie": f"vernier_session={cookie}", "X-CSRF-Token": token}
        for number in range(seed.PROJECTS):
            label_one(server, headers, boxes=boxes, sequence=number + 1)
        eventually("the ledger has them", lambda: rows_of(server, "SELECT COUNT(*) FROM usage_lines") == seed.PROJECTS, 60)
        server.command("migrate")
    finally:
        server.stop()
    seed.fill(server.database, count, int(time.time() * 1e6) - 60_000_000, statuses)
    return server


def label_one(server: Server, headers: dict[str, str], boxes: int, sequence: int) -> None:
    def uuid(number: int) -> str:
        return f"00000000-0000-7000-a000-{sequence:06x}{number:06x}"

    work = server.ask("/api/work/claim", {}, headers)[1]["work"]
    lease, path = work["lease"]["token"], f"/api/work/{work['id']}"
    box = {"type": "box", "label": "car", "width": 50.5, "height": 40.25, "attributes": {}, "order": "a0"}
    # Ten in a row, so that all of them lie in the picture.
    places = [{"left": number % 10 * 60, "top": 10 + number // 10 * 50} for number in range(boxes)]
    operations = [
        {"collection": "annotations", "key": uuid(number), "before": None, "after": box | place}
        for number, place in enumerate(places, 1)
    ]
    steps = [{"id": uuid(0xFFFFFF), "sequence": sequence, "operations": operations}]
    body = {"lease": lease, "writer": uuid(0xFFFFFE)[:-12] + "0" * 12, "after": work["draft"]["revision"], "steps": steps}
    receipt = server.ask(path + "/steps", body, headers)[1]
    server.ask(path + "/submit", {"lease": lease, "submission": uuid(0xFFFFFD), "revision": receipt["revision"]}, headers)


@contextlib.contextmanager
def on_postgres(stock: Server, url: str):
    """The same data folder with its rows in a new database of PostgreSQL, which is dropped at the end."""
    name = f"vernier_bench_{os.getpid()}"
    seed.psql(url, f"CREATE DATABASE {name}")
    try:
        parts = urllib.parse.urlsplit(url)
        server = Server(stock.data, key=stock.key, postgres=urllib.parse.urlunsplit(parts._replace(path=f"/{name}")))
        server.command("migrate")
        seed.to_postgres(stock.database, server.postgres)
        yield server
    finally:
        seed.psql(url, f"DROP DATABASE {name} WITH (FORCE)")


def everywhere(table, stock: Server, measures: dict) -> None:
    """Takes measures of a data folder, and of a copy of its rows in PostgreSQL if there is one."""
    if not measures:
        return
    url = os.environ.get("VERNIER_BENCH_POSTGRES")
    # Copied first: what is measured changes the rows.
    with on_postgres(stock, url) if url else contextlib.nullcontext() as copy:
        for server in filter(None, (stock, copy)):
            for measure in measures.values():
                measure(table, server)
