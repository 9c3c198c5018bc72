"""What the README and the guides tell people to type, typed."""

import json
import os
import re
import subprocess
import time
import types
from pathlib import Path
from types import SimpleNamespace

import requests
from rig.server import PROGRAM, ROOT, eventually
from rig.web import Received, picture

FENCED = r"^```{}\n(.*?)^```"
BOX = {"type": "box", "label": "car", "left": 10, "top": 10, "width": 50, "height": 40, "order": "a0"}


def blocks(guide: str, world, files, receiver, language: str = "python") -> list[str]:
    """What stands in a language on a page, with addresses that exist here."""
    text = (ROOT / guide).read_text(encoding="utf-8")
    text = text.replace("live_…", world.live_key).replace("http://127.0.0.1:8080", world.server.address)
    text = re.sub(r"https://example\.com/\w+\.jpg", files.put_picture("/guide.png"), text)
    text = re.sub(r"https://example\.com/(\w+)", rf"{receiver.address}/\1", text)
    found = re.findall(FENCED.format(language), text, re.DOTALL | re.MULTILINE)
    assert found, f"{guide} has no {language} any more"
    return found


def label(world, attributes: dict) -> None:
    """A person draws one box and submits."""
    labeler = world.labeler()
    work = eventually(labeler.claim)
    labeler.fill(work, {"annotations": {"0b9f1a54-7d0e-4f5c-9a36-0f0f4a1f6d01": {**BOX, "attributes": attributes}}})
    labeler.submit(work)


def test_the_readme(world, files, receiver):
    (program,) = blocks("README.md", world, files, receiver)
    exec(program, {})
    label(world, {})
    (task,) = world.client().get_tasks(project_name="street")
    assert task.status == "completed" and task.instruction == "Box every car."


def test_the_guide_for_programs(world, files, receiver):
    connect, create, ask = blocks("docs/guide/client.md", world, files, receiver)
    names: dict = {}
    exec(connect, names)
    exec(create, names)
    label(world, {"parked": "yes"})
    receiver.wait(lambda one: one.path == "/batches")
    shown = []
    exec(ask, names | {"print": lambda *values: shown.append(values)})
    assert [(unique_id, box["label"]) for unique_id, (box,) in shown] == [("0001", "car")]
    task = next(names["client"].get_tasks(project_name="street"))
    assert task.customer_review_status == "rejected" and task.tags == ["rain"] and task.metadata == {"camera": 3}


def test_the_guide_for_receivers(world, files, receiver):
    (check,) = blocks("docs/guide/callbacks.md", world, files, receiver)
    guide = types.ModuleType("guide")
    exec(check, vars(guide))
    test_the_guide_for_programs(world, files, receiver)
    secret = world.server.key("callback-auth", "--account", world.account)
    callback: Received = receiver.wait(lambda one: one.path == "/labels")[0]
    assert guide.is_ours(callback.headers, callback.raw, secret)
    assert not guide.is_ours(callback.headers, callback.raw + b" ", secret)
    guide.time = SimpleNamespace(time=lambda: time.time() + 3600)
    assert not guide.is_ours(callback.headers, callback.raw, secret), "an old copy"


def typed(line: str, folder: Path, **environment: str) -> str:
    """What a shell says to a line."""
    kept = {"PATH": os.environ["PATH"], "no_proxy": "127.0.0.1", **environment}
    done = subprocess.run(["sh", "-c", line], cwd=folder, env=kept, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done
    return done.stdout + done.stderr


def test_the_guide_for_imports(world, files, receiver, tmp_path):
    """Lines that are sent by curl, twice; and again by the command, which finds them all there."""
    boxes, fields = {"geometries": {"box": {"objects_to_annotate": ["car"]}}}, {"fields": [{"type": "text", "field_id": "answer", "title": "Answer"}]}
    world.caller.post("/v1/projects", {"name": "street", "type": "imageannotation", "params": boxes})
    world.caller.post("/v1/projects", {"name": "texts", "type": "textcollection", "params": fields})
    world.caller.post("/v1/batches", {"name": "March", "project": "street"})
    (tmp_path / "pictures.jsonl").write_text(blocks("docs/guide/import.md", world, files, receiver, "json")[0])
    curl = blocks("docs/guide/import.md", world, files, receiver, "sh")[0].replace("curl ", "curl -sS ")
    for outcome in ("created", "exists"):
        *lines, sums = map(json.loads, typed(curl, tmp_path, KEY=world.live_key).splitlines())
        assert [line["outcome"] for line in lines] == [outcome] * 2
        assert sums["done"] and sums[outcome] == 2
    identifier = re.search(r"(?i)^import-id: (\S+)", (tmp_path / "head.txt").read_text(), re.MULTILINE)[1]
    assert world.caller.get(f"/api/imports/{identifier}")["bytes"] == (tmp_path / "pictures.jsonl").stat().st_size
    again = typed(f"{PROGRAM} import --url {world.server.address} --project street pictures.jsonl", tmp_path, VERNIER_KEY=world.live_key)
    assert "2 were there already." in again


def test_the_guide_for_large_uploads(world, files, receiver, tmp_path, monkeypatch):
    world.caller.post("/v1/projects", {"name": "street", "type": "imageannotation", "params": {}})
    (program,) = blocks("docs/guide/storage.md", world, files, receiver)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flight.tif").write_bytes(picture(900, 600, "TIFF"))
    names: dict = {}
    exec(program, names)
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {world.live_key}"
        file = eventually(lambda: session.get(names["upload"].url, timeout=30).json().get("file"), seconds=120)
    assert file["mime_type"] == "image/tiff" and file["project_names"] == ["street"]


def test_the_guide_for_buckets(world, files, receiver, tmp_path):
    curl = blocks("docs/guide/integrations.md", world, files, receiver, "sh")[0].replace("…", "0123456789")
    made = json.loads(typed(curl.replace("curl ", "curl -sS "), tmp_path, KEY=world.live_key))
    assert (made["provider"], made["secrets"]) == ("s3", ["secret_key"])
    assert [one["id"] for one in world.caller.get("/api/integrations")["integrations"]] == [made["id"]]
