"""Strangers' addresses and files: each ends as a 400 or as a clean error of its task, in bounded memory, and no process dies.

The host 127.0.0.9 may be called here, 127.0.0.1 must not, as it must not in a server that stands in the open.
"""

import os
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from rig import hostile
from rig.memory import watched
from rig.names import NameServer
from rig.people import Caller
from rig.server import Server, eventually
from rig.tasks import boxes_task
from rig.web import FileHost, picture

# The most memory that the server may take at any moment with all it has started, a decoder a core, in megabytes. What stands against it
# here claims terabytes.
MEMORY = 300 + 100 * os.cpu_count()
TIMEOUT = 3  # seconds that a fetch may take
CREATE = "/v1/task/imageannotation"


@pytest.fixture(scope="module")
def victim():
    """What must never be called; it stands where the spellings of this machine lead."""
    host = FileHost()
    yield host
    assert host.asked == [], "the server has called an address that it may not call"
    host.close()


@pytest.fixture(scope="module")
def host():
    host = FileHost("127.0.0.9")
    yield host
    host.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    allowed = "127.0.0.9/32 127.0.0.10/32"
    server = Server(tmp_path_factory.mktemp("hostile") / "data", allow=allowed, settings={"VERNIER_FETCH_TIMEOUT": str(TIMEOUT)}).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def caller(server) -> Caller:
    return Caller(server.address, server.key())


@pytest.fixture(scope="module")
def slow_host():
    """Stands apart, so that what it holds up is only what lies there."""
    host = FileHost("127.0.0.10")
    yield host
    host.close()


def test_hostile_addresses_answers_and_files_end_as_errors(server, caller, host, slow_host, victim):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    process, port = server.process, victim.address.rsplit(":", 1)[1]
    cases = {f"address {address!r}": address.replace("{port}", port) for address in hostile.ADDRESSES}
    for number, place in enumerate(hostile.REDIRECTS):
        status, location = (301, 302, 303, 307, 308)[number % 5], place.replace("{port}", port)
        reply = lambda request, status=status, location=location: redirect(request, status, location)  # noqa: E731
        cases[f"redirect {place!r}"] = host.put_answer(f"/to/{number}", reply)
    for number, (name, answer) in enumerate(hostile.ANSWERS.items()):
        cases[f"answer {name}"] = host.put_answer(f"/answer/{number}", answer)
    for number, (name, (answer, _)) in enumerate(hostile.ENDLESS.items()):
        cases[f"endless {name}"] = slow_host.put_answer(f"/endless/{number}", answer)
    contents = hostile.BOMBS | hostile.damaged(seed)
    for number, (name, content) in enumerate(contents.items()):
        cases[f"file {name}"] = host.put(f"/file/{number}", content, "image/png")
    assert len(cases) >= 200

    with watched(process.pid) as memory:
        made, refused, good = offered(caller, cases, host)
        tasks = eventually(lambda: settled(caller, made.keys() | {good}), seconds=240, every=0.5)
    assert tasks[good]["status"] == "pending", "a good file beside them is not held up"
    wrong = [
        f"{name}: {tasks[task]['status']} {tasks[task].get('response')}"
        for task, name in made.items() if not is_clean(name, tasks[task], cases[name])
    ]  # fmt: skip
    assert "\n".join(wrong) == ""
    print(f"{len(refused)} refused, {len(made)} accepted, {memory.most:.0f} MB at most in {memory.processes} processes")
    assert server.process is process and process.poll() is None
    assert requests.get(server.address + "/healthz", timeout=30).ok
    assert memory.most < MEMORY


def offered(caller: Caller, cases: dict[str, str], host: FileHost) -> tuple[dict[str, str], list[str], str]:
    """A task for each address: the cases of those that were made by task, the cases that were refused, and a task with a good file."""
    made, refused = {}, []
    with ThreadPoolExecutor(4) as threads:
        for name, answer in zip(cases, threads.map(lambda address: create(caller, address), cases.values())):
            if answer.status_code == 400:
                assert answer.json()["issues"], (name, answer.text)
                refused.append(name)
            else:
                assert answer.status_code == 200, (name, answer.status_code, answer.text[:200])
                made[answer.json()["task_id"]] = name
    assert [name for name in refused if not name.startswith("address ")] == []
    good = create(caller, host.put("/good.png", picture(90, 60), "image/png")).json()["task_id"]
    return made, refused, good


def create(caller: Caller, address: str, **more) -> requests.Response:
    return Caller(caller.address, caller.session.auth[0]).ask("POST", CREATE, json=boxes_task(address, **more))


def redirect(request, status: int, location: str) -> None:
    head = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    request.wfile.write(head.encode("utf-8"))
    request.close_connection = True


def settled(caller: Caller, wanted) -> dict[str, dict] | None:
    """The tasks, once none of them waits for its attachment any more."""
    tasks = {task["task_id"]: task for task in caller.all_tasks(include_attachment_url=True)}
    assert wanted <= tasks.keys()
    waiting = [task for task in tasks.values() if task["status"] == "pending" and not task.get("attachmentS3Downloads")]
    return None if waiting else tasks


def is_clean(name: str, task: dict, address: str) -> bool:
    """Whether a task is in error with a sentence, or has a picture although bytes of its file were changed."""
    if task["status"] == "pending":
        return "with changed bytes" in name or name.removeprefix("file ") in hostile.HARMLESS
    response = task["response"]
    return (
        task["status"] == "error"
        and response["error"] == "One or more attachments could not be downloaded."
        and [one["url"] for one in response["attachments"]] == [address]
        and (not name.startswith("endless ") or hostile.ENDLESS[name[8:]][1] in response["attachments"][0]["message"])
    )


NAMES = [
    "../../../../tmp/vernier-escaped.txt", "..\\..\\windows\\system.ini", "/etc/passwd", "....//....//etc/passwd", "%2e%2e%2fetc%2fpasswd",
    "a\0.png", "a\nb.png", "a\r\nX-Injected: yes.png", "\u202egnp.exe", "con.txt", ".htaccess", ".", "..", "x" * 5000, "a;b.png", 'a"b.png',
    "<script>alert(1)</script>.png", "\ud83d\ude00.png".encode("utf-16", "surrogatepass").decode("utf-16"), "a%00b", "'; DROP TABLE files; --",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name[:30]))
def test_the_name_of_a_file_is_only_a_name(name, server, caller):
    """Whatever a file is called, nothing is written elsewhere, and no header comes out of it."""
    quoted = "".join(f"%{ord(one):02X}" if one in '\r\n"' else one for one in name)
    boundary = uuid.uuid4().hex
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\nContent-Type: text/html\r\n\r\n'
        f"<script>alert(1)</script>\r\n--{boundary}--\r\n"
    ).encode("utf-8", "surrogatepass")
    before = outside(server)
    answer = caller.ask("POST", "/v1/files/upload", data=body, headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
    assert answer.status_code in (200, 400), answer.text
    assert outside(server) == before
    assert "X-Injected" not in answer.headers


def outside(server: Server) -> set[str]:
    """The files beside the ones that belong to the server, where a name with dots would lead."""
    places = [server.data, server.data.parent, server.data.parent.parent, Path("/tmp")]
    return {str(file) for place in places for file in place.glob("*escaped*")} | {file.name for file in server.data.iterdir()}


def test_slow_hosts_leave_room_for_others(make_server, host):
    """Bodies that drip and never end take neither memory nor the places of others."""
    slow = [FileHost(f"127.0.0.{number}") for number in range(10, 16)]
    server = make_server(allow="127.0.0.8/29").start()
    caller = Caller(server.address, server.key())
    answers = [hostile.ENDLESS[name][0] for name in ("a body that drips", "a body without an end that drips")]
    with watched(server.process.pid) as memory:
        for number, one in enumerate(slow):
            for path in range(8):
                assert create(caller, one.put_answer(f"/{path}", answers[number % 2])).status_code == 200
        eventually(lambda: all(one.asked for one in slow), seconds=60)
        create(caller, host.put("/beside.png", picture(90, 60), "image/png"), unique_id="good")
        query = {"unique_id": "good", "include_attachment_url": True}
        eventually(lambda: caller.get("/v1/tasks", **query)["docs"][0].get("attachmentS3Downloads"), seconds=60)
    assert memory.most < MEMORY
    server.kill()
    for one in slow:
        one.close()


@pytest.fixture
def rebinding():
    """A host that may be called and one that must not, on the same port of two addresses."""
    while True:
        good = FileHost("127.0.0.9")
        try:
            bad = FileHost("127.0.0.1", good.server.server_address[1])
            break
        except OSError:  # the port is taken on the other address
            good.close()
    yield good, bad
    assert bad.asked == [], "a name was judged by one answer of its name server, and called by another"
    good.close()
    bad.close()


def test_names_that_are_answered_otherwise_each_time(make_server, rebinding, tmp_path):
    """DNS rebinding: what was judged is what is called, at first, after redirects, at later tries, by imports and callbacks."""
    good, bad = rebinding
    names = NameServer()
    server = make_server(allow="127.0.0.9/32", settings=names.settings(tmp_path)).start()
    caller, port = Caller(server.address, server.key()), good.server.server_address[1]
    bad.put("/file.png", picture(80, 50), "image/png")
    good.put("/file.png", picture(90, 60), "image/png")
    good.put("/callback", b"")
    good.put_redirect("/redirect.png", f"http://a1.b9.redirect.rebind.test:{port}/file.png")
    good.put_redirect("/both.png", f"http://both.a9.b1.redirect.rebind.test:{port}/file.png")
    # Later than an answer of a name server is kept for, so that the next try asks anew.
    again = {"Retry-After": "11"}
    good.put_answer("/again.png", lambda request: request.reply(503, headers=again))

    def address(name: str, path: str = "/file.png") -> str:
        return f"http://{name}.rebind.test:{port}{path}"

    ready = [address(f"a9.b1.first{number}") for number in range(20)]
    refused = [address(f"a1.b9.first{number}") for number in range(20)] + [
        address("both.a9.b1.x"), address("both.a1.b9.x"), address("a9.b1.moved", "/redirect.png"),
        address("a9.b1.moved", "/both.png"), address("a9.b1.again", "/again.png"),
    ]  # fmt: skip
    for name, status in {"a9.b1.import": 200, "a1.b9.import": 400, "both.a9.b1.import": 400}.items():
        assert caller.ask("POST", "/v1/files/import", json={"file_url": address(name)}).status_code == status, name
    callbacks = ["a9.b1.callback", "a1.b9.callback", "both.a9.b1.callback"]
    made = {}
    for number, one in enumerate(ready + refused):
        called = address(callbacks[number % len(callbacks)], "/callback")
        made[create(caller, one, callback_url=called).json()["task_id"]] = one
    tasks = eventually(lambda: settled(caller, made.keys()), seconds=120, every=0.2)
    assert {made[task] for task, one in tasks.items() if one["status"] == "pending"} == set(ready)
    assert {made[task] for task, one in tasks.items() if one["status"] == "error"} == set(refused)
    assert names.asked["a9.b1.again.rebind.test"] >= 2, "the later try has asked the name server anew"
    eventually(lambda: "/callback" in good.asked, seconds=120)
    server.stop()
    names.close()
