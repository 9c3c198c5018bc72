"""The server is killed again and again under load; what it had acknowledged must be there afterwards.

The callers keep a log of their own of every acknowledged call, the receiver one of every callback. After the last start the
server's state is compared with both: nothing acknowledged is missing, nothing happened twice, every callback has arrived, and
a callback that came more than once had the same id each time.
"""

import random
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import requests
from conftest import DATABASES, PASSWORD, SOAK
from rig.people import Caller, Labeler, put
from rig.server import Server, eventually
from rig.tasks import boxes_task, words_task
from rig.web import FileHost, Receiver

KILLS = 200 if SOAK else 20
LABELERS = ["ann@example.com", "bob@example.com"]
GONE = (requests.ConnectionError, requests.Timeout)


@dataclass
class Log:
    """What the server has acknowledged, as the callers saw it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    created: dict[str, str] = field(default_factory=dict)  # unique id → task
    asked: set[str] = field(default_factory=set)  # unique ids of all creations sent, answered or not
    canceled: set[str] = field(default_factory=set)
    steps: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # task → ids of keys, in order
    submitted: dict[str, str] = field(default_factory=dict)  # task → key of the one annotation in the response
    faults: list[str] = field(default_factory=list)  # answers that no caller should ever see


def create(server: Server, key: str, address: str, picture: str, log: Log, over: threading.Event) -> None:
    """Creates tasks, and cancels some; an unanswered creation is repeated with the same unique id."""
    caller, pending = Caller(server.address, key), None
    while not over.is_set():
        identifier, pending = pending or str(uuid.uuid4()), None
        with_picture = identifier.startswith(("0", "1"))
        kind = "imageannotation" if with_picture else "namedentityrecognition"
        body = boxes_task(picture) if with_picture else words_task()
        body |= {"unique_id": identifier, "callback_url": address, "metadata": {"unique": identifier}}
        with log.lock:
            log.asked.add(identifier)
        try:
            answer = caller.ask("POST", f"/v1/task/{kind}", json=body)
        except GONE:
            pending = identifier
            over.wait(0.02)
            continue
        if answer.status_code == 200:
            task = answer.json()["task_id"]
            with log.lock:
                log.created[identifier] = task
            if identifier.startswith("2"):
                cancel(caller, task, log)
        elif answer.status_code == 409:
            # The creation before the kill had been stored although its answer was lost; the message names the task.
            with log.lock:
                log.created[identifier] = answer.json()["error"].rsplit("(", 1)[1].split(")")[0]
        elif answer.status_code != 503:
            log.faults.append(f"create: {answer.status_code} {answer.text[:200]}")


def cancel(caller: Caller, task: str, log: Log) -> None:
    try:
        answer = caller.ask("POST", f"/v1/task/{task}/cancel")
    except GONE:
        return
    if answer.status_code == 200:
        with log.lock:
            log.canceled.add(task)
    elif answer.status_code not in (400, 503):  # 400: somebody has begun it
        log.faults.append(f"cancel: {answer.status_code} {answer.text[:200]}")


def work(server: Server, email: str, log: Log, over: threading.Event) -> None:
    """Claims, draws one thing in two steps, submits; after a lost answer it claims again and goes on from what is stored."""
    labeler = None
    while not over.is_set():
        try:
            labeler = labeler or Labeler(server.address, email, PASSWORD)
            item = labeler.claim()
            if item is None:
                over.wait(0.05)
            else:
                work_on(labeler, item, log)
        except GONE:
            over.wait(0.02)
        except AssertionError as fault:
            # A lease may have run out while the server was away; anything else is a fault.
            if " 409 " not in str(fault) and " 503 " not in str(fault):
                log.faults.append(f"work: {fault}")


def work_on(labeler: Labeler, item: dict, log: Log) -> None:
    task, held = item["task"], item["draft"]["collections"].get("annotations", {})
    with log.lock:
        known = list(log.steps[task])
    if not set(known) <= held.keys():
        log.faults.append(f"work {task}: acknowledged steps {known}, stored {list(held)}")
    shape = (
        {"type": "box", "left": 5, "top": 5, "width": 50, "height": 40, "label": "car", "order": "a0"}
        if item["editor"] == "image"
        else {"start": 5, "end": 14, "label": "person"}
    )
    if held:
        key = next(iter(held))
    else:
        key = str(uuid.uuid4())
        labeler.send(item, labeler.step(put("annotations", key, {**shape, "label": None})))
        held = {key: {**shape, "label": None}}
        with log.lock:
            log.steps[task].append(key)
    if held[key]["label"] is None:
        labeler.send(item, labeler.step(put("annotations", key, {**held[key], "label": shape["label"]}, held[key])))
    labeler.submit(item)
    with log.lock:
        if task in log.submitted:
            log.faults.append(f"task {task} was submitted twice")
        log.submitted[task] = key


def refuse_some_at_first() -> Callable[[str], int]:
    """Refuses one callback in ten, so that repeats are under way whenever the server dies.

    A repeat is taken: the waits double, so what is refused again and again comes later than a test can wait.
    """
    seen: set[str] = set()

    def answer(delivery: str) -> int:
        is_first = delivery not in seen
        seen.add(delivery)
        return 500 if is_first and random.random() < 0.1 else 200

    return answer


@pytest.mark.soak
@pytest.mark.parametrize("kind", DATABASES)
def test_nothing_acknowledged_is_lost(kind, make_server):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    server, files, receiver = make_server(kind), FileHost(), Receiver()
    picture = files.put_picture("/p.png", 320, 200)
    receiver.answers["/cb"] = refuse_some_at_first()
    server.start()
    key = server.key()
    for email in LABELERS:
        server.user(email, PASSWORD)

    log, over = Log(), threading.Event()
    threads = [
        threading.Thread(target=create, args=(server, key, receiver.address + "/cb", picture, log, over))
        for _ in range(3)
    ] + [threading.Thread(target=work, args=(server, email, log, over)) for email in LABELERS]
    for thread in threads:
        thread.start()
    try:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.2, 1.2))
            server.kill()
            server.start()
        time.sleep(1)
    finally:
        over.set()
        for thread in threads:
            thread.join(60)

    told = f"{len(log.created)} created, {len(log.submitted)} submitted, {len(receiver.received)} calls received"
    print(told)
    assert log.faults == []
    caller = Caller(server.address, key)
    check_tasks(caller, log)
    check_callbacks(caller, receiver, log)
    assert len(log.created) > 2 * KILLS and len(log.submitted) > KILLS, f"too little happened: {told}"
    # Log, rows and files agree with each other, whatever was cut off in the middle.
    server.command("verify", "--objects")
    server.stop()
    files.close()
    receiver.close()


def check_tasks(caller: Caller, log: Log) -> None:
    tasks = {task["task_id"]: task for task in caller.all_tasks()}
    by_unique = defaultdict(list)
    for task in tasks.values():
        by_unique[task["unique_id"]].append(task["task_id"])
    assert [found for found in by_unique.values() if len(found) > 1] == [], "one unique id, several tasks"
    assert set(by_unique) <= log.asked, "tasks that nobody asked for"
    lost = [task for unique, task in log.created.items() if by_unique.get(unique) != [task]]
    assert lost == [], "acknowledged creations are missing"
    assert caller.get("/v1/tasks", limit=1)["total"] == len(tasks), "the counters have lost count"
    assert all(task["metadata"] == {"unique": task["unique_id"]} for task in tasks.values())

    assert [task for task in log.canceled if tasks[task]["status"] != "canceled"] == []
    for task, key in log.submitted.items():
        assert tasks[task]["status"] == "completed", f"the acknowledged submission of {task} is missing"
        annotations = tasks[task]["response"]["annotations"]
        assert [one.get("uuid", one.get("id")) for one in annotations] == [key], task


def check_callbacks(caller: Caller, receiver: Receiver, log: Log) -> None:
    completed = {task["task_id"] for task in caller.all_tasks(status="completed")}
    assert set(log.submitted) <= completed

    def missing() -> set[str]:
        arrived = {one.body["task_id"] for one in list(receiver.received) if one.answered == 200}
        return completed - arrived

    eventually(lambda: not missing(), seconds=120, every=0.5)
    ids = defaultdict(set)
    for one in receiver.received:
        ids[one.body["task_id"]].add(one.delivery)
    assert {task: found for task, found in ids.items() if len(found) != 1} == {}, "one event, several ids"
    assert len({next(iter(found)) for found in ids.values()}) == len(ids), "one id for several events"
    assert set(ids) <= completed, "a callback for a task that is not completed"
