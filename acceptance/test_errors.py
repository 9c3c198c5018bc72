"""What goes wrong with attachments and bodies, and what is answered then."""

import json
import socket
import threading
import time
import uuid

import pytest
import requests
from rig.people import Caller
from rig.server import eventually
from rig.tasks import boxes_task, words_task
from rig.web import FileHost, is_about, picture

CREATE = "/v1/task/namedentityrecognition"

# -- attachments -------------------------------------------------------------------------------------------------------


def _cut(request):
    request.send_response(200)
    request.send_header("Content-Length", "100000")
    request.end_headers()
    request.wfile.write(picture(50, 50)[:200])
    request.close_connection = True


# path, how the file host answers, and the `statusCode` of the documented response
FAULTS = {
    "missing": (lambda request: request.reply(404), 404),
    "forbidden": (lambda request: request.reply(403, b"no"), 403),
    "text": (lambda request: request.reply(200, b"just words", {"Content-Type": "image/png"}), 200),
    "page": (lambda request: request.reply(200, b"<!doctype html><p>x", {"Content-Type": "text/html"}), 200),
    "empty": (lambda request: request.reply(200, b"", {"Content-Type": "image/png"}), 200),
    "damaged": (lambda request: request.reply(200, picture(400, 300)[:300], {"Content-Type": "image/png"}), 200),
    "loop": (lambda request: request.reply(302, headers={"Location": request.path}), None),
    "elsewhere": (lambda request: request.reply(302, headers={"Location": "file:///etc/passwd"}), None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_attachment_puts_the_task_into_error(fault, world, files, receiver):
    answer, status = FAULTS[fault]
    address = files.put_answer(f"/{fault}/{uuid.uuid4()}", answer)
    body = boxes_task(address, unique_id="u", callback_url=f"{receiver.address}/cb", clear_unique_id_on_error=True)
    made = world.caller.post("/v1/task/imageannotation", body)
    assert made["status"] == "pending"

    callback = receiver.for_task(made["task_id"], "error")
    task = world.caller.task(made["task_id"])
    assert task["status"] == "error" and "unique_id" not in task
    assert task["response"] == callback.body["response"]
    assert task["response"]["error"] == "One or more attachments could not be downloaded."
    fault_of = task["response"]["attachments"]
    assert [one["url"] for one in fault_of] == [address]
    if status is not None:
        assert fault_of[0]["statusCode"] == status
    assert world.labeler().claim() is None
    again = world.caller.post("/v1/task/imageannotation", boxes_task(files.put_picture(), unique_id="u"))
    assert again["task_id"] != made["task_id"]


def test_the_unique_id_stays_unless_asked(world, files):
    made = world.caller.post("/v1/task/imageannotation", boxes_task(files.address + "/nothing", unique_id="u"))
    eventually(lambda: world.caller.task(made["task_id"])["status"] == "error")
    assert world.caller.task(made["task_id"])["unique_id"] == "u"
    again = world.caller.ask("POST", "/v1/task/imageannotation", json=boxes_task(files.put_picture(), unique_id="u"))
    assert again.status_code == 409 and made["task_id"] in again.json()["error"]


def test_one_of_several_attachments_fails(world, files):
    body = {"attachments": [files.put_picture(), files.address + "/nothing"], "choices": ["same", "other"]}
    made = world.caller.post("/v1/task/comparison", {**body, "instruction": "Same?", "attachment_type": "image"})
    eventually(lambda: world.caller.task(made["task_id"])["status"] == "error")
    assert [one["url"] for one in world.caller.task(made["task_id"])["response"]["attachments"]] == [
        files.address + "/nothing"
    ]


def test_a_passing_fault_is_tried_again(world, files):
    answers = iter([503, 503])

    def answer(request):
        status = next(answers, 200)
        request.reply(status, picture(300, 200) if status == 200 else b"", {"Content-Type": "image/png"})

    made = world.caller.post("/v1/task/imageannotation", boxes_task(files.put_answer("/passing.png", answer)))
    work = eventually(world.labeler().claim, seconds=60)
    assert work["task"] == made["task_id"]


def test_hosts_that_never_answer_hold_up_nobody_else(make_server):
    over = threading.Event()

    def hang(request):
        request.send_response(200)
        request.send_header("Content-Length", "1000")
        request.end_headers()
        request.wfile.flush()
        over.wait(60)
        request.close_connection = True

    silent, host = [FileHost(f"127.0.0.{number}") for number in (2, 3, 4)], FileHost()
    server = make_server().start()
    caller = Caller(server.address, server.key())
    for hosts in silent:
        for number in range(10):
            caller.post("/v1/task/imageannotation", boxes_task(hosts.put_answer(f"/hang{number}", hang)))
    eventually(lambda: all(len(hosts.asked) >= 4 for hosts in silent))
    good = caller.post("/v1/task/imageannotation", boxes_task(host.put_picture()))
    cut = caller.post("/v1/task/imageannotation", boxes_task(host.put_answer("/cut", _cut)))
    eventually(lambda: is_copied(caller, good), seconds=8)
    assert caller.task(cut["task_id"])["status"] in ("pending", "error")
    over.set()
    server.stop()
    for hosts in (*silent, host):
        hosts.close()


def is_copied(caller, task) -> bool:
    docs = caller.get("/v1/tasks", include_attachment_url=True)["docs"]
    return bool(next(one for one in docs if one["task_id"] == task["task_id"]).get("attachmentS3Downloads"))


def test_a_copy_is_taken_so_that_the_source_may_go(world, files):
    path = f"/{uuid.uuid4()}.png"
    made = world.caller.post("/v1/task/imageannotation", boxes_task(files.put_picture(path)))
    labeler = world.labeler()
    work = eventually(labeler.claim)
    del files.files[path]
    copy = labeler.session.get(world.server.address + work["attachments"][0]["url"], timeout=30)
    assert copy.status_code == 200 and copy.content == picture(1200, 800)
    assert world.caller.task(made["task_id"])["status"] == "pending"


def test_a_link_to_a_file_cannot_be_altered(world, files):
    world.caller.post("/v1/task/imageannotation", boxes_task(files.put_picture()))
    work = eventually(world.labeler().claim)
    url = world.server.address + work["attachments"][0]["url"]
    assert requests.get(url, timeout=30).status_code == 200, "the signature is enough"
    place = url.index("/files/") + len("/files/") + 10
    altered = url[:place] + ("A" if url[place] != "A" else "B") + url[place + 1 :]
    assert requests.get(altered, timeout=30).status_code in (403, 404)
    assert requests.get(world.server.address + "/files/nonsense", timeout=30).status_code in (403, 404)


# -- callbacks ---------------------------------------------------------------------------------------------------------


def test_a_refused_callback_is_sent_again_with_the_same_id(world, receiver):
    answers = iter([500, 404])
    receiver.answers["/flaky"] = lambda _: next(answers, 204)
    task = finished_task(world, f"{receiver.address}/flaky")
    sent = receiver.wait(lambda one: is_about(one, task["task_id"]), count=3, seconds=90)
    assert len({one.delivery for one in sent}) == 1 and len({one.raw for one in sent}) == 1
    eventually(lambda: as_tester(world).task(task["task_id"]).get("callback_succeeded") is True)


def test_a_dead_receiver_holds_up_nobody(world, receiver):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        dead = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        for _ in range(20):
            finished_task(world, dead)
        started = time.monotonic()
        receiver.for_task(finished_task(world, f"{receiver.address}/fine")["task_id"])
        assert time.monotonic() - started < 8


def test_callbacks_of_one_task_keep_their_order(world, receiver):
    task = finished_task(world, f"{receiver.address}/order")
    for accepted in (True, False, True):
        as_tester(world).ask("POST", f"/v1/task/{task['task_id']}/audit", json={"accepted": accepted})
    sent = receiver.wait(lambda one: is_about(one, task["task_id"]), count=4)
    statuses = [one.body["task"].get("customer_review_status") for one in sent]
    assert statuses == [None, "accepted", "rejected", "accepted"] or statuses[1:] == ["accepted", "rejected", "accepted"]
    assert len({one.delivery for one in sent}) == 4


@pytest.mark.parametrize("spelling", ["send_callback", "send-callback"])
def test_a_callback_is_resent_on_request(spelling, world, receiver):
    task = finished_task(world, f"{receiver.address}/again")
    receiver.for_task(task["task_id"])
    as_tester(world).post(f"/v1/task/{task['task_id']}/{spelling}")
    receiver.wait(lambda one: is_about(one, task["task_id"]), count=2)


def as_tester(world) -> Caller:
    """A caller with the test key: its tasks complete while they are created."""
    return Caller(world.server.address, world.test_key)


def finished_task(world, callback: str) -> dict:
    return as_tester(world).post(CREATE, words_task(callback_url=callback))


# -- bodies ------------------------------------------------------------------------------------------------------------


def post_raw(world, raw: bytes, path: str = CREATE) -> requests.Response:
    return world.caller.ask("POST", path, data=raw, headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nonsense",
        b"[]",
        b"null",
        b'"text"',
        b'{"text": "x",}',
        b'{"text": "\xff\xfe"}',
        b'{"text": "\\ud800"}',
        b'{"text": "x" "labels": []}',
        b'{"text": NaN}',
        b'{"priority": 1e999}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"metadata":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001,
        b'{"metadata": ' + b"[" * 2_000 + b"]" * 2_000 + b"}",
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_a_malformed_body_is_a_400(raw, shared_world):
    refused(post_raw(shared_world, raw), 400)


def test_every_issue_is_named_with_its_path(world, files):
    body = {
        "attachment": files.put_picture(),
        "geometries": {"box": {"objects_to_annotate": ["car", 7], "min_width": -1}, "circle": {}},
        "priority": 11,
        "tags": ["a"] * 3 + [1],
    }
    answer = refused(world.caller.ask("POST", "/v1/task/imageannotation", json=body), 400)
    paths = {issue["path"] for issue in answer["issues"]}
    assert {
        "geometries.box.objects_to_annotate[1]",
        "geometries.box.min_width",
        "geometries.circle",
        "priority",
        "tags[3]",
    } <= paths


def test_numbers_are_kept_or_refused(world):
    kept = {"big": 9223372036854775807, "small": -9223372036854775808, "beyond": 9007199254740993, "real": 0.1}
    made = world.caller.post(CREATE, words_task(metadata=kept))
    answer = world.caller.ask("GET", f"/v1/task/{made['task_id']}").text
    assert json.loads(answer)["metadata"] == kept and "9007199254740993" in answer
    too_large = post_raw(world, json.dumps(words_task(metadata={"n": 0})).replace('"n": 0', '"n": 1' + "0" * 30).encode())
    assert "metadata.n" in refused(too_large, 400)["error"]


def test_duplicate_keys_are_refused_by_path(world):
    raw = json.dumps(words_task(metadata={"a": 1})).replace('{"a": 1}', '{"a": 1, "a": 2}').encode()
    assert "metadata.a" in refused(post_raw(world, raw), 400)["error"]


def test_an_oversized_body_is_refused_and_the_server_goes_on(world):
    for size in (11_000_000, 100_000_000):
        try:
            response = post_raw(world, b'{"text": "' + b"x" * size + b'"}')
            assert response.status_code in (400, 413), response.status_code
        except requests.ConnectionError:
            pass  # Closing the connection on a body that will not be read is as good.
        assert world.caller.get("/v1/tasks")["total"] == 0


def test_limits_of_the_members(world):
    large = {"k": "x" * 10_300}
    for wrong in (
        {"metadata": large},
        {"tags": list("abcdef")},
        {"priority": 15},
        {"priority": "high"},
        {"unique_id": ""},
        {"callback_url": "ftp://example.com/"},
        {"callback_url": "nonsense"},
    ):
        refused(world.caller.ask("POST", CREATE, json=words_task(**wrong)), 400)
    made = world.caller.post(CREATE, words_task(tags=list("abcde"), priority=30))
    path = f"/v1/task/{made['task_id']}"
    refused(world.caller.ask("PUT", f"{path}/tags", json=["f"]), 400)
    refused(world.caller.ask("POST", f"{path}/setMetadata", json=large), 400)
    assert world.caller.task(made["task_id"])["tags"] == list("abcde")


def test_text_that_databases_stumble_over(world):
    made = world.caller.post(CREATE, words_task(metadata={"k": "a\u0000b", "': DROP TABLE": "\U0001f600\u2028"}))
    assert world.caller.task(made["task_id"])["metadata"] == {"k": "a\u0000b", "': DROP TABLE": "\U0001f600\u2028"}
    for name in ("a\u0000b", "%", "_", "' OR 1=1 --", "\U0001f600"):
        response = world.caller.ask("GET", "/v1/tasks", params={"unique_id": name, "project": name, "tags": name})
        assert response.status_code in (200, 400, 404), response.text


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "status=done", "start_time=yesterday", "next_token=!!", "next_token=e30%3D",
     "customer_review_status=good", "offset=-1"],
)  # fmt: skip
def test_a_wrong_query_is_a_400(query, shared_world):
    refused(shared_world.caller.ask("GET", f"/v1/tasks?{query}"), 400)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/task/5c84d0efc4fd4f0075d11f8c", 404),
        ("GET", "/v1/task/short", 404),
        ("POST", "/v1/task/5c84d0efc4fd4f0075d11f8c/cancel", 404),
        ("GET", "/v1/batches/none", 404),
        ("GET", "/v1/projects/none", 404),
        ("POST", "/v1/task/nosuchtype", (400, 402, 404)),
        ("GET", "/v1/nothing", 404),
        ("DELETE", "/v1/projects", (404, 405)),
    ],
)
def test_errors_are_objects_with_a_sentence(method, path, status, shared_world):
    refused(shared_world.caller.ask(method, path, json={} if method == "POST" else None), status)


def test_an_unknown_task_has_the_known_sentence(world):
    for path in ("/v1/task/5c84d0efc4fd4f0075d11f8c", "/v1/task/x"):
        assert world.caller.ask("GET", path).json() == {"status_code": 404, "error": "Task with that ID not found."}


def test_no_key_and_a_wrong_key(world):
    for headers in ({}, {"Authorization": "Basic bm9wZTo="}, {"Authorization": "Bearer x"}, {"Authorization": "Basic ?"}):
        response = requests.get(f"{world.server.address}/v1/tasks", headers=headers, timeout=30)
        refused(response, 401)
        assert "WWW-Authenticate" in response.headers


def test_a_head_that_is_too_long_is_refused_and_the_server_goes_on(world):
    answer = world.caller.ask("GET", "/v1/tasks", params={"project": "x" * 200_000})
    assert answer.status_code in (400, 414, 431)
    assert world.caller.get("/v1/tasks")["total"] == 0


@pytest.mark.parametrize("path", ["/v1/batches", "/api/quality-tasks"])
def test_numbers_at_the_edge_are_no_trap(path, world):
    for offset in (2**31, 2**63 - 1, 2**64):
        assert world.caller.ask("GET", f"{path}?limit=1&offset={offset}").status_code in (200, 400)
    assert world.caller.get("/v1/tasks")["total"] == 0


def test_ranges_of_a_file(world, files):
    world.caller.post("/v1/task/imageannotation", boxes_task(files.put_picture()))
    work = eventually(world.labeler().claim)
    url, whole = world.server.address + work["attachments"][0]["url"], picture(1200, 800)
    for asked, wanted in {
        "bytes=0-9223372036854775807": whole,
        "bytes=9223372036854775806-9223372036854775807": None,
        "bytes=-5": whole[-5:],
        f"bytes={len(whole)}-": None,
    }.items():
        answer = requests.get(url, headers={"Range": asked}, timeout=30)
        assert answer.status_code in ((206, 200) if wanted else (416, 200)), asked
        assert answer.status_code != 206 or answer.content == wanted, asked


def test_half_a_request_does_not_hold_a_connection_for_ever(world):
    with socket.create_connection(("127.0.0.1", world.server.port)) as half:
        half.sendall(b"POST /v1/task/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert world.caller.get("/v1/tasks")["total"] == 0


def refused(response: requests.Response, status: int | tuple[int, ...]) -> dict:
    """Checks the shape that every error has, and answers it."""
    statuses = status if isinstance(status, tuple) else (status,)
    assert response.status_code in statuses, f"{response.status_code} {response.text[:300]}"
    body = response.json()
    assert body["status_code"] == response.status_code and isinstance(body["error"], str) and body["error"]
    assert set(body) <= {"status_code", "error", "issues"}
    for issue in body.get("issues", []):
        assert isinstance(issue["path"], str) and issue["message"]
    return body
