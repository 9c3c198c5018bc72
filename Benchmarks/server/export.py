"""All tasks of a project, page by page, beside SQLite and nginx alone."""

import http.client
import itertools
import re
import time
import urllib.parse
from pathlib import Path

import limits
import seed
from rig import Server, forget_peak, memory, watched


def export(table, site: str, files: Path, stock: Server, count: int) -> None:
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
