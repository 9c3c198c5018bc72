"""The picture itself: its layers, facts and context, turned, measured and adjusted."""

import math
import re

from playwright.sync_api import expect

from customer import Customer
from test_accessibility import check

GEOMETRIES = {"box": {"objects_to_annotate": ["car", "person", "sign"]}}


def test_layers_facts_and_context_are_shown_and_no_part_of_the_answer(work, customer: Customer, screens):
    # Of the demo's own pictures: what other tests have made tasks of is anything.
    docs = customer.ask("GET", "/v1/tasks?project=Demo%20street&limit=100")["docs"]
    others = [doc["params"]["attachment"] for doc in docs][-3:-1]
    layers = {
        "boxes": [{"left": 300, "top": 200, "width": 200, "height": 100, "label": "parking"}],
        "lines": [{"vertices": [{"x": 100, "y": 600}, {"x": 1200, "y": 620}], "label": "kerb"}],
        "polygons": [{"vertices": [{"x": 900, "y": 100}, {"x": 1000, "y": 60}, {"x": 1100, "y": 140}], "label": "roof"}],
    }
    facts = {"date_time": "2026-03-01T12:30:00Z", "location": {"lat": 47.3769, "long": 8.5417}, "resolution": {"resolution_ratio": 0.02, "resolution_unit": "m"}, "camera": "front left"}
    desk, task = work(layers=layers, image_metadata=facts, context_attachments=[{"attachment": url} for url in others])
    page = desk.page
    panel = page.get_by_role("region", name="Whole picture")
    for words in ("2026-03-01 12:30:00 UTC", "47.3769, 8.5417", "0.02 m per pixel", "front left"):
        expect(panel).to_contain_text(words)
    assert len(desk.objects()) == 0
    shown = page.locator("canvas.canvas").screenshot()
    kerb = page.get_by_role("checkbox", name="kerb")
    kerb.uncheck()
    page.wait_for_timeout(100)
    assert page.locator("canvas.canvas").screenshot() != shown
    kerb.check()
    screens(desk, "layers")
    # Layers cannot be selected.
    desk.key("v")
    desk.click((400, 200))
    assert desk.ask("selection()") is None
    page.get_by_role("button", name="Context picture 1").click()
    dialog = page.get_by_role("dialog", name="Context picture 1 of 2")
    expect(dialog.locator("img")).to_be_visible()
    check(desk.page)
    screens(desk, "context")
    transform = "() => document.querySelector('.context-frame img').style.transform"
    before = page.evaluate(transform)
    desk.key("+")
    assert page.evaluate(transform) != before
    desk.key("ArrowRight")
    expect(page.get_by_role("dialog", name="Context picture 2 of 2")).to_be_visible()
    desk.key("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    check(desk.page)
    car = desk.box("car", (200, 600), (400, 700))
    response = desk.finish(customer, task)
    assert [annotation["uuid"] for annotation in response["annotations"]] == [car]


def test_the_picture_is_turned_and_what_is_drawn_keeps_its_place_in_it(work, customer: Customer, screens):
    rotation = {"type": "number", "description": "Turn the picture upright", "conditions": {"is_global": True}}
    desk, task = work(annotation_attributes={"image_rotation": rotation})
    page = desk.page
    before = desk.box("car", (200, 600), (400, 700))
    desk.key("Escape")
    upright = desk.place((200, 600)), desk.place((400, 600))
    page.get_by_role("button", name="Turn the picture clockwise").click()
    page.wait_for_function("() => document.querySelector('.turn').textContent === '90°'")
    turned = desk.place((200, 600)), desk.place((400, 600))
    assert abs(upright[0][1] - upright[1][1]) < 1 and abs(turned[0][0] - turned[1][0]) < 1
    after = desk.box("person", (600, 200), (700, 400))
    screens(desk, "turned")
    placed = {key: tuple(round(desk.objects()[key][name]) for name in ("left", "top", "width", "height")) for key in (before, after)}
    assert placed == {before: (200, 600, 200, 100), after: (600, 200, 100, 200)}
    # Zooming about the pointer and panning follow the turned picture.
    at = desk.place((650, 300))
    page.mouse.move(*at)
    page.mouse.wheel(0, -300)
    assert math.dist(desk.place((650, 300)), at) < 1
    response = desk.finish(customer, task)
    assert response["global_attributes"] == {"image_rotation": 90}
    by_id = {annotation["uuid"]: annotation for annotation in response["annotations"]}
    assert tuple(round(by_id[after][name]) for name in ("left", "top", "width", "height")) == (600, 200, 100, 200)


def test_a_picture_that_nobody_turned_is_answered_as_it_stands(work, customer: Customer):
    choices = {"type": "category", "description": "Rotation", "choices": ["0", "90", "180", "270"], "conditions": {"is_global": True}}
    desk, task = work(annotation_attributes={"image_rotation": choices})
    desk.box("car", (200, 600), (400, 700))
    assert desk.finish(customer, task)["global_attributes"] == {"image_rotation": "0"}


def test_the_ruler_measures_and_leaves_nothing_behind(work, screens):
    desk, _ = work(image_metadata={"resolution": {"resolution_ratio": 0.02, "resolution_unit": "m"}})
    desk.key("r")
    desk.drag((200, 200), (500, 600))
    expect(desk.page.locator(".readout")).to_have_text("10 m · 500 px")
    for place in ((600, 200), (700, 200), (700, 300)):
        desk.click(place)
    desk.key("Enter")
    expect(desk.page.locator(".readout")).to_have_text("4 m · 200 px")
    screens(desk, "ruler")
    desk.key("Escape")
    expect(desk.page.locator(".readout")).to_have_count(0)
    assert desk.objects() == {} and not re.search("Saving", desk.ask("save()"))


def test_the_picture_is_adjusted_for_the_project_and_reset(work, screens):
    desk, _ = work()
    page = desk.page
    canvas = page.locator("canvas.canvas")
    plain = canvas.screenshot()
    page.get_by_role("button", name="Adjust the picture").click()
    gamma = page.get_by_role("slider", name="Gamma")
    gamma.focus()
    for _ in range(6):
        desk.key("ArrowRight")
    page.wait_for_timeout(150)
    assert canvas.screenshot() != plain
    check(desk.page)
    screens(desk, "adjusted")
    page.reload()
    desk.work_is_open()
    expect(page.get_by_role("button", name="it is not shown as it is")).to_be_visible()
    page.get_by_role("button", name="it is not shown as it is").click()
    expect(page.get_by_role("slider", name="Gamma")).to_have_value("1.3")
    page.get_by_role("button", name="Reset").click()
    expect(page.get_by_role("button", name="Adjust the picture", exact=True)).to_be_visible()
