"""From an empty project to production, and imports that are sent again and again."""

import threading

from rig.server import eventually
from rig.tasks import words_document

PARAMS = {
    "labels": [{"name": "person", "description": "A human"}, {"name": "event", "description": "A gathering"}],
    "instruction": "Mark every person.",
}


def make_project(world, name: str) -> None:
    world.caller.post("/api/projects", {"type": "namedentityrecognition", "name": name, "params": PARAMS})


def make_batch(world, project: str, name: str, kind: str, count: int) -> list[str]:
    world.caller.post("/api/batches", {"project": project, "name": name, "kind": kind})
    texts = "\n".join(f"Meet Alex Wang at {name} {i}." for i in range(count))
    report = world.caller.post("/api/tasks/import", {"project": project, "batch": name, "urls": texts})
    assert report["created"] == count, report
    return [line["task_id"] for line in report["lines"]]


def label_all(person, count: int) -> None:
    for _ in range(count):
        work = eventually(person.claim)
        person.fill(work, words_document())
        assert person.submit(work)["status"] == "completed"


def test_the_way_to_production(world):
    make_project(world, "use case")
    labeler, member = world.labeler(), world.labeler("member", "member")
    launch = "/api/batches/{}/launch".format

    make_batch(world, "use case", "ourselves", "self_label", 1)
    world.caller.post(launch("ourselves"))
    label_all(member, 1)
    assert labeler.claim() is None

    (wanted,) = make_batch(world, "use case", "production", "production", 1)
    refused = world.caller.ask("POST", launch("production"), json={})
    assert refused.status_code == 409 and "it has no calibration batch yet" in refused.json()["error"]

    tasks = make_batch(world, "use case", "calibration", "calibration", 2)
    world.caller.post(launch("calibration"))
    label_all(labeler, 2)
    for task in tasks:
        world.caller.post(f"/v1/task/{task}/audit", {"accepted": True, "comments": "Right."})
    report = world.caller.get("/api/batches/calibration/calibration")
    assert (report["state"], report["score"], len(report["feedback"])) == ("done", 1, 2)
    assert world.caller.get("/api/projects/use%20case")["calibration"]["state"] == "calibrated"

    world.caller.post(launch("production"))
    paused = world.caller.ask("PATCH", "/api/batches/production", json={"paused": True}).json()
    assert paused["paused"] and paused["status"] == "in_progress"
    assert labeler.claim() is None
    world.caller.ask("PATCH", "/api/batches/production", json={"paused": False})
    work = eventually(labeler.claim)
    assert work["task"] == wanted


def test_many_importers_of_the_same_lines_make_each_task_once(world):
    make_project(world, "imports")
    table = "text,number\n" + "".join(f"Person {i} at home.,{f'n{i}' if i % 2 else ''}\n" for i in range(200))
    body = {"project": "imports", "csv": table, "columns": {"text": "attachment", "number": "unique_id"}}
    reports = []

    def run():
        reports.append(world.caller.post("/api/tasks/import", body))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report["created"] for report in reports) == 200
    assert all(report["created"] + report["exists"] == 200 for report in reports), [r["lines"] for r in reports]
    assert world.caller.get("/v1/tasks", project="imports", limit=1)["total"] == 200
    first = {line["line"]: line["task_id"] for line in reports[0]["lines"]}
    assert all({line["line"]: line["task_id"] for line in report["lines"]} == first for report in reports[1:])


def test_changed_parameters_are_tried_on_answers(world):
    make_project(world, "trial")
    world.caller.post("/api/tasks/import", {"project": "trial", "rows": [{"text": f"Meet Alex Wang, {i}."} for i in range(3)]})
    label_all(world.labeler(), 3)
    params = {**PARAMS, "labels": [{"name": "event", "description": "A gathering"}]}
    trial = world.caller.post("/api/projects/trial/try", {"params": params})
    assert (trial["total"], trial["tried"], trial["would_break"]) == (3, 3, {"tasks": 0, "answers": 3})
    assert [(one["on"], one["count"], len(one["examples"])) for one in trial["problems"]] == [("answer", 3, 3)]
    assert [(one["path"], one["kind"]) for one in trial["differences"]] == [("labels[person]", "removed")]
    assert world.caller.get("/api/projects/trial")["version"] == 0
