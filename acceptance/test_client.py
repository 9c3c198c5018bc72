"""The published Python client, unmodified, method by method, with live and with test keys."""

import inspect
import io
import uuid
from collections.abc import Callable

import pytest
import scaleapi
from rig.customer import Customer, unique
from rig.server import eventually
from rig.tasks import boxes_task
from scaleapi.batches import Batch, BatchStatus
from scaleapi.exceptions import ScaleDuplicateResource, ScaleInvalidRequest, ScaleResourceNotFound
from scaleapi.files import File
from scaleapi.projects import Project
from scaleapi.tasks import Task, TaskStatus, TaskType
from scaleapi.teams import Teammate, TeammateRole


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
    told = file.as_dict()
    assert told["mime_type"] == "image/png" and told["size"] > 0
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
