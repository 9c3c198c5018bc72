"""A project is created and its taxonomy built by hand, beside the editor and the JSON that come of it."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from desk import Desk
from test_accessibility import check
from test_project_people import called

CATS_AND_DOGS = {
    "geometries": {"box": {"objects_to_annotate": ["cat", "dog"]}},
    "annotation_attributes": {
        "is_the_cat_asleep": {
            "type": "category",
            "description": "Is the cat asleep?",
            "choices": ["sleeping", "not sleeping"],
            "conditions": {"label_condition": {"label": ["cat"]}},
        },
        "how_many_cats_and_dogs_are_there": {
            "type": "number",
            "description": "How many cats and dogs are there?",
            "conditions": {"is_global": True},
            "min": 0,
        },
    },
    "links": {"looking at": {"from_allowed_labels": ["dog"], "to_allowed_labels": ["cat"]}},
}


def new_project(desk: Desk, name: str, instruction: str = "") -> Page:
    page = desk.page
    page.goto(f"{desk.account['url']}/#/new-project")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Instruction (Markdown)").fill(instruction)
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_role("link", name="Taxonomy")).to_have_attribute("aria-current", "page")
    return page


def add(field: Locator, *names: str) -> None:
    for name in names:
        field.fill(name)
        field.press("Enter")


def json_of(page: Page) -> dict:
    return json.loads(page.get_by_label("Parameters as JSON").input_value())


def with_json(page: Page) -> Page:
    button = page.get_by_role("button", name="JSON", exact=True)
    if button.get_attribute("aria-pressed") == "false":
        button.click()
    return page


def params(desk: Desk, name: str) -> dict:
    return desk.context.request.get(f"{desk.account['url']}/api/projects/{name}").json()["params"]


def build_cats_and_dogs(page: Page) -> None:
    page.get_by_role("button", name="Add boxes").click()
    add(page.get_by_label("Add a class of boxes"), "cat", "dog")
    page.get_by_role("button", name="More about cat").click()
    page.get_by_role("menuitem", name="Ask something about each cat").click()
    objects = page.get_by_role("region", name="What is asked about objects")
    objects.get_by_label("Question", exact=True).fill("Is the cat asleep?")
    objects.get_by_label("Question", exact=True).press("Enter")
    add(objects.get_by_label("Add a choice for is_the_cat_asleep"), "sleeping", "not sleeping")
    page.get_by_role("button", name="Add a kind of link").click()
    page.get_by_label("Name of the link link").fill("looking at")
    page.get_by_label("Name of the link link").press("Enter")
    link = page.get_by_role("article", name="Link looking at")
    link.get_by_role("group", name="From").get_by_label("dog").check()
    link.get_by_role("group", name="To").get_by_label("cat").check()
    page.get_by_role("button", name="Add a question about the picture").click()
    picture = page.get_by_role("region", name="What is asked about the whole picture")
    picture.get_by_label("Question", exact=True).fill("How many cats and dogs are there?")
    picture.get_by_label("Kind of answer").select_option("number")
    picture.get_by_label("Least", exact=True).fill("0")
    picture.get_by_label("Least", exact=True).press("Enter")


def draw(page: Page, label: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drags a box over the preview, in parts of its width and height."""
    preview = page.get_by_role("region", name="Preview of the editor")
    preview.get_by_role("button", name=label).first.click()
    area = preview.locator("canvas").bounding_box()
    page.mouse.move(area["x"] + start[0] * area["width"], area["y"] + start[1] * area["height"])
    page.mouse.down()
    page.mouse.move(area["x"] + end[0] * area["width"], area["y"] + end[1] * area["height"], steps=4)
    page.mouse.up()


def test_cats_and_dogs_are_built_by_hand_and_tried_at_once(desk: Desk, screens):
    desk.sign_in()
    page = new_project(desk, "Cats and dogs", "Draw a **box** around every cat and dog.")
    build_cats_and_dogs(page)
    expect(page.get_by_text("The server would take this")).to_be_visible()
    assert {key: value for key, value in json_of(with_json(page)).items() if key != "instruction"} == CATS_AND_DOGS

    preview = page.get_by_role("region", name="Preview of the editor")
    expect(preview.locator("canvas[data-ready=true]")).to_be_visible()
    expect(preview.get_by_label("How many cats and dogs are there?")).to_be_visible()
    draw(page, "cat", (0.35, 0.4), (0.5, 0.6))
    expect(preview.get_by_text("Is the cat asleep?")).to_be_visible()
    draw(page, "dog", (0.15, 0.5), (0.33, 0.8))
    expect(preview.get_by_text("Is the cat asleep?")).to_have_count(0)
    screens(desk, "taxonomy-builder")
    # What was tried stays while the taxonomy goes on changing.
    page.get_by_label("Name of the class cat").fill("kitten")
    page.get_by_label("Name of the class cat").press("Enter")
    expect(preview.get_by_role("button", name="kitten")).to_be_visible()
    expect(preview.get_by_role("option")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version 1")).to_be_visible()
    assert params(desk, "Cats and dogs") == {"instruction": "Draw a **box** around every cat and dog.", **CATS_AND_DOGS}


def test_text_and_builder_say_the_same_and_nothing_unknown_is_lost(desk: Desk):
    desk.sign_in()
    page = with_json(new_project(desk, "Both ways"))
    text = page.get_by_label("Parameters as JSON")
    written = {
        "some_day": {"kept": [1, {"a": None}]},
        "geometries": {"polygon": {"objects_to_annotate": [{"choice": "vehicle", "display": "Vehicle", "subchoices": ["car", {"choice": "bus", "instance_label": True}]}]}},
        "annotation_attributes": {"colour": {"type": "text", "conditions": {"label_condition": {"label": ["bus"]}}}},
    }
    text.fill(json.dumps(written))
    page.get_by_label("Name of the class bus").fill("coach")
    page.get_by_label("Name of the class bus").press("Enter")
    page.get_by_label("Colour of car").fill("#ff0000")
    page.get_by_label("What people see for car").fill("Car")
    page.get_by_label("What people see for car").press("Enter")
    expect(text).to_have_value(re.compile('"display": "Car"'))
    written["geometries"]["polygon"]["objects_to_annotate"][0]["subchoices"] = [{"choice": "car", "display": "Car"}, {"choice": "coach", "instance_label": True}]
    written["annotation_attributes"]["colour"]["conditions"]["label_condition"]["label"] = ["coach"]
    assert json_of(page) == {**written, "label_colors": {"car": "#ff0000"}}
    # Half a text changes nothing, and says where it stops being JSON.
    text.fill('{\n  "geometries": {,')
    expect(page.get_by_text("This is not JSON yet")).to_be_visible()
    expect(page.get_by_label("Name of the class coach")).to_be_visible()
    # The server's own checks stand where the fault is.
    text.fill(json.dumps({**written, "geometries": {"polygon": {**written["geometries"]["polygon"], "min_vertices": 9, "max_vertices": 4}}}))
    expect(page.get_by_role("region", name="Polygons").get_by_text("at least `min_vertices`")).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()


def test_conditions_are_built_and_seen_in_the_preview(desk: Desk):
    desk.sign_in()
    page = with_json(new_project(desk, "Conditions"))
    page.get_by_role("button", name="Add boxes").click()
    add(page.get_by_label("Add a class of boxes"), "cat")
    objects = page.get_by_role("region", name="What is asked about objects")
    page.get_by_role("button", name="Add a question about objects").click()
    objects.get_by_label("Question", exact=True).fill("Asleep?")
    objects.get_by_label("Question", exact=True).press("Enter")
    add(objects.get_by_label("Add a choice for asleep"), "yes", "no")
    objects.get_by_role("button", name="Asleep?").click()
    page.get_by_role("button", name="Add a question about objects").click()
    dreams = objects.get_by_role("article").last
    dreams.get_by_label("Question", exact=True).fill("Dreams?")
    dreams.get_by_label("Kind of answer").select_option("text")
    dreams.get_by_role("button", name="Add a condition").click()
    dreams.get_by_role("group", name="Answers to asleep").get_by_label("yes").check()
    assert json_of(page)["annotation_attributes"]["dreams"]["conditions"] == {"attribute_conditions": [{"asleep": ["yes"]}]}
    preview = page.get_by_role("region", name="Preview of the editor")
    expect(preview.locator("canvas[data-ready=true]")).to_be_visible()
    page.wait_for_timeout(500)
    draw(page, "cat", (0.35, 0.4), (0.5, 0.6))
    expect(preview.get_by_text("Dreams?")).to_have_count(0)
    preview.get_by_label("yes").check()
    expect(preview.get_by_text("Dreams?")).to_be_visible()


def test_changes_outlive_the_tab_and_meet_those_of_somebody_else(desks):
    one = desks().sign_in()
    one.expected.append("409")
    page = new_project(one, "Two hands")
    page.get_by_role("button", name="Add boxes").click()
    add(page.get_by_label("Add a class of boxes"), "mine")
    page.reload()
    expect(page.get_by_text("Changes that were not saved are back.")).to_be_visible()
    expect(page.get_by_label("Name of the class mine")).to_be_visible()

    two = desks().sign_in()
    two.page.goto(f"{two.account['url']}/#/projects/Two%20hands/taxonomy")
    two.page.get_by_role("button", name="Add points").click()
    add(two.page.get_by_label("Add a class of points"), "theirs")
    two.page.get_by_role("button", name="Save", exact=True).click()
    expect(two.page.get_by_text("Saved as version")).to_be_visible()

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Somebody has saved another version since you began.")).to_be_visible()
    page.get_by_role("button", name="Go on with mine").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version")).to_be_visible()
    assert params(one, "Two hands") == {"geometries": {"box": {"objects_to_annotate": ["mine"]}}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_projects_pass_the_accessibility_checker_and_fit_a_phone(desks, screens, scheme):
    desk = desks(color_scheme=scheme).sign_in()
    page = desk.page
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    page.goto(f"{desk.account['url']}/#/new-project")
    expect(page.get_by_label("Name")).to_be_visible()
    check(page)
    with_json(new_project(desk, f"Looked at {scheme}", "# Cats\n\n- all"))
    build_cats_and_dogs(page)
    expect(page.get_by_text("The server would take this")).to_be_visible()
    for name, address in [("home", ""), ("projects", "projects"), ("new-project", "new-project"), ("taxonomy", f"projects/Looked at {scheme}/taxonomy"), ("instructions", f"projects/Looked at {scheme}/instructions")]:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{desk.account['url']}/#/{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_timeout(700)
        check(page)
        screens(desk, f"{name}-{scheme}")
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, f"{name} is wider than a phone"
        check(page)
        screens(desk, f"{name}-{scheme}-phone")


def test_a_change_is_tried_on_the_tasks_there_are_before_it_is_saved(desk: Desk, screens):
    desk.sign_in()
    page = desk.page
    page.goto(f"{desk.account['url']}/#/projects/Demo%20street/taxonomy")
    page.get_by_role("button", name="Add ellipses").click()
    add(page.get_by_label("Add a class of ellipses"), "wheel")
    page.get_by_role("button", name="Save", exact=True).click()
    dialog = page.get_by_role("dialog", name="Save a new version")
    expect(dialog.get_by_text("Nothing breaks: all")).to_be_visible()
    check(page)
    screens(desk, "taxonomy-save")
    dialog.get_by_role("button", name="Go on changing").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_label("Name of the class wheel")).to_have_count(0)


def test_members_look_and_try_but_do_not_change(desks):
    admin = desks().sign_in()
    member = desks()
    member.account = {**admin.account, "email": "mia@look.example", "password": "correct horse"}
    path = called(admin, "POST", "/api/people", {"email": "mia@look.example", "role": "member"})["path"]
    accepted = member.context.request.post(
        admin.account["url"] + "/api/invitations/accept", data={"token": path.split("/")[-1], "name": "Mia", "password": "correct horse"}
    )
    assert accepted.ok
    member.context.clear_cookies()
    page = member.sign_in().page
    page.goto(f"{admin.account['url']}/#/projects/Demo%20street/taxonomy")
    expect(page.get_by_text("You may look and try")).to_be_visible()
    expect(page.get_by_label("Name of the class car")).to_be_disabled()
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    expect(page.get_by_label("Kind of answer").first).to_be_visible()
    preview = page.get_by_role("region", name="Preview of the editor")
    expect(preview.locator("canvas[data-ready=true]")).to_be_visible()
    draw(page, "car", (0.35, 0.4), (0.5, 0.6))
    expect(preview.get_by_role("option")).to_have_count(1)


TEXT_TYPES = ["Categorization", "Text collection", "Entities in a text", "Document transcription", "Transcription", "Data collection", "Comparison", "Boxes only", "Cuboids only"]


def test_other_kinds_begin_with_an_example_that_the_server_takes(desk: Desk):
    desk.sign_in()
    for kind in TEXT_TYPES:
        page = desk.page
        page.goto(f"{desk.account['url']}/#/new-project")
        more = page.get_by_role("button", name="more kinds")
        if more.is_visible():
            more.click()
        page.get_by_role("radio", name=re.compile(f"^{kind}")).check()
        page.get_by_label("Name").fill(f"{kind} project")
        page.get_by_label("Instruction (Markdown)").fill("Do it well.")
        page.get_by_role("button", name="Create the project").click()
        page.get_by_role("button", name="Begin with an example").click()
        expect(page.get_by_text("The server would take this")).to_be_visible()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved as version 1")).to_be_visible()
