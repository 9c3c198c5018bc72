"""Imports of any size: streams of lines, buckets, the command; and from where keys are used and files are fetched."""

import base64
import http.client
import http.server
import json
import select
import socket
import socketserver
import threading
from pathlib import Path

import pytest
import requests
from conftest import DATABASES, make_world
from rig.clouds import GCS
from rig.databases import end_leases_of_jobs
from rig.listing import Listing, key
from rig.people import Caller
from rig.server import eventually
from rig.web import picture

PATIENCE = 120


def line(number: int, **more) -> str:
    attachment = {"type": "text", "content": f"text {number}"}
    return json.dumps({"attachments": [attachment], "metadata": {"n": number}, **more}) + "\n"


def project(caller: Caller, name: str = "lines") -> str:
    field = {"type": "text", "field_id": "name", "title": "Name"}
    caller.post("/v1/projects", {"type": "textcollection", "name": name, "params": {"instruction": "x", "fields": [field]}})
    return name


def send(caller: Caller, body, **query) -> tuple[requests.Response, list[dict]]:
    """Sends lines as most clients do: all of them before the answer is looked at."""
    answer = caller.session.post(caller.address + "/api/import", params=query, data=body, timeout=PATIENCE)
    return answer, [json.loads(text) for text in answer.text.splitlines()] if answer.ok else []


def total(caller: Caller, name: str = "lines") -> int:
    return caller.get("/v1/tasks", project=name, limit=1)["total"]


# -- streams -----------------------------------------------------------------------------------------------------------


def test_lines_become_tasks_once_each_with_a_word(world):
    project(world.caller)
    body = line(1, unique_id="u1") + line(2) + line(2) + "[]\n\n{\n" + line(3, project="none") + line(4, type="textcollection")
    answer, told = send(world.caller, body, project="lines")
    assert [one.get("outcome") for one in told[:-1]] == ["created", "created", "exists", "refused", "refused", "refused", "created"]
    assert [one["line"] for one in told[:-1]] == [1, 2, 3, 4, 6, 7, 8]
    assert told[5]["message"] == 'There is no project named "none".'
    assert told[-1]["done"] and told[-1]["created"] == 3 and told[-1]["refused"] == 3
    assert world.caller.task(told[0]["task_id"])["unique_id"] == "u1"
    record = world.caller.get(f"/api/imports/{answer.headers['Import-Id']}")
    assert record["state"] == "done" and record["lines"] == 8 and record["bytes"] == len(body.encode())
    assert [one["line"] for one in record["results"]] == [4, 6, 7]
    assert all(one["outcome"] in ("exists", "refused") for one in send(world.caller, body, project="lines")[1][:-1])
    assert total(world.caller) == 3


def resident(server) -> int:
    """Megabytes of the server in memory."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(next(row for row in status.splitlines() if row.startswith("VmRSS")).split()[1]) // 1024


def test_a_client_that_reads_nothing_before_it_has_sent_all_is_served_in_constant_memory(world):
    project(world.caller)
    send(world.caller, "1\n" * 1000, project="lines")
    before, most = resident(world.server), 0

    def pieces():
        nonlocal most
        for _ in range(150):
            yield b"1\n" * 1000
            most = max(most, resident(world.server))

    _, told = send(world.caller, pieces(), project="lines")
    assert len(told) == 150_001 and told[-1]["refused"] == 150_000 and told[-2]["line"] == 150_000
    print(f"{before} MB before, {most} MB at most")
    assert most - before < 60


def test_what_breaks_off_is_taken_up_where_it_was(make_server):
    server = make_server().start()
    caller = make_world(server).caller
    project(caller)
    text = "".join(line(number, **({"unique_id": f"u{number}"} if number % 2 else {})) for number in range(7000)).encode()
    record, offset, rounds = None, 0, 0
    while record is None or record["state"] != "done":
        query = {"project": "lines"} if record is None else {"project": "lines", "import": record["id"], "offset": offset}
        if rounds < 4:
            record = broken(server, caller, query, text[offset:], kills=rounds % 2 == 0)
        else:
            answer, told = send(caller, text[offset:], **query)
            assert told[-1]["done"], told[-1]
            record = caller.get(f"/api/imports/{answer.headers['Import-Id']}")
        assert record["bytes"] >= offset
        offset, rounds = record["bytes"], rounds + 1
    assert record["created"] == 7000 and record["lines"] == 7000 and record["exists"] == 0
    assert total(caller) == 7000
    wrong = caller.ask("POST", "/api/import", params={"import": record["id"], "offset": 5})
    assert wrong.status_code == 409 and "done" in wrong.json()["error"]


def broken(server, caller: Caller, query: dict, text: bytes, kills: bool) -> dict:
    """Sends some of the lines and then ends the connection, or the server; answers how far the import is."""
    path = requests.Request("POST", caller.address + "/api/import", params=query).prepare().path_url
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.putrequest("POST", path)
    token = base64.b64encode(f"{caller.session.auth[0]}:".encode()).decode()
    for name, value in {"Authorization": f"Basic {token}", "Transfer-Encoding": "chunked"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    for at in range(0, 160_000, 20_000):
        piece = text[at : at + 20_000]
        if piece:
            connection.send(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")

    def newest() -> dict:
        return caller.get("/api/imports")["imports"][0]

    eventually(lambda: (rows := caller.get("/api/imports")["imports"]) and rows[0]["bytes"] > query.get("offset", 0), PATIENCE)
    if kills:
        server.kill()
        connection.close()
        server.start()
        return newest()
    connection.close()
    return eventually(lambda: (row := newest())["state"] == "waiting" and row, PATIENCE)


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_imports_beside_the_server_and_through_it(make_server, tmp_path):
    server = make_server()
    key = server.key()
    server.start()
    caller = Caller(server.address, key)
    project(caller)
    file = tmp_path / "lines.jsonl"
    file.write_text("".join(line(number) for number in range(300)) + line(300, priority=7))
    dry = server.command("import", "--project", "lines", "--dry-run", str(file), check=False)
    assert dry.returncode == 1 and dry.stdout.splitlines()[-1] == "300 can be imported, 1 refused.", dry.stdout
    assert total(caller) == 0
    local = server.command("import", "--project", "lines", str(file), check=False)
    assert local.stdout.splitlines()[0].startswith("301: ") and local.stdout.splitlines()[-1] == "300 created, 1 refused."
    assert total(caller) == 300
    file.write_text("".join(line(number) for number in range(200, 700)))
    server.settings = {"VERNIER_KEY": key}
    sent = server.command("import", "--project", "lines", "--url", server.address, str(file))
    assert sent.stdout.splitlines()[-1] == "400 created, 100 were there already."
    assert total(caller) == 700
    done = caller.get("/api/imports")["imports"][0]["id"]
    again = server.command("import", "--url", server.address, "--resume", done, str(file), check=False)
    assert again.returncode == 1 and "This import is done" in again.stderr


# -- buckets -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def gcs():
    cloud = GCS()
    yield cloud
    cloud.close()


def boxes(caller: Caller) -> None:
    geometries = {"box": {"objects_to_annotate": ["car"]}}
    caller.post("/v1/projects", {"type": "imageannotation", "name": "boxes", "params": {"instruction": "x", "geometries": geometries}})


def over(caller: Caller, row: dict) -> dict:
    return eventually(lambda: (now := caller.get(f"/api/imports/{row['id']}"))["state"] not in ("waiting", "running") and now, PATIENCE)


def test_a_bucket_becomes_tasks_once_however_many_pages_it_has(world, gcs):
    caller = world.caller
    boxes(caller)
    content = picture(30, 20)
    for number in range(2300):
        gcs.bucket.objects[f"day {number % 7}/{number}.{'png' if number % 100 == 0 else 'txt'}"] = content
    gcs.bucket.objects["day 1/sub/deep.png"] = content
    caller.post("/api/integrations", {"name": "g", "prefix": "gs://pictures/", "endpoint": gcs.address, "service_account": json.dumps(gcs.key_file())})
    wanted = {"source": "gs://pictures/day", "pattern": "day ?/*.png", "project": "boxes"}
    dry = over(caller, caller.post("/api/imports", {**wanted, "dry_run": True}))
    assert (dry["state"], dry["ready"], dry["skipped"], dry["lines"]) == ("done", 23, 2278, 2301), dry
    assert total(caller, "boxes") == 0 and dry["results"][0]["message"] == "day 0/0.png: Can be imported."
    done = over(caller, caller.post("/api/imports", wanted))
    assert (done["created"], done["skipped"]) == (23, 2278), done
    again = over(caller, caller.post("/api/imports", {**wanted, "pattern": "**/*.{png,jpg}"}))
    assert (again["created"], again["exists"]) == (1, 23), again
    tasks = caller.all_tasks(project="boxes")
    assert len(tasks) == 24 and {task["metadata"]["key"] for task in tasks} >= {"day 0/0.png", "day 1/sub/deep.png"}
    for source, words in [("gs://other/", "integration"), ("ftp://x/", "`source` must be like"), ("s3://", "`source` must be like")]:
        refused = caller.ask("POST", "/api/imports", json={**wanted, "source": source})
        told = refused.json()["error"] if refused.status_code == 400 else over(caller, refused.json())["error"]
        assert words in told
    by_regex = {name: value for name, value in wanted.items() if name != "pattern"} | {"regex": r"^day [1-3]/\d+\.(png|gif)$", "dry_run": True}
    found = over(caller, caller.post("/api/imports", by_regex))
    known = sum(1 for number in range(0, 2300, 100) if number % 7 in (1, 2, 3))
    assert (found["state"], found["exists"], found["request"]["regex"]) == ("done", known, by_regex["regex"]), found
    for regex in ("(a", "(?=a)", r"\1", "((a{900}){900})"):
        assert "`regex`" in caller.ask("POST", "/api/imports", json={**by_regex, "regex": regex}).json()["error"]
    assert "exclude" in caller.ask("POST", "/api/imports", json={**by_regex, "pattern": "*"}).json()["error"]
    assert "bracket" in caller.ask("POST", "/api/imports", json={**wanted, "pattern": "[a"}).json()["error"]


@pytest.mark.parametrize("kind", DATABASES)
def test_a_bucket_is_imported_once_whenever_the_server_dies(kind, make_server):
    """Killed while a page is asked for, and while tasks of another one are written."""
    server = make_server(kind)
    server.start()
    caller = make_world(server).caller
    boxes(caller)
    bucket = Listing(4200)
    caller.post("/api/integrations", {"name": "m", "prefix": "s3://many/", "endpoint": bucket.address, "access_key": "a", "secret_key": "b"})
    bucket.held = 2000
    row = caller.post("/api/imports", {"source": "s3://many/", "pattern": "**/*.jpg", "project": "boxes"})

    def standing() -> dict:
        return caller.get(f"/api/imports/{row['id']}")

    eventually(lambda: standing()["lines"] == 2000 and 2000 in bucket.asked, PATIENCE)
    server.kill()
    bucket.going_on.set()
    end_leases_of_jobs(server)
    server.start()
    eventually(lambda: standing()["lines"] > 2000, PATIENCE, every=0.005)
    server.kill()
    end_leases_of_jobs(server)
    server.start()
    done = over(caller, row)
    bucket.close()
    assert (done["state"], done["created"], done["skipped"], done["exists"], done["lines"]) == ("done", 3780, 420, 0, 4200), done
    keys = [task["metadata"]["key"] for task in caller.all_tasks(project="boxes")]
    assert sorted(keys) == [key(number) for number in range(4200) if number % 10 != 9]


def test_a_long_list_does_not_end_of_many_small_hiccups(world):
    """Each of its pages comes at the second try; one that failed twelve times in a row would end the import."""
    boxes(world.caller)
    bucket = Listing(13_500, is_flaky=True)
    world.caller.post("/api/integrations", {"name": "f", "prefix": "s3://many/", "endpoint": bucket.address, "access_key": "a", "secret_key": "b"})
    row = world.caller.post("/api/imports", {"source": "s3://many/", "project": "boxes", "dry_run": True})
    done = over(world.caller, row)
    bucket.close()
    assert (done["state"], done["ready"], len(bucket.asked)) == ("done", 13_500, 28), done


# -- where keys are used from ------------------------------------------------------------------------------------------


def test_a_key_is_limited_to_networks(make_server):
    server = make_server(settings={"VERNIER_TRUSTED_PROXIES": "127.0.0.1/32"})
    server.start()
    world = make_world(server)
    chief = world.labeler("chief", "admin")
    made = chief.post("/api/keys", {"name": "limited", "networks": ["203.0.113.0/24", "2001:db8::/32"]})
    assert made["networks"] == ["203.0.113.0/24", "2001:db8::/32"]
    key = made["key"]

    def status(forwarded: str | None) -> int:
        headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
        return Caller(server.address, key).ask("GET", "/v1/tasks", headers=headers).status_code

    for forwarded, expected in [
        (None, 403), ("203.0.113.9", 200), ("2001:db8::1", 200), ("198.51.100.1", 403), ("203.0.113.9, 198.51.100.1", 403),
        ("198.51.100.1, 203.0.113.9", 200), ("203.0.113.9, 127.0.0.1", 200), ("nonsense", 403), ("::ffff:203.0.113.9", 200),
    ]:  # fmt: skip
        assert status(forwarded) == expected, forwarded
    refused = Caller(server.address, key).ask("GET", "/v1/tasks").json()["error"]
    assert "127.0.0.1" in refused
    for networks in (["203.0.113.9/24"], ["x"]):
        wrong = chief.ask("PATCH", f"/api/keys/{made['id']}", json={"networks": networks})
        assert wrong.status_code == 400 and "networks[0]" in wrong.json()["error"]
    chief.ask("PATCH", f"/api/keys/{made['id']}", json={"networks": []})
    eventually(lambda: status(None) == 200)


def test_nobody_but_a_trusted_proxy_says_where_a_call_comes_from(world):
    chief = world.labeler("chief", "admin")
    key = chief.post("/api/keys", {"name": "limited", "networks": ["203.0.113.0/24"]})["key"]
    caller = Caller(world.server.address, key)
    assert caller.ask("GET", "/v1/tasks", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 403


# -- where files are fetched from --------------------------------------------------------------------------------------


class Host:
    """Offers one picture and keeps the addresses it was asked from."""

    def __init__(self):
        host = self
        self.callers: list[str] = []
        content = picture(30, 20)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                host.callers.append(self.client_address[0])
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/picture.png"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Proxy(socketserver.ThreadingTCPServer):
    """Opens connections on request, for those who show the password."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self):
        proxy = self
        self.asked: list[str] = []

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    if not (more := self.request.recv(1)):
                        return
                    head += more
                proxy.asked.append(head.split(b"\r\n")[0].decode())
                if b"Basic bWU6c2VjcmV0\r\n" not in head:
                    self.request.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                    return
                host, _, port = head.split(b" ")[1].decode().rpartition(":")
                with socket.create_connection((host, int(port)), timeout=PATIENCE) as other:
                    self.request.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                    self.pass_on(other)

            def pass_on(self, other):
                pairs = {self.request: other, other: self.request}
                while True:
                    for one in select.select(list(pairs), [], [])[0]:
                        if not (data := one.recv(65536)):
                            return
                        pairs[one].sendall(data)

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def host():
    host = Host()
    yield host
    host.close()


def fetched(caller: Caller, address: str) -> None:
    boxes(caller)
    task = caller.post("/v1/task/imageannotation", {"project": "boxes", "attachment": address})["task_id"]
    eventually(lambda: "task.ready" in json.dumps(caller.get(f"/api/tasks/{task}/history")) or failed(caller, task), PATIENCE)


def failed(caller: Caller, task: str) -> None:
    status = caller.task(task)
    assert status["status"] != "error", status


def test_files_are_fetched_from_the_address_that_is_set(make_server, host):
    server = make_server(settings={"VERNIER_FETCH_SOURCE": "127.0.0.3"})
    server.start()
    caller = make_world(server).caller
    fetched(caller, host.address)
    assert set(host.callers) == {"127.0.0.3"}
    assert caller.get("/api/sources")["addresses"] == ["127.0.0.3"]


def test_files_are_fetched_through_the_proxy_that_is_set(make_server, host):
    proxy = Proxy()
    settings = {"VERNIER_FETCH_PROXY": f"http://me:secret@127.0.0.1:{proxy.server_address[1]}", "VERNIER_FETCH_ADDRESSES": "203.0.113.7"}
    server = make_server(settings=settings)
    server.start()
    caller = make_world(server).caller
    fetched(caller, host.address)
    assert set(proxy.asked) == {f"CONNECT 127.0.0.1:{host.server.server_port} HTTP/1.1"}
    assert caller.get("/api/sources")["addresses"] == ["203.0.113.7"]
    told = server.command("doctor").stdout
    assert "secret" not in told.replace("secret.key", "") and f"127.0.0.1:{proxy.server_address[1]}" in told
    proxy.shutdown()
    proxy.server_close()


@pytest.mark.parametrize(("name", "value"), [("SOURCE", "here"), ("PROXY", "socks://x:1"), ("PROXY", "http://host")])
def test_a_wrong_setting_is_told_at_the_start(make_server, name, value):
    server = make_server(settings={f"VERNIER_FETCH_{name}": value})
    done = server.command("doctor", check=False)
    assert done.returncode == 1 and f"fetch.{name.lower()} must be" in done.stderr, done.stderr
