"""The memory of a program with everything it has started."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path


class MemoryWatch:
    """What a process and its descendants took together, in megabytes, looked at ten times a second.

    Of each living process the most that it has ever had counts, so that nothing which comes and goes between two looks is missed in
    those that stay; what several of them share counts for each. So the sum is rather too high than too low.
    """

    def __init__(self, process: int):
        self.process, self.most, self.processes = process, 0.0, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while True:
            found = [peak(one) for one in family(self.process)]
            self.most, self.processes = max(self.most, sum(found)), max(self.processes, len(found))
            if self._ended.wait(0.1):
                return

    def end(self) -> None:
        self._ended.set()
        self._thread.join()


@contextlib.contextmanager
def watched(process: int) -> Iterator[MemoryWatch]:
    watch = MemoryWatch(process)
    try:
        yield watch
    finally:
        watch.end()


def peak(process: int) -> float:
    """The most memory that one process has had so far; nothing when it has ended."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    # A process that has ended and was not waited for has no memory.
    return int(text.partition("VmHWM:")[2].split()[0]) / 1000 if "VmHWM:" in text else 0


def family(process: int) -> set[int]:
    """The process and all that descend from it."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            # Those that end meanwhile are nobody's children any more.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
    found, added = {process}, {process}
    while added:
        added = {child for child, parent in parents.items() if parent in added} - found
        found |= added
    return found
