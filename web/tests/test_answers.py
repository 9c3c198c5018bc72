"""Everything that can be said besides shapes: answers of all kinds, links, locks, hypotheses; down to the response."""

import json

import pytest
from playwright.sync_api import Locator, expect

from customer import Customer
from desk import Desk
from test_accessibility import check

GEOMETRIES = {"box": {"objects_to_annotate": ["car", "person", "sign"]}}


def question(desk: Desk, key: str) -> Locator:
    return desk.page.locator(f"[data-question={key}]")


def answered(desk: Desk, key: str, **expected) -> None:
    wanted = json.dumps(expected)
    desk.page.wait_for_function(
        "([key, wanted]) => { const given = window.__test.objects()[key].attributes; return Object.entries(JSON.parse(wanted)).every(([name, value]) => JSON.stringify(given[name] ?? null) === JSON.stringify(value)); }",
        arg=[key, wanted],
    )


SEVEN = {
    "hidden": {"type": "category", "description": "How much is hidden?", "choices": ["nothing", "half", "most"]},
    "by": {"type": "text", "description": "What hides it?", "conditions": {"attribute_conditions": [{"hidden": ["half", "most"]}]}},
    "parts": {"type": "category", "description": "Which parts can be seen?", "choices": ["wheel", "door", "plate"], "allow_multiple": True},
    "model": {
        "type": "category", "description": "Which model is it?", "required": False,
        "choices": [{"choice": f"maker {m}", "subchoices": [{"choice": f"m{m}-{i}", "display": f"Model {m}.{i}"} for i in range(6)]} for m in range(3)],
    },
    "doors": {"type": "number", "description": "How many doors?", "min": 0, "max": 6, "step": 2},
    "heading": {"type": "angle", "description": "Where does it go?"},
    "axle": {"type": "x_line", "description": "Where is the front axle?"},
    "sill": {"type": "y_line", "description": "Where is the sill?"},
    "driver": {"type": "linked", "description": "Who drives it?", "allowed_labels": ["person"], "required": True},
    "day": {"type": "category", "description": "Is it day?", "choices": ["yes", "no"], "conditions": {"is_global": True}},
    "sun": {"type": "number", "description": "How high is the sun?", "required": False, "conditions": {"is_global": True, "attribute_conditions": [{"day": "yes"}]}},
}
for name in ["hidden", "by", "parts", "model", "doors", "heading", "axle", "sill", "driver"]:
    SEVEN[name]["conditions"] = {**SEVEN[name].get("conditions", {}), "label_condition": {"label": "car"}}


def test_all_seven_kinds_are_answered_on_the_picture_and_in_the_panel(work, customer: Customer, screens):
    desk, task = work(annotation_attributes=SEVEN)
    page = desk.page
    person = desk.box("person", (100, 350), (160, 480))
    car = desk.box("car", (200, 600), (400, 700))
    desk.choose(car)
    # A category by its digit; what depends on it appears below and moves nothing above.
    above = question(desk, "hidden").bounding_box()
    question(desk, "hidden").locator("input").first.focus()
    desk.key("2")
    expect(question(desk, "by")).to_be_visible()
    assert question(desk, "hidden").bounding_box() == above
    question(desk, "by").locator("textarea").fill("a tree")
    desk.key("Tab")
    for part in ("door", "wheel"):
        question(desk, "parts").locator("label").filter(has_text=part).click()
    answered(desk, car, hidden="half", by="a tree", parts=["wheel", "door"])
    # Many choices are searched.
    question(desk, "model").get_by_role("searchbox").fill("maker 2 2.4")
    expect(question(desk, "model").locator(".leaf")).to_have_count(1)
    desk.key("Enter")
    expect(question(desk, "model")).to_contain_text("maker 2 › Model 2.4")
    question(desk, "doors").locator("input").fill("4")
    # The dial: pointer, keys, typed.
    dial = page.get_by_role("slider", name="Where does it go?")
    dial.scroll_into_view_if_needed()
    at = dial.bounding_box()
    page.mouse.move(at["x"] + 32, at["y"] + 32)
    page.mouse.move(at["x"] + 40, at["y"] + 32)
    page.mouse.down()
    page.mouse.move(at["x"] + 32, at["y"] + 60)
    page.mouse.up()
    answered(desk, car, model="m2-4", doors=4, heading=90)
    dial.focus()
    desk.key("ArrowUp")
    desk.key("Shift+ArrowUp")
    expect(dial).to_have_attribute("aria-valuenow", "106")
    question(desk, "heading").get_by_role("spinbutton").fill("370")
    desk.key("Tab")
    answered(desk, car, heading=10)
    # Lines are drawn across the object, and dragged.
    question(desk, "axle").get_by_role("button", name="Draw").click()
    expect(page.locator(".pick-bar")).to_contain_text("Click where the line goes.")
    page.mouse.move(*desk.place((250, 650)))
    screens(desk, "answers-line")
    desk.click((250, 650))
    answered(desk, car, axle=50)
    desk.drag((250, 665), (310, 640))
    answered(desk, car, axle=110)
    question(desk, "sill").locator("input").fill("30")
    desk.key("Enter")
    answered(desk, car, sill=30)
    # The linked object is picked on the picture; what cannot be picked says why.
    question(desk, "driver").get_by_role("button", name="Pick").click()
    page.mouse.move(*desk.place((300, 620)))
    expect(page.locator(".pick-bar")).to_contain_text("own question")
    desk.key("Escape")
    expect(page.locator(".pick-bar")).to_have_count(0)
    question(desk, "driver").get_by_role("button", name="Pick").click()
    page.mouse.move(*desk.place((120, 400)))
    screens(desk, "answers-pick")
    desk.click((120, 400))
    answered(desk, car, driver=person)
    check(desk.page)
    page.locator("canvas.canvas").focus()
    desk.key("Escape")
    desk.key("Escape")
    question(desk, "day").locator("label").filter(has_text="yes").click()
    question(desk, "sun").locator("input").fill("40")
    desk.key("Tab")
    check(desk.page)
    screens(desk, "answers-global")
    response = desk.finish(customer, task)
    assert response["global_attributes"] == {"day": "yes", "sun": 40}
    assert response["links"] == []
    by_id = {annotation["uuid"]: annotation for annotation in response["annotations"]}
    assert by_id[person]["attributes"] == {}
    assert by_id[car]["attributes"] == {
        "hidden": "half", "by": "a tree", "parts": ["wheel", "door"], "model": "m2-4", "doors": 4, "heading": 10, "axle": 110, "sill": 30, "driver": person,
    }  # fmt: skip
    assert {key: by_id[car][key] for key in ("type", "label", "left", "top", "width", "height")} == {"type": "box", "label": "car", "left": 200, "top": 600, "width": 200, "height": 100}


def test_hidden_answers_are_dropped_and_missing_ones_are_named(work, customer: Customer):
    attributes = {key: SEVEN[key] for key in ("hidden", "by", "doors")}
    desk, task = work(annotation_attributes=attributes)
    car = desk.box("car", (200, 600), (400, 700))
    desk.choose(car)
    question(desk, "hidden").locator("label").filter(has_text="most").click()
    question(desk, "by").locator("textarea").fill("a wall")
    desk.key("Tab")
    answered(desk, car, by="a wall")
    question(desk, "hidden").locator("label").filter(has_text="nothing").click()
    expect(question(desk, "by")).to_have_count(0)
    question(desk, "doors").locator("input").fill("3")
    desk.key("Tab")
    desk.saved()
    desk.submit()
    expect(question(desk, "doors").locator(".fault")).to_contain_text("steps of 2")
    question(desk, "doors").locator("input").fill("2")
    desk.key("Tab")
    response = desk.finish(customer, task)
    assert response["annotations"][0]["attributes"] == {"hidden": "nothing", "doors": 2}


def test_a_text_is_kept_while_it_is_typed(work):
    desk, _ = work(annotation_attributes={"note": {"type": "text", "description": "Anything to say?"}})
    car = desk.box("car", (200, 600), (400, 700))
    desk.choose(car)
    question(desk, "note").locator("textarea").click()
    desk.page.keyboard.type("half a sent")
    answered(desk, car, note="half a sent")
    desk.page.keyboard.type("ence")
    answered(desk, car, note="half a sentence")


def test_several_objects_are_answered_and_relabelled_at_once(work, customer: Customer, screens):
    attributes = {key: SEVEN[key] for key in ("hidden", "doors")}
    desk, task = work(annotation_attributes=attributes)
    first, second = desk.box("car", (100, 600), (200, 700)), desk.box("car", (300, 600), (400, 700))
    desk.choose(first)
    question(desk, "hidden").locator("label").filter(has_text="half").click()
    answered(desk, first, hidden="half")
    desk.page.locator(f"#object-{second}").click(modifiers=["Control"])
    expect(desk.page.get_by_role("heading", name="2 objects")).to_be_visible()
    expect(question(desk, "hidden")).to_contain_text("different answers")
    expect(question(desk, "hidden").locator("input:checked")).to_have_count(0)
    screens(desk, "answers-several")
    question(desk, "hidden").locator("label").filter(has_text="most").click()
    question(desk, "doors").locator("input").fill("4")
    desk.key("Tab")
    for key in (first, second):
        answered(desk, key, hidden="most", doors=4)
    label = desk.page.get_by_role("combobox", name="Label", exact=True)
    label.click()
    desk.page.keyboard.type("pers")
    expect(desk.page.get_by_role("option", name="person")).to_have_count(1)
    desk.key("Enter")
    desk.page.wait_for_function("() => Object.values(window.__test.objects()).every(({ label }) => label === 'person')")
    response = desk.finish(customer, task)
    assert [(annotation["label"], annotation["attributes"]) for annotation in response["annotations"]] == [("person", {}), ("person", {})]


LINKS = {
    "sign_for": {"is_bidirectional": False, "from_allowed_labels": ["sign"], "to_allowed_labels": ["car"]},
    "beside": [{"is_bidirectional": True, "from_allowed_labels": ["car"], "to_allowed_labels": ["person"]}],
}


def test_links_are_drawn_selected_answered_and_go_with_their_objects(work, customer: Customer, screens):
    sure = {"type": "category", "description": "Are you sure?", "choices": ["yes", "no"], "conditions": {"label_condition": {"label": "sign_for"}}}
    desk, task = work(links=LINKS, annotation_attributes={"sure": sure})
    page = desk.page
    sign, car, person = desk.box("sign", (700, 200), (760, 260)), desk.box("car", (200, 600), (400, 700)), desk.box("person", (600, 400), (660, 560))
    desk.choose(sign)
    page.get_by_role("button", name="sign_for").click()
    page.mouse.move(*desk.place((630, 450)))
    expect(page.locator(".pick-bar")).to_contain_text('leads to "car", not to "person"')
    desk.click((630, 450))
    assert links(desk) == []
    screens(desk, "links-refused")
    desk.click((300, 650))
    desk.page.wait_for_function("() => window.__test.links().length === 1")
    question(desk, "sure").locator("label").filter(has_text="yes").click()
    desk.page.wait_for_function("() => window.__test.links()[0].attributes.sure === 'yes'")
    # By the keyboard alone: G begins at the selected object, arrows choose, Enter links.
    desk.choose(car)
    page.locator("canvas.canvas").focus()
    desk.key("g")
    desk.key("ArrowDown")
    desk.key("Enter")
    desk.page.wait_for_function("() => window.__test.links().length === 2")
    screens(desk, "links")
    check(desk.page)
    # An arrow is selected where it is, and removed; undo brings it back.
    desk.key("Escape")
    desk.key("Shift+G")
    expect(page.get_by_role("heading", name="sign_for")).to_be_visible()
    desk.key("Delete")
    desk.page.wait_for_function("() => window.__test.links().length === 1")
    desk.key("Control+z")
    desk.page.wait_for_function("() => window.__test.links().length === 2")
    # Removing an object takes its links along in the same step.
    desk.remove(person)
    desk.page.wait_for_function("() => window.__test.links().length === 1")
    desk.key("Control+z")
    desk.page.wait_for_function("() => window.__test.links().length === 2")
    response = desk.finish(customer, task)
    given = {link["label"]: link for link in response["links"]}
    assert {key: given["sign_for"][key] for key in ("from", "to", "is_bidirectional", "attributes")} == {"from": sign, "to": car, "is_bidirectional": False, "attributes": {"sure": "yes"}}
    assert {given["beside"]["from"], given["beside"]["to"]} == {car, person}
    assert given["beside"]["is_bidirectional"] is True


def links(desk: Desk) -> list:
    return desk.ask("links()")


BASE = {
    "annotations": [
        {"uuid": "b-1", "type": "box", "label": "car", "left": 200, "top": 600, "width": 200, "height": 100, "attributes": {"note": "given"}},
        {"uuid": "b-2", "type": "box", "label": "person", "left": 600, "top": 400, "width": 60, "height": 160, "attributes": {}},
    ]
}
NOTE = {"note": {"type": "text", "description": "Note", "required": False}}


@pytest.mark.parametrize(
    ("flag", "words", "moved", "relabelled", "removed", "added"),
    [
        ("can_edit_base_annotations", "neither moved, relabelled nor answered", False, False, True, True),
        ("can_edit_base_annotation_labels", "not relabelled", True, False, True, True),
        ("can_delete_base_annotations", "but not removed", True, True, False, True),
        ("can_add_base_annotations", None, True, True, True, False),
    ],
)
def test_what_the_customer_has_locked_stays_and_everything_else_may_change(work, customer: Customer, screens, flag, words, moved, relabelled, removed, added):
    desk, task = work(base_annotations=BASE, annotation_attributes=NOTE, **{flag: False})
    page = desk.page
    desk.has(2)
    desk.key("v")
    desk.choose("b-1")
    if words is None:
        expect(page.locator(".lock")).to_have_count(0)
    else:
        expect(page.locator(".lock")).to_contain_text(words)
    screens(desk, f"base-{flag}")
    desk.drag((300, 650), (340, 670))
    if moved:
        page.wait_for_function("() => window.__test.objects()['b-1'].left !== 200")
        question(desk, "note").locator("textarea").fill("changed")
        desk.key("Tab")
        answered(desk, "b-1", note="changed")
    else:
        expect(question(desk, "note").locator("textarea")).to_be_disabled()
    label = page.get_by_role("combobox", name="Label", exact=True)
    if relabelled:
        label.click()
        page.keyboard.type("sign")
        desk.key("Enter")
        page.wait_for_function("() => window.__test.objects()['b-1'].label === 'sign'")
    else:
        expect(label).to_be_disabled()
        page.locator("canvas.canvas").focus()
        desk.key("3")
        expect(page.locator(".toast")).to_contain_text("customer's")
    desk.choose("b-2")
    desk.key("Delete")
    if removed:
        desk.has(1)
    else:
        expect(page.locator(".toast")).to_contain_text("removed")
        assert len(desk.objects()) == 2
    desk.key("v")
    if added:
        new = desk.box("car", (700, 600), (800, 700))
    else:
        desk.key("b")
        expect(page.locator(".toast")).to_contain_text("no further annotations")
        assert desk.ask("tool()") == "select"
    response = desk.finish(customer, task)
    by_id = {annotation["uuid"]: annotation for annotation in response["annotations"]}
    assert set(by_id) == {"b-1"} | (set() if removed else {"b-2"}) | ({new} if added else set())
    given = by_id["b-1"]
    assert (given["left"], given["top"]) == ((240, 620) if moved else (200, 600))
    assert given["label"] == ("sign" if relabelled else "car")
    assert given["attributes"] == {"note": "changed" if moved else "given"}


def test_a_hypothesis_of_every_geometry_is_where_the_work_starts(work, customer: Customer):
    geometries = {kind: {"objects_to_annotate": ["thing"]} for kind in ("box", "polygon", "line", "point", "ellipse", "cuboid")}
    corners = [("face-topleft", 700, 500), ("face-bottomleft", 700, 600), ("face-topright", 800, 500), ("face-bottomright", 800, 600), ("side-topcorner", 860, 480), ("side-bottomcorner", 860, 570)]
    start = {
        "annotations": [
            {"uuid": "h-box", "type": "box", "label": "thing", "left": 100, "top": 100, "width": 50, "height": 40, "attributes": {"note": "seen"}},
            {"uuid": "h-polygon", "type": "polygon", "label": "thing", "vertices": [{"x": 200, "y": 100}, {"x": 300, "y": 100}, {"x": 250, "y": 200}], "attributes": {}},
            {"uuid": "h-line", "type": "line", "label": "thing", "vertices": [{"x": 400, "y": 100}, {"x": 500, "y": 200}], "attributes": {}},
            {"uuid": "h-point", "type": "point", "label": "thing", "x": 600, "y": 150, "attributes": {}},
            {"uuid": "h-ellipse", "type": "ellipse", "label": "thing", "vertices": [{"x": 800, "y": 100}, {"x": 850, "y": 130}, {"x": 800, "y": 160}, {"x": 750, "y": 130}], "attributes": {}},
            {"uuid": "h-cuboid", "type": "cuboid", "label": "thing", "vertices": [{"x": x, "y": y, "description": name, "type": "vertex"} for name, x, y in corners], "attributes": {}},
        ],
        "global_attributes": {"day": "no"},
        "links": [{"uuid": "h-link", "label": "beside", "from": "h-box", "to": "h-line", "is_bidirectional": False}],
    }
    beside = {"beside": {"is_bidirectional": False, "from_allowed_labels": ["thing"], "to_allowed_labels": ["thing"]}}
    desk, task = work(geometries=geometries, hypothesis=start, links=beside, annotation_attributes={**NOTE, "day": SEVEN["day"]})
    assert set(desk.has(6)) == {annotation["uuid"] for annotation in start["annotations"]}
    assert [link["label"] for link in links(desk)] == ["beside"]
    response = desk.finish(customer, task)
    assert response["global_attributes"] == {"day": "no"}
    assert [(link["uuid"], link["from"], link["to"]) for link in response["links"]] == [("h-link", "h-box", "h-line")]
    by_id = {annotation["uuid"]: annotation for annotation in response["annotations"]}
    for given in start["annotations"]:
        for name, value in given.items():
            assert by_id[given["uuid"]][name] == value, name


def test_a_document_in_the_instruction_is_linked_where_the_policy_does_not_allow_it(work):
    address = "https://docs.google.com/document/d/abc/pub?embedded=true"
    desk, _ = work(instruction=f'Read **this**: <iframe src="{address}" onload="alert(1)"></iframe> <script>alert(2)</script>')
    text = desk.page.get_by_role("region", name="Instruction text")
    expect(text.get_by_role("link", name="Open the document")).to_have_attribute("href", address)
    expect(text.locator("strong")).to_have_text("this")
    expect(text).to_contain_text("<script>alert(2)</script>")
    expect(text.locator("iframe, script")).to_have_count(0)


def test_hundreds_of_labels_are_searched_under_their_headings(work, screens):
    labels = [{"choice": f"group {g}", "subchoices": [{"choice": f"l{g}-{i}", "display": f"Label {g}.{i}"} for i in range(20)]} for g in range(12)]
    desk, _ = work(geometries={"box": {"objects_to_annotate": labels}})
    page = desk.page
    desk.key("/")
    search = page.get_by_role("combobox", name="Search labels")
    expect(search).to_be_focused()
    page.keyboard.type("group 7 7.13")
    options = page.get_by_role("listbox", name="Choices").get_by_role("option")
    expect(options).to_have_count(1)
    screens(desk, "labels")
    check(desk.page)
    desk.key("Enter")
    assert desk.ask("tool()") == "box"
    desk.drag((100, 100), (200, 200))
    assert [one["label"] for one in desk.has(1).values()] == ["l7-13"]
    # What was used last stands first.
    desk.key("v")
    desk.key("Escape")
    desk.key("/")
    expect(options.first).to_contain_text("Label 7.13")
    expect(options.first).to_contain_text("group 7")
    desk.key("Escape")
    expect(options).to_have_count(0)
