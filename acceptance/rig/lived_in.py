"""An account that has been worked in: something of everything that the pages of the workplace show."""

import uuid
from dataclasses import dataclass
from urllib.parse import quote

import requests
from rig.people import Labeler
from rig.server import Server, eventually
from rig.web import FileHost, Receiver

PASSWORD = "correct horse battery staple"
PATIENCE = 120  # seconds
PROJECT, CONSENSUS = "Street scenes", "Who agrees"
INSTRUCTION = """Box **every car** and every person that you can tell from the background.

## Cars
- Wheels belong to the box, mirrors do not.
- A car that is cut off by the edge of the picture counts, and is *truncated*.
"""
PARAMS = {
    "instruction": INSTRUCTION,
    "geometries": {
        "box": {
            "objects_to_annotate": [
                {"choice": "vehicle", "display": "Vehicle", "subchoices": ["car", "bus"]},
                "person",
            ],
            "min_height": 5,
            "min_width": 5,
        },
        "polygon": {"objects_to_annotate": ["road", "sidewalk"]},
    },
    "annotation_attributes": {
        "truncated": {"type": "category", "description": "Is it cut off?", "choices": ["no", "by the edge", "by something"]},
    },
}


@dataclass
class LivedIn:
    """The people by their first name, and what stands in addresses."""

    people: dict[str, Labeler]
    task: str  # completed, audited, with comments
    name: str  # its unique id
    failed: str  # its picture cannot be had
    merge: str  # the work on a task that two people answered differently
    batch: str
    invitation: str  # the token of one that nobody has accepted

    def fill(self, address: str) -> str:
        return address.format(task=self.task, name=self.name, failed=self.failed, batch=quote(self.batch))


def live_in(server: Server, files: FileHost, receiver: Receiver, photographs: dict[str, bytes]) -> LivedIn:
    """Fills an empty account, through the interface that the pages use."""
    admin = Labeler(server.address, "ada@team.example", PASSWORD)
    change(admin, "/api/profile", {"name": "Ada Admin"})
    people = {"ada": admin}
    for name, role, function in [
        ("Mia Manager", "manager", None), ("Max Member", "member", None), ("Bob Builder", "labeler", "attempter"),
        ("Eve Early", "labeler", "attempter"), ("Sam Second", "labeler", "attempter"), ("Rita Reader", "labeler", "reviewer"),
    ]:  # fmt: skip
        people[name.split()[0].lower()] = hire(admin, name, role, function)
    bob, eve, rita = people["bob"], people["eve"], people["rita"]
    waiting = admin.post("/api/people", {"email": "new@team.example", "role": "labeler"})["path"]

    pictures = [files.put(f"/{name}", content, "image/jpeg") for name, content in photographs.items()]
    admin.post("/api/projects", {"type": "imageannotation", "name": CONSENSUS, "params": {"geometries": {"box": {"objects_to_annotate": ["car", "bus"]}}}})
    change(admin, f"/api/projects/{CONSENSUS}/workflow", {"consensus_attempts": 2})
    disputed = order(admin, CONSENSUS, pictures[0])
    for number, person in enumerate((bob, eve)):
        answer(person, next_of(person, CONSENSUS), 100 + 30 * number, "car" if number == 0 else "bus")

    admin.post("/api/projects", {"type": "imageannotation", "name": PROJECT, "params": PARAMS})
    longer = {**PARAMS, "instruction": INSTRUCTION + "\n## Persons\nDraw persons on bicycles too.\n"}
    admin.post(f"/api/projects/{PROJECT}/versions", {"params": longer, "base_version": 0})
    change(admin, f"/api/projects/{PROJECT}/workflow", {"review_levels": 1})
    for name, kind in (("first look", "self_label"), ("calibration", "calibration"), ("week 47", "production"), ("week 48", "production")):
        admin.post("/api/batches", {"project": PROJECT, "name": name, "kind": kind})
    receiver.answers["/broken"] = 500
    street = [
        order(
            admin, PROJECT, pictures[number % len(pictures)], batch="week 47", unique_id=f"cam-front/{number:04}.jpg",
            tags=["night", "rain"] if number % 3 == 0 else ["day"], metadata={"city": "Rome", "frame": number},
            callback_url=receiver.address + ("/broken" if number == 1 else "/callbacks"),
        )  # fmt: skip
        for number in range(9)
    ]
    failed = order(admin, PROJECT, f"{files.address}/lost.jpg", batch="week 47", unique_id="cam-front/lost.jpg")
    order(admin, PROJECT, pictures[0], batch="first look", unique_id="first/0001.jpg")
    order(admin, PROJECT, pictures[1], batch="week 48", unique_id="next/0001.jpg")
    eventually(lambda: admin.get(f"/v1/task/{failed}")["status"] == "error", PATIENCE)
    admin.post(f"/v1/task/{street[-1]}/cancel")
    admin.post("/api/batches/week%2047/launch", {"confirm_uncalibrated": True})

    for _ in range(4):
        answer(bob, next_of(bob, PROJECT), 40)
        accept(rita, next_of(rita, PROJECT))
    answer(bob, next_of(bob, PROJECT), 60)
    send_back(rita, next_of(rita, PROJECT))
    answer(eve, next_of(eve, PROJECT), 80)
    spare = next_of(eve, PROJECT)
    eve.post(f"/api/work/{spare['id']}/report", {"lease": spare["lease"]["token"], "kind": "unreadable", "message": "Too dark to tell."})
    eve.post(f"/api/work/{spare['id']}/skip", {"lease": spare["lease"]["token"], "reason": "Too dark."})
    at_work(eve)

    done = admin.get(f"/v1/tasks?project={PROJECT}&status=completed&limit=1")["docs"][0]
    admin.post(f"/api/tasks/{done['task_id']}/comments", {"text": "A good one to show to new people."})
    admin.post(f"/api/tasks/{done['task_id']}/audit", {"result": "accepted", "comments": "Well seen.", "use_as": ["example"]})
    admin.post("/api/audits/samples", {"name": "Friday", "project": PROJECT, "count": 3})

    assigned = {"emails": [bob.user["email"], eve.user["email"]], "projects": [PROJECT]}
    admin.post("/v1/studio/assignments/add", assigned)
    group = {"name": "nights", "emails": [bob.user["email"], eve.user["email"]]}
    admin.post(f"/v1/studio/projects/{PROJECT}/groups", group)
    admin.post("/api/keys", {"name": "nightly upload", "mode": "live", "scope": "tasks", "expires_in_days": 90})
    finished(admin, "/api/bulk", {"action": "add_tags", "tags": ["seen"], "filter": {"project": PROJECT}})
    finished(admin, "/api/exports", {"format": "jsonl", "filter": {"project": PROJECT}})
    change(admin, "/api/settings/delivery", {"mode": "live", "default_callback_url": f"{receiver.address}/callbacks"})
    (merge,) = eventually(lambda: [work["id"] for work in admin.get(f"/api/tasks/{disputed}")["work"] if work["kind"] == "merge"], PATIENCE)
    return LivedIn(people, done["task_id"], done["unique_id"], failed, merge, "week 47", waiting.rsplit("/", 1)[1])


def hire(admin: Labeler, name: str, role: str, function: str | None) -> Labeler:
    email = f"{name.split()[0].lower()}@team.example"
    wanted = {"email": email, "role": role, **({"function": function} if function else {})}
    token = admin.post("/api/people", wanted)["path"].rsplit("/", 1)[1]
    # Not in the admin's own session: whoever accepts is signed in by that.
    accepted = requests.post(
        f"{admin.address}/api/invitations/accept", json={"token": token, "name": name, "password": PASSWORD}, timeout=30
    )
    assert accepted.status_code == 200, accepted.text
    return Labeler(admin.address, email, PASSWORD)


def order(admin: Labeler, project: str, attachment: str, **more) -> str:
    return admin.post("/v1/task/imageannotation", {"project": project, "attachment": attachment, **more})["task_id"]


def change(admin: Labeler, path: str, body: dict) -> None:
    reply = admin.ask("PATCH", path, json=body)
    assert reply.status_code == 200, f"{path}: {reply.status_code} {reply.text}"


def next_of(person: Labeler, project: str) -> dict:
    """The next piece of work of that project; anything else goes back, behind the others."""

    def claimed() -> dict | None:
        work = person.claim()
        if work is None or work["project"] == project:
            return work
        person.post(f"/api/work/{work['id']}/release", {"lease": work["lease"]["token"]})
        return None

    return eventually(claimed, PATIENCE)


def answer(person: Labeler, work: dict, at: int, label: str = "car") -> None:
    """Two boxes, handed in, after some time at work."""
    boxes = {
        str(uuid.uuid4()): {
            "type": "box", "label": label, "left": at + 160 * place, "top": at, "width": 120, "height": 90,
            "attributes": {"truncated": "no"} if "annotation_attributes" in work["params"] else {}, "order": f"a{place}",
        }
        for place in range(2)
    }  # fmt: skip
    person.fill(work, {"annotations": boxes})
    person.submit(work)


def accept(person: Labeler, work: dict) -> None:
    decide(person, work, "accepted")


def send_back(person: Labeler, work: dict) -> None:
    lease = work["lease"]["token"]
    person.post(
        f"/api/work/{work['id']}/comments",
        {"lease": lease, "id": str(uuid.uuid4()), "text": "This box is too large.", "x": 120, "y": 110},
    )
    decide(person, work, "rejected")


def decide(person: Labeler, work: dict, verdict: str) -> None:
    decision = {"lease": work["lease"]["token"], "submission": str(uuid.uuid4()), "revision": work["draft"]["revision"]}
    person.post(f"/api/work/{work['id']}/verdict", {**decision, "verdict": verdict})


def at_work(person: Labeler) -> None:
    """Leaves hours behind: moments of input on a piece of work that is begun."""
    work = next_of(person, PROJECT)

    def counted() -> bool:
        person.post(f"/api/work/{work['id']}/activity", {"beats": [0]})
        return sum(row["seconds"] for row in person.get("/api/work/hours")["hours"]) >= 1

    eventually(counted, PATIENCE, every=0.3)


def finished(admin: Labeler, path: str, body: dict) -> dict:
    made = admin.post(path, body)["id"]

    def over():
        row = admin.get(f"{path}/{made}")
        return row if row["state"] not in ("waiting", "running") else None

    return eventually(over, PATIENCE)
