"""Imports of many lines: through the server and by the command, beside the same rows inserted by SQLite alone."""

import json
import resource
import subprocess
import time
from pathlib import Path

import limits
from rig import PROGRAM, Server, forget_peak, memory, watched

LINES = 100_000
PARAMS = {
    "instruction": "Draw a box around every object.",
    "geometries": {
        "box": {"objects_to_annotate": ["car", "truck", "bus", "person", "bicycle"], "min_height": 5, "min_width": 5},
        "polygon": {"objects_to_annotate": ["road", "sidewalk", "building"], "min_vertices": 3, "max_vertices": 200},
    },
}


def written(path: Path, kind: str) -> Path:
    """A file of lines with attachment, unique id, metadata and a tag each; what else a task has comes from its project."""
    with path.open("w") as file:
        for number in range(LINES):
            line = {
                "attachment": f"https://example.com/pictures/{number:010}.jpg", "unique_id": f"{kind} {number}",
                "metadata": {"source": "bench", "n": number}, "tags": ["rain"],
            }  # fmt: skip
            file.write(json.dumps(line) + "\n")
    return path


def imports(table, folder: Path) -> None:
    """Without workers, so that nobody fetches the pictures meanwhile."""
    server = Server(folder / "imports").start(workers=False)
    try:
        server.ask("/v1/projects", {"name": "Street", "type": "imageannotation", "params": PARAMS})
        figures = [through_the_server(server, written(folder / "sent.jsonl", "sent"), folder)]
        server.stop()
        figures.append(by_the_command(server, written(folder / "stored.jsonl", "stored")))
        # After them, so that it writes into a database as large.
        raw = limits.same_rows(server.database, folder, 256, seconds=4)
        for figure, rate, cpu, note, others in figures:
            table.row(
                figure, f"{rate:,.0f} tasks/s{note}", "", f"{cpu:,.0f} us",
                f"the same rows by SQLite alone, 256 in a commit: {raw:,.0f}/s, share {rate / raw:.2f} (goals 0.33 and 18,000/s)", others,
            )  # fmt: skip
    finally:
        server.stop()


def through_the_server(server: Server, lines: Path, folder: Path) -> tuple[str, float, float, str, float]:
    forget_peak(server.pid)
    told = folder / "told.jsonl"
    with watched(server) as usage:
        subprocess.run(
            ["curl", "-sS", "-o", told, "-T", lines, "-X", "POST", "-H", f"Authorization: Bearer {server.key}",
             "-H", "Content-Type: application/x-ndjson", f"{server.address}/api/import?project=Street"], check=True,
        )  # fmt: skip
    end = json.loads(told.read_bytes().splitlines()[-1])
    if end.get("created") != LINES:
        raise SystemExit(f"the import came to {end}")
    note = f", memory peaks at {memory(server.pid)['peak']:.0f} MB"
    return f"import of {LINES:,} lines over HTTP", LINES / usage.seconds, usage.server / LINES * 1e6, note, usage.other_cores


def by_the_command(server: Server, lines: Path) -> tuple[str, float, float, str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    with watched(None) as usage:
        subprocess.run(
            [PROGRAM, "import", "--project", "Street", "--data", server.data, lines], check=True, stdout=subprocess.DEVNULL
        )
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / LINES * 1e6
    return f"import of {LINES:,} lines by the command", LINES / seconds, cpu, "", usage.other_cores
