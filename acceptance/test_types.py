"""Every task type worked once by a person through the interface of the web pages: claim, steps, submit."""

import pytest
from rig.server import eventually
from rig.tasks import FIXTURES, TYPES, fixture
from rig.web import is_about


def test_every_type_has_a_fixture():
    assert sorted(TYPES) == sorted(folder.name for folder in FIXTURES.iterdir() if folder.is_dir())


@pytest.mark.parametrize("kind", TYPES)
def test_worked_once(kind, world, files, receiver):
    body, document, response = fixture(kind, files)
    task = world.caller.post(f"/v1/task/{kind}", {**body, "callback_url": f"{receiver.address}/{kind}"})
    assert task["status"] == "pending" and "response" not in task

    labeler = world.labeler()
    work = eventually(labeler.claim)
    assert work["task"] == task["task_id"] and work["type"] == kind
    labeler.fill(work, document)
    assert labeler.post(f"/api/work/{work['id']}/check", {"lease": work["lease"]["token"]})["issues"] == []
    assert labeler.submit(work)["status"] == "completed"

    finished = world.caller.task(task["task_id"])
    assert finished["status"] == "completed" and finished["completed_at"]
    assert _without_clock(finished["response"]) == _without_clock(response)
    callback = receiver.for_task(task["task_id"])
    assert callback.body["response"] == finished["response"] == callback.body["task"]["response"]
    assert labeler.claim() is None
    assert len([one for one in receiver.received if is_about(one, task["task_id"])]) == 1


def _without_clock(response: dict) -> dict:
    """The response without what depends on how long the work took."""
    return {name: value for name, value in response.items() if name != "time_spent_in_seconds"}
