"""What an operator does: start, stop, back up, restore, look, migrate, make people and keys."""

import json
import re
import shutil
import signal
import subprocess
import threading
import time

import pytest
import requests
from conftest import DATABASES, PASSWORD
from rig import databases
from rig.people import Caller, Labeler
from rig.server import PROGRAM, ROOT, Server, eventually, free_port
from rig.tasks import boxes_task, words_task
from rig.web import FileHost, picture

CREATE = "/v1/task/namedentityrecognition"


@pytest.fixture(params=DATABASES)
def own(request, make_server) -> Server:
    """A started server of the test's own."""
    return make_server(request.param).start()


def test_one_line_when_ready_and_nothing_else(own):
    assert requests.get(own.address + "/readyz", timeout=10).status_code == 200
    assert requests.get(own.address + "/healthz", timeout=10).status_code == 200
    assert len(own.lines) == 1 and own.address in own.lines[0]
    own.stop()
    assert len(own.lines) == 1


def test_it_is_ready_soon(make_server):
    server = make_server()
    server.start().stop()
    started = time.monotonic()
    server.start()
    # The goal is half a second; a busy machine of the tests gets more.
    assert time.monotonic() - started < 3
    server.stop()


def test_what_was_stored_is_there_after_a_restart(own):
    key = own.key()
    made = Caller(own.address, key).post(CREATE, words_task(unique_id="u"))
    own.stop()
    own.start()
    assert Caller(own.address, key).task(made["task_id"])["unique_id"] == "u"


def test_a_stop_finishes_what_runs(own):
    """A request that is being sent when SIGTERM comes is answered, and its work kept."""
    key = own.key()
    body = json.dumps(words_task(unique_id="last")).encode()
    going_on = threading.Event()

    def slowly():
        yield body[:10]
        going_on.wait(10)
        yield body[10:]

    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(
            requests.post(own.address + CREATE, data=slowly(), auth=(key, ""), timeout=30,
                          headers={"Content-Type": "application/json"})
        )
    )  # fmt: skip
    thread.start()
    eventually(lambda: requests.get(own.address + "/healthz", timeout=10).ok)
    time.sleep(0.3)  # The first bytes are on their way; nothing tells from outside that they have been read.
    process = own.process
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    going_on.set()
    thread.join(30)
    assert process.wait(30) == 0
    own.process = None
    assert answers and answers[0].status_code == 200
    own.start()
    assert Caller(own.address, key).get("/v1/tasks", unique_id="last")["total"] == 1


def test_a_stop_under_load_loses_nothing(own):
    key, acknowledged, over = own.key(), [], threading.Event()

    def create():
        caller = Caller(own.address, key)
        while not over.is_set():
            try:
                answer = caller.ask("POST", CREATE, json=words_task())
            except requests.ConnectionError:
                return
            if answer.status_code == 200:
                acknowledged.append(answer.json()["task_id"])
            else:
                assert answer.status_code == 503

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(acknowledged) > 50)
    own.stop()
    over.set()
    for thread in threads:
        thread.join()
    own.start()
    stored = {task["task_id"] for task in Caller(own.address, key).all_tasks()}
    assert set(acknowledged) <= stored


def test_a_second_server_on_the_same_folder_is_refused_or_shares(make_server):
    server = make_server().start()
    second = subprocess.run(
        [str(PROGRAM), "serve", "--data", str(server.data), "--host", "127.0.0.1", "--port", str(server.port)],
        capture_output=True, text=True, timeout=60, env=server.environment, cwd=ROOT,
    )  # fmt: skip
    assert second.returncode not in (0, -signal.SIGABRT, -signal.SIGILL, -signal.SIGTRAP), "the port is taken"
    assert str(server.port) in second.stderr and len(second.stderr.strip().splitlines()) <= 3
    assert Caller(server.address, server.key()).get("/v1/tasks")["total"] == 0


def test_two_nodes_share_the_work_of_one_database(make_server):
    first = make_server("postgres").start()
    second = Server(first.data, first.database).start()
    try:
        key = first.key()
        made = Caller(first.address, key).post(CREATE, words_task(unique_id="u"))
        assert Caller(second.address, key).task(made["task_id"])["unique_id"] == "u"
        first.user("ann@example.com", PASSWORD)
        assert eventually(Labeler(second.address, "ann@example.com", PASSWORD).claim)["task"] == made["task_id"]
        assert Labeler(first.address, "ann@example.com", PASSWORD).claim()["task"] == made["task_id"]
    finally:
        second.stop()


def test_keys_while_a_server_runs(own):
    live, test = own.key("live", "--name", "pipeline"), own.key("test")
    assert live.startswith("live_") and test.startswith("test_") and own.key("callback-auth")
    assert Caller(own.address, live).get("/v1/tasks")["total"] == 0
    listed = own.command("key", "list").stdout
    assert live not in listed and test not in listed
    line = next(line for line in listed.splitlines() if "pipeline" in line)
    own.command("key", "revoke", line.split()[0])
    eventually(lambda: Caller(own.address, live).ask("GET", "/v1/tasks").status_code == 401)
    assert Caller(own.address, test).get("/v1/tasks")["total"] == 0


def test_people_and_passwords(own):
    own.user("ann@example.com", PASSWORD, "manager")
    assert "ann@example.com" in own.command("user", "list").stdout
    assert Labeler(own.address, "ann@example.com", PASSWORD).user["role"] == "manager"
    assert own.command("user", "create", "--email", "ann@example.com", "--role", "labeler", "--password-stdin",
                       text="another password\n", check=False).returncode != 0  # fmt: skip
    own.command("user", "reset-password", "--email", "ann@example.com", "--password-stdin", text="a new one, longer\n")
    wrong = requests.post(own.address + "/api/session", json={"email": "ann@example.com", "password": PASSWORD}, timeout=10)
    assert wrong.status_code == 401
    Labeler(own.address, "ann@example.com", "a new one, longer")


def test_guessing_passwords_is_slowed_down(own):
    own.user("ann@example.com", PASSWORD)
    codes = [
        requests.post(own.address + "/api/session", json={"email": "ann@example.com", "password": f"guess {n}"}, timeout=30)
        .status_code
        for n in range(30)
    ]  # fmt: skip
    assert set(codes) == {401, 429} and codes[0] == 401


def test_accounts(own):
    own.account("other")
    other, default = own.key("live", "--account", "other"), own.key()
    Caller(own.address, other).post(CREATE, words_task())
    assert Caller(own.address, default).get("/v1/tasks")["total"] == 0
    assert own.command("account", "create", "--name", "other", check=False).returncode != 0
    assert own.command("key", "create", "--mode", "live", "--account", "none", check=False).returncode != 0


def test_a_backup_while_serving_can_be_restored(own, make_server, tmp_path):
    files = FileHost()
    key = own.key()
    caller = Caller(own.address, key)
    own.user("ann@example.com", PASSWORD)
    with_picture = caller.post("/v1/task/imageannotation", boxes_task(files.put_picture(), unique_id="picture"))
    work = eventually(Labeler(own.address, "ann@example.com", PASSWORD).claim)
    over = threading.Event()

    def go_on():
        while not over.is_set():
            Caller(own.address, key).post(CREATE, words_task())

    thread = threading.Thread(target=go_on)
    thread.start()
    backup, copies = tmp_path / "backup", tmp_path / "copies"
    first = own.command("backup", str(backup), "--objects", str(copies)).stdout
    assert re.search(r", and [1-9]\d* objects are in ", first), first
    over.set()
    thread.join()
    before = caller.get("/v1/tasks")["total"]
    caller.post(CREATE, words_task(unique_id="after"))
    own.stop()
    files.close()

    again = make_server("sqlite")
    again.database = databases.fresh() if own.database else None
    refused = again.command("restore", str(backup), "--objects", str(tmp_path / "nowhere"), check=False)
    assert refused.returncode != 0 and "There is no folder" in refused.stderr
    again.command("restore", str(backup), "--objects", str(copies))
    # A backup does not hold the key of the secrets in it; without that key nobody starts on them.
    refused = again.command("serve", "--port", "0", check=False)
    assert refused.returncode != 0 and "key file of the server whose data this is" in refused.stderr
    shutil.copy(own.data / "secret.key", again.data / "secret.key")
    again.start()
    restored = Caller(again.address, key)
    assert restored.task(with_picture["task_id"])["unique_id"] == "picture"
    assert 1 <= restored.get("/v1/tasks")["total"] <= before
    assert restored.get("/v1/tasks", unique_id="after")["total"] == 0
    labeler = Labeler(again.address, "ann@example.com", PASSWORD)
    held = labeler.get(f"/api/work/{work['id']}")["work"]
    copy = labeler.session.get(again.address + held["attachments"][0]["url"], timeout=30)
    assert copy.content == picture(1200, 800)
    refused = again.command("restore", str(backup), check=False)
    assert refused.returncode != 0, "a restore does not overwrite data"
    assert restored.task(with_picture["task_id"])["unique_id"] == "picture"


def test_doctor_shows_the_effective_settings_without_secrets(own):
    shown = own.command("doctor").stdout
    assert str(own.data) in shown and "127.0.0.0/8" in shown
    if own.database and "@" in own.database:
        password = own.database.split("@")[0].rpartition(":")[2]
        assert password not in shown or password in ("", "//")
    broken = Server(own.data.parent / "broken", settings={"VERNIER_FETCH_ALLOW": "nonsense"}, allow=None)
    assert broken.command("doctor", check=False).returncode != 0


def test_migrate_twice(make_server):
    for kind in DATABASES:
        server = make_server(kind)
        server.command("migrate")
        server.command("migrate")
        server.start().stop()


def test_a_wrong_setting_is_one_sentence(make_server):
    for words, settings in (
        (["--database", "nonsense://x"], {}),
        (["--port", "99999"], {}),
        ([], {"VERNIER_FETCH_ALLOW": "10.0.0.0/99"}),
    ):
        server = make_server(settings=settings, allow=settings.get("VERNIER_FETCH_ALLOW"))
        done = server.command("serve", "--host", "127.0.0.1", *words, check=False)
        assert done.returncode > 0 and done.stderr.strip() and "Fatal error" not in done.stderr


def test_the_demo_can_be_signed_in_to(make_server):
    server = make_server()
    server.port = free_port()
    process = subprocess.Popen(
        [str(PROGRAM), "demo", "--data", str(server.data), "--host", "127.0.0.1", "--port", str(server.port)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=server.environment, cwd=ROOT,
    )  # fmt: skip
    try:
        printed = {}
        while not {"sign in", "password", "API key"} <= printed.keys():
            line = process.stdout.readline()
            assert line, printed
            name, _, value = line.strip().partition("   ")
            printed[name.strip()] = value.strip()
        assert any(server.address in name for name in printed)
        assert Caller(server.address, printed["API key"]).get("/v1/tasks")["total"] > 0
        labeler = Labeler(server.address, printed["sign in"], printed["password"])
        work = eventually(labeler.claim)
        assert labeler.ask("GET", work["attachments"][0]["url"]).status_code == 200
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_logs_are_structured_and_keep_secrets(own):
    key = own.key()
    own.user("ann@example.com", PASSWORD)
    Labeler(own.address, "ann@example.com", PASSWORD)
    Caller(own.address, key).get("/v1/tasks")
    own.stop()
    text = own.log_end(10_000)
    assert key not in text and PASSWORD not in text


def test_metrics(own):
    assert requests.get(own.address + "/metrics", timeout=10).status_code == 401
    shown = Caller(own.address, own.key()).ask("GET", "/metrics")
    assert shown.status_code == 200 and "# TYPE" in shown.text
