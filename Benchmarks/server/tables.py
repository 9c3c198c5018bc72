"""What managers wait for at a million tasks: tables with filters, words and orders, changes of many tasks, files of them."""

import http.client
import json
import random
import statistics
import time
import urllib.parse

import seed
from rig import Server, forget_peak, memory, process_seconds, watched

FILES = 100_000  # tasks of the exported file, of 20 boxes each
CHANGED = 50_000  # tasks of a change of many
ROUNDS = 12  # times that each question is asked


class Asker:
    """One connection that asks with the key and takes the time."""

    def __init__(self, server: Server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        self.headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}

    def ask(self, path: str, body: dict | None = None) -> tuple[dict, float]:
        """The answer and the milliseconds it took."""
        began = time.perf_counter()
        self.connection.request(
            "GET" if body is None else "POST", path, None if body is None else json.dumps(body), self.headers
        )
        answer = self.connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}: {text[:300]!r}")
        return json.loads(text), took


def questions(count: int) -> dict[str, list[dict]]:
    """What is asked of the table, by what it is an example of; `total` is what must come out."""
    project = {"project": seed.project(3)}
    some = random.Random(7)
    numbers = [some.randrange(seed.PROJECTS, count) for _ in range(ROUNDS)]
    towns = [f"town{some.randrange(seed.TOWNS)}" for _ in range(ROUNDS)]
    return {
        "no filter": [{}],
        "project": [project],
        "project and two statuses": [project | {"status": "pending,canceled"}],
        "by change": [{"sort": "-updated_at"}],
        "by completion, in a project": [project | {"sort": "completed_at"}],
        "oldest first": [{"sort": "created_at"}],
        "by unique id, in a project": [project | {"sort": "unique_id"}],
        "changed in the last day": [{"updated_after": _ago(86_400)}],
        "tag on all": [{"tags": "north"}],
        "a number": [{"search": f"{number}"} for number in numbers],
        "a unique id": [{"search": f"frame-{number}"} for number in numbers],
        "a word of 1 in 500": [{"search": f'"{town}"'} for town in towns],
        "the beginning of a word, 1 in 50": [{"search": "fo"}],
        "a word of 1 in 50, in a project, by change": [project | {"search": "fog", "sort": "-updated_at"}],
        "a word of 1 in 50 and a status": [{"search": "fog", "status": "pending"}],
        "two words": [{"search": f"fog {town}"} for town in towns],
        "a word of all": [{"search": "front"}],
        "a word of all, in a project": [project | {"search": "front"}],
        "a word of all and a status": [{"search": "front", "status": "pending"}],
        "two words of all": [{"search": "front left"}],
        "the beginning of very many words": [{"search": "12"}],
        "nothing": [{"search": "nowhere"}],
    }


def lists(table, server: Server, count: int) -> None:
    """Pages of 50 with their exact totals, thumbnails and shapes."""
    server.start(workers=True)
    try:
        asker = Asker(server)
        checked(asker, count)
        everything = []
        for name, wanted in questions(count).items():
            asker.ask("/api/tasks?" + urllib.parse.urlencode(wanted[0] | {"limit": 50}))
            before = process_seconds(server.pid)
            times = []
            for number in range(ROUNDS):
                asked = wanted[number % len(wanted)]
                times.append(asker.ask("/api/tasks?" + urllib.parse.urlencode(asked | {"limit": 50}))[1])
            cpu = (process_seconds(server.pid) - before) / ROUNDS * 1e6
            everything += times
            table.row(
                f"{server.engine}, table of {count:,} tasks with total, {name}", f"p95 {centile(times, 95):.0f} ms",
                f"{statistics.median(times):.1f} / {max(times):.1f}", f"{cpu:,.0f} us",
            )  # fmt: skip
        table.row(
            f"{server.engine}, all of these questions together", f"p95 {centile(everything, 95):.0f} ms",
            f"{statistics.median(everything):.1f} / {max(everything):.1f}", "", "goal: p95 200 ms",
        )  # fmt: skip
    finally:
        server.stop()


def centile(times: list[float], part: int) -> float:
    return sorted(times)[min(len(times) - 1, round(len(times) * part / 100 + 0.5) - 1)]


def checked(asker: Asker, count: int) -> None:
    """Sees to it that what was written behind the server's back is what the server finds."""
    expected = {"fog": len(range(0, count, 50)), "town7": len([n for n in range(count) if str(n % seed.TOWNS).startswith("7")])}
    expected |= {"front": count, "front left": count}
    for word, number in expected.items():
        total = asker.ask(f"/api/tasks?limit=1&exact=true&search={urllib.parse.quote(word)}")[0]["total"]
        # The ten patterns have words of their own.
        if abs(total - number) > 10:
            raise SystemExit(f"{word}: {total} tasks instead of {number}")


def _ago(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - seconds))


def ledger(table, server: Server) -> None:
    """The whole ledger as one file, which is made while it is fetched."""
    server.start(workers=True)
    try:
        asker = Asker(server)
        asker.ask("/api/usage")
        before = memory(server.pid)
        forget_peak(server.pid)
        with watched(server) as usage:
            size, lines = fetched(asker, "/api/usage.csv")
        used = memory(server.pid)
        table.row(
            f"{server.engine}, the ledger of {lines - 1:,} lines as a file of {size / 1e6:.0f} MB",
            f"{size / usage.seconds / 1e6:.0f} MB/s, {usage.seconds:.1f} s", "",
            f"{usage.server / lines * 1e6:.1f} us a line; {used['anonymous']:.0f} MB without files ({before['anonymous']:.0f} before), "
            f"with the mapped ones at most {used['peak']:.0f}",
            "", usage.other_cores,
        )  # fmt: skip
    finally:
        server.stop()


def bulk(table, server: Server) -> None:
    """A tag added to many tasks and taken back, while nobody else asks."""
    server.start(workers=True)
    try:
        asker = Asker(server)
        found = {"project": seed.project(4), "status": ["completed"]}
        total = asker.ask("/api/bulk?dry_run=true", {"action": "add_tags", "tags": ["x"], "filter": found})[0]["total"]
        for name, ask in (
            ("add a tag", lambda: asker.ask("/api/bulk", {"action": "add_tags", "tags": ["checked"], "filter": found})[0]),
            ("take it back", lambda: asker.ask(f"/api/bulk/{done['id']}/undo", {})[0]),
        ):
            forget_peak(server.pid)
            with watched(server) as usage:
                done = waited(asker, "/api/bulk/" + ask()["id"])
            if done["changed"] != total or done["state"] != "done":
                raise SystemExit(f"{name}: {done['words']}")
            table.row(
                f"{server.engine}, {name}: {total:,} tasks", f"{total / usage.seconds:,.0f} tasks/s, {CHANGED * usage.seconds / total:.1f} s for {CHANGED:,}",
                "", f"{usage.server / total * 1e6:.0f} us a task; {memory(server.pid)['anonymous']:.0f} MB without files",
                f"goal: {CHANGED:,} in 10 s", usage.other_cores,
            )  # fmt: skip
    finally:
        server.stop()


def waited(asker: Asker, path: str) -> dict:
    while True:
        row = asker.ask(path)[0]
        if row["state"] not in ("waiting", "running"):
            return row
        time.sleep(0.05)


def files(table, server: Server) -> None:
    """Files of many completed tasks with their drawings: written by a job, then fetched."""
    server.start(workers=True)
    try:
        asker = Asker(server)
        for kind in ("jsonl", "json", "csv"):
            forget_peak(server.pid)
            with watched(server) as usage:
                row = waited(asker, "/api/exports/" + asker.ask("/api/exports", {"format": kind, "filter": {}})[0]["id"])
            if row["state"] != "done" or row["done"] != FILES:
                raise SystemExit(f"{kind}: {row}")
            used = memory(server.pid)
            table.row(
                f"{server.engine}, file of {FILES:,} completed tasks of 20 boxes, {kind}",
                f"{row['size'] / usage.seconds / 1e6:.0f} MB/s, {FILES / usage.seconds:,.0f} tasks/s", "",
                f"{usage.server / FILES * 1e6:.1f} us a task; {used['anonymous']:.0f} MB, with the mapped files at most {used['peak']:.0f} MB",
                "goal: 150 MB/s, 200 MB", usage.other_cores,
            )  # fmt: skip
            began = time.perf_counter()
            size, _ = fetched(asker, row["url"])
            if size != row["size"]:
                raise SystemExit(f"{kind}: {size} bytes came instead of {row['size']}")
            table.row(f"{server.engine}, the same fetched, {kind}", f"{size / (time.perf_counter() - began) / 1e6:.0f} MB/s")
    finally:
        server.stop()


def fetched(asker: Asker, path: str) -> tuple[int, int]:
    """Reads a file to its end; returns its size and the number of its lines."""
    asker.connection.request("GET", path, headers=asker.headers)
    answer = asker.connection.getresponse()
    size = lines = 0
    while piece := answer.read(1 << 20):
        size += len(piece)
        lines += piece.count(b"\n")
    return size, lines
