"""The rules of work that people rely on: leases, drafts, submission, and what a labeler is shown."""

from rig.people import put
from rig.server import eventually
from rig.tasks import words_document, words_task


def test_a_labeler_sees_no_source_and_no_metadata(world, files, receiver):
    secret = "do-not-show"
    source = files.put_picture(f"/{secret}.png")
    world.caller.post(
        "/v1/task/imageannotation",
        {
            "attachment": source,
            "geometries": {"box": {"objects_to_annotate": ["car"]}},
            "metadata": {"note": secret},
            "callback_url": f"{receiver.address}/{secret}",
            "unique_id": secret,
            "tags": [secret],
        },
    )
    labeler = world.labeler()
    work = eventually(labeler.claim)
    assert secret not in labeler.ask("GET", f"/api/work/{work['id']}").text
    attachment = work["attachments"][0]
    assert (attachment["width"], attachment["height"], attachment["mime_type"]) == (1200, 800, "image/png")
    copy = labeler.session.get(world.server.address + attachment["url"], timeout=30)
    assert copy.content == labeler.session.get(source, timeout=30).content
    part = labeler.session.get(
        world.server.address + attachment["url"], headers={"Range": "bytes=2-5"}, timeout=30
    )
    assert (part.status_code, part.content) == (206, copy.content[2:6])


def test_work_goes_to_one_person_and_comes_back(world):
    tasks = {world.caller.post("/v1/task/namedentityrecognition", words_task())["task_id"] for _ in range(3)}
    people = [world.labeler() for _ in range(3)]
    held = [eventually(person.claim) for person in people]
    assert {work["task"] for work in held} == tasks
    first_lease, again = held[0]["lease"]["token"], people[0].claim()
    assert again["id"] == held[0]["id"] and again["lease"]["token"] != first_lease
    held[0] = again

    other = people[1].ask("POST", f"/api/work/{held[0]['id']}/heartbeat", json={"lease": held[1]["lease"]["token"]})
    assert other.status_code in (404, 409)
    people[0].fill(held[0], words_document())
    people[0].post(f"/api/work/{held[0]['id']}/release", {"lease": held[0]["lease"]["token"]})
    lost = people[0].ask_submit(held[0])
    assert lost.status_code == 409
    newcomer = world.labeler()
    continued = newcomer.claim()
    assert continued["task"] == held[0]["task"]
    assert continued["draft"]["collections"]["annotations"], "the draft belongs to the work, not to the person"


def test_work_that_was_given_back_goes_behind_the_others(world):
    first, second = (world.caller.post("/v1/task/namedentityrecognition", words_task())["task_id"] for _ in range(2))
    labeler = world.labeler()
    work = eventually(labeler.claim)
    labeler.post(f"/api/work/{work['id']}/release", {"lease": work["lease"]["token"]})
    assert (work["task"], labeler.claim()["task"]) == (first, second)


def test_a_labeler_with_assignments_gets_only_those(world):
    for project in ("mine", "others"):
        world.caller.post("/v1/projects", {"type": "namedentityrecognition", "name": project, "studio": True})
    world.caller.post("/v1/task/namedentityrecognition", words_task(project="others"))
    open_to_all, assigned = world.labeler(), world.labeler()
    email = assigned.user["email"]
    world.caller.post("/v1/studio/assignments/add", {"emails": [email], "projects": ["mine"]})
    work = eventually(open_to_all.claim)
    open_to_all.post(f"/api/work/{work['id']}/release", {"lease": work["lease"]["token"]})
    assert assigned.claim() is None and assigned.claim(work["id"]) is None
    mine = world.caller.post("/v1/task/namedentityrecognition", words_task(project="mine"))
    assert eventually(assigned.claim)["task"] == mine["task_id"]


def test_a_step_sent_twice_changes_nothing_and_a_conflict_is_named(world):
    world.caller.post("/v1/task/namedentityrecognition", words_task())
    labeler = world.labeler()
    work = eventually(labeler.claim)
    box = {"start": 5, "end": 14, "label": "person"}
    step = labeler.step(put("annotations", "0b9f1a54-7d0e-4f5c-9a36-0f0f4a1f6d01", box))
    first = labeler.send(work, step)
    again = labeler.send(work, step)
    assert again["revision"] == first["revision"]

    wrong = labeler.step(put("annotations", "0b9f1a54-7d0e-4f5c-9a36-0f0f4a1f6d01", {**box, "end": 9}, before=None))
    answer = labeler.post(
        f"/api/work/{work['id']}/steps",
        {
            "lease": work["lease"]["token"],
            "writer": labeler.writer,
            "steps": [wrong],
            "after": work["draft"]["revision"],
        },
    )
    assert answer["acknowledged"] == [] and answer["conflict"]["step"] == wrong["id"]
    assert answer["conflict"]["current"] == box
    kept = labeler.get(f"/api/work/{work['id']}")["work"]
    assert list(kept["draft"]["collections"]["annotations"].values()) == [box]
    assert kept["history"][-1]["id"] == step["id"]


def test_submitting_twice_gives_the_same_answer(world, receiver):
    task = world.caller.post(
        "/v1/task/namedentityrecognition", words_task(callback_url=f"{receiver.address}/twice")
    )
    labeler = world.labeler()
    work = eventually(labeler.claim)
    labeler.fill(work, words_document())
    answers = [labeler.ask_submit(work, "6a0f7c56-2f6f-4a54-8d0e-3f7b8b9d6f10") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    receiver.for_task(task["task_id"])
    assert world.caller.task(task["task_id"])["status"] == "completed"


def test_a_faulty_submission_names_what_is_wrong(world):
    world.caller.post("/v1/task/namedentityrecognition", words_task())
    labeler = world.labeler()
    work = eventually(labeler.claim)
    key = "0b9f1a54-7d0e-4f5c-9a36-0f0f4a1f6d01"
    labeler.fill(work, {"annotations": {key: {"start": 5, "end": 14, "label": None}}})
    refused = labeler.ask_submit(work)
    assert refused.status_code == 400
    issues = refused.json()["issues"]
    assert [issue["key"] for issue in issues] == [key] and issues[0]["path"].startswith("annotations[0]")


def test_state_changing_calls_need_the_csrf_token(world):
    labeler = world.labeler()
    del labeler.session.headers["X-CSRF-Token"]
    assert labeler.ask("POST", "/api/work/claim", json={}).status_code in (400, 401, 403)
    assert labeler.ask("GET", "/api/session").status_code == 200


def test_what_a_person_skips_goes_to_others(world):
    made = {world.caller.post("/v1/task/namedentityrecognition", words_task())["task_id"] for _ in range(2)}
    ada, bob = world.labeler(), world.labeler()
    work = eventually(ada.claim)
    held = {"lease": work["lease"]["token"]}
    assert ada.ask("POST", f"/api/work/{work['id']}/skip", json={**held, "reason": ""}).status_code == 400
    ada.post(f"/api/work/{work['id']}/skip", {**held, "reason": "I cannot read this"})
    other = ada.claim()
    assert {work["task"], other["task"]} == made
    ada.submit(other | {"draft": ada.get(f"/api/work/{other['id']}")["work"]["draft"]})
    assert ada.claim() is None
    assert bob.claim()["task"] == work["task"]


def test_what_is_wrong_with_a_task_reaches_the_managers(world):
    task = world.caller.post("/v1/task/namedentityrecognition", words_task())["task_id"]
    ada, chief = world.labeler(), world.labeler(role="manager")
    work = eventually(ada.claim)
    body = {"lease": work["lease"]["token"], "kind": "wrong_data", "message": "This is a recipe."}
    made = ada.post(f"/api/work/{work['id']}/report", body)
    assert ada.ask("GET", "/api/reports").status_code == 403
    listed = chief.get("/api/reports?limit=1")
    assert [(one["id"], one["task_id"], one["kind"]) for one in listed["docs"]] == [(made["id"], task, "wrong_data")]
    assert listed["docs"][0]["reported_by"] == ada.user["email"] and not listed["has_more"]
    assert world.caller.get("/api/reports", task=task)["docs"] == listed["docs"]


def test_the_next_tasks_are_told_without_a_claim(world):
    made = [world.caller.post("/v1/task/namedentityrecognition", words_task())["task_id"] for _ in range(3)]
    labeler = world.labeler()
    work = eventually(labeler.claim)
    ahead = eventually(lambda: labeler.get("/api/work/upcoming?count=2")["work"])
    assert [one["task"] for one in ahead] == [task for task in made if task != work["task"]]
    assert world.labeler().claim()["task"] == ahead[0]["task"]
