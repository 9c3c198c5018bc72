#!/usr/bin/env python3
"""Measures the built server from outside, each figure beside what the machine can do at most, and prints one table.

Usage: Benchmarks/server/measure.py [creations] [imports] [loops] [pages] [tables] [bulk] [ledger] [files] [export] [media] [start];
without names, everything: about twelve minutes. VERNIER_BIN names another program to measure, VERNIER_BENCH_TASKS another size than a million for the lists.
With VERNIER_BENCH_POSTGRES, the address of a server on which databases can be made, tables, bulk, ledger and files are measured there too.
Needs the packages wrk, nginx, curl and libvips-tools.
"""

import contextlib
import http.client
import itertools
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import time
import urllib.parse
import zlib
from datetime import UTC, datetime
from pathlib import Path

import imports
import limits
import media
import seed
import tables
from rig import PROGRAM, Server, Shot, forget_peak, memory, nginx, process_seconds, watched, wrk

LARGE = int(os.environ.get("VERNIER_BENCH_TASKS", "1000000"))
LABELERS = 32
LOOPS = 16_000  # tasks that wait for them, more than they can do


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


def ceilings(server: Server, folder: Path) -> dict[int, Shot]:
    """A constant answer of the same server by number of clients."""
    paths = folder / "healthz"
    paths.write_text("/healthz\n")
    return {count: wrk(server, server.address, "pages.lua", "-", str(paths), clients=count, seconds=2) for count in (1, 8, 32)}


def rows_of(server: Server, statement: str) -> int:
    """One number out of the database of a running server."""
    connection = sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)
    try:
        return connection.execute(statement).fetchone()[0]
    finally:
        connection.close()


def eventually(what: str, check, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not check():
        if time.monotonic() > until:
            raise SystemExit(f"not within {seconds} s: {what}")
        time.sleep(0.1)


# MARK: Creations


def creations(table: Table, folder: Path, site: str, pictures: list[str]) -> None:
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


def drained(table: Table, server: Server, seconds: float = 5) -> None:
    """How fast workers bring pictures, measured while creations no longer come."""
    waiting = "SELECT COUNT(*) FROM attachments WHERE state = 'waiting'"
    with watched(server) as usage:
        before = rows_of(server, waiting)
        time.sleep(seconds)
        count = before - rows_of(server, waiting)
    if before:
        rate, cpu = count / usage.seconds, usage.server / max(count, 1) * 1e6
        table.row("pictures fetched, probed and shrunk", f"{rate:,.0f} /s", "", f"{cpu:,.0f} us", "", usage.other_cores)


# MARK: Loops


def loops(table: Table, folder: Path, site: str, pictures: list[str]) -> None:
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


# MARK: Lists


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


def checked(server: Server, count: int) -> None:
    """Sees to it that what was written behind the server's back is what the server finds."""
    by_project, statuses = count // seed.PROJECTS, {name: seed.STATUSES.count(name) * count // 10 for name in set(seed.STATUSES)}
    expected = {"": count, f"&project={seed.project(3)}": by_project}
    expected |= {f"&status={name}": number for name, number in statuses.items()}
    for query, number in expected.items():
        page = server.ask(f"/v1/tasks?limit=100{query}")[1]
        # The ten patterns are all completed, which may shift their status by as many.
        if abs(page["total"] - number) > 10 or len(page["docs"]) != 100:
            raise SystemExit(f"{query or 'no filter'}: {page['total']} and {len(page['docs'])} tasks instead of {number}")


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


def deep_tokens(server: Server, count: int, how_many: int = 20) -> list[str]:
    """Positions all over the list of tasks, as the server itself hands them out."""
    newest = rows_of(server, "SELECT MAX(created_at) FROM tasks") / 1e6
    tokens = []
    for part in range(1, how_many + 1):
        at = datetime.fromtimestamp(newest - count * 0.5 * part / (how_many + 1), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        page = server.ask(f"/v1/tasks?limit=100&end_time={urllib.parse.quote(at)}")[1]
        tokens.append(urllib.parse.quote(page["next_token"], safe=""))
    return tokens


def pages(table: Table, folder: Path, site: str, files: Path, stock: dict[int, Server]) -> None:
    """Pages of 100, by filter and depth, at ten thousand and at a million tasks."""
    for count, server in stock.items():
        server.start(workers=True)
        try:
            checked(server, count)
            kinds = {
                "no filter": ["/v1/tasks?limit=100"],
                "project": [f"/v1/tasks?limit=100&project={seed.project(number)}" for number in range(seed.PROJECTS)],
                "status": [f"/v1/tasks?limit=100&status={status}" for status in sorted(set(seed.STATUSES))],
                "project and status": [f"/v1/tasks?limit=100&status=completed&project={seed.project(3)}"],
                "deep": [f"/v1/tasks?limit=100&next_token={token}" for token in deep_tokens(server, count)],
            }
            body = json.dumps(server.ask("/v1/tasks?limit=100")[1], separators=(",", ":"))
            (files / "page.json").write_text(body)
            paths = folder / "paths"
            paths.write_text("/page.json\n")
            static = {clients: wrk(None, site, "pages.lua", "-", str(paths), clients=clients, seconds=2) for clients in (1, 8)}
            for kind, wanted in kinds.items():
                paths.write_text("".join(path + "\n" for path in wanted))
                for clients in (1, 8):
                    shot = wrk(server, server.address, "pages.lua", server.key, str(paths), clients=clients, seconds=3)
                    table.shot(
                        f"page of 100 of {count:,} tasks, {kind}, {clients} clients", shot, f"pages/s, {shot.megabytes:.0f} MB/s",
                        f"nginx, the same {len(body) / 1000:.0f} KB as a file {static[clients].per_second:,.0f}/s",
                    )  # fmt: skip
        finally:
            server.stop()


# MARK: Export, start


def read_all(address: str, paths, headers: dict[str, str]) -> tuple[int, int]:
    """Reads answers one after the other on one connection; returns how many tasks and bytes came."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(address).netloc, timeout=60)
    tasks = size = 0
    token = None
    for path in paths:
        connection.request("GET", path(token) if callable(path) else path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {body[:200]!r}")
        tasks += body.count(b'"task_id":')
        size += len(body)
        if callable(path):
            found = re.search(rb'"next_token":"([^"]+)"', body[-400:])
            if not found:
                break
            token = urllib.parse.quote(found.group(1).decode(), safe="")
    connection.close()
    return tasks, size


def export(table: Table, site: str, files: Path, stock: Server, count: int) -> None:
    """Pages to the end of one project, one after the other, as the published client does it."""
    project = seed.project(3)
    raw_tasks, raw_size = limits.raw_read(stock.database, project)
    stock.start(workers=True)
    try:
        forget_peak(stock.pid)

        def path(token: str | None) -> str:
            return f"/v1/tasks?limit=100&project={project}" + (f"&next_token={token}" if token else "")

        with watched(stock) as usage:
            tasks, size = read_all(stock.address, itertools.repeat(path), {"Authorization": f"Bearer {stock.key}"})
        if abs(tasks - count // seed.PROJECTS) > 10:
            raise SystemExit(f"{tasks} tasks came instead of {count // seed.PROJECTS}")
        used = memory(stock.pid)
        (files / "page.json").write_bytes(b"x" * (size * 100 // tasks))
        began = time.perf_counter()
        read_all(site, ["/page.json"] * 500, {})
        static = 500 / (time.perf_counter() - began)
        table.row(
            f"export of {tasks:,} tasks by paging", f"{tasks / usage.seconds:,.0f} tasks/s, {size / usage.seconds / 1e6:.0f} MB/s",
            "", f"{usage.server / tasks * 1e6:.1f} us a task; {used['anonymous']:.0f} MB, with the mapped file at most {used['peak']:.0f} MB",
            f"SQLite alone, same rows {raw_tasks:,.0f} tasks/s, {raw_size:.0f} MB/s; "
            f"nginx, same bytes, same client {static * 100:,.0f} tasks/s",
            usage.other_cores,
        )  # fmt: skip
    finally:
        stock.stop()


def start(table: Table, folder: Path, large: Server, count: int) -> None:
    """Time to the line that says ready; memory and CPU when nothing is asked."""
    for name, server in (("new data folder", Server(folder / "new")), (f"{count:,} tasks", large)):
        new = not server.data.exists()
        if new:
            server.key = "none yet"
        times = []
        for _ in range(1 if new else 3):
            server.start(workers=True)
            times.append(server.ready_after)
            server.stop()
        if new:
            table.row("start to ready, new data folder with all tables to make", f"{times[0]:.3f} s")
            times = []
            for _ in range(3):
                server.start(workers=True)
                times.append(server.ready_after)
                server.stop()
        table.row(f"start to ready, {name}", f"{sorted(times)[1]:.3f} s (of 3: {min(times):.3f} to {max(times):.3f})")
        server.start(workers=True)
        try:
            time.sleep(10)
            before, used = process_seconds(server.pid), memory(server.pid)
            time.sleep(10)
            cpu = (process_seconds(server.pid) - before) / 10
            table.row(f"idle, {name}", f"{used['rss']:.0f} MB resident, {used['pss']:.0f} proportional, {used['anonymous']:.0f} without files", "", f"{cpu:.2%} of a core")
        finally:
            server.stop()


def everywhere(table: Table, stock: Server, measures: dict) -> None:
    """Takes measures of a data folder, and of a copy of its rows in PostgreSQL if there is one."""
    if not measures:
        return
    url = os.environ.get("VERNIER_BENCH_POSTGRES")
    # Copied first: what is measured changes the rows.
    with on_postgres(stock, url) if url else contextlib.nullcontext() as copy:
        for server in filter(None, (stock, copy)):
            for measure in measures.values():
                measure(table, server)


def main(wanted: list[str]) -> None:
    known = ("creations", "imports", "loops", "pages", "tables", "bulk", "ledger", "files", "export", "media", "start")
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
                creations(table, folder, site, pictures)
            if "imports" in wanted:
                imports.imports(table, folder)
            if "loops" in wanted:
                loops(table, folder, site, pictures)
            if "media" in wanted:
                media.media(table, folder, rows_of, eventually)
            if "files" in wanted:
                stock = stocked(folder, tables.FILES, site, pictures, boxes=20, statuses=["completed"])
                everywhere(table, stock, {"files": tables.files})
            if set(wanted) & {"pages", "tables", "bulk", "ledger", "export", "start"}:
                stock = {count: stocked(folder, count, site, pictures) for count in (10_000, LARGE)}
                if "pages" in wanted:
                    pages(table, folder, site, files, stock)
                if "export" in wanted:
                    export(table, site, files, stock[LARGE], LARGE)
                many = {
                    "tables": lambda table, server: tables.lists(table, server, LARGE), "ledger": tables.ledger, "bulk": tables.bulk,
                }  # fmt: skip
                everywhere(table, stock[LARGE], {name: measure for name, measure in many.items() if name in wanted})
                if "start" in wanted:
                    start(table, folder, stock[LARGE], LARGE)
    table.print()
    print(f"\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
