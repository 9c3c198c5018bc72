"""Two tasks on real photographs, labelled to the end as a person would, and their answers compared field by field."""

import os
import re
from pathlib import Path

from playwright.sync_api import expect

from customer import Customer
from desk import Desk

ROOT = Path(__file__).resolve().parents[2]
PHOTOGRAPHS = Path(os.environ.get("VERNIER_TEST_PHOTOGRAPHS", ROOT / ".venv-test" / "photographs"))

ANIMALS = {
    "instruction": "Draw a box around every cat and dog.",
    "geometries": {"box": {"objects_to_annotate": ["cat", "dog"], "min_height": 5, "min_width": 5}},
    "annotation_attributes": {
        "sleep_state": {
            "type": "category", "description": "Is the cat asleep?", "choices": ["sleeping", "not sleeping"],
            "conditions": {"label_condition": {"label": "cat"}},
        },
        "looking_at": {
            "type": "linked", "description": "Which cat does the dog look at?", "allowed_labels": ["cat"], "required": False,
            "conditions": {"label_condition": {"label": "dog"}},
        },
        "animal_count": {
            "type": "number", "description": "How many cats and dogs are there?", "min": 0, "max": 1000, "step": 1,
            "conditions": {"is_global": True},
        },
    },
}  # fmt: skip

# A camera 1.5 m above the street that looks two degrees down.
CAMERA = {
    "camera_intrinsics": {"fx": 1000, "fy": 1000, "cx": 405, "cy": 540},
    "camera_rotation_quaternion": {"w": 0.694652, "x": -0.719333, "y": 0.003139, "z": 0.003031},
    "camera_height": 1.5,
}
STREET = {
    "instruction": "# Street\nMark the **bus**, a window, a wheel, the kerb and the people.",
    "geometries": {
        "box": {"objects_to_annotate": ["person"], "can_rotate": True, "min_height": 5},
        "polygon": {"objects_to_annotate": ["window"]},
        "line": {"objects_to_annotate": ["kerb"]},
        "point": {"objects_to_annotate": ["head", "foot"], "connections": [{"pair": ["head", "foot"]}]},
        "ellipse": {"objects_to_annotate": ["wheel"]},
        "cuboid": {"objects_to_annotate": [{"choice": "vehicle", "subchoices": ["bus", "car"]}], **CAMERA},
    },
    "annotation_attributes": {
        "posture": {
            "description": "What does the person do?", "choices": ["walking", "standing"],
            "conditions": {"label_condition": {"label": "person"}},
        },
    },
}  # fmt: skip


def begin(desk: Desk, customer: Customer, project: str, params: dict, photograph: str) -> str:
    """A project with one task on a photograph, which somebody signs in for and opens."""
    customer.ask("POST", "/v1/projects", {"type": "imageannotation", "name": project, "params": params})
    task = customer.order(project=project, attachment=customer.upload(PHOTOGRAPHS / photograph))
    desk.sign_in().open_task(task)
    return task


def choose(desk: Desk, label: str) -> None:
    # A chip shows its digit after its name.
    desk.page.locator(".chip").filter(has_text=re.compile(rf"^{label}\s*\d?$")).click()


def answer(desk: Desk, choice: str) -> None:
    desk.page.locator("[data-answers] label.choice").filter(has_text=re.compile(rf"^{choice}\s*\d?$")).click()


def near(one, other) -> bool:
    return abs(one - other) <= 0.6


def same(answer: dict, wanted: dict) -> None:
    """Positions to a part of a pixel, since the pointer falls on whole pixels of the screen; everything else exactly."""
    assert answer.keys() == wanted.keys()
    for name, value in wanted.items():
        if isinstance(value, float):
            assert near(answer[name], value), (name, answer[name], value)
        elif isinstance(value, list) and value and isinstance(value[0], tuple):
            assert len(answer[name]) == len(value)
            for vertex, (x, y) in zip(answer[name], value, strict=True):
                assert near(vertex["x"], x) and near(vertex["y"], y), (name, answer[name])
        else:
            assert answer[name] == value, name


def submitted(desk: Desk, customer: Customer, task: str) -> dict:
    desk.saved().submit()
    expect(desk.page.get_by_text("Submitted. Here is the next one.")).to_be_visible(timeout=15000)
    answer = customer.task(task)
    assert answer["status"] == "completed"
    return answer["response"]


def test_cats_and_dogs(desk: Desk, customer: Customer):
    task = begin(desk, customer, "cats-and-dogs", ANIMALS, "chelsea.png")

    choose(desk, "cat")
    cat = desk.draw((120, 20), (440, 290))
    # The question is there at once, and a digit answers it.
    expect(desk.page.get_by_text("Is the cat asleep?")).to_be_visible()
    choose(desk, "dog")
    dog = desk.draw((10, 180), (110, 290))
    expect(desk.page.get_by_text("Is the cat asleep?")).not_to_be_visible()
    desk.page.get_by_role("button", name="Pick").click()
    desk.click((280, 150))
    desk.page.wait_for_function("([dog, cat]) => window.__test.objects()[dog].attributes.looking_at === cat", arg=[dog, cat])

    # Two answers are missing; each stands where a click leads to its question.
    desk.submit()
    expect(desk.page.get_by_text("Not submitted: 2 things have to be fixed first.")).to_be_visible()
    checks = desk.page.get_by_role("tabpanel")
    checks.get_by_text("Is the cat asleep?").click()
    answer(desk, "sleeping")
    checks.get_by_text("How many cats and dogs are there?").click()
    number = desk.page.locator("[data-answers] input[type=number]")
    number.fill("2")
    number.press("Enter")
    expect(desk.page.get_by_role("tab", name="Checks")).to_have_text("Checks")

    response = submitted(desk, customer, task)
    assert response.keys() == {"annotations", "global_attributes", "links"}
    assert response["global_attributes"] == {"animal_count": 2}
    assert response["links"] == []
    first, second = response["annotations"]
    same(first, {
        "uuid": cat, "type": "box", "label": "cat", "left": 120.0, "top": 20.0, "width": 320.0, "height": 270.0,
        "attributes": {"sleep_state": "sleeping"},
    })  # fmt: skip
    same(second, {
        "uuid": dog, "type": "box", "label": "dog", "left": 10.0, "top": 180.0, "width": 100.0, "height": 110.0,
        "attributes": {"looking_at": cat},
    })  # fmt: skip


def test_a_street_with_all_six_geometries(desk: Desk, customer: Customer, screens):
    task = begin(desk, customer, "bus stop", STREET, "bus.jpg")

    choose(desk, "person")
    person = desk.draw((50, 400), (240, 900))
    answer(desk, "walking")
    choose(desk, "window")
    before = set(desk.objects())
    for vertex in [(360, 330), (470, 330), (470, 420), (360, 420)]:
        desk.click(vertex)
    desk.key("Enter")
    window = desk.new_object(before)
    choose(desk, "kerb")
    before = set(desk.objects())
    for vertex in [(30, 800), (300, 860), (760, 900)]:
        desk.click(vertex)
    desk.key("Enter")
    kerb = desk.new_object(before)
    points = []
    for label, place in [("head", (140, 420)), ("foot", (130, 880))]:
        choose(desk, label)
        before = set(desk.objects())
        desk.click(place)
        points.append(desk.new_object(before))
    choose(desk, "wheel")
    wheel = desk.draw((350, 640), (420, 720))
    choose(desk, "bus")
    before = set(desk.objects())
    desk.drag((220, 240), (780, 760))
    desk.click((20, 700))
    bus = desk.new_object(before)
    screens(desk, "street-six-geometries")

    response = submitted(desk, customer, task)
    assert response["global_attributes"] == {} and response["links"] == []
    answers = {annotation["uuid"]: annotation for annotation in response["annotations"]}
    assert list(answers) == [person, window, kerb, *points, wheel, bus]
    same(answers[person], {
        "uuid": person, "type": "box", "label": "person", "left": 50.0, "top": 400.0, "width": 190.0, "height": 500.0, "rotation": 0,
        "vertices": [(50, 400), (240, 400), (240, 900), (50, 900)], "attributes": {"posture": "walking"},
    })  # fmt: skip
    same(answers[window], {
        "uuid": window, "type": "polygon", "label": "window", "vertices": [(360, 330), (470, 330), (470, 420), (360, 420)], "attributes": {},
    })  # fmt: skip
    same(answers[kerb], {"uuid": kerb, "type": "line", "label": "kerb", "vertices": [(30, 800), (300, 860), (760, 900)], "attributes": {}})
    same(answers[points[0]], {"uuid": points[0], "type": "point", "label": "head", "x": 140.0, "y": 420.0, "attributes": {}})
    same(answers[points[1]], {"uuid": points[1], "type": "point", "label": "foot", "x": 130.0, "y": 880.0, "attributes": {}})
    same(answers[wheel], {
        "uuid": wheel, "type": "ellipse", "label": "wheel", "vertices": [(385, 640), (420, 680), (385, 720), (350, 680)], "attributes": {},
    })  # fmt: skip
    cuboid = answers[bus]
    assert cuboid["label"] == "bus" and cuboid["type"] == "cuboid" and cuboid["attributes"] == {}
    assert [vertex["description"] for vertex in cuboid["vertices"]] == [
        "face-topleft", "face-bottomleft", "face-topright", "face-bottomright", "side-topcorner", "side-bottomcorner",
    ]  # fmt: skip
    for vertex, (x, y) in zip(cuboid["vertices"], [(220, 240), (220, 760), (780, 240), (780, 760)], strict=False):
        assert near(vertex["x"], x) and near(vertex["y"], y) and vertex["type"] == "vertex"
    side_top, side_bottom = cuboid["vertices"][4:]
    assert near(side_top["x"], 20) and near(side_bottom["x"], 20) and near(side_bottom["y"], 700)
    assert [edge["description"] for edge in cuboid["edges"]] == ["face-top", "face-right", "face-bottom", "face-left", "side-bottom", "side-top"]
    # The corrected corners: eight, in front of the camera, and each seen where the camera says.
    assert len(cuboid["points_2d"]) == len(cuboid["points_3d"]) == 8
    for seen, corner in zip(cuboid["points_2d"], cuboid["points_3d"], strict=True):
        assert corner["z"] > 0
        assert near(seen["x"], 1000 * corner["x"] / corner["z"] + 405) and near(seen["y"], 1000 * corner["y"] / corner["z"] + 540)
