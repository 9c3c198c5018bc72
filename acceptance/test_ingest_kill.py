"""The server is killed again and again while it fetches attachments; each has to be stored exactly once all the same.

Kills come when the host of the files has been asked often enough, so that they fall into the fetching on any machine.
"""

import hashlib
import io
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from PIL import Image
from conftest import DATABASES, PASSWORD, SOAK
from rig.databases import end_leases_of_jobs, rows
from rig.people import Caller, Labeler
from rig.server import Server, eventually
from rig.tasks import boxes_task
from rig.web import FileHost, picture

# What differs between the databases is tried by other tests too, so the second one gets fewer.
KILLS = {"sqlite": 200 if SOAK else 20, "postgres": 200 if SOAK else 5}
ATTACHMENTS = 50  # for each kill


@pytest.mark.soak
@pytest.mark.parametrize("kind", DATABASES)
def test_each_attachment_is_stored_once_whenever_the_server_dies(kind, make_server):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    kills, count = KILLS[kind], KILLS[kind] * ATTACHMENTS
    files, contents = FileHost(), {}
    for number in range(count):
        # The small ones of JPEGs are made when their tasks are ready, those of PNG before.
        size = (40 + number % 40, 40 + number // 40)
        content = photograph(*size) if number % 2 else picture(*size)
        contents[files.put(f"/{number}", content, "image/x-any")] = content
    assert len(set(contents.values())) == count
    server = make_server(kind).start()
    caller = Caller(server.address, server.key())
    server.user("ann@example.com", PASSWORD)
    made = create(caller, list(contents))

    # Some files are fetched again after a kill, so asking counts what has come in rather than what is left.
    places = sorted(chance.sample(range(count * 9 // 10), kills))
    for number, place in enumerate(places):
        wanted = max(place, different(files) + 1)
        eventually(lambda: different(files) >= min(wanted, count), seconds=120, every=0.01)  # noqa: B023 - asked at once
        server.kill()
        if number == kills - 1:
            end_leases_of_jobs(server)
        server.start()
    eventually(lambda: states(server) == {"ready": count}, seconds=240, every=0.2)
    eventually(lambda: not rows(server, "SELECT 1 FROM attachments WHERE thumbnail_hash IS NULL"), seconds=240, every=0.2)
    server.stop()
    files.close()  # From here on the source is gone.

    server.start()
    check_objects(server, contents)
    check_tasks(caller, made, contents)
    labeler = Labeler(server.address, "ann@example.com", PASSWORD)
    for _ in range(5):
        work = labeler.claim()
        answer = labeler.session.get(server.address + work["attachments"][0]["url"], timeout=30)
        assert answer.status_code == 200 and answer.content == contents[caller.task(work["task"])["params"]["attachment"]]
        labeler.submit(work)
    assert len(files.asked) - count <= kills * 64, "far more was fetched again than can have been under way"


def photograph(width: int, height: int) -> bytes:
    """A JPEG of a size."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (width, height, 90)).save(buffer, "JPEG")
    return buffer.getvalue()


def different(files: FileHost) -> int:
    """How many files have been asked for, once or more."""
    return len(set(files.asked))


def create(caller: Caller, addresses: list[str]) -> dict[str, str]:
    """One task for each address: tasks by address."""
    local = threading.local()

    def one(address: str) -> tuple[str, str]:
        local.caller = getattr(local, "caller", None) or Caller(caller.address, caller.session.auth[0])
        body = boxes_task(address, unique_id=address)
        return address, local.caller.post("/v1/task/imageannotation", body)["task_id"]

    with ThreadPoolExecutor(4) as threads:
        return dict(threads.map(one, addresses))


def states(server: Server) -> dict[str, int]:
    return {state: int(count) for state, count in rows(server, "SELECT state, COUNT(*) FROM attachments GROUP BY state")}


def check_objects(server: Server, contents: dict[str, bytes]) -> None:
    """Every object is there once and is what its name says; `tmp` holds what the dead processes were writing, for a day."""
    folder = server.data / "objects"
    found = [file for file in folder.rglob("*") if file.is_file() and folder / "tmp" not in file.parents]
    names = Counter(file.name for file in found)
    assert [name for name, count in names.items() if count > 1] == []
    assert [file for file in found if hashlib.sha256(file.read_bytes()).hexdigest() != file.name] == []
    wanted = {hashlib.sha256(content).hexdigest() for content in contents.values()}
    assert wanted <= names.keys()
    rows_of = rows(server, "SELECT url, hash, thumbnail_hash FROM attachments")
    assert {url: hash for url, hash, _ in rows_of} == {url: hashlib.sha256(one).hexdigest() for url, one in contents.items()}
    known = wanted | {thumbnail for _, _, thumbnail in rows_of}
    assert names.keys() - known == set(), "objects that nothing refers to"


def check_tasks(caller: Caller, made: dict[str, str], contents: dict[str, bytes]) -> None:
    tasks = {task["task_id"]: task for task in caller.all_tasks(include_attachment_url=True)}
    assert tasks.keys() == set(made.values())
    with requests.Session() as session:
        for address, task in made.items():
            assert tasks[task]["status"] == "pending" and tasks[task]["params"]["attachment"] == address
            copy = session.get(tasks[task]["attachmentS3Downloads"][0]["s3URL"], timeout=30)
            assert copy.content == contents[address]
