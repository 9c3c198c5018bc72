"""Who may reach what: accounts apart from each other, and the server kept from addresses that are none of its business."""

import re
import uuid

import pytest
from conftest import make_world
from rig.people import Caller
from rig.server import ROOT, eventually
from rig.tasks import boxes_task, words_document, words_task
from rig.web import FileHost, Receiver, is_about

# -- accounts ----------------------------------------------------------------------------------------------------------

# Every call of the API that names an object: method, path, body. The names in braces are filled in.
CALLS = [
    ("GET", "/v1/task/{task}", None),
    ("POST", "/v1/task/{task}/cancel", None),
    ("POST", "/v1/task/{task}/audit", {"accepted": True, "comments": None}),
    ("POST", "/v1/task/{task}/unique_id", {"unique_id": "mine"}),
    ("DELETE", "/v1/task/{task}/unique_id", None),
    ("POST", "/v1/task/{task}/setMetadata", {"k": "v"}),
    ("POST", "/v1/task/{task}/tags", ["a"]),
    ("PUT", "/v1/task/{task}/tags", ["a"]),
    ("DELETE", "/v1/task/{task}/tags", ["a"]),
    ("POST", "/v1/task/{task}/send_callback", None),
    ("POST", "/v1/task/{task}/send-callback", None),
    ("GET", "/v1/task/{task}/response_url/0b9f1a54-7d0e-4f5c-9a36-0f0f4a1f6d01", None),
    ("GET", "/v1/batches/{batch}", None),
    ("GET", "/v1/batches/{batch}/status", None),
    ("POST", "/v1/batches/{batch}/finalize", None),
    ("POST", "/v1/batches/{batch}/setMetadata", {"k": "v"}),
    ("POST", "/v1/batches/{batch}/prioritize", {"priority": 20}),
    ("GET", "/v1/projects/{project}", None),
    ("POST", "/v1/projects/{project}/setParams", {"patch": True}),
    ("POST", "/v1/projects/{project}/setOntology", {"ontology": ["a"]}),
    ("GET", "/v1/projects/{project}/taskTemplates", None),
    ("GET", "/v1/studio/projects/{project}/groups", None),
    ("POST", "/v1/studio/projects/{project}/groups", {"emails": [], "name": "g"}),
    ("PUT", "/v1/studio/projects/{project}/groups/grp", {"add_emails": [], "remove_emails": []}),
    ("PUT", "/v1/studio/batches/{batch}", {"groups": []}),
    ("POST", "/v1/batches", {"project": "{project}", "name": "b"}),
    ("POST", "/v1/task/namedentityrecognition", {**words_task(), "project": "{project}"}),
    ("POST", "/v1/task/namedentityrecognition", {**words_task(), "batch": "{batch}"}),
    ("GET", "/api/tasks/{task}", None),
    ("GET", "/api/tasks/{task}/history", None),
    ("GET", "/api/tasks/{task}/proof", None),
    ("GET", "/api/tasks/{task}/steps?work=5c84d0efc4fd4f0075d11f8c", None),
    ("GET", "/api/tasks/{task}/state?at=2100-01-01", None),
    ("GET", "/api/deliveries/{delivery}", None),
    ("POST", "/api/deliveries/{delivery}/resend", None),
    ("GET", "/v1/files?project={project}", None),
    ("GET", "/api/tasks/{task}/deliveries", None),
    ("GET", "/api/projects/{project}", None),
    ("PATCH", "/api/projects/{project}", {"archived": True}),
    ("GET", "/api/projects/{project}/versions", None),
    ("GET", "/api/projects/{project}/versions/0", None),
    ("POST", "/api/projects/{project}/versions", {"params": {}, "base_version": -1}),
    ("POST", "/api/projects/{project}/try", {"params": {}}),
    ("GET", "/api/batches/{batch}", None),
    ("PATCH", "/api/batches/{batch}", {"paused": True}),
    ("POST", "/api/batches/{batch}/launch", {"confirm_uncalibrated": True}),
    ("GET", "/api/batches/{batch}/calibration", None),
    ("GET", "/api/batches?project={project}", None),
    ("POST", "/api/batches", {"project": "{project}", "name": "b"}),
    ("POST", "/api/tasks/import", {"project": "{project}", "urls": "https://example.com/a.png"}),
    ("POST", "/api/tasks/import", {"project": "{project}", "batch": "{batch}", "urls": "https://example.com/a.png"}),
    ("GET", "/api/tasks/{task}/reviews", None),
    ("GET", "/api/tasks/{task}/versions/0", None),
    ("POST", "/api/tasks/{task}/comments", {"text": "Look again."}),
    ("POST", "/api/tasks/{task}/redo", {"message": "Once more."}),
    ("GET", "/api/projects/{project}/workflow", None),
    ("PATCH", "/api/projects/{project}/workflow", {"review_levels": 1}),
    ("GET", "/api/projects/{project}/agreement", None),
    ("GET", "/api/projects/{project}/examples", None),
    ("DELETE", "/api/projects/{project}/examples/5c84d0efc4fd4f0075d11f8c", None),
    ("PATCH", "/api/projects/{project}/groups/grp", {"name": "g"}),
    ("DELETE", "/api/projects/{project}/groups/grp", None),
    ("GET", "/api/tasks/{task}/agreement", None),
    ("POST", "/api/tasks/{task}/audit", {"result": "accepted"}),
    ("POST", "/api/tasks/{task}/uses", {"as": ["example"]}),
    ("POST", "/api/audits/open", {"task": "{task}"}),
    ("POST", "/api/audits/samples", {"project": "{project}"}),
    ("GET", "/api/audits/samples/{sample}", None),
    ("GET", "/api/audits/samples/{sample}/tasks", None),
    ("DELETE", "/api/audits/samples/{sample}", None),
    ("GET", "/api/bulk/{bulk}", None),
    ("GET", "/api/bulk/{bulk}/results", None),
    ("POST", "/api/bulk/{bulk}/cancel", None),
    ("POST", "/api/bulk/{bulk}/undo", None),
    ("GET", "/api/imports/{import}", None),
    ("POST", "/api/imports/{import}/cancel", None),
    ("GET", "/api/exports/{export}", None),
    ("GET", "/api/exports/{export}/file", None),
    ("POST", "/api/exports/{export}/cancel", None),
    ("DELETE", "/api/exports/{export}", None),
    ("GET", "/api/uploads/{upload}", None),
    ("HEAD", "/api/uploads/{upload}", None),
    ("PATCH", "/api/uploads/{upload}", None),
    ("DELETE", "/api/uploads/{upload}", None),
    ("PATCH", "/api/people/{person}", {"active": False}),
    ("DELETE", "/api/people/{person}/second-factor", None),
    ("DELETE", "/api/keys/{key}", None),
    ("GET", "/api/integrations/{integration}", None),
    ("PATCH", "/api/integrations/{integration}", {"name": "taken over"}),
    ("POST", "/api/integrations/{integration}/test", None),
    ("DELETE", "/api/integrations/{integration}", None),
    ("PATCH", "/api/keys/{key}", {"networks": ["203.0.113.0/24"]}),
    ("DELETE", "/api/profile/sessions/{session}", None),
]
# The rest of the calls that name an object: a work item is known to whoever holds it, a signed link to whoever has it.
ELSEWHERE = ("/api/work/", "/files/")
# Two lists may answer an unknown name with nothing in them instead of a 404; then both answers must be that.
NOTHING = [("GET", "/v1/tasks?project={project}"), ("GET", "/v1/batches?project={project}")]


def filled(value, names: dict[str, str]):
    if isinstance(value, str):
        for name, text in names.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, dict):
        return {key: filled(member, names) for key, member in value.items()}
    return value


def something_sent(owner, tag: str) -> str:
    """A delivery of an account: its last task's end completes a batch, of which a receiver is told."""
    owner.caller.post("/v1/projects", {"type": "namedentityrecognition", "name": f"plain-{tag}"})
    owner.caller.post("/v1/batches", {"project": f"plain-{tag}", "name": f"told-{tag}", "callback": "http://127.0.0.1:1/"})
    task = owner.caller.post("/v1/task/namedentityrecognition", words_task(batch=f"told-{tag}"))["task_id"]
    owner.caller.post(f"/v1/task/{task}/cancel")
    return eventually(lambda: owner.caller.get("/api/deliveries")["docs"])[0]["id"]


@pytest.fixture(scope="module")
def neighbours(server):
    """Two accounts; the first has one of everything, whose names are answered too."""
    owner, other = make_world(server), make_world(server)
    tag = uuid.uuid4().hex[:8]
    chief = owner.labeler("chief", "admin")
    names = {"project": f"project-{tag}", "batch": f"batch-{tag}"}
    owner.caller.post("/v1/projects", {"type": "namedentityrecognition", "name": names["project"], "studio": True})
    owner.caller.post("/v1/batches", {"project": names["project"], "name": names["batch"]})
    names["task"] = owner.caller.post(
        "/v1/task/namedentityrecognition",
        words_task(batch=names["batch"], unique_id=f"unique-{tag}", tags=[f"tag-{tag}"], metadata={"secret": tag}),
    )["task_id"]
    # Test keys have their tasks answered at once, which is what can be drawn for an audit.
    tester = Caller(server.address, owner.test_key)
    tester.post("/v1/task/namedentityrecognition", words_task())
    names["sample"] = tester.post("/api/audits/samples", {"count": 1})["id"]
    names["delivery"] = something_sent(owner, tag)
    names["person"] = owner.labeler("worker").user["id"]
    names["key"] = chief.get("/api/keys")["keys"][0]["id"]
    keys = {"access_key": "a", "secret_key": f"secret-{tag}", "endpoint": "http://127.0.0.1:1024"}
    bucket = {"name": "pictures", "prefix": f"s3://bucket-{tag}/", **keys}
    names["integration"] = owner.caller.post("/api/integrations", bucket)["id"]
    names["session"] = chief.get("/api/profile/sessions")["sessions"][0]["id"]
    # Of other tasks than those that the rest looks at.
    none = {"filter": {"project": "none"}}
    names["bulk"] = owner.caller.post("/api/bulk", {"action": "priority", "priority": 30, **none})["id"]
    begun = owner.caller.ask("POST", "/api/uploads", headers={"Upload-Length": "10"})
    names["upload"] = begun.headers["Location"].rsplit("/", 1)[1]
    names["export"] = owner.caller.post("/api/exports", none)["id"]
    names["import"] = owner.caller.ask("POST", "/api/import").headers["Import-Id"]
    return owner, other, names, tag


@pytest.fixture(scope="module")
def stranger(neighbours):
    """An admin of the other account."""
    return neighbours[1].labeler("stranger", "admin")


def rows() -> list[tuple[str, str, list[str]]]:
    """The table of permissions: method, path and who is let in."""
    lines = (ROOT / "Tests" / "Fixtures" / "permissions.txt").read_text().splitlines()
    split = [line.split() for line in lines if not line.startswith("#")]
    return [(words[0], words[1], words[2:]) for words in split]


def pattern(path: str) -> str:
    """What a path with names in braces stands for."""
    return re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))


def test_every_call_that_names_an_object_is_asked_by_strangers():
    asked = {(method, path.split("?")[0]) for method, path, _ in CALLS}
    missing = [
        f"{method} {path}"
        for method, path, _ in rows()
        if "{" in path.replace("{type}", "") and not path.startswith(ELSEWHERE)
        if not any(method == known and re.fullmatch(pattern(path), example) for known, example in asked)
    ]
    assert missing == []


@pytest.mark.parametrize(("method", "path", "body"), CALLS, ids=lambda value: value if isinstance(value, str) else "")
def test_what_another_account_owns_does_not_exist(method, path, body, neighbours, stranger):
    owner, other, names, tag = neighbours
    nobodys = {name: "5c84d0efc4fd4f0075d11f8c" for name in names} | {"project": "project-none", "batch": "batch-none"}
    before = owner.caller.ask("GET", f"/v1/task/{names['task']}").text
    letting_in = next(who for known, row, who in rows() if known == method and re.fullmatch(pattern(row), path.split("?")[0]))
    # The sample is of the world of tests, where tasks complete by themselves; to it the live key is the stranger.
    apart = owner.live_key if "{sample}" in path else owner.test_key
    # An integration is the account's, in both of its worlds.
    worlds = [] if "{integration}" in path else [Caller(owner.server.address, apart)]
    keys = [other.caller, *worlds] if "key:full" in letting_in else []
    for caller in (*keys, stranger):
        theirs = caller.ask(method, filled(path, names), json=filled(body, names))
        none = caller.ask(method, filled(path, nobodys), json=filled(body, nobodys))
        assert theirs.status_code == none.status_code, f"{theirs.status_code} tells from {none.status_code}"
        assert theirs.status_code in (400, 404) or theirs.json() in ([], none.json())
        assert theirs.status_code not in (401, 403) and tag not in _without(theirs.text, names)
        assert _without(theirs.text, names) == _without(none.text, nobodys)
    assert owner.caller.ask("GET", f"/v1/task/{names['task']}").text == before


def _without(text: str, names: dict[str, str]) -> str:
    for name, value in names.items():
        text = text.replace(value, f"<{name}>")
    return text


def test_lists_hold_nothing_of_another_account(neighbours):
    owner, other, names, tag = neighbours
    for caller in (other.caller, Caller(owner.server.address, owner.test_key)):
        for path in (
            "/v1/tasks",
            f"/v1/tasks?unique_id=unique-{tag}",
            f"/v1/tasks?tags=tag-{tag}",
            "/v1/batches",
            "/v1/projects",
            "/api/batches",
            "/api/projects",
            "/v1/studio/batches",
            "/v1/studio/assignments",
            *(filled(path, names) for _, path in NOTHING),
        ):
            response = caller.ask("GET", path)
            assert tag not in _without(response.text, names) or response.status_code in (400, 404)
            assert names["task"] not in response.text
    assert owner.caller.get("/v1/tasks")["total"] == 2
    mail = other.labeler().user["email"]
    assert mail not in owner.caller.ask("GET", "/v1/teams").text


def test_the_same_names_in_two_accounts(neighbours):
    owner, other, names, tag = neighbours
    made = other.caller.post("/v1/projects", {"type": "namedentityrecognition", "name": f"second-{tag}"})
    again = owner.caller.post("/v1/projects", {"type": "imageannotation", "name": f"second-{tag}"})
    assert made["type"] != again["type"]
    other.caller.post("/v1/task/namedentityrecognition", words_task(unique_id=f"unique-{tag}"))


def test_a_file_of_another_account_cannot_be_used(neighbours):
    owner, other, names, tag = neighbours
    upload = owner.caller.ask("POST", "/v1/files/upload", files={"file": ("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64)})
    address = upload.json()["attachment_url"]
    response = other.caller.ask("POST", "/v1/task/imageannotation", json=boxes_task(address))
    if response.status_code == 200:
        task = response.json()["task_id"]
        eventually(lambda: other.caller.task(task)["status"] == "error")
    else:
        assert response.status_code in (400, 404)


def test_work_of_another_account_does_not_exist(world):
    world.caller.post("/v1/task/namedentityrecognition", words_task())
    owner, stranger = world.labeler(), make_world(world.server).labeler()
    work = eventually(owner.claim)
    owner.fill(work, words_document())
    lease = work["lease"]["token"]
    assert stranger.claim() is None
    assert stranger.ask("POST", "/api/work/claim", json={"work": work["id"]}).status_code in (200, 404)
    assert stranger.claim() is None
    submission = {"lease": lease, "submission": str(uuid.uuid4()), "revision": work["draft"]["revision"]}
    for method, end, body in (
        ("GET", "", None),
        ("POST", "/heartbeat", {"lease": lease}),
        ("POST", "/release", {"lease": lease}),
        ("POST", "/check", {"lease": lease}),
        ("POST", "/steps", {"lease": lease, "writer": stranger.writer, "steps": [], "after": 0}),
        ("POST", "/submit", submission),
    ):
        theirs = stranger.ask(method, f"/api/work/{work['id']}{end}", json=body)
        none = stranger.ask(method, f"/api/work/5c84d0efc4fd4f0075d11f8c{end}", json=body)
        assert (theirs.status_code, theirs.text) == (none.status_code, none.text), end
        assert theirs.status_code == (404 if method == "GET" else 409), end
    assert owner.submit(work)["status"] == "completed"


def test_a_lease_is_good_for_its_holder_alone(world):
    world.caller.post("/v1/task/namedentityrecognition", words_task())
    owner, colleague = world.labeler(), world.labeler()
    work = eventually(owner.claim)
    owner.fill(work, words_document())
    lease = {"lease": work["lease"]["token"]}
    for end, body in (
        ("heartbeat", lease),
        ("release", lease),
        ("check", lease),
        ("steps", {**lease, "writer": colleague.writer, "steps": [], "after": 0}),
        ("submit", {**lease, "submission": str(uuid.uuid4()), "revision": work["draft"]["revision"]}),
    ):
        assert colleague.ask("POST", f"/api/work/{work['id']}/{end}", json=body).status_code == 409, end
    assert owner.submit(work)["status"] == "completed"


def test_a_labeler_cannot_use_the_api_of_customers(world):
    labeler = world.labeler()
    for method, path in (("GET", "/v1/tasks"), ("GET", "/v1/projects"), ("POST", "/v1/batches")):
        assert labeler.ask(method, path, json={} if method == "POST" else None).status_code in (401, 403)
    assert world.caller.ask("POST", "/api/work/claim", json={}).status_code in (401, 403)


# -- addresses ---------------------------------------------------------------------------------------------------------


def refused_addresses(port: int) -> list[str]:
    """Ways to write an address that the server must not visit; the port is one where something listens."""
    hosts = [
        "127.0.0.1", "127.1", "0.0.0.0", "localhost", "LOCALHOST.", "2130706433", "0x7f000001", "0177.0.0.1",
        "127.0.0.1.", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[::127.0.0.1]",
        "%31%32%37.0.0.1", "user@127.0.0.1", "①②⑦.⓪.⓪.①",
        "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]",
        "192.0.2.1", "224.0.0.1", "255.255.255.255",
    ]  # fmt: skip
    return [f"http://{host}:{port}/secret.png" for host in hosts]


def test_private_addresses_are_not_visited(make_server):
    host, callbacks = FileHost(), Receiver()
    host.put_picture("/secret.png")
    port = host.server.server_address[1]
    server = make_server(allow=None).start()
    caller = Caller(server.address, server.key())
    tasks = []
    for address in refused_addresses(port):
        made = caller.ask("POST", "/v1/task/imageannotation", json=boxes_task(address))
        assert made.status_code in (200, 400), f"{address}: {made.status_code}"
        if made.status_code == 200:
            tasks.append((address, made.json()["task_id"]))
        imported = caller.ask("POST", "/v1/files/import", json={"file_url": address})
        assert 400 <= imported.status_code < 500, f"{address}: {imported.status_code}"
    for address in ("file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "//127.0.0.1/", "http://"):
        assert caller.ask("POST", "/v1/files/import", json={"file_url": address}).status_code == 400

    def settled():
        return all(caller.task(task)["status"] == "error" for _, task in tasks)

    eventually(settled, seconds=60)
    for address, task in tasks:
        told = str(caller.task(task)["response"])
        assert "Connection refused" not in told and "timed out" not in told, address

    callback = caller.ask("POST", "/v1/task/imageannotation", json=boxes_task(
        f"http://127.0.0.1:{port}/secret.png", callback_url=callbacks.address + "/x"))  # fmt: skip
    assert callback.status_code in (200, 400)
    good = caller.post("/v1/task/namedentityrecognition", words_task())
    assert good["status"] == "pending"
    server.stop()
    assert host.asked == [] and callbacks.received == []
    host.close()
    callbacks.close()


def test_a_redirect_does_not_lead_to_a_refused_address(make_server):
    allowed, hidden = FileHost("127.0.0.2"), FileHost("127.0.0.1")
    hidden.put_picture("/secret.png")
    server = make_server(allow="127.0.0.2/32").start()
    caller = Caller(server.address, server.key())
    assert eventually(lambda: fate(caller, allowed.put_picture())) == "copied"
    for name, target in {
        "/a": hidden.address + "/secret.png",
        "/b": hidden.address.replace("127.0.0.1", "localhost") + "/secret.png",
        "/c": hidden.address.replace("127.0.0.1", "[::ffff:127.0.0.1]") + "/secret.png",
        "/d": "http://169.254.169.254/latest/meta-data/",
        "/e": allowed.put_redirect("/second", hidden.address + "/secret.png"),
    }.items():
        address = allowed.put_redirect(name, target)
        assert fate(caller, address) == "error", target
        assert caller.ask("POST", "/v1/files/import", json={"file_url": address}).status_code >= 400
    server.stop()
    assert hidden.asked == []
    allowed.close()
    hidden.close()


def fate(caller: Caller, address: str) -> str:
    """Whether a task with that attachment ends in an error or with a copy."""
    made = caller.post("/v1/task/imageannotation", boxes_task(address))

    def end():
        docs = caller.get("/v1/tasks", include_attachment_url=True, limit=1)["docs"]
        if docs[0]["status"] == "error":
            return "error"
        return "copied" if docs[0].get("attachmentS3Downloads") else None

    found = eventually(end)
    assert caller.get("/v1/tasks", limit=1)["docs"][0]["task_id"] == made["task_id"]
    return found


def test_callbacks_do_not_follow_redirects(world, receiver):
    receiver.answers["/moved"] = 307
    receiver.locations["/moved"] = receiver.address + "/target"
    caller = Caller(world.server.address, world.test_key)
    task = caller.post("/v1/task/namedentityrecognition", words_task(callback_url=receiver.address + "/moved"))
    # The second attempt comes after the first was judged, so a followed redirect would be seen by then.
    sent = receiver.wait(lambda one: is_about(one, task["task_id"]), count=2, seconds=60)
    assert {one.path for one in sent} == {"/moved"}
