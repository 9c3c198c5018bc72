"""The server against its own contract: whatever is sent, no fault and no answer that `/openapi.json` does not describe.

Every operation is called once with good values on seeded objects, then with generated ones, right and wrong. Names of seeded
objects are mixed into what is generated, since no generator would guess them.
"""

import json
import random
import re
import uuid
from collections import defaultdict

import pytest
import requests
import schemathesis
from conftest import SOAK, make_world
from hypothesis import HealthCheck, Phase, given, seed, settings
from rig.people import Labeler
from rig.server import eventually
from rig.tasks import FIXTURES, TYPES, boxes_task, fixture, words_document, words_task
from rig.web import Receiver
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

# How many generated calls of each sort an operation gets. Most of what can go wrong does so on either database.
EXAMPLES = {"sqlite": 300 if SOAK else 10, "postgres": 300 if SOAK else 4}
# Types whose tasks may be made with a known answer.
WITH_KNOWN_ANSWERS = ["imageannotation", "textcollection", "namedentityrecognition", "documenttranscription"]
# The head of a request that the server's transport refuses by itself is longer than this; see test_errors.
LONGEST_ADDRESS = 60_000
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


# Pieces of resumable uploads are plain bytes.
PIECE = "application/offset+octet-stream"
schemathesis.serializer.alias(PIECE, "application/octet-stream")


class Seeds:
    """One of everything in one account, made again whenever a call has used it up."""

    def __init__(self, world, files, receiver):
        self.world, self.files, self.caller = world, files, world.caller
        self.callback = receiver.address + "/contract"
        self.labeler = world.labeler("seed", "admin")
        self.tasks: set[str] = set()
        self.email = world.labeler("mate").user["email"]
        self.picture = files.put_picture()
        self.project, self.batch, self.group = "seed project/1", "seed batch/1", "seed group/1"
        kind = "namedentityrecognition"
        self.caller.post("/v1/projects", {"type": kind, "name": self.project, "studio": True})
        self.caller.post("/v1/projects", {"type": "textcollection", "name": "form", "params": {
            "fields": [{"type": "text", "field_id": "name", "title": "Name"}]}})  # fmt: skip
        self.caller.post("/v1/projects", {"type": "imageannotation", "name": "pictures", "rapid": True})
        self.caller.post("/v1/batches", {"project": self.project, "name": self.batch})
        self.caller.post("/v1/studio/assignments/add", {"emails": [self.email], "projects": [self.project]})
        self.caller.post(f"/v1/studio/projects/{quoted(self.project)}/groups", {"emails": [self.email], "name": self.group})
        self.completed = self.complete()["task_id"]
        self.file = self.link_to_a_file()

    def task(self) -> str:
        body = words_task(tags=["a"], metadata={"k": 1}, callback_url=self.callback, priority=30)
        made = self.caller.post("/v1/task/namedentityrecognition", body)["task_id"]
        self.tasks.add(made)
        return made

    def link_to_a_file(self) -> str:
        """The signed part of a link, made in another world so that no picture gets in the way of the work here."""
        caller = self.world.another().caller
        caller.post("/v1/task/imageannotation", boxes_task(self.picture))

        def links() -> list[dict]:
            return caller.get("/v1/tasks", include_attachment_url=True)["docs"][0].get("attachmentS3Downloads")

        return eventually(links)[0]["s3URL"].rsplit("/files/")[1]

    def batch_to_finalize(self) -> str:
        name = f"batch-{uuid.uuid4().hex[:8]}"
        self.caller.post("/v1/batches", {"project": "pictures", "name": name})
        return name

    def held(self) -> dict:
        """A work item that the labeler holds and has begun."""
        self.task()
        while (work := eventually(self.labeler.claim))["task"] not in self.tasks or work["kind"] == "audit":
            # Made by another call of this test; given back, it goes behind the others, and an audit ends.
            end = "leave" if work["kind"] == "audit" else "release"
            self.labeler.post(f"/api/work/{work['id']}/{end}", {"lease": work["lease"]["token"]})
        self.labeler.fill(work, words_document())
        return work

    def complete(self) -> dict:
        work = self.held()
        self.labeler.submit(work)
        return self.caller.task(work["task"])

    def thread(self) -> dict:
        """A call that settles a thread of comments."""
        work = self.held()
        comment = {"lease": work["lease"]["token"], "id": str(uuid.uuid4()), "text": "Is this right?"}
        self.labeler.post(f"/api/work/{work['id']}/comments", comment)
        call = lease(work, resolved=True)
        return {**call, "path": {**call["path"], "thread": comment["id"]}}

    def bulk(self) -> str:
        return self.caller.post("/api/bulk", {"action": "priority", "priority": 20, "ids": [self.task()]})["id"]

    def export(self) -> str:
        """An export that is done, for its file."""
        made = self.caller.post("/api/exports", {"format": "jsonl", "ids": [self.completed]})["id"]
        eventually(lambda: self.caller.get(f"/api/exports/{made}")["state"] == "done")
        return made

    def sealed(self) -> str:
        """A task about which there is something in the sealed log."""
        eventually(lambda: self.caller.ask("GET", f"/api/tasks/{self.completed}/proof").ok)
        return self.completed

    def sample(self) -> str:
        self.complete()
        return self.caller.post("/api/audits/samples", {"count": 1})["id"]

    def mate(self) -> str:
        """Somebody whom a call may change."""
        return self.world.labeler("other").user["id"]

    def launchable(self) -> str:
        """A staging batch with a task in it."""
        name = self.batch_to_finalize()
        self.caller.post("/v1/task/imageannotation", boxes_task(self.picture, batch=name))
        return name

    def spare_group(self) -> str:
        name = f"group-{uuid.uuid4().hex[:8]}"
        self.caller.post(f"/v1/studio/projects/{quoted(self.project)}/groups", {"emails": [self.email], "name": name})
        return name

    def api_key(self) -> str:
        return self.labeler.post("/api/keys", {"name": "k", "mode": "live", "scope": "read"})["id"]

    def bucket(self) -> dict:
        """A new integration, whose server takes no connections."""
        keys = {"access_key": "a", "secret_key": "b", "endpoint": "http://127.0.0.1:1024"}
        return {"name": "pictures", "prefix": f"s3://{uuid.uuid4()}/", **keys}

    def upload(self) -> str:
        begun = self.caller.ask("POST", "/api/uploads", headers={"Upload-Length": "10"})
        return begun.headers["Location"].rsplit("/", 1)[1]

    def delivery(self) -> str:
        return eventually(lambda: self.caller.get("/api/deliveries")["docs"])[0]["id"]

    def studio_batches(self) -> list[dict]:
        return [{"name": one["name"]} for one in self.caller.get("/v1/studio/batches")]

    def path_value(self, name: str) -> str | None:
        """A good value for a parameter of the path, by its name."""
        values = {"task": self.task, "batch": lambda: self.batch, "project": lambda: self.project,
                  "group": lambda: self.group, "work": lambda: self.held()["id"], "token": lambda: self.file,
                  "file": lambda: str(uuid.uuid4()), "thread": lambda: str(uuid.uuid4()),
                  "version": lambda: "0", "bulk": self.bulk, "export": self.export, "sample": self.sample,
                  "import": lambda: self.caller.ask("POST", "/api/import").headers["Import-Id"],
                  "integration": lambda: self.caller.post("/api/integrations", self.bucket())["id"],
                  "upload": self.upload,
                  "delivery": self.delivery, "person": self.mate, "key": self.api_key}  # fmt: skip
        return quoted(values[name]()) if name in values else None


def quoted(name: str) -> str:
    return requests.utils.quote(name, safe="")


def lease(work: dict, **more) -> dict:
    return {"path": {"work": work["id"]}, "body": {"lease": work["lease"]["token"], **more}}


def step(work: dict) -> dict:
    after = {"start": 0, "end": 4, "label": "person"}
    operation = {"collection": "annotations", "key": str(uuid.uuid4()), "before": None, "after": after}
    return {"id": str(uuid.uuid4()), "sequence": 1, "operations": [operation]}


# What to send so that an operation succeeds, where the path alone is not enough: path, query and body by name.
GOOD = {
    "GET /v1/task/{task}/response_url/{file}": lambda s: {"path": {"task": s.completed}},
    "POST /v1/task/{task}/send_callback": lambda s: {"path": {"task": s.completed}},
    "POST /v1/task/{task}/send-callback": lambda s: {"path": {"task": s.completed}},
    "POST /v1/task/{task}/audit": lambda s: {"path": {"task": s.completed}, "body": {"accepted": True, "comments": "x"}},
    "POST /v1/task/{task}/unique_id": lambda s: {"body": {"unique_id": str(uuid.uuid4())}},
    "POST /v1/task/{task}/setMetadata": lambda s: {"body": {"k": "v"}},
    "POST /v1/task/{task}/tags": lambda s: {"body": ["a"]},
    "PUT /v1/task/{task}/tags": lambda s: {"body": ["b"]},
    "DELETE /v1/task/{task}/tags": lambda s: {"body": ["a"]},
    "POST /v1/batches": lambda s: {"body": {"project": s.project, "name": str(uuid.uuid4())}},
    "POST /v1/batches/{batch}/finalize": lambda s: {"path": {"batch": quoted(s.batch_to_finalize())}},
    "POST /v1/batches/{batch}/setMetadata": lambda s: {"body": {"k": "v"}},
    "POST /v1/batches/{batch}/prioritize": lambda s: {"path": {"batch": quoted(s.batch_to_finalize())}, "body": {"priority": 20}},
    "POST /v1/projects": lambda s: {"body": {"type": "imageannotation", "name": str(uuid.uuid4())}},
    "POST /v1/projects/{project}/setParams": lambda s: {"body": {"patch": True, "instruction": "i"}},
    "POST /v1/projects/{project}/setOntology": lambda s: {"body": {"ontology": ["a", {"choice": "b"}]}},
    "GET /v1/projects/{project}/taskTemplates": lambda s: {"path": {"project": "form"}},
    "POST /v1/files/import": lambda s: {"body": {"file_url": s.picture}},
    "POST /api/uploads": lambda s: {"headers": {"Upload-Length": "10"}},
    "PATCH /api/uploads/{upload}": lambda s: {"headers": {"Upload-Offset": "0"}, "body": b"abc", "type": PIECE},
    "GET /v1/files": lambda s: {"query": {"project": "pictures"}},
    "GET /v1/quality/labelers": lambda s: {"query": {"labeler_emails": [s.email]}},
    "POST /v1/teams/invite": lambda s: {"body": {"emails": ["new@example.com"], "team_role": "member"}},
    "POST /v1/teams/set_role": lambda s: {"body": {"emails": [s.email], "team_role": "labeler"}},
    "POST /v1/studio/assignments/add": lambda s: {"body": {"emails": [s.email], "projects": [s.project]}},
    "POST /v1/studio/assignments/remove": lambda s: {"body": {"emails": [s.email], "projects": ["form"]}},
    "POST /v1/studio/projects/{project}/groups": lambda s: {
        "body": {"emails": [s.email], "name": str(uuid.uuid4())}
    },
    "PUT /v1/studio/projects/{project}/groups/{group}": lambda s: {"body": {"add_emails": [s.email], "remove_emails": []}},
    "PATCH /api/projects/{project}/groups/{group}": lambda s: {"path": {"group": quoted(s.spare_group())}, "body": {"name": str(uuid.uuid4())}},
    "DELETE /api/projects/{project}/groups/{group}": lambda s: {"path": {"group": quoted(s.spare_group())}},
    "PUT /v1/studio/batches/{batch}": lambda s: {"body": {"groups": [s.group]}},
    "POST /v1/studio/batches/set_priorities": lambda s: {"body": {"batches": s.studio_batches()}},
    "POST /api/session": lambda s: {"body": {"email": s.labeler.user["email"], "password": "correct horse battery staple"}},
    "POST /api/work/claim": lambda s: {"body": {}},
    "POST /api/work/{work}/heartbeat": lambda s: lease(s.held()),
    "POST /api/work/{work}/release": lambda s: lease(s.held()),
    "POST /api/work/{work}/check": lambda s: lease(s.held()),
    "POST /api/work/{work}/skip": lambda s: lease(s.held(), reason="r"),
    "POST /api/work/{work}/report": lambda s: lease(s.held(), kind="unreadable", message=""),
    "POST /api/work/{work}/steps": lambda s: steps(s.held()),
    "POST /api/work/{work}/submit": lambda s: submission(s.held()),
    "POST /api/work/{work}/verdict": lambda s: submission(s.held(), verdict="accepted"),
    "POST /api/work/{work}/comments": lambda s: lease(s.held(), id=str(uuid.uuid4()), text="Is this right?", x=1, y=2),
    "POST /api/work/{work}/threads/{thread}": lambda s: s.thread(),
    "POST /api/tasks/{task}/comments": lambda s: {"body": {"text": "Look again."}},
    "POST /api/tasks/{task}/redo": lambda s: {"path": {"task": s.complete()["task_id"]}, "body": {"message": "Again."}},
    "POST /api/bulk": lambda s: {"body": {"action": "add_tags", "tags": ["b"], "ids": [s.task()]}},
    "POST /api/exports": lambda s: {"body": {"format": "csv", "filter": {}}},
    "POST /api/batches": lambda s: {"body": {"project": s.project, "name": str(uuid.uuid4())}},
    "POST /api/batches/{batch}/launch": lambda s: {"path": {"batch": s.launchable()}, "body": {"confirm_uncalibrated": True}},
    "POST /api/projects": lambda s: {"body": {"type": "imageannotation", "name": str(uuid.uuid4()), "params": {}}},
    "POST /api/projects/check": lambda s: {"body": {"type": "imageannotation", "params": {}}},
    "POST /api/projects/{project}/try": lambda s: {"body": {"params": {"instruction": "i"}}},
    "PATCH /api/keys/{key}": lambda s: {"body": {"networks": ["127.0.0.0/8"]}},
    "POST /api/imports": lambda s: {"body": {"source": "s3://nowhere/pictures/", "project": s.project, "dry_run": True}},
    "POST /api/tasks/import": lambda s: {"body": {"project": "pictures", "urls": s.picture, "dry_run": True}},
    "POST /api/tasks/{task}/audit": lambda s: {"path": {"task": s.completed}, "body": {"result": "accepted"}},
    "POST /api/tasks/{task}/uses": lambda s: {"path": {"task": s.completed}, "body": {"as": ["training"]}},
    "POST /api/audits/open": lambda s: {"body": {"task": s.completed}},
    "POST /api/people": lambda s: {"body": {"email": f"{uuid.uuid4().hex[:8]}@example.com", "role": "labeler"}},
    "PATCH /api/people/{person}": lambda s: {"body": {"active": False}},
    "PATCH /api/profile": lambda s: {"body": {"name": "Seed"}},
    "POST /api/keys": lambda s: {"body": {"name": "k", "mode": "live", "scope": "read"}},
    "POST /api/integrations": lambda s: {"body": s.bucket()},
    "PATCH /api/integrations/{integration}": lambda s: {"body": {"name": "renamed"}},
    "POST /api/integrations/{integration}/test": lambda s: {"body": {}},
    "POST /api/work/{work}/activity": lambda s: {"body": {"beats": [0]}},
    "PATCH /api/settings/delivery": lambda s: {"body": {"mode": "test", "default_callback_url": s.callback}},
    "POST /api/settings/delivery/rotate": lambda s: {"body": {"mode": "test", "secret": "signature_secret"}},
    "POST /api/settings/delivery/test": lambda s: {"body": {"mode": "live", "url": s.callback}},
    "GET /api/tasks/{task}/state": lambda s: {"path": {"task": s.completed}, "query": {"at": "2100-01-01T00:00:00Z"}},
    "GET /api/tasks/{task}/proof": lambda s: {"path": {"task": s.sealed()}},
    "PATCH /api/projects/{project}/workflow": lambda s: {"path": {"project": "form"}, "body": {"review_levels": 1}},
}


def of_type(label: str, seeds: Seeds) -> dict:
    """The fixture of the type that the path of an operation names, as a task or as a task with a known answer."""
    _, _, group, kind = label.split(" ")[1].split("/")
    kind = {"categorize": "categorization"}.get(kind, kind)
    if not (FIXTURES / kind).is_dir():
        return {}
    body, _, response = fixture(kind, seeds.files)
    return {"body": body if group == "task" else {**body, "expected_response": response}}


def steps(work: dict) -> dict:
    return lease(work, writer=str(uuid.uuid4()), steps=[step(work)], after=work["draft"]["revision"])


def submission(work: dict, **more) -> dict:
    return lease(work, submission=str(uuid.uuid4()), revision=work["draft"]["revision"], **more)


class Drive:
    """Calls operations, judges answers, and keeps count."""

    def __init__(self, world, files, receiver):
        self.seeds = Seeds(world, files, receiver)
        self.address = world.server.address
        document = requests.get(f"{self.address}/openapi.json", timeout=30).json()
        # Credentials come from the session alone; made-up ones would only be refused.
        config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
        self.schema = schemathesis.openapi.from_dict(document, config=config)
        self.operations = [
            found.ok() for found in self.schema.get_all_operations()
            if not re.search("text/event-stream|application/x-ndjson", json.dumps(found.ok().definition.raw))
        ]  # fmt: skip
        self.answers: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.faults: list[str] = []
        self.key = requests.Session()
        self.key.auth, self.key.trust_env = (world.live_key, ""), False

    def session(self, operation) -> requests.Session:
        """With a key, or as the signed-in person where the contract asks for a session."""
        if operation.label.startswith("DELETE /api/session"):
            email = self.seeds.labeler.user["email"]
            return Labeler(self.address, email, "correct horse battery staple").session
        wanted = operation.definition.raw.get("security", [{"basic": []}])
        return self.seeds.labeler.session if any("session" in one for one in wanted) else self.key

    def call(self, case) -> int:
        label = case.operation.label
        address = requests.Request("GET", self.address + case.operation.path, params=case.query).prepare().url
        if len(address) > LONGEST_ADDRESS:
            return 0
        try:
            response = case.call(base_url=self.address, session=self.session(case.operation), timeout=30)
            self.answers[label][response.status_code] += 1
            case.validate_response(response, checks=CHECKS)
            return response.status_code
        except (Failure, FailureGroup) as fault:
            text = "; ".join(str(one) for one in getattr(fault, "exceptions", [fault]))
            self.faults.append(f"{label}: {text}\n  {case.as_curl_command()}")
        except requests.RequestException as fault:
            self.faults.append(f"{label}: {fault}\n  {case.as_curl_command()}")
        return 0

    def good(self, operation) -> None:
        """One call that ought to succeed."""
        if re.fullmatch(r"POST /v1/(task|evaluation_tasks|training_tasks)/[a-z]+", operation.label):
            given_values = of_type(operation.label, self.seeds)
        else:
            given_values = GOOD.get(operation.label, lambda _: {})(self.seeds)
        path = {
            parameter.name: given_values.get("path", {}).get(parameter.name) or self.seeds.path_value(parameter.name)
            for parameter in operation.path_parameters
        }
        if None in path.values():
            return
        kind = given_values.get("type", "application/json")
        more = {"body": given_values["body"], "media_type": kind} if "body" in given_values else {}
        headers = given_values.get("headers", {})
        self.call(operation.Case(path_parameters=path, query=given_values.get("query", {}), headers=headers, **more))

    def generated(self, operation, mode: GenerationMode, number: int, examples: int) -> None:
        """Calls with generated values, some of them replaced by names that exist."""
        chance = random.Random(number)

        @seed(number)
        @settings(max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=operation.as_strategy(generation_mode=mode))
        def drive(case):
            if case.path_parameters and chance.random() < 0.8:
                for name in case.path_parameters:
                    case.path_parameters[name] = self.seeds.path_value(name) or case.path_parameters[name]
            if isinstance(case.body, dict) and chance.random() < 0.6:
                known = {"project": self.seeds.project, "batch": self.seeds.batch, "emails": [self.seeds.email],
                         "attachment": self.seeds.picture, "file_url": self.seeds.picture}  # fmt: skip
                case.body.update({name: known[name] for name in known.keys() & case.body.keys()})
            self.call(case)

        try:
            drive()
        except Exception as fault:  # noqa: BLE001 - some schemas leave nothing wrong to generate, which is no fault
            if "Unsatisfiable" not in type(fault).__name__ and "no negative" not in str(fault).lower():
                raise


@pytest.fixture(scope="module")
def driven(server, files) -> Drive:
    receiver = Receiver()
    drive = Drive(make_world(server), files, receiver)
    for operation in drive.operations:
        drive.good(operation)
    for number, operation in enumerate(drive.operations):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            drive.generated(operation, mode, number, EXAMPLES["postgres" if server.database else "sqlite"])
    yield drive
    receiver.close()


@pytest.mark.soak
def test_no_fault_and_nothing_outside_the_contract(driven):
    assert driven.faults == [], f"{len(driven.faults)} faults\n" + "\n".join(driven.faults[:20])


@pytest.mark.soak
def test_most_operations_have_succeeded(driven):
    without = [
        f"{operation.label}: {dict(driven.answers[operation.label])}"
        for operation in driven.operations
        if not any(200 <= status < 300 for status in driven.answers[operation.label])
    ]
    share = 1 - len(without) / len(driven.operations)
    print(f"{share:.0%} of {len(driven.operations)} operations have answered with success; without: {without}")
    assert share >= 0.8, without


def test_the_contract_is_openapi_31_and_readable(server):
    document = requests.get(f"{server.address}/openapi.json", timeout=30)
    assert document.headers["Content-Type"].startswith("application/json")
    assert document.json()["openapi"].startswith("3.1")
    page = requests.get(f"{server.address}/docs", timeout=30)
    assert page.status_code == 200 and page.headers["Content-Type"].startswith("text/html")
    assert "/v1/tasks" in page.text or "openapi.json" in page.text


def test_every_endpoint_of_the_published_api_is_in_the_contract(server):
    document = requests.get(f"{server.address}/openapi.json", timeout=30).json()
    found = {
        f"{method.upper()} " + "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
        for path, operations in document["paths"].items()
        for method in operations
    }
    wanted = {
        "GET /v1/task/{}", "GET /v1/tasks", "POST /v1/task/{}/cancel", "POST /v1/task/{}/audit",
        "POST /v1/task/{}/unique_id", "DELETE /v1/task/{}/unique_id", "POST /v1/task/{}/setMetadata",
        "POST /v1/task/{}/tags", "PUT /v1/task/{}/tags", "DELETE /v1/task/{}/tags", "POST /v1/task/{}/send_callback",
        "GET /v1/task/{}/response_url/{}", "POST /v1/batches", "GET /v1/batches", "GET /v1/batches/{}",
        "GET /v1/batches/{}/status", "POST /v1/batches/{}/finalize", "POST /v1/batches/{}/setMetadata",
        "POST /v1/batches/{}/prioritize", "POST /v1/projects", "GET /v1/projects", "GET /v1/projects/{}",
        "POST /v1/projects/{}/setParams", "POST /v1/projects/{}/setOntology", "GET /v1/projects/{}/taskTemplates",
        "POST /v1/files/upload", "POST /v1/files/import", "GET /v1/files", "GET /v1/teams", "POST /v1/teams/invite", "POST /v1/teams/set_role",
        "GET /v1/studio/assignments", "POST /v1/studio/assignments/add", "POST /v1/studio/assignments/remove",
        "GET /v1/studio/projects/{}/groups", "POST /v1/studio/projects/{}/groups",
        "PUT /v1/studio/projects/{}/groups/{}", "GET /v1/studio/batches", "PUT /v1/studio/batches/{}",
        "POST /v1/studio/batches/set_priorities", "POST /v1/studio/batches/reset_priorities",
    }  # fmt: skip
    wanted |= {f"POST /v1/task/{kind}" for kind in TYPES}
    wanted |= {f"POST /v1/{group}_tasks/{kind}" for group in ("evaluation", "training") for kind in WITH_KNOWN_ANSWERS}
    assert wanted - found == set()
