"""The whole way: a published client creates tasks on photographs, a person labels them in a browser, the answer comes back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import PASSWORD
from playwright.sync_api import expect
from rig.editor import Editor
from rig.people import Labeler
from rig.server import eventually
from rig.web import is_signed
from scaleapi.tasks import TaskType

GEOMETRIES = {
    "box": {"objects_to_annotate": ["person", {"choice": "building", "display": "Building"}], "min_width": 5},
    "polygon": {"objects_to_annotate": ["roof"], "min_vertices": 3},
}
ATTRIBUTES = {
    "storeys": {"type": "number", "description": "How many storeys?", "min": 1, "max": 9,
                "conditions": {"label_condition": {"label": "building"}}},
    "state": {"type": "category", "description": "In which state is it?", "choices": ["good", "bad"],
              "conditions": {"label_condition": {"label": "roof"}}},
    "note": {"type": "text", "description": "Anything else?", "required": False},
}  # fmt: skip


@pytest.fixture
def labeling(world, page):
    """A person of the account, signed in to the pages in a browser."""
    person = world.labeler("painter")
    editor = Editor(page, world.server.address)
    editor.sign_in(person.user["email"], PASSWORD)
    yield editor
    assert editor.complaints == []


def test_the_whole_way(world, files, receiver, photographs, labeling):
    client = world.client()
    project = client.create_project("palaces", TaskType.ImageAnnotation, params={
        "instruction": "Find the **building** and its roof.", "geometries": GEOMETRIES,
        "annotation_attributes": ATTRIBUTES})  # fmt: skip
    batch = client.create_batch(project.name, "first", callback=f"{receiver.address}/batch")
    tasks = {
        name: client.create_task(
            TaskType.ImageAnnotation, batch=batch.name, unique_id=name, callback_url=f"{receiver.address}/{name}",
            attachment=files.put(f"/{name}", photographs[name], "image/jpeg"),
        )
        for name in ("china.jpg", "flower.jpg")
    }  # fmt: skip
    eventually(lambda: Labeler(world.server.address, labeling.email, PASSWORD).get("/api/work/summary")["continue"])

    labeling.page.reload()
    labeling.go_on()
    label_palace(labeling)
    labeling.submit()
    labeling.wait_for_picture()
    expect(labeling.page.get_by_text("Submitted. Here is the next one.")).to_be_visible()
    label_flower(labeling)
    labeling.submit()
    expect(labeling.page.get_by_text("That was the last one for now")).to_be_visible()

    responses = {name: check_delivery(world, client, receiver, name, task) for name, task in tasks.items()}
    box, polygon = responses["china.jpg"]["annotations"]
    assert (box["type"], box["label"], box["attributes"]) == ("box", "building", {"storeys": 3, "note": "A palace"})
    assert near(box, {"left": 140, "top": 110, "width": 260, "height": 170})
    assert (polygon["type"], polygon["label"], polygon["attributes"]["state"]) == ("polygon", "roof", "good")
    assert len(polygon["vertices"]) == 4 and near(polygon["vertices"][0], {"x": 200, "y": 120})
    batch_end = receiver.wait(lambda one: one.path == "/batch")[0]
    assert batch_end.body["status"] == "completed"
    assert client.batch_status(batch.name) == {"status": "completed", "completed": 2, **zeros(client, batch)}


def zeros(client, batch) -> dict:
    return {name: value for name, value in client.batch_status(batch.name).items() if value == 0}


def label_palace(editor: Editor) -> None:
    editor.choose("Building")
    editor.drag((140, 110), (400, 280))
    editor.page.get_by_label("How many storeys?").fill("3")
    editor.page.get_by_label("Anything else?").fill("A palace")
    editor.choose("roof")
    editor.polygon([(200, 120), (330, 120), (360, 160), (170, 160)])
    editor.page.get_by_role("radio", name="good").check()
    editor.wait_saved()


def label_flower(editor: Editor) -> None:
    editor.choose("person")
    editor.drag((300, 100), (420, 260))
    editor.wait_saved()


def check_delivery(world, client, receiver, name: str, task) -> dict:
    """The callback came once, from us, and says what the API says."""
    callback = receiver.for_task(task.id)
    assert callback.path == f"/{name}" and callback.headers["content-type"].startswith("application/json")
    secret = world.server.key("callback-auth", "--account", world.account)
    assert callback.headers["scale-callback-auth"] == secret
    assert is_signed(callback, secret)
    found = client.get_task(task.id)
    assert found.status == "completed" and found.response == callback.body["response"]
    assert callback.body["task"]["task_id"] == task.id and callback.body["task"]["response"] == found.response
    by_list = next(client.get_tasks(project_name="palaces", unique_id=name))
    assert by_list.response == found.response
    eventually(lambda: client.get_task(task.id).as_dict().get("callback_succeeded") is True)
    return found.response


def near(found: dict, wanted: dict) -> bool:
    """Within two pixels, since the picture is shown smaller or larger than it is."""
    return all(abs(found[name] - value) <= 2 for name, value in wanted.items())


def boxes(world, files, photographs, count: int = 1) -> None:
    for number in range(count):
        world.caller.post("/v1/task/imageannotation", {
            "attachment": files.put(f"/{number}.jpg", photographs["china.jpg"], "image/jpeg"),
            "geometries": GEOMETRIES, "annotation_attributes": ATTRIBUTES})  # fmt: skip


def start(world, editor: Editor) -> None:
    eventually(lambda: Labeler(world.server.address, editor.email, PASSWORD).get("/api/work/summary")["continue"])
    editor.page.reload()
    editor.go_on()


def test_a_killed_tab_loses_nothing(world, files, photographs, labeling, browser):
    boxes(world, files, photographs)
    start(world, labeling)
    labeling.choose("person")
    labeling.drag((50, 60), (150, 200))
    labeling.wait_saved()
    drawn = labeling.objects()
    labeling.page.close(run_before_unload=False)

    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = Editor(context.new_page(), world.server.address)
    other.sign_in(labeling.email, PASSWORD)
    other.go_on()
    assert other.objects() == drawn and len(drawn) == 1
    other.page.keyboard.press("Control+z")
    expect(other.page.get_by_text("Nothing is drawn yet")).to_be_visible()
    context.close()


def test_steps_made_while_offline_arrive_later(world, files, photographs, labeling):
    boxes(world, files, photographs)
    start(world, labeling)
    labeling.page.context.set_offline(True)
    labeling.choose("person")
    labeling.drag((50, 60), (150, 200))
    expect(labeling.page.get_by_test_id("save-state")).to_have_text("Offline, 1 kept on this computer")
    labeling.page.context.set_offline(False)
    labeling.wait_saved()
    work = Labeler(world.server.address, labeling.email, PASSWORD).claim()
    assert work["draft"]["collections"]["annotations"].keys() == labeling.objects().keys()
    labeling.complaints.clear()  # The browser complains of the calls that did not get through.


def test_a_refused_submission_says_why_and_goes_there(world, files, photographs, labeling):
    boxes(world, files, photographs)
    start(world, labeling)
    labeling.choose("Building")
    labeling.drag((140, 110), (400, 280))
    labeling.submit()
    expect(labeling.page.get_by_role("list", name="Checks").get_by_role("button")).to_have_count(1)
    labeling.page.get_by_label("How many storeys?").fill("2")
    labeling.submit()
    expect(labeling.page.get_by_text("That was the last one for now")).to_be_visible()


def test_the_pages_are_accessible(world, files, photographs, labeling):
    boxes(world, files, photographs)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
    found = {"home": Axe().run(labeling.page, options=rules)}
    start(world, labeling)
    labeling.choose("person")
    labeling.drag((50, 60), (150, 200))
    labeling.wait_saved()
    found["editor"] = Axe().run(labeling.page, options=rules)
    labeling.page.get_by_role("button", name="Queue").click()
    labeling.page.get_by_role("button", name="Sign out").click()
    labeling.page.get_by_label("Password").wait_for()
    found["sign-in"] = Axe().run(labeling.page, options=rules)
    assert {name: result.generate_report() for name, result in found.items() if result.violations_count} == {}
    labeling.complaints.clear()
