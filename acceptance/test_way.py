"""The whole way: a published client creates tasks on photographs, a person labels them in a browser, the answer comes back."""

import pytest
from conftest import PASSWORD
from desk import Desk
from playwright.sync_api import expect
from rig.server import eventually
from rig.web import is_signed
from scaleapi.tasks import TaskType

PERSON, BUILDING, ROOF = "1", "2", "3"  # the digits on the labels
PARAMS = {
    "instruction": "Find the **building** and its roof.",
    "geometries": {
        "box": {"objects_to_annotate": ["person", {"choice": "building", "display": "Building"}], "min_width": 5},
        "polygon": {"objects_to_annotate": ["roof"], "min_vertices": 3},
    },
    "annotation_attributes": {
        "storeys": {"type": "number", "description": "How many storeys?", "min": 1, "max": 9,
                    "conditions": {"label_condition": {"label": "building"}}},
        "state": {"type": "category", "description": "In which state is it?", "choices": ["good", "bad"],
                  "conditions": {"label_condition": {"label": "roof"}}},
        "note": {"type": "text", "description": "Anything else?", "required": False},
    },
}  # fmt: skip


@pytest.fixture
def desk(world, browser, browser_context_args):
    """A labeler of the account at a browser of their own; any complaint of a page fails the test."""
    email = world.labeler("painter").user["email"]
    context = browser.new_context(**browser_context_args)
    desk = Desk(context, {"url": world.server.address, "email": email, "password": PASSWORD})
    yield desk
    context.close()
    # Before the sign-in the page asks who it is and is told 401, which the browser writes to its console.
    assert [error for error in desk.errors if "401" not in error] == []


def test_the_whole_way(world, files, receiver, photographs, desk):
    client = world.client()
    project = client.create_project("palaces", TaskType.ImageAnnotation, params=PARAMS)
    batch = client.create_batch(project.name, "first", callback=f"{receiver.address}/batch")
    lead, tasks = world.labeler("lead"), {}
    for number, name in enumerate(("china.jpg", "flower.jpg"), 1):
        tasks[name] = client.create_task(
            TaskType.ImageAnnotation, batch=batch.name, unique_id=name, callback_url=f"{receiver.address}/{name}",
            attachment=files.put(f"/{name}", photographs[name], "image/jpeg"),
        )  # fmt: skip
        # A task joins the queue once its picture is copied; waiting here decides which comes first.
        eventually(lambda: lead.get("/api/work/summary")["queue"]["waiting"] == number)

    desk.sign_in().open_work()
    first = desk.work_id()
    label_palace(desk)
    desk.submit()
    desk.page.wait_for_function("work => !location.hash.endsWith(work) && location.hash.length > 10", arg=first)
    desk.work_is_open()
    label_flower(desk)
    desk.submit()
    expect(desk.page.get_by_role("heading", name="The queue is empty")).to_be_visible()

    responses = {name: check_delivery(world, client, receiver, name, task) for name, task in tasks.items()}
    box, polygon = responses["china.jpg"]["annotations"]
    assert (box["type"], box["label"], box["attributes"]) == ("box", "building", {"storeys": 3, "note": "A palace"})
    assert near(box, {"left": 140, "top": 110, "width": 260, "height": 170})
    assert (polygon["type"], polygon["label"], polygon["attributes"]) == ("polygon", "roof", {"state": "good"})
    assert len(polygon["vertices"]) == 4 and near(polygon["vertices"][0], {"x": 200, "y": 120})
    assert [one["label"] for one in responses["flower.jpg"]["annotations"]] == ["person"]

    end = receiver.wait(lambda one: one.path == "/batch")[0]
    assert end.body["status"] == "completed" and end.body["batch"]["name"] == batch.name
    status = client.batch_status(batch.name)
    assert status["status"] == "completed" and status["completed"] == 2


def label_palace(desk: Desk) -> None:
    draw(desk, BUILDING, (140, 110), (400, 280))
    desk.page.get_by_label("How many storeys?").fill("3")
    desk.page.get_by_label("Anything else?").fill("A palace")
    desk.page.locator("canvas.canvas").focus()
    desk.key(ROOF)
    for corner in ((200, 120), (330, 120), (360, 160), (170, 160)):
        desk.click(corner)
    desk.key("Enter")
    desk.has(2)
    desk.page.locator("label.choice", has_text="good").click()
    desk.saved()


def label_flower(desk: Desk) -> None:
    draw(desk, PERSON, (300, 100), (420, 260))
    desk.saved()


def draw(desk: Desk, label: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    before = set(desk.objects())
    desk.page.locator("canvas.canvas").focus()
    desk.key(label)
    desk.drag(start, end)
    desk.new_object(before)


def check_delivery(world, client, receiver, name: str, task) -> dict:
    """The callback came, is authentic, and says what the API says."""
    callback = receiver.for_task(task.id)
    assert callback.path == f"/{name}" and callback.headers["content-type"].startswith("application/json")
    secret = world.server.key("callback-auth", "--account", world.account)
    assert callback.headers["scale-callback-auth"] == secret
    assert is_signed(callback, secret)
    found = client.get_task(task.id)
    assert found.status == "completed" and found.response == callback.body["response"]
    assert callback.body["task"]["task_id"] == task.id and callback.body["task"]["response"] == found.response
    listed = next(client.get_tasks(project_name="palaces", unique_id=name))
    assert listed.response == found.response
    eventually(lambda: client.get_task(task.id).as_dict().get("callback_succeeded") is True)
    return found.response


def near(found: dict, wanted: dict) -> bool:
    """Within two pixels, since the picture is shown smaller or larger than it is."""
    return all(abs(found[name] - value) <= 2 for name, value in wanted.items())
