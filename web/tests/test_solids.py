"""Boxes at any angle, ellipses and cuboids in perspective, drawn and adjusted by hand and compared with the response field by field."""

import json
import math
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from customer import Customer
from desk import Desk

EXAMPLE = json.loads((Path(__file__).resolve().parents[2] / "Tests" / "Fixtures" / "cuboids" / "worked-example.json").read_text())["half"]
# How far the handle for turning stands off the shape, in CSS pixels.
STALK = 26


def open_task(desk: Desk, task: str) -> None:
    """Gives back what is in hand until this task, which comes before all others, is open."""
    desk.sign_in().open_work()
    while not desk.page.locator("header").get_by_text(task[-6:]).is_visible():
        desk.more("Give back")
        desk.page.get_by_role("dialog").get_by_role("button", name="Give it back").click()
        desk.open_work()
    desk.page.wait_for_function("window.__test.view().scale > 0")


@contextmanager
def held(desk: Desk, *keys: str):
    for key in keys:
        desk.page.keyboard.down(key)
    yield
    for key in keys:
        desk.page.keyboard.up(key)


def draw(desk: Desk, hand) -> str:
    before = set(desk.objects())
    hand()
    return desk.new_object(before)


def clicks(desk: Desk, *places: tuple[float, float]) -> None:
    for place in places:
        desk.page.mouse.move(*desk.place(place))
        desk.click(place)


def pull(desk: Desk, start: tuple[float, float], end: tuple[float, float], key: str) -> dict:
    """Drags a handle of the selected object and waits until the object has changed."""
    before = desk.objects()[key]
    desk.drag(start, end)
    return changed(desk, key, before)


def changed(desk: Desk, key: str, before: dict) -> dict:
    desk.page.wait_for_function(
        "([key, before]) => JSON.stringify(window.__test.objects()[key]) !== before", arg=[key, json.dumps(before, separators=(",", ":"), ensure_ascii=False)])
    return desk.objects()[key]


def turn(desk: Desk, top: tuple[float, float], to: tuple[float, float], key: str) -> dict:
    """Drags the handle that stands above the middle of the upper side of an upright object."""
    before = desk.objects()[key]
    x, y = desk.place(top)
    desk.page.mouse.move(x, y - STALK)
    desk.page.mouse.down()
    desk.page.mouse.move(x + 10, y - STALK)
    desk.page.mouse.move(*desk.place(to))
    desk.page.mouse.up()
    return changed(desk, key, before)


def type_number(desk: Desk, field: str, value: str) -> None:
    number = desk.page.locator(f"[data-number={field}]")
    number.fill(value)
    number.press("Enter")


def place(box: dict) -> list[float]:
    return [round(box[side], 2) for side in ("left", "top", "width", "height")]


def corners(vertices: list[dict]) -> list[tuple[float, float]]:
    return [(round(vertex["x"], 2), round(vertex["y"], 2)) for vertex in vertices]


def named(cuboid: dict) -> dict:
    return {vertex["description"]: (vertex["x"], vertex["y"]) for vertex in cuboid["vertices"]}


def test_boxes_are_drawn_each_way_turned_pulled_and_typed(desk: Desk, customer: Customer, screens):
    task = customer.order(geometries={"box": {"objects_to_annotate": ["car"], "can_rotate": True, "min_width": 20, "min_height": 20}})
    open_task(desk, task)
    desk.key("b")
    dragged = draw(desk, lambda: desk.drag((100, 100), (220, 160)))
    clicked = draw(desk, lambda: clicks(desk, (300, 100), (380, 170)))
    with held(desk, "Shift"):
        square = draw(desk, lambda: desk.drag((450, 100), (520, 130)))
    with held(desk, "Alt"):
        centred = draw(desk, lambda: desk.drag((650, 130), (700, 150)))
    objects = desk.objects()
    assert [place(objects[key]) for key in (dragged, clicked, square, centred)] == [
        [100, 100, 120, 60], [300, 100, 80, 70], [450, 100, 70, 70], [600, 110, 100, 40]]  # fmt: skip

    # Too small: refused in words, kept in hand, and ended by a click further away.
    desk.drag((800, 100), (812, 108))
    expect(desk.page.get_by_text("at least 20 × 20 px are needed")).to_be_visible()
    assert len(desk.objects()) == 4
    late = draw(desk, lambda: clicks(desk, (840, 150)))
    assert place(desk.objects()[late]) == [800, 100, 40, 50]

    # Turned by hand, then in steps.
    desk.key("v")
    desk.choose(dragged)
    turned = turn(desk, (160, 100), (220, 70), dragged)
    assert math.isclose(turned["rotation"], math.atan2(-60, 60) + math.pi / 2, abs_tol=0.01)
    screens(desk, "solids-box-turned")
    desk.key("Control+z")
    desk.page.wait_for_function("key => !window.__test.objects()[key].rotation", arg=dragged)
    with held(desk, "Shift"):
        turned = turn(desk, (160, 100), (224, 96), dragged)
    assert math.isclose(turned["rotation"], math.radians(60), abs_tol=1e-9)

    # A side pulled in the turned frame leaves the opposite one where it was.
    angle = math.radians(60)
    far = (160 + 60 * math.cos(angle), 130 + 60 * math.sin(angle))
    further = (160 + 80 * math.cos(angle), 130 + 80 * math.sin(angle))
    pulled = pull(desk, far, further, dragged)
    assert math.isclose(pulled["width"], 140, abs_tol=0.03) and math.isclose(pulled["height"], 60, abs_tol=0.03)

    # Numbers: arrow keys are shown but not kept, Enter makes one step of them.
    desk.choose(centred)
    width = desk.page.locator("[data-number=width]")
    width.focus()
    for _ in range(3):
        width.press("ArrowUp")
    width.press("Shift+ArrowUp")
    expect(width).to_have_value("113")
    assert desk.objects()[centred]["width"] == 100
    width.press("Enter")
    desk.page.wait_for_function("key => window.__test.objects()[key].width === 113", arg=centred)
    type_number(desk, "rotation", "30")
    desk.page.wait_for_function("key => window.__test.objects()[key].rotation > 0.5", arg=centred)
    type_number(desk, "width", "5")
    expect(desk.page.get_by_text("Width is 20 px now")).to_be_visible()
    screens(desk, "solids-box-numbers")
    desk.page.locator("canvas.canvas").focus()
    desk.key("Control+z")
    desk.page.wait_for_function("key => window.__test.objects()[key].width === 113", arg=centred)
    desk.key("Control+z")
    desk.page.wait_for_function("key => !window.__test.objects()[key].rotation", arg=centred)
    desk.key("Control+z")
    desk.page.wait_for_function("key => window.__test.objects()[key].width === 100", arg=centred)

    drawn = desk.objects()
    response = desk.finish(customer, task)
    answers = {annotation["uuid"]: annotation for annotation in response["annotations"]}
    assert answers.keys() == drawn.keys()
    for key, box in drawn.items():
        answer = answers[key]
        assert answer["type"] == "box" and answer["label"] == "car"
        assert place(answer) == place(box)
        assert answer["rotation"] == pytest.approx(box.get("rotation", 0))
        cx, cy = box["left"] + box["width"] / 2, box["top"] + box["height"] / 2
        c, s = math.cos(answer["rotation"]), math.sin(answer["rotation"])
        offsets = [(x * box["width"] / 2, y * box["height"] / 2) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        expected = [(cx + dx * c - dy * s, cy + dx * s + dy * c) for dx, dy in offsets]
        assert [(vertex["x"], vertex["y"]) for vertex in answer["vertices"]] == [pytest.approx(corner, abs=1e-6) for corner in expected]


def test_whole_pixels_and_the_padding_hold_for_boxes(desk: Desk, customer: Customer):
    task = customer.order(geometries={"box": {"objects_to_annotate": ["car"], "integer_pixels": True}}, paddingX=30)
    open_task(desk, task)
    desk.page.get_by_role("button", name="Fit").click()
    desk.key("b")
    key = draw(desk, lambda: desk.drag((-38, 100.4), (50.3, 180.7)))
    assert place(desk.objects()[key]) == [-30, 100, 80, 81]
    desk.key("v")
    box = pull(desk, (50, 140), (70.6, 150), key)
    assert place(box) == [-30, 100, 101, 81]
    assert desk.page.locator("[data-number=rotation]").count() == 0
    (answer,) = desk.finish(customer, task)["annotations"]
    assert place(answer) == [-30, 100, 101, 81] and "rotation" not in answer


def test_ellipses_are_drawn_in_three_ways_and_adjusted(desk: Desk, customer: Customer, screens):
    task = customer.order(geometries={"ellipse": {"objects_to_annotate": ["wheel"]}})
    open_task(desk, task)
    desk.key("e")
    by_rectangle = draw(desk, lambda: desk.drag((100, 100), (200, 160)))
    by_radii = draw(desk, lambda: clicks(desk, (350, 150), (410, 150), (360, 120)))
    with held(desk, "Alt"):
        clicks(desk, (500, 150))
    by_axis = draw(desk, lambda: clicks(desk, (600, 150), (560, 190)))
    objects = desk.objects()
    assert corners(objects[by_rectangle]["vertices"]) == [(150, 100), (200, 130), (150, 160), (100, 130)]
    assert corners(objects[by_radii]["vertices"]) == [(350, 120), (410, 150), (350, 180), (290, 150)]
    assert corners(objects[by_axis]["vertices"]) == [(550, 110), (600, 150), (550, 190), (500, 150)]

    desk.key("v")
    desk.choose(by_rectangle)
    wider = pull(desk, (200, 130), (220, 135), by_rectangle)
    assert corners(wider["vertices"]) == [(160, 100), (220, 130), (160, 160), (100, 130)]
    with held(desk, "Alt"):
        taller = pull(desk, (160, 100), (165, 90), by_rectangle)
    assert corners(taller["vertices"]) == [(160, 90), (220, 130), (160, 170), (100, 130)]
    with held(desk, "Shift"):
        turned = turn(desk, (160, 90), (240, 134), by_rectangle)
    assert corners(turned["vertices"]) == [(200, 130), (160, 190), (120, 130), (160, 70)]
    type_number(desk, "height", "60")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices[0].x === 190", arg=by_rectangle)
    screens(desk, "solids-ellipses")

    drawn = desk.objects()
    response = desk.finish(customer, task)
    assert [(a["uuid"], a["type"], a["label"], corners(a["vertices"])) for a in response["annotations"]] == [
        (key, "ellipse", "wheel", corners(drawn[key]["vertices"])) for key in (by_rectangle, by_radii, by_axis)]  # fmt: skip


def test_cuboids_are_drawn_adjusted_at_every_handle_and_corrected_by_the_camera(desk: Desk, customer: Customer, screens):
    task = customer.order(geometries={"cuboid": {"objects_to_annotate": ["parked"], "min_width": 10, "min_height": 10, **EXAMPLE["camera"]}})
    open_task(desk, task)
    desk.key("c")
    key = draw(desk, lambda: (desk.drag((640, 250), (720, 330)), clicks(desk, (540, 305))))
    cuboid = named(desk.objects()[key])
    assert cuboid["face-topleft"] == (640, 250) and cuboid["face-bottomright"] == (720, 330)
    assert cuboid["side-bottomcorner"] == (540, 305) and cuboid["side-topcorner"][0] == 540 and 240 < cuboid["side-topcorner"][1] < 260

    # Every kind of handle, each with what it must leave alone.
    desk.key("v")
    pull(desk, (720, 330), (710, 320), key)
    pull(desk, (675, 250), (675, 255), key)
    pull(desk, (540, 305), (550, 300), key)
    top = named(desk.objects()[key])["side-topcorner"][1]
    pull(desk, (550, top), (550, 260), key)
    pull(desk, (550, 280), (560, 282), key)
    cuboid = named(desk.objects()[key])
    assert cuboid == {
        "face-topleft": (640, 255), "face-bottomleft": (640, 320), "face-topright": (710, 255), "face-bottomright": (710, 320),
        "side-topcorner": (560, 262), "side-bottomcorner": (560, 302),
    }  # fmt: skip
    pull(desk, (600, 311), (600, 316), key)
    cuboid = named(desk.objects()[key])
    assert (cuboid["face-bottomleft"], cuboid["side-bottomcorner"], cuboid["side-topcorner"]) == ((640, 325), (560, 307), (560, 262))

    # The side: across the face, back by its button, away and there again; each is one step.
    pull(desk, (560, 307), (800, 300), key)
    assert named(desk.objects()[key])["side-bottomcorner"] == (800, 300)
    before = desk.objects()[key]
    desk.page.get_by_role("button", name="Flip side").click()
    assert named(changed(desk, key, before))["side-topcorner"] == (550, 262)
    before = desk.objects()[key]
    desk.page.get_by_role("button", name="Remove side").click()
    assert len(changed(desk, key, before)["vertices"]) == 4
    expect(desk.page.get_by_text("only the face is drawn")).to_be_visible()
    screens(desk, "solids-cuboid-face")
    desk.page.locator("canvas.canvas").focus()
    desk.key("Control+z")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 6", arg=key)

    # The worked example, typed to the half pixel.
    drawing = EXAMPLE["drawing"]
    numbers = {
        "top": drawing["top"], "bottom": drawing["bottom"], "left": drawing["left"], "right": drawing["right"],
        "side-top": drawing["side"]["top"], "side-bottom": drawing["side"]["bottom"], "side-x": drawing["side"]["x"],
    }  # fmt: skip
    for field, value in numbers.items():
        type_number(desk, field, f"{value:g}")
        expect(desk.page.locator(f"[data-number={field}]")).to_have_value(f"{value:g}")
    desk.saved()
    cuboid = named(desk.objects()[key])
    assert cuboid == {
        "face-topleft": (639, 251), "face-bottomleft": (639, 319), "face-topright": (708, 251), "face-bottomright": (708, 319),
        "side-topcorner": (557.5, 252), "side-bottomcorner": (557.5, 301),
    }  # fmt: skip
    screens(desk, "solids-cuboid-corrected")
    # The edge between the two far lower corners belongs to the corrected cuboid alone.
    a, b = EXAMPLE["expected"]["points_2d"][3], EXAMPLE["expected"]["points_2d"][7]
    corrected = white_along(desk, a, b)
    desk.page.get_by_role("button", name="Remove side").click()
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 4", arg=key)
    assert corrected > white_along(desk, a, b) + 20
    desk.page.locator("canvas.canvas").focus()
    desk.key("Control+z")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 6", arg=key)

    (answer,) = desk.finish(customer, task)["annotations"]
    assert (answer["uuid"], answer["type"], answer["label"]) == (key, "cuboid", "parked")
    assert [(v["description"], v["type"], v["x"], v["y"]) for v in answer["vertices"]] == [(name, "vertex", *at) for name, at in cuboid.items()]
    edges = [("face-top", 639, 251, 708, 251), ("face-right", 708, 251, 708, 319), ("face-bottom", 639, 319, 708, 319), ("face-left", 639, 251, 639, 319),
             ("side-bottom", 639, 319, 557.5, 301), ("side-top", 639, 251, 557.5, 252)]  # fmt: skip
    assert [(e["description"], e["x1"], e["y1"], e["x2"], e["y2"]) for e in answer["edges"]] == edges
    assert [[p["x"], p["y"]] for p in answer["points_2d"]] == [pytest.approx(point, abs=1e-4) for point in EXAMPLE["expected"]["points_2d"]]
    assert [[p["x"], p["y"], p["z"]] for p in answer["points_3d"]] == [pytest.approx(point, abs=1e-4) for point in EXAMPLE["expected"]["points_3d"]]


def white_along(desk: Desk, a: list[float], b: list[float]) -> int:
    """How many of the places along a line of the picture are white on the canvas."""
    return desk.page.evaluate(
        """([a, b]) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
            const canvas = document.querySelector("canvas.canvas"), view = window.__test.view();
            const { data, width } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let white = 0;
            for (let i = 0; i <= 100; i++) {
                const x = Math.round((a[0] + (b[0] - a[0]) * i / 100) * view.scale + view.x), y = Math.round((a[1] + (b[1] - a[1]) * i / 100) * view.scale + view.y);
                const at = [[0, 0], [0, -1], [0, 1]].map(([dx, dy]) => 4 * ((y + dy) * width + x + dx));
                if (at.some((place) => data[place] > 195 && data[place + 1] > 195 && data[place + 2] > 195)) white += 1;
            }
            done(white);
        })))""", [a, b])  # fmt: skip
