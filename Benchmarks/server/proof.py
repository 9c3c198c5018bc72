"""What the sealed log costs beside the tasks that it is about: sealing entries and hashes of rows, and checking all of it."""

import json
import subprocess
import time
from pathlib import Path

from rig import PROGRAM, Server, eventually, process_seconds, rows_of, watched

TASKS = 30_000


def proof(table, folder: Path) -> None:
    """The server makes the tasks without sealing anything; a process of workers then has nothing to do but that."""
    server = Server(folder / "proof").start(workers=False)
    try:
        lines = folder / "proof.jsonl"
        with lines.open("w") as file:
            for number in range(TASKS):
                file.write(json.dumps({"attachment_type": "text", "attachment": f"Good morning number {number}", "unique_id": f"n {number}"}) + "\n")
        for mode, what in (("live", "one entry each"), ("test", "one entry each and the hash of what was answered")):
            key = server.key if mode == "live" else server.command("key", "create", "--mode", mode)
            server.ask("/v1/projects", {"name": mode, "type": "categorization", "params": {"instruction": "Polite?", "categories": ["yes", "no"]}},
                       {"Authorization": f"Bearer {key}"})  # fmt: skip
            with watched(server) as usage:
                told = subprocess.run(
                    ["curl", "-sS", "-T", lines, "-X", "POST", "-H", f"Authorization: Bearer {key}", "-H", "Content-Type: application/x-ndjson",
                     f"{server.address}/api/import?project={mode}"], check=True, capture_output=True,
                ).stdout  # fmt: skip
            if json.loads(told.splitlines()[-1]).get("created") != TASKS:
                raise SystemExit(f"the import came to {told[-300:]}")
            seconds, cpu = sealed(server)
            table.row(
                f"{TASKS:,} {mode} tasks, {what}: sealed behind their import", f"{TASKS / seconds:,.0f} tasks/s", "",
                f"{cpu / TASKS * 1e6:,.0f} us a task", f"making one of them: {usage.server / TASKS * 1e6:,.0f} us of CPU", usage.other_cores,
            )  # fmt: skip
        entries = rows_of(server, "SELECT COUNT(*) FROM events")
        with watched(None) as usage:
            server.command("verify")
        table.row(f"verify of {entries:,} entries and {2 * TASKS:,} tasks", f"{usage.seconds:.1f} s, {entries / usage.seconds:,.0f} entries/s", others=usage.other_cores)
    finally:
        server.stop()


def sealed(server: Server) -> tuple[float, float]:
    """Seconds until nothing waits to be sealed any more, and CPU seconds of the process that did it."""
    began = time.perf_counter()
    with open(f"{server.data}-work.log", "ab") as log:
        work = subprocess.Popen([PROGRAM, "work", "--data", server.data], stdout=log, stderr=log)
    try:
        waiting = "SELECT (SELECT COUNT(*) FROM events WHERE position IS NULL) + (SELECT COUNT(*) FROM uncovered_rows)"
        eventually("all is sealed", lambda: rows_of(server, waiting) == 0, 300)
        return time.perf_counter() - began, process_seconds(work.pid)
    finally:
        work.terminate()
        work.wait(60)
