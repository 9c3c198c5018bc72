"""Objects in a bucket instead of a folder: the whole way on two S3 servers, several nodes, ranges, and kills while one is written."""

import hashlib
import json
import os
import re
import shutil
import threading
import uuid

import pytest
import requests
from conftest import PASSWORD
from rig.clouds import S3, s3_servers
from rig.line import BreakingLine
from rig.databases import end_leases_of_jobs
from rig.people import Caller, Labeler
from rig.server import Server, eventually, free_port
from rig.tasks import boxes_task
from rig.web import FileHost, picture

SERVERS = s3_servers()
pytestmark = pytest.mark.skipif(not SERVERS, reason="VERNIER_TEST_S3 names no S3 server")
LARGE = 24_000_000  # more than one part


@pytest.fixture(params=SERVERS, ids=lambda server: server.name)
def s3(request) -> S3:
    return request.param


@pytest.fixture
def files():
    host = FileHost()
    yield host
    host.close()


def settings(s3: S3, prefix: str, **more) -> dict[str, str]:
    return {
        "VERNIER_STORAGE": f"s3://{s3.bucket}/{prefix}", "VERNIER_STORAGE_ENDPOINT": s3.endpoint, "VERNIER_STORAGE_REGION": s3.region,
        "VERNIER_STORAGE_KEY": s3.key, "VERNIER_STORAGE_SECRET": s3.secret, **more,
    }  # fmt: skip


@pytest.fixture
def prefix() -> str:
    return f"store-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def server(s3, prefix, make_server) -> Server:
    server = make_server(settings=settings(s3, prefix)).start()
    server.user("ann@example.com", PASSWORD)
    return server


def stored(s3: S3, prefix: str) -> dict[str, bytes]:
    """Every object under the prefix, by the last part of its key."""
    return {key.rsplit("/", 1)[1]: s3.client.get_object(Bucket=s3.bucket, Key=key)["Body"].read() for key in s3.keys(prefix + "/")}


def upload(caller: Caller, content: bytes) -> dict:
    answer = caller.ask("POST", "/v1/files/upload", files={"file": ("a.png", content, "image/png")})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_whole_way_with_a_bucket(s3, prefix, server, files):
    caller = Caller(server.address, server.key())
    content = picture(900, 600)
    fetched = caller.post("/v1/task/imageannotation", boxes_task(files.put("/a.png", content, "image/png")))["task_id"]
    uploaded = caller.post("/v1/task/imageannotation", boxes_task(upload(caller, content + b"\0")["attachment_url"]))["task_id"]
    labeler = Labeler(server.address, "ann@example.com", PASSWORD)
    for _ in range(2):
        work = eventually(labeler.claim, seconds=60)
        url = server.address + work["attachments"][0]["url"]
        whole = content + (b"\0" if work["task"] == uploaded else b"")
        copy = labeler.session.get(url, timeout=30)
        assert copy.status_code == 200 and copy.content == whole
        for asked, wanted in {"bytes=0-9": whole[:10], "bytes=100-": whole[100:], "bytes=-7": whole[-7:]}.items():
            part = requests.get(url, headers={"Range": asked}, timeout=30)
            assert (part.status_code, part.content) == (206, wanted), asked
        assert requests.get(url, headers={"Range": f"bytes={len(whole)}-"}, timeout=30).status_code == 416
        labeler.submit(work)
    assert all(caller.task(task)["status"] == "completed" for task in (fetched, uploaded))
    export = caller.post("/api/exports", {"format": "jsonl", "filter": {}})["id"]
    eventually(lambda: caller.get(f"/api/exports/{export}")["state"] == "done", seconds=60)
    lines = caller.ask("GET", f"/api/exports/{export}/file").text.splitlines()
    assert {json.loads(line)["task_id"] for line in lines} == {fetched, uploaded}

    objects = stored(s3, prefix)
    assert {hashlib.sha256(one).hexdigest() for one in (content, content + b"\0")} <= objects.keys()
    assert [name for name, one in objects.items() if hashlib.sha256(one).hexdigest() != name] == []
    here = [file for file in (server.data / "objects").rglob("*") if file.is_file()] if (server.data / "objects").exists() else []
    assert here == [], "nothing is kept in the folder too"


def test_a_large_file_goes_in_parts_and_comes_back_in_ranges(s3, prefix, server):
    caller = Caller(server.address, server.key())
    content = os.urandom(LARGE)
    answer = caller.ask("POST", "/v1/files/upload", files={"file": ("a.bin", content, "application/octet-stream")})
    assert answer.status_code == 200, answer.text
    name = hashlib.sha256(content).hexdigest()
    (key,) = [key for key in s3.keys(prefix + "/") if key.endswith(name)]
    head = s3.client.head_object(Bucket=s3.bucket, Key=key)
    assert head["ContentLength"] == LARGE and "-" in head["ETag"], "it was sent in parts"
    assert s3.client.list_multipart_uploads(Bucket=s3.bucket, Prefix=prefix).get("Uploads", []) == []


def test_a_line_to_the_bucket_that_breaks_loses_nothing(s3, prefix, make_server):
    """Every other connection breaks in the middle of a part that goes out, and all when a quarter of the object has come back."""
    line = BreakingLine(s3.endpoint, back=LARGE // 4, out=2_000_000)
    try:
        server = make_server(settings=settings(s3, prefix, VERNIER_STORAGE_ENDPOINT=line.address)).start()
        caller, content = Caller(server.address, server.key()), os.urandom(LARGE)
        file = upload(caller, content)
        sent = line.broken
        assert sent >= 1, "parts were sent again"
        body = {"attachment": file["attachment_url"], "instruction": "Polite?", "categories": ["yes", "no"]}
        task = caller.post("/v1/task/categorization", body)["task_id"]
        shown = eventually(lambda: [one for one in caller.get(f"/api/tasks/{task}")["attachments"] if one["state"] == "ready"], seconds=120)
        copy = requests.get(server.address + shown[0]["url"].removeprefix(server.address), timeout=120)
        assert copy.status_code == 200 and hashlib.sha256(copy.content).digest() == hashlib.sha256(content).digest()
        assert line.broken - sent >= 3, "the object came in four pieces or more"
    finally:
        line.close()


def test_a_kill_while_an_object_is_written_leaves_no_half_one(s3, prefix, server, files):
    """The host sends half of a picture and waits; the server dies, comes back, and has the whole of it once."""
    noise = os.urandom(LARGE)
    content = picture(500, 400) + noise  # what follows the end of a PNG is not looked at
    half, going_on, times = threading.Event(), threading.Event(), []

    def slowly(request):
        times.append(1)
        request.send_response(200)
        request.send_header("Content-Type", "image/png")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if len(times) == 1:
            request.wfile.write(content[: LARGE // 2])
            request.wfile.flush()
            half.set()
            going_on.wait(120)
            request.close_connection = True
        else:
            request.wfile.write(content)

    caller = Caller(server.address, server.key())
    made = caller.post("/v1/task/imageannotation", boxes_task(files.put_answer("/large.png", slowly)))["task_id"]
    assert half.wait(120)
    server.kill()
    going_on.set()
    end_leases_of_jobs(server)
    assert [name for name, one in stored(s3, prefix).items() if hashlib.sha256(one).hexdigest() != name] == []
    server.start()
    labeler = Labeler(server.address, "ann@example.com", PASSWORD)
    work = eventually(labeler.claim, seconds=180)
    assert work["task"] == made
    assert labeler.session.get(server.address + work["attachments"][0]["url"], timeout=60).content == content
    objects = stored(s3, prefix)
    assert [name for name, one in objects.items() if hashlib.sha256(one).hexdigest() != name] == []
    assert hashlib.sha256(content).hexdigest() in objects


def test_a_backup_takes_the_objects_of_a_bucket_along_and_brings_them_back(s3, prefix, server, make_server, tmp_path):
    caller = Caller(server.address, server.key())
    content, other = os.urandom(LARGE), picture(64, 48)
    name = hashlib.sha256(content).hexdigest()
    file, spoiled = upload(caller, content), upload(caller, other)
    place = f"s3://{s3.bucket}/{prefix}-copies"

    def backup(name: str) -> list[int]:
        said = server.command("backup", str(tmp_path / name), "--objects", place).stdout
        return [int(number) for number in re.search(r"and (\d+) objects .*?(\d+) of them with (\d+) bytes", said, re.DOTALL).groups()]

    assert backup("first") == [2, 2, len(content) + len(other)]
    assert backup("second") == [2, 0, 0], "what is there is not copied again"
    assert stored(s3, prefix + "-copies").keys() == {name, hashlib.sha256(other).hexdigest()}
    whole = server.command("verify", "--objects").stdout
    assert f"2 objects with {len(content) + len(other)} bytes are what their names say" in whole

    (key,) = [key for key in s3.keys(prefix + "/") if key.endswith(hashlib.sha256(other).hexdigest())]
    s3.put(key, other[:-1] + b"?")
    broken = server.command("verify", "--objects", check=False)
    assert broken.returncode == 1
    assert re.search(rf"The object {hashlib.sha256(other).hexdigest()} is not what it was: .*file {spoiled['id']}", broken.stderr), broken.stderr

    again = make_server(settings=settings(s3, prefix + "-again"))
    again.settings["VERNIER_STORAGE_SECRET"] = "wrong"
    refused = again.command("restore", str(tmp_path / "second"), "--objects", place, check=False)
    assert refused.returncode != 0 and "cannot be used" in refused.stderr, refused
    again.settings["VERNIER_STORAGE_SECRET"] = s3.secret
    # Nothing is in the way of another try.
    said = again.command("restore", str(tmp_path / "second"), "--objects", place).stdout
    assert "with 2 objects, 2 of them copied" in said
    shutil.copy(server.data / "secret.key", again.data / "secret.key")
    again.start()
    again.user("bob@example.com", PASSWORD)
    made = Caller(again.address, again.key()).post("/v1/task/imageannotation", boxes_task(spoiled["attachment_url"]))["task_id"]
    labeler = Labeler(again.address, "bob@example.com", PASSWORD)
    work = eventually(labeler.claim, seconds=120)
    assert work["task"] == made
    assert labeler.session.get(again.address + work["attachments"][0]["url"], timeout=60).content == other
    assert stored(s3, prefix + "-again")[name] == content
    again.stop()
    assert again.command("verify", "--objects").returncode == 0


def test_moving_from_the_folder_to_a_bucket(s3, prefix, make_server, tmp_path):
    """What the guide says: copies while the server runs, what is new after it has stopped, and the bucket from then on."""
    settings_of_bucket = settings(s3, prefix)
    place = settings_of_bucket.pop("VERNIER_STORAGE")
    server = make_server(settings={name.replace("STORAGE", "BACKUP"): value for name, value in settings_of_bucket.items()}).start()
    server.user("ann@example.com", PASSWORD)
    caller, contents = Caller(server.address, server.key()), [picture(70, 40), picture(71, 40)]
    first = upload(caller, contents[0])
    server.command("backup", str(tmp_path / "now"), "--objects", place)
    second = upload(caller, contents[1])
    server.stop()
    server.command("backup", str(tmp_path / "again"), "--objects", place)
    shutil.rmtree(server.data / "objects")
    server.settings = settings(s3, prefix)
    server.start()
    for file in (first, second):
        caller.post("/v1/task/imageannotation", boxes_task(file["attachment_url"]))
    labeler, seen = Labeler(server.address, "ann@example.com", PASSWORD), set()
    while len(seen) < 2:
        work = eventually(labeler.claim, seconds=120)
        seen.add(labeler.session.get(server.address + work["attachments"][0]["url"], timeout=60).content)
        labeler.submit(work)
    assert seen == set(contents)


def test_a_node_with_another_secret_key_says_so_and_stops(s3, prefix, make_server):
    one = make_server("postgres", settings=settings(s3, prefix)).start()
    two = Server(one.data.parent / "second", one.database, settings=settings(s3, prefix))
    done = two.command("doctor", check=False)
    assert done.returncode == 1 and "key" in done.stderr and "Fatal" not in done.stderr, done.stderr[:2000]


def test_two_nodes_share_a_bucket(s3, prefix, make_server, files):
    one = make_server("postgres", settings=settings(s3, prefix)).start()
    one.user("ann@example.com", PASSWORD)
    key_file = str(one.data / "secret.key")
    two = Server(one.data.parent / "second", one.database, settings=settings(s3, prefix, VERNIER_SECRET_KEY_FILE=key_file))
    two.start("--no-workers")
    try:
        caller, content = Caller(one.address, one.key()), picture(310, 210)
        caller.post("/v1/task/imageannotation", boxes_task(files.put("/shared.png", content, "image/png")))
        labeler = Labeler(two.address, "ann@example.com", PASSWORD)
        work = eventually(labeler.claim, seconds=60)
        assert labeler.session.get(two.address + work["attachments"][0]["url"], timeout=30).content == content
    finally:
        two.stop()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"VERNIER_STORAGE_SECRET": "wrong"}, "(?i)secret|signature"),
        ({"VERNIER_STORAGE": "s3://vernier-no-such-bucket/x"}, "(?i)no such bucket|no bucket|NoSuchBucket"),
        ({"VERNIER_STORAGE_ENDPOINT": f"http://127.0.0.1:{free_port()}"}, "(?i)connect|reach"),
    ],
    ids=["secret", "bucket", "endpoint"],
)
def test_a_wrong_setting_is_said_by_doctor(wrong, named, s3, prefix, make_server):
    server = make_server(settings=settings(s3, prefix) | wrong)
    done = server.command("doctor", check=False)
    text = done.stdout + done.stderr
    assert done.returncode != 0, text
    said = [line for line in text.splitlines() if not line.startswith("  ")]  # without the list of settings
    assert re.search(named, "\n".join(said)), text
    assert s3.secret not in text
