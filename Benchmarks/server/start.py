"""The time until a server is ready, and what it takes when nothing is asked."""

import time
from pathlib import Path

from rig import Server, memory, process_seconds


def start(table, folder: Path, large: Server, count: int) -> None:
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
