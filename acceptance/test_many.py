"""Many tasks at once, from outside: found by words, changed, exported; and what the guide says about that."""

import csv
import io
import json

import pytest
from rig.people import Caller
from rig.server import eventually
from rig.tasks import boxes_task, words_document, words_task

BOX = {"type": "box", "label": "car", "left": 10, "top": 12, "width": 50, "height": 40, "order": "a0"}


def finished(caller: Caller, path: str) -> dict:
    """What became of a change of many tasks or of an export."""

    def over():
        row = caller.get(path)
        return row if row["state"] not in ("waiting", "running") else None

    return eventually(over)


@pytest.fixture
def stocked(world):
    """Thirty tasks of one project, the newest last."""
    world.caller.post("/v1/projects", {"type": "namedentityrecognition", "name": "street"})
    made = []
    for number in range(30):
        body = words_task(
            project="street", unique_id=f"IMG_{number:04}.jpg", tags=["even"] if number % 2 == 0 else ["odd"],
            metadata={"city": "São Paulo" if number < 3 else "Rome", "frame": number},
        )  # fmt: skip
        made.append(world.caller.post("/v1/task/namedentityrecognition", body)["task_id"])
    return made


def listed(caller: Caller, **query) -> list[str]:
    return [task["task_id"] for task in caller.get("/api/tasks", **query)["tasks"]]


def test_words_find_tasks(world, stocked):
    caller = world.caller
    assert listed(caller, search="img_0007.jpg") == [stocked[7]]
    assert listed(caller, search="SAO paulo") == stocked[2::-1]
    assert caller.get("/api/tasks", search="000")["total"] == 10
    assert caller.get("/api/tasks", search='"000"')["total"] == 0
    assert listed(caller, search="rome even", limit=3) == [stocked[28], stocked[26], stocked[24]]
    assert listed(caller, search=stocked[5]) == [stocked[5]]
    caller.ask("PUT", f"/v1/task/{stocked[9]}/tags", json=["späti"])
    caller.post(f"/v1/task/{stocked[8]}/setMetadata", {"city": "Berlin"})
    assert listed(caller, search="spat") == [stocked[9]]
    assert listed(caller, search="berlin") == [stocked[8]]
    assert stocked[8] not in listed(caller, search="rome")


def test_pages_in_every_order(world, stocked):
    caller = world.caller
    caller.ask("PUT", f"/v1/task/{stocked[4]}/tags", json=["late"])
    orders = {"-created_at": stocked[::-1], "created_at": stocked, "-completed_at": []}
    orders["-updated_at"] = [stocked[4]] + [task for task in stocked[::-1] if task != stocked[4]]
    for order, expected in orders.items():
        seen, cursor = [], None
        while True:
            page = caller.get("/api/tasks", sort=order, limit=7, **({"cursor": cursor} if cursor else {}))
            assert page["total"] == len(expected)
            seen += [task["task_id"] for task in page["tasks"]]
            cursor = page["next"]
            if not cursor:
                break
        assert seen == expected, order
    assert "total" not in caller.get("/api/tasks", total="false")
    wrong = caller.ask("GET", "/api/tasks", params={"sort": "created_at", "cursor": caller.get("/api/tasks", limit=1)["next"]})
    assert wrong.status_code == 400 and wrong.json()["issues"][0]["path"] == "cursor"
    assert caller.get("/api/tasks", status="pending,error")["total"] == 30
    assert caller.get("/api/tasks/tags", prefix="o") == {"tags": ["odd"]}


def test_a_picture_with_what_was_drawn(world, files):
    caller = world.caller
    task = caller.post("/v1/task/imageannotation", boxes_task(files.put_picture("/table.png")))["task_id"]
    labeler = world.labeler()
    work = eventually(labeler.claim)
    (before,) = caller.get("/api/tasks")["tasks"]
    assert before["thumbnail"]["width"] > 0 and before["shapes"] == [] and before["shape_count"] == 0
    labeler.fill(work, {"annotations": {"0b9f1a54-7d0e-4f5c-9a36-0f0f4a1f6d01": BOX}})
    labeler.submit(work)
    (row,) = caller.get("/api/tasks", status="completed", sort="-completed_at")["tasks"]
    assert row["task_id"] == task and row["shape_count"] == 1 and row["attachments"] == 1
    assert row["shapes"] == [{"type": "box", "label": "car", "points": [10, 12, 60, 12, 60, 52, 10, 52]}]
    assert caller.ask("GET", row["thumbnail"]["url"]).headers["Content-Type"].startswith("image/")


def test_a_change_of_many_and_back(world, stocked):
    caller = world.caller
    some = {"project": "street", "search": "rome", "tags": ["even"]}
    asked = {"action": "priority", "priority": 20, "filter": some}
    assert caller.post("/api/bulk?dry_run=true", asked) == {"total": 13}
    row = finished(caller, "/api/bulk/" + caller.post("/api/bulk", asked)["id"])
    assert (row["state"], row["changed"], row["filter"], row["undoable"]) == ("done", 13, some, True)
    assert caller.task(stocked[4])["priority"] == 20 and caller.task(stocked[5])["priority"] == 0
    undo = finished(caller, "/api/bulk/" + caller.post(f"/api/bulk/{row['id']}/undo")["id"])
    assert (undo["changed"], undo["undoes"]) == (13, row["id"])
    assert caller.get(f"/api/bulk/{row['id']}")["undone_by"] == undo["id"]
    assert caller.task(stocked[4])["priority"] == 0
    assert caller.ask("POST", f"/api/bulk/{row['id']}/undo").status_code == 400
    assert [one["id"] for one in caller.get("/api/bulk")["bulk_changes"]] == [undo["id"], row["id"]]


def test_what_is_refused_is_said(world, stocked):
    caller = world.caller
    labeler = world.labeler()
    work = eventually(labeler.claim)
    labeler.fill(work, words_document())
    labeler.submit(work)
    row = finished(caller, "/api/bulk/" + caller.post("/api/bulk", {"action": "cancel", "filter": {}})["id"])
    assert (row["changed"], row["refused"], row["undoable"]) == (29, 1, False)
    (refused,) = caller.get(f"/api/bulk/{row['id']}/results", outcome="refused")["results"]
    assert refused["task_id"] == work["task"] and "completed" in refused["words"]
    pages, cursor = [], None
    while True:
        page = caller.get(f"/api/bulk/{row['id']}/results", limit=10, **({"cursor": cursor} if cursor else {}))
        pages += page["results"]
        cursor = page["next"]
        if not cursor:
            break
    assert [one["task_id"] for one in pages] == stocked[::-1]
    for wrong in ({"action": "cancel"}, {"action": "priority", "filter": {}}, {"action": "cancel", "filter": {"x": 1}}):
        assert caller.ask("POST", "/api/bulk", json=wrong).status_code == 400


def test_an_export_is_what_the_interface_answers(world, stocked):
    caller = world.caller
    expected = caller.all_tasks(project="street")
    row = finished(caller, "/api/exports/" + caller.post("/api/exports", {"filter": {"project": "street"}})["id"])
    whole = caller.ask("GET", row["url"])
    assert (row["done"], row["size"]) == (30, len(whole.content))
    assert [json.loads(line) for line in whole.content.splitlines()] == expected
    assert whole.content.splitlines()[0] == caller.ask("GET", f"/v1/task/{stocked[-1]}").content
    assert row["name"] in whole.headers["Content-Disposition"]
    # A download that broke off.
    etag = whole.headers["ETag"]
    part = caller.ask("GET", row["url"], headers={"Range": "bytes=1000-", "If-Range": etag})
    assert part.status_code == 206 and part.content == whole.content[1000:]
    other = caller.ask("GET", row["url"], headers={"Range": "bytes=1000-", "If-Range": '"another"'})
    assert other.status_code == 200 and other.content == whole.content
    # The other formats.
    array = finished(caller, "/api/exports/" + caller.post("/api/exports", {"format": "json", "filter": {}})["id"])
    assert caller.ask("GET", array["url"]).json() == expected
    table = finished(caller, "/api/exports/" + caller.post("/api/exports", {"format": "csv", "filter": {}})["id"])
    rows = list(csv.DictReader(io.StringIO(caller.ask("GET", table["url"]).content.decode(), newline="")))
    assert [one["task_id"] for one in rows] == stocked[::-1]
    assert [json.loads(one["params"]) for one in rows] == [task["params"] for task in expected]
    assert rows[0]["tags"] == "odd" and json.loads(rows[-1]["metadata"])["city"] == "São Paulo"
    assert [one["id"] for one in caller.get("/api/exports")["exports"]] == [table["id"], array["id"], row["id"]]
    assert caller.ask("DELETE", f"/api/exports/{row['id']}").status_code == 200
    assert caller.ask("GET", row["url"]).status_code == 404


def test_the_command_writes_the_same(world, stocked):
    caller = world.caller
    row = finished(caller, "/api/exports/" + caller.post("/api/exports", {"format": "csv", "filter": {"search": "rome"}})["id"])
    printed = world.server.command("export", "--account", world.account, "--format", "csv", "--search", "rome").stdout
    assert printed.encode() == caller.ask("GET", row["url"]).content.replace(b"\r\n", b"\n")
