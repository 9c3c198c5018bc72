"""How the published clients behave, and what those in other languages send."""

import uuid

import pytest
import scaleapi
from rig.customer import unique
from rig.server import eventually
from rig.tasks import boxes_task, words_document, words_task
from scaleapi.exceptions import ScaleDuplicateResource, ScaleInvalidRequest, ScaleResourceNotFound, ScaleUnauthorized
from scaleapi.tasks import TaskReviewStatus, TaskType


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


def test_a_batch_of_a_test_key_ends_and_a_late_task_ends_it_again(world, receiver):
    for mode in ("live", "test"):
        client = world.client(mode)
        project = client.create_project(unique("p"), TaskType.NamedEntityRecognition)
        batch = client.create_batch(project.name, unique("b"), callback=f"{receiver.address}/{mode}")
        client.create_task(TaskType.NamedEntityRecognition, **words_task(batch=batch.name))
        if mode == "live":
            finish_next(world)
        assert receiver.wait(lambda one, mode=mode: one.path == f"/{mode}")[0].body["status"] == "completed"
        assert client.get_batch(batch.name).status == "completed"
    client.create_task(TaskType.NamedEntityRecognition, **words_task(batch=batch.name))
    receiver.wait(lambda one: one.path == "/test", count=2)


def finish_next(world) -> None:
    labeler = world.labeler()
    work = eventually(labeler.claim)
    labeler.fill(work, words_document())
    labeler.submit(work)


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
