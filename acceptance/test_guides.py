"""What the README and the guides tell people to type, typed."""

import re
import time
import types
from types import SimpleNamespace

from rig.server import ROOT, eventually
from rig.web import Received

PYTHON = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
BOX = {"type": "box", "label": "car", "left": 10, "top": 10, "width": 50, "height": 40, "order": "a0"}


def blocks(guide: str, world, files, receiver) -> list[str]:
    """The Python of a page, with addresses that exist here."""
    text = (ROOT / guide).read_text(encoding="utf-8")
    text = text.replace("live_…", world.live_key).replace("http://127.0.0.1:8080", world.server.address)
    text = re.sub(r"https://example\.com/\w+\.jpg", files.put_picture("/guide.png"), text)
    text = re.sub(r"https://example\.com/(\w+)", rf"{receiver.address}/\1", text)
    found = PYTHON.findall(text)
    assert found, f"{guide} has no Python any more"
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
