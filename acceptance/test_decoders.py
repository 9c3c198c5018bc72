"""The processes that decode pictures: none outlives its server, and none that dies takes more with it than its picture."""

import itertools
import os
import signal
from pathlib import Path

import pytest
from rig.memory import family
from rig.people import Caller
from rig.server import Server, eventually
from rig.tasks import boxes_task
from rig.web import FileHost


# What was looked at once is not decoded again, so no two pictures are alike.
WIDTHS = itertools.count(300)


@pytest.fixture
def host():
    host = FileHost()
    yield host
    host.close()


def decoders(server: Server) -> set[int]:
    return {one for one in family(server.process.pid) if b"decode" in command(one)}


def command(process: int) -> list[bytes]:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def gone(processes: set[int]) -> bool:
    # Of a process that has ended and that nobody has waited for no command is left.
    return not any(command(one) for one in processes)


def look_at_pictures(caller: Caller, host: FileHost, count: int = 4) -> None:
    """Makes tasks of that many pictures, and comes back when they are ready."""
    for width in itertools.islice(WIDTHS, count):
        caller.post("/v1/task/imageannotation", boxes_task(host.put_picture(f"/{width}.png", width, 200)))

    def ready() -> bool:
        docs = caller.get("/v1/tasks", include_attachment_url=True, limit=100)["docs"]
        assert not [task for task in docs if task["status"] == "error"]
        return all(task.get("attachmentS3Downloads") for task in docs)

    eventually(ready, seconds=120)


def test_a_server_that_ends_takes_its_decoders_with_it(make_server, host):
    server = make_server().start()
    caller = Caller(server.address, server.key())
    assert decoders(server) == set(), "no picture has come yet"
    look_at_pictures(caller, host)
    started = decoders(server)
    assert started
    server.stop()
    assert gone(started)

    server.start()
    look_at_pictures(caller, host)
    started = decoders(server)
    # One that does nothing any more is no different.
    os.kill(min(started), signal.SIGSTOP)
    server.kill()
    eventually(lambda: gone(started), seconds=120)


def test_decoders_that_die_are_replaced(make_server, host):
    server = make_server().start()
    caller = Caller(server.address, server.key())
    look_at_pictures(caller, host)
    for kind in (signal.SIGKILL, signal.SIGSEGV):
        started = decoders(server)
        for one in started:
            os.kill(one, kind)
        look_at_pictures(caller, host)
        assert decoders(server) and not decoders(server) & started
    assert server.log_end(1000).count("A decoder died and is replaced.") >= 2
