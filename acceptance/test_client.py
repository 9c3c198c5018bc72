"""The published Python client, unmodified, method by method, with live and with test keys."""

import inspect
import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import scaleapi
from conftest import make_world
from rig.server import eventually
from rig.tasks import boxes_task, words_document, words_task
from scaleapi.batches import Batch, BatchStatus
from scaleapi.exceptions import ScaleDuplicateResource, ScaleInvalidRequest, ScaleResourceNotFound, ScaleUnauthorized
from scaleapi.files import File
from scaleapi.projects import Project
from scaleapi.tasks import Task, TaskReviewStatus, TaskStatus, TaskType
from scaleapi.teams import Teammate, TeammateRole


def unique(start: str) -> str:
    return f"{start}-{uuid.uuid4().hex[:10]}"


@dataclass
class Customer:
    """A client on an account, with makers for what its calls need."""

    client: scaleapi.ScaleClient
    mode: str
    world: object
    files: object

    def project(self, kind: TaskType = TaskType.NamedEntityRecognition, **more) -> Project:
        return self.client.create_project(unique("street scenes/1"), kind, **more)

    def batch(self, project: Project | None = None, **more) -> Batch:
        return self.client.create_batch((project or self.project()).name, unique("my batch/1"), **more)

    def task(self, **more) -> Task:
        return self.client.create_task(TaskType.NamedEntityRecognition, **words_task(**more))

    def completed_task(self) -> tuple["Customer", Task]:
        """A completed task; a live one is worked by a person, in a world of its own so that nothing else is in the queue."""
        if self.mode == "test":
            return self, self.task()
        world = make_world(self.world.server)
        other = Customer(world.client(), "live", world, self.files)
        task = other.task()
        labeler = world.labeler()
        work = eventually(labeler.claim)
        labeler.fill(work, words_document())
        labeler.submit(work)
        task.refresh()
        assert task.status == "completed"
        return other, task

    def teammate(self) -> str:
        email = f"{unique('teammate')}@example.com"
        self.client.invite_teammates([email], TeammateRole.Member)
        return email

    def labeler(self) -> str:
        """Somebody who has accepted already, as Studio assignments ask for."""
        return self.world.labeler().user["email"]

    def assigned(self) -> tuple[Project, str]:
        project, email = self.project(studio=True), self.labeler()
        self.client.add_studio_assignments([email], [project.name])
        return project, email


@pytest.fixture(scope="module")
def shared_world(server):
    return make_world(server)


@pytest.fixture(params=["live", "test"])
def customer(request, shared_world, files) -> Customer:
    return Customer(shared_world.client(request.param), request.param, shared_world, files)


# -- every public method once ------------------------------------------------------------------------------------------


def create_task(customer: Customer):
    project = customer.project(TaskType.ImageAnnotation, params={"instruction": "Box the cars."})
    batch = customer.batch(project)
    identifier = unique("s3://bucket/file.png")
    task = customer.client.create_task(
        TaskType.ImageAnnotation,
        batch=batch.name,
        unique_id=identifier,
        **boxes_task(customer.files.put_picture()),
    )
    assert task.status == ("pending" if customer.mode == "live" else "completed")
    assert (task.project, task.batch, task.unique_id) == (project.name, batch.name, identifier)
    assert task.is_test == (customer.mode == "test") and task.metadata == {} and task.instruction == "Box the cars."
    assert not hasattr(task, "tags")
    with pytest.raises(ScaleDuplicateResource) as refusal:
        customer.client.create_task(
            TaskType.ImageAnnotation, unique_id=identifier, **boxes_task(customer.files.put_picture())
        )
    assert task.id in refusal.value.message


def get_task(customer: Customer):
    task = customer.task(metadata={"frame": 1})
    found = customer.client.get_task(task.id)
    assert found.id == task.id and found.metadata == {"frame": 1} and found.type == "namedentityrecognition"
    assert "unique_id" not in found.as_dict()


def tasks(customer: Customer):
    task = customer.task(unique_id=unique("u"))
    page = customer.client.tasks(unique_id=[task.unique_id], limit=5)
    assert [one.id for one in page] == [task.id]
    assert (page.total, page.limit, page.has_more) == (1, 5, False)


def get_tasks(customer: Customer):
    project = customer.project()
    made = [customer.task(project=project.name).id for _ in range(7)]
    found = [task.id for task in customer.client.get_tasks(project_name=project.name, limit=3)]
    assert found == made[::-1]


def get_tasks_count(customer: Customer):
    batch = customer.batch()
    for _ in range(3):
        customer.task(batch=batch.name)
    status = TaskStatus.Pending if customer.mode == "live" else TaskStatus.Completed
    assert customer.client.get_tasks_count(batch_name=batch.name) == 3
    assert customer.client.get_tasks_count(batch_name=batch.name, status=status) == 3
    assert customer.client.get_tasks_count(batch_name=batch.name, status=TaskStatus.Canceled) == 0


def cancel_task(customer: Customer):
    task = customer.task(unique_id=unique("u"))
    if customer.mode == "test":
        with pytest.raises(ScaleInvalidRequest):
            customer.client.cancel_task(task.id)
        return
    assert customer.client.cancel_task(task.id, clear_unique_id=True).status == "canceled"
    assert customer.client.cancel_task(task.id).status == "canceled"
    assert customer.task(unique_id=task.unique_id).id != task.id


def audit_task(customer: Customer):
    other, task = customer.completed_task()
    other.client.audit_task(task.id, False, "The name is longer.")
    found = other.client.get_task(task.id)
    assert found.customer_review_status == "rejected" and found.customer_review_comments == ["The name is longer."]
    assert len(found.audits) == 1 and found.audits[0]["audit_result"] == "rejected"


def update_task_unique_id(customer: Customer):
    first, second = customer.task(unique_id=unique("u")), customer.task()
    name = unique("u")
    assert customer.client.update_task_unique_id(second.id, name).unique_id == name
    with pytest.raises(ScaleDuplicateResource) as refusal:
        customer.client.update_task_unique_id(second.id, first.unique_id)
    assert first.id in refusal.value.message


def clear_task_unique_id(customer: Customer):
    task = customer.task(unique_id=unique("u"))
    assert "unique_id" not in customer.client.clear_task_unique_id(task.id).as_dict()


def set_task_metadata(customer: Customer):
    task = customer.task(metadata={"old": True})
    assert customer.client.set_task_metadata(task.id, {"new": [1, "two"]}).metadata == {"new": [1, "two"]}
    assert customer.client.set_task_metadata(task.id, {}).metadata == {}


def set_task_tags(customer: Customer):
    task = customer.task()
    assert customer.client.set_task_tags(task.id, ["b", "a"]).tags == ["b", "a"]
    assert customer.client.set_task_tags(task.id, ["c"]).tags == ["c"]
    assert not hasattr(customer.client.set_task_tags(task.id, []), "tags")


def add_task_tags(customer: Customer):
    task = customer.task(tags=["a", "b"])
    assert customer.client.add_task_tags(task.id, ["c", "a"]).tags == ["a", "b", "c"]


def delete_task_tags(customer: Customer):
    task = customer.task(tags=["a", "b", "c"])
    assert customer.client.delete_task_tags(task.id, ["b", "none"]).tags == ["a", "c"]


def create_batch(customer: Customer):
    project = customer.project()
    name = unique("my batch/1")
    batch = customer.client.create_batch(project.name, name, callback="http://127.0.0.1:9/b", metadata={"week": 47})
    assert (batch.name, batch.project, batch.status) == (name, project.name, "in_progress")
    assert batch.metadata == {"week": 47}
    with pytest.raises(ScaleDuplicateResource):
        customer.client.create_batch(project.name, name)


def finalize_batch(customer: Customer):
    standard = customer.batch()
    assert customer.client.finalize_batch(standard.name).status == "in_progress"
    rapid = customer.batch(customer.project(rapid=True))
    assert rapid.status == "staging"
    assert customer.client.finalize_batch(rapid.name).status == "in_progress"
    with pytest.raises(ScaleInvalidRequest):
        customer.client.finalize_batch(rapid.name)


def batch_status(customer: Customer):
    batch = customer.batch()
    customer.task(batch=batch.name)
    status = customer.client.batch_status(batch.name)
    if customer.mode == "live":
        assert status["status"] == "in_progress" and status["pending"] == 1
    else:
        assert status["completed"] == 1


def get_batch(customer: Customer):
    batch = customer.batch(metadata={"k": "v"})
    assert customer.client.get_batch(batch.name).as_dict() == batch.as_dict()


def batches(customer: Customer):
    project = customer.project()
    made = [customer.batch(project).name for _ in range(3)]
    page = customer.client.batches(project=project.name, limit=2)
    assert [one.name for one in page] == made[:0:-1]
    assert (page.total, page.limit, page.offset, page.has_more) == (3, 2, 0, True)
    rest = customer.client.batches(project=project.name, limit=2, offset=2)
    assert [one.name for one in rest] == made[:1] and not rest.has_more


def get_batches(customer: Customer):
    project = customer.project()
    made = {customer.batch(project).name for _ in range(3)}
    found = list(customer.client.get_batches(project_name=project.name, batch_status=BatchStatus.InProgress))
    assert {one.name for one in found} == made
    assert list(customer.client.get_batches(project_name=project.name, batch_status=BatchStatus.Staging)) == []


def set_batch_metadata(customer: Customer):
    batch = customer.batch(metadata={"old": 1})
    assert customer.client.set_batch_metadata(batch.name, {"new": 2}).metadata == {"new": 2}
    assert customer.client.get_batch(batch.name).metadata == {"new": 2}


def create_project(customer: Customer):
    name = unique("tokens & more/ü")
    with pytest.raises(ScaleResourceNotFound):
        customer.client.get_project(name)
    made = customer.client.create_project(name, TaskType.ImageAnnotation, {"instruction": "Box the cars."})
    assert (made.name, made.type, made.version, made.instruction) == (name, "imageannotation", 0, "Box the cars.")
    with pytest.raises(ScaleDuplicateResource):
        customer.client.create_project(name, TaskType.ImageAnnotation)


def get_project(customer: Customer):
    project = customer.project()
    assert customer.client.get_project(project.name).as_dict() == project.as_dict()


def projects(customer: Customer):
    project = customer.project()
    assert project.name in {one.name for one in customer.client.projects()}


def get_projects(customer: Customer):
    project = customer.project()
    assert project.name in {one.name for one in customer.client.get_projects()}


def update_project(customer: Customer):
    project = customer.project(params={"instruction": "one", "metadata": {"k": 1}})
    patched = customer.client.update_project(project.name, patch=True, instruction="two")
    assert patched.version == 1 and patched.instruction == "two"
    assert patched.as_dict()["param_history"][-1]["metadata"] == {"k": 1}
    replaced = customer.client.update_project(project.name, instruction="three")
    assert replaced.version == 2 and "metadata" not in replaced.as_dict()["param_history"][-1]
    assert customer.client.update_project(project.name).version == 3
    assert len(customer.client.get_project(project.name).as_dict()["param_history"]) == 4


def get_project_template(customer: Customer):
    project = customer.project(
        TaskType.TextCollection,
        params={"fields": [{"type": "text", "field_id": "name", "title": "Name", "required": True}]},
    )
    template = customer.client.get_project_template(project.name)
    assert template.id and template.version is not None and template.created_at and template.updated_at
    with pytest.raises(scaleapi.exceptions.ScaleException):
        customer.client.get_project_template(customer.project().name)


def upload_file(customer: Customer):
    picture = io.BytesIO(b"\x89PNG\r\n\x1a\n" + uuid.uuid4().bytes)
    reference = unique("r")
    file = customer.client.upload_file(picture, reference_id=reference, metadata='{"k": "v"}', display_name="name.png")
    assert uuid.UUID(file.id) and file.attachment_url.startswith("scaledata://")
    with pytest.raises(ScaleDuplicateResource):
        customer.client.upload_file(io.BytesIO(b"other"), reference_id=reference)


def import_file(customer: Customer):
    file = customer.client.import_file(customer.files.put_picture(), project_name=customer.project(rapid=True).name)
    assert file.mime_type == "image/png" and file.size > 0
    task = customer.client.create_task(TaskType.ImageAnnotation, **boxes_task(file.attachment_url))
    if customer.mode == "live":
        worked = eventually(lambda: seen(customer, task).get("attachmentS3Downloads"))
        assert worked[0]["s3URL"].startswith("http")


def seen(customer: Customer, task: Task) -> dict:
    page = customer.client.tasks(unique_id=[], include_attachment_url=True, limit=100)
    return next(one.as_dict() for one in page if one.id == task.id)


def quality_task(customer: Customer, make: Callable) -> dict:
    project = customer.project(TaskType.ImageAnnotation, rapid=True)
    expected = {"annotations": [], "global_attributes": {}, "links": []}
    made = make(
        TaskType.ImageAnnotation,
        project=project.name,
        expected_response=expected,
        **boxes_task(customer.files.put_picture()),
    )
    assert made.id and made.expected_response == expected


def create_evaluation_task(customer: Customer):
    quality_task(customer, customer.client.create_evaluation_task)


def create_training_task(customer: Customer):
    quality_task(customer, customer.client.create_training_task)


def list_teammates(customer: Customer):
    email = customer.teammate()
    assert email in {one.email for one in customer.client.list_teammates()}


def invite_teammates(customer: Customer):
    email = f"{unique('new')}@example.com"
    everybody = customer.client.invite_teammates([email], TeammateRole.Manager)
    assert email in {one.email for one in everybody} and len(everybody) > 1


def update_teammates_role(customer: Customer):
    email = customer.teammate()
    everybody = customer.client.update_teammates_role([email], TeammateRole.Manager)
    assert email in {one.email for one in everybody}


def list_studio_assignments(customer: Customer):
    project, email = customer.assigned()
    assert project.name in customer.client.list_studio_assignments()[email].assigned_projects


def add_studio_assignments(customer: Customer):
    project, email = customer.project(studio=True), customer.labeler()
    everybody = customer.client.add_studio_assignments([email], [project.name])
    assert everybody[email].assigned_projects == [project.name]


def remove_studio_assignments(customer: Customer):
    project, email = customer.assigned()
    everybody = customer.client.remove_studio_assignments([email], [project.name])
    assert email not in everybody or everybody[email].assigned_projects == []


def list_project_groups(customer: Customer):
    project, email = customer.assigned()
    customer.client.create_project_group(project.name, [email], "grp")
    groups = customer.client.list_project_groups(project.name)
    assert "grp" in {group.name for group in groups}


def create_project_group(customer: Customer):
    project, email = customer.assigned()
    group = customer.client.create_project_group(project.name, [email], "a group/1")
    assert (group.name, group.numWorkers, group.isSingleton) == ("a group/1", 1, False)
    assert [worker["email"] for worker in group.as_dict()["workers"]] == [email]


def update_project_group(customer: Customer):
    project, email = customer.assigned()
    second = customer.labeler()
    customer.client.add_studio_assignments([second], [project.name])
    customer.client.create_project_group(project.name, [email], "a group/1")
    group = customer.client.update_project_group(project.name, "a group/1", [second], [email])
    assert [worker["email"] for worker in group.as_dict()["workers"]] == [second]


def studio_batch(customer: Customer, project: Project | None = None) -> Batch:
    return customer.batch(project or customer.project(studio=True))


def list_studio_batches(customer: Customer):
    batch = studio_batch(customer)
    found = {one.name: one for one in customer.client.list_studio_batches()}
    assert found[batch.name].project_name == batch.project and found[batch.name].total == 0


def assign_studio_batches(customer: Customer):
    project, email = customer.assigned()
    customer.client.create_project_group(project.name, [email], "grp")
    batch = studio_batch(customer, project)
    assert customer.client.assign_studio_batches(batch.name, ["grp"]).name == batch.name
    customer.client.assign_studio_batches(batch.name, [email])


def set_studio_batches_priorities(customer: Customer):
    studio_batch(customer)
    names = [one.name for one in customer.client.list_studio_batches()][::-1]
    assert [one.name for one in customer.client.set_studio_batches_priorities(names)] == names
    with pytest.raises(ScaleInvalidRequest):
        customer.client.set_studio_batches_priorities(names[1:])


def reset_studio_batches_priorities(customer: Customer):
    first, second = studio_batch(customer).name, studio_batch(customer).name
    names = [one.name for one in customer.client.list_studio_batches()]
    customer.client.set_studio_batches_priorities(names[::-1])
    again = [one.name for one in customer.client.reset_studio_batches_priorities()]
    assert again.index(first) < again.index(second)


def task_refresh(customer: Customer):
    task = customer.task()
    customer.client.set_task_metadata(task.id, {"k": "v"})
    task.refresh()
    assert task.metadata == {"k": "v"}


def task_cancel(customer: Customer):
    if customer.mode == "test":
        with pytest.raises(ScaleInvalidRequest):
            customer.task().cancel()
        return
    task = customer.task()
    task.cancel(clear_unique_id=True)
    task.refresh()
    assert task.status == "canceled"


def task_audit(customer: Customer):
    _, task = customer.completed_task()
    task.audit(True, "Well done.")
    task.refresh()
    assert task.customer_review_status == "accepted"


def task_update_unique_id(customer: Customer):
    task, name = customer.task(), unique("u")
    task.update_unique_id(name)
    task.refresh()
    assert task.unique_id == name


def task_clear_unique_id(customer: Customer):
    task = customer.task(unique_id=unique("u"))
    task.clear_unique_id()
    task.refresh()
    assert not hasattr(task, "unique_id")


def task_set_metadata(customer: Customer):
    task = customer.task()
    task.set_metadata({"k": "v"})
    task.refresh()
    assert task.metadata == {"k": "v"}


def task_set_tags(customer: Customer):
    task = customer.task()
    task.set_tags(["a"])
    task.refresh()
    assert task.tags == ["a"]


def task_add_tags(customer: Customer):
    task = customer.task(tags=["a"])
    task.add_tags(["b"])
    task.refresh()
    assert task.tags == ["a", "b"]


def task_delete_tags(customer: Customer):
    task = customer.task(tags=["a", "b"])
    task.delete_tags(["a"])
    task.refresh()
    assert task.tags == ["b"]


def batch_finalize(customer: Customer):
    batch = customer.batch(customer.project(rapid=True))
    batch.finalize()
    assert batch.status == "in_progress"


def batch_get_status(customer: Customer):
    batch = customer.batch()
    customer.task(batch=batch.name)
    batch.get_status()
    assert batch.tasks_pending + batch.tasks_completed == 1 and batch.tasks_error == 0


def project_get_template(customer: Customer):
    fields = [{"type": "text", "field_id": "name", "title": "Name"}]
    assert customer.project(TaskType.TextCollection, params={"fields": fields}).get_template().id


def teammate_update_teammate_role(customer: Customer):
    email = customer.teammate()
    teammate = next(one for one in customer.client.list_teammates() if one.email == email)
    teammate.update_teammate_role(TeammateRole.Labeler)


CLASSES = {
    scaleapi.ScaleClient: "",
    Task: "task_",
    Batch: "batch_",
    Project: "project_",
    Teammate: "teammate_",
    File: "file_",
}
# These ask nothing of a server, or belong to the second API of the client, which is another contract.
WITHOUT_SERVER = {"as_dict", "v2_get_tasks"}


def public_methods() -> list[str]:
    """The name of the function above for every public method of the client and of what its calls answer."""
    return [
        prefix + name
        for kind, prefix in CLASSES.items()
        for name, _ in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and name not in WITHOUT_SERVER
    ]


@pytest.mark.parametrize("method", public_methods())
def test_method(method: str, customer: Customer):
    assert method in globals(), f"nothing here calls {method}"
    globals()[method](customer)


# -- how the client behaves --------------------------------------------------------------------------------------------


def test_smoke(world, files):
    client = world.client("test")
    name = f"p-{uuid.uuid4()}"
    with pytest.raises(ScaleResourceNotFound):
        client.get_project(name)
    client.create_project(name, TaskType.ImageAnnotation, params={"instruction": "box the cars"})
    batch = client.create_batch(name, f"b-{uuid.uuid4()}", metadata={"k": "v"})
    identifier = str(uuid.uuid4())
    body = boxes_task(files.put_picture(), batch=batch.name, unique_id=identifier)
    task = client.create_task(TaskType.ImageAnnotation, **body)
    with pytest.raises(ScaleDuplicateResource) as refusal:
        client.create_task(TaskType.ImageAnnotation, **body)
    assert refusal.value.message.endswith(f"({task.id}).")
    assert [one.id for one in client.get_tasks(batch_name=batch.name)] == [task.id]
    assert client.get_tasks_count(batch_name=batch.name) == 1
    assert client.batch_status(batch.name)["completed"] == 1


def test_a_wrong_key_is_refused(world):
    client = scaleapi.ScaleClient("dummy_api_key", api_instance_url=f"{world.server.address}/v1")
    with pytest.raises(ScaleUnauthorized):
        client.batches(limit=1)


def test_live_and_test_worlds_are_apart(world):
    live, test = world.client("live"), world.client("test")
    name = unique("p")
    live.create_project(name, TaskType.NamedEntityRecognition)
    with pytest.raises(ScaleResourceNotFound):
        test.get_project(name)
    task = live.create_task(TaskType.NamedEntityRecognition, **words_task(unique_id="same"))
    with pytest.raises(ScaleResourceNotFound):
        test.get_task(task.id)
    assert test.create_task(TaskType.NamedEntityRecognition, **words_task(unique_id="same")).id != task.id
    with pytest.raises(scaleapi.exceptions.ScaleException):
        test.create_task(TaskType.NamedEntityRecognition, **words_task(project=name))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (TaskType.Categorization, {"categories": ["public", "private"]}),
        (TaskType.Transcription, {"attachment_type": "website", "fields": {"title": "Title"}}),
        (TaskType.ImageAnnotation, {"geometries": {"box": {"objects_to_annotate": ["car"]}}}),
        (TaskType.Annotation, {"attachment_type": "image", "instruction": "i", "objects_to_annotate": ["cow"]}),
        (TaskType.PolygonAnnotation, {"attachment_type": "image", "instruction": "i", "objects_to_annotate": ["cow"]}),
        (TaskType.LineAnnotation, {"attachment_type": "image", "instruction": "i", "objects_to_annotate": ["cow"]}),
        (TaskType.DocumentTranscription, {"features": [{"type": "block", "label": "barcode"}]}),
        (TaskType.DataCollection, {"fields": {"title": "Title"}}),
        (TaskType.NamedEntityRecognition, words_task(labels=[{"description": "no name"}])),
        (TaskType.NamedEntityRecognition, words_task(labels=[{"name": "a", "bad_key": 1}])),
    ],
)
def test_an_incomplete_task_is_refused(customer, kind, body):
    with pytest.raises(ScaleInvalidRequest) as refusal:
        customer.client.create_task(kind, **body)
    assert refusal.value.code == 400 and refusal.value.message


def test_a_numeric_string_is_taken(customer):
    task = customer.client.create_task(
        TaskType.Annotation,
        attachment_type="image",
        attachment=customer.files.put_picture(),
        instruction="Draw a box around each cow.",
        objects_to_annotate=["baby cow", "big cow"],
        min_width="30",
        min_height="30",
    )
    assert task.params["min_width"] == 30


def test_paging_goes_to_the_end(customer):
    project = customer.project()
    made = [customer.task(project=project.name).id for _ in range(11)]
    for limit in (1, 4, 11, 100):
        found = [task.id for task in customer.client.get_tasks(project_name=project.name, limit=limit)]
        assert found == made[::-1], limit
    assert customer.client.get_tasks_count(project_name=project.name) == 11


def test_every_filter_of_the_client_is_understood(customer):
    project = customer.project()
    kept = customer.task(project=project.name, tags=["rain", "night"], unique_id=unique("kept"))
    other = customer.task(project=project.name, tags=["sun"])

    def found(**filters) -> set[str]:
        return {task.id for task in customer.client.get_tasks(project_name=project.name, **filters)}

    everything = {kept.id, other.id}
    assert found(tags=["rain"]) == {kept.id} == found(tags="night") == found(unique_id=kept.unique_id)
    assert found(tags=["rain", "sun"]) == everything == found(unique_id=[]) == found(include_attachment_url=False)
    assert found(task_type=TaskType.NamedEntityRecognition) == everything
    assert found(task_type=TaskType.ImageAnnotation) == set()
    assert found(created_after=kept.created_at, created_before=other.created_at) == everything
    assert found(created_before="2001-01-01") == set() == found(updated_before="2001-01-01 00:00:00.123456")
    assert found(created_after="2001-01-01T03:14:15-07:00", updated_after="2001-01-01T00:00:00Z") == everything
    assert found(review_status=[TaskReviewStatus.Fixed, TaskReviewStatus.Accepted]) == set()
    completed = everything if customer.mode == "test" else set()
    assert found(completed_after="2001-01-01") == completed and found(completed_before="2001-01-01") == set()
    limited = next(customer.client.get_tasks(project_name=project.name, limited_response=True)).as_dict()
    assert {"task_id", "status", "metadata", "project"} <= limited.keys() and "params" not in limited


# -- what other clients send -------------------------------------------------------------------------------------------


def test_booleans_in_any_case_and_empty_parameters(world):
    world.client().create_project("p", TaskType.NamedEntityRecognition)
    for word in ("True", "true", "TRUE", "False", "false"):
        assert world.caller.get(f"/v1/tasks?include_attachment_url={word}&limited_response={word}")["docs"] == []
        assert world.caller.get(f"/v1/batches?exclude_archived={word}&detailed={word}")["docs"] == []
    page = world.caller.get("/v1/tasks?callback_url&end_time&limit=99&offset=0&start_time&status&type=")
    assert (page["limit"], page["offset"], page["total"]) == (99, 0, 0)
    assert world.caller.get("/v1/tasks?some_unknown_parameter=1")["total"] == 0


def test_names_with_an_encoded_slash_and_a_plus(world):
    world.client().create_project("a b/c+d", TaskType.NamedEntityRecognition)
    world.client().create_batch("a b/c+d", "x/y")
    assert world.caller.get("/v1/projects/a%20b%2Fc%2Bd")["name"] == "a b/c+d"
    assert world.caller.get("/v1/batches/x%2Fy/")["name"] == "x/y"
    assert world.caller.get("/v1/batches?project=a+b%2Fc%2Bd")["totalDocs"] == 1


def test_empty_bodies_and_bodies_on_get(world):
    task = world.caller.post("/v1/task/namedentityrecognition/", words_task(tags=["a"], metadata={"k": 1}))
    path = f"/v1/task/{task['task_id']}"
    json_only = {"Content-Type": "application/json"}
    assert world.caller.ask("GET", path, data=b"{}", headers=json_only).status_code == 200
    assert "tags" not in world.caller.ask("POST", f"{path}/tags", headers=json_only).json()
    assert world.caller.ask("POST", f"{path}/setMetadata", headers=json_only).json()["metadata"] == {}
    cancelled = world.caller.ask("POST", f"{path}/cancel", data=b'{"callback_url":null}', headers=json_only)
    assert cancelled.json()["status"] == "canceled"


def test_a_key_as_bearer(world):
    headers = {"Authorization": f"Bearer {world.live_key}"}
    response = world.caller.session.get(f"{world.server.address}/v1/tasks", headers=headers, auth=lambda r: r)
    assert response.status_code == 200


def test_the_idempotency_key_is_used_once(world):
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    path = "/v1/task/namedentityrecognition"
    first = world.caller.ask("POST", path, json=words_task(), headers=headers)
    again = world.caller.ask("POST", path, json=words_task(), headers=headers)
    assert (first.status_code, again.status_code) == (200, 409)
    assert world.caller.get("/v1/tasks")["total"] == 1
