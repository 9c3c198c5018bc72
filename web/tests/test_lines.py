"""Polygons, lines and points, drawn with a real pointer, and the answer that comes of them."""

import math

import pytest
from playwright.sync_api import expect

from customer import Customer
from desk import Desk

GEOMETRIES = {
    "polygon": {"objects_to_annotate": ["house", "tree"], "max_vertices": 40},
    "line": {"objects_to_annotate": ["kerb"]},
    "point": {"objects_to_annotate": ["hand", "elbow"], "connections": [{"pair": ["hand", "elbow"]}]},
}
NEIGHBOUR = [(300, 200), (500, 180), (560, 300), (500, 420), (300, 400)]


def draw(desk: Desk, label: str, *vertices: tuple[float, float], end: str = "Enter") -> str:
    before = set(desk.objects())
    desk.label(label)
    for vertex in vertices:
        desk.click(vertex)
    desk.key(end)
    return desk.new_object(before)


def stroke(desk: Desk, *places: tuple[float, float]) -> None:
    desk.page.mouse.move(*desk.place(places[0]))
    desk.page.mouse.down()
    for place in places[1:]:
        desk.page.mouse.move(*desk.place(place))
    desk.page.mouse.up()


def circle(x: float, y: float, radius: float, count: int = 80) -> list[tuple[float, float]]:
    return [(x + radius * math.cos(2 * math.pi * i / count), y + radius * math.sin(2 * math.pi * i / count)) for i in range(count + 1)]


def vertices(annotation: dict) -> list[tuple[float, float]]:
    return [(vertex["x"], vertex["y"]) for vertex in annotation["vertices"]]


def area(outline: list[tuple[float, float]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(outline, outline[1:] + outline[:1]))) / 2


def test_each_is_drawn_submitted_and_answered_as_drawn(work, customer: Customer, screens):
    desk, task = work()
    house = draw(desk, "house", *NEIGHBOUR)
    kerb = draw(desk, "kerb", (100, 600), (300, 560), (500, 640))
    desk.label("hand")
    hand = desk.makes(lambda: desk.click((700, 600)))
    desk.label("elbow")
    elbow = desk.makes(lambda: desk.click((760, 640)))
    desk.saved()
    screens(desk, "polygon-line-points")
    drawn = desk.objects()
    desk.submit()
    answer = customer.finished(task)["response"]
    assert answer["links"] == [] and answer["global_attributes"] == {}
    assert answer["annotations"] == [
        {"uuid": house, "type": "polygon", "label": "house", "vertices": drawn[house]["vertices"]},
        {"uuid": kerb, "type": "line", "label": "kerb", "vertices": drawn[kerb]["vertices"]},
        {"uuid": hand, "type": "point", "label": "hand", "x": drawn[hand]["x"], "y": drawn[hand]["y"]},
        {"uuid": elbow, "type": "point", "label": "elbow", "x": drawn[elbow]["x"], "y": drawn[elbow]["y"]},
    ]
    assert vertices(drawn[house]) == [pytest.approx(vertex, abs=0.6) for vertex in NEIGHBOUR]


def test_a_polygon_is_drawn_by_hand_and_closes_where_it_began(work):
    desk, _ = work()
    desk.label("tree")
    tree = desk.makes(lambda: stroke(desk, *circle(900, 300, 90)))
    outline = vertices(desk.objects()[tree])
    assert 8 < len(outline) <= 40
    assert area(outline) == pytest.approx(math.pi * 90**2, rel=0.02)
    desk.key("Control+z")
    desk.has(0)


def test_a_neighbours_border_is_followed_vertex_for_vertex_and_tab_goes_the_other_way(work, screens):
    desk, _ = work()
    house = draw(desk, "house", *NEIGHBOUR)
    border = vertices(desk.objects()[house])
    shared = draw(desk, "house", (503, 183), (502, 417), (700, 420), (700, 200), end="n")
    assert vertices(desk.objects()[shared])[:3] == border[1:4]
    assert len(vertices(desk.objects()[shared])) == 5
    desk.key("Control+z")
    desk.has(1)
    before = set(desk.objects())
    desk.key("p")
    desk.click((503, 183))
    desk.page.mouse.move(*desk.place((502, 417)))
    screens(desk, "border-followed")
    desk.key("Tab")
    for vertex in [(502, 417), (300, 500), (200, 500), (200, 100)]:
        desk.click(vertex)
    desk.key("Enter")
    drawn = desk.new_object(before)
    around = vertices(desk.objects()[drawn])
    assert around[:4] == [border[1], border[0], border[4], border[3]]


def test_a_polygon_is_split_in_one_step_and_joined_again(work, screens):
    desk, _ = work()
    house = draw(desk, "house", *NEIGHBOUR)
    whole = desk.objects()
    desk.key("s")
    stroke(desk, *[(400 + 3 * i, 100 + 18 * i) for i in range(21)])
    parts = desk.has(2)
    screens(desk, "polygon-split")
    (other,) = set(parts) - {house}
    outlines = {key: vertices(part) for key, part in parts.items()}
    assert area(outlines[house]) > area(outlines[other])
    assert sum(map(area, outlines.values())) == pytest.approx(area(vertices(whole[house])), rel=1e-4)
    assert len(set(outlines[house]) & set(outlines[other])) >= 2
    assert {**parts[other], "vertices": None, "order": None} == {**whole[house], "vertices": None, "order": None}
    desk.key("Control+z")
    desk.has(1)
    assert desk.objects() == whole
    desk.key("Control+Shift+Z")
    desk.has(2)
    desk.key("v")
    desk.click((330, 300))
    desk.page.keyboard.down("Shift")
    desk.click((500, 300))
    desk.page.keyboard.up("Shift")
    desk.key("m")
    assert area(vertices(desk.has(1)[house])) == pytest.approx(area(vertices(whole[house])), rel=1e-4)


def test_a_hole_and_too_many_vertices_are_refused_in_words(work):
    desk, _ = work(geometries={"polygon": {"objects_to_annotate": ["house"], "max_vertices": 5}})
    draw(desk, "house", *NEIGHBOUR)
    desk.key("s")
    stroke(desk, *circle(400, 300, 30, 40))
    expect(desk.page.get_by_text("A polygon cannot have a hole")).to_be_visible()
    desk.key("p")
    for vertex in [(700, 200), (800, 200), (850, 250), (800, 300), (700, 300), (650, 250)]:
        desk.click(vertex)
    expect(desk.page.get_by_text("A polygon may have at most 5 vertices here. Enter closes it.")).to_be_visible()
    desk.key("Enter")
    desk.has(2)


def test_while_drawing_undo_takes_back_the_last_act_and_nothing_else(work):
    desk, _ = work()
    house = draw(desk, "house", *NEIGHBOUR)
    desk.label("kerb")
    desk.click((100, 600))
    stroke(desk, (300, 560), *[(300 + 2 * i, 560 + 30 * math.sin(i / 15)) for i in range(60)])
    desk.key("Control+z")
    desk.key("Control+z")
    desk.click((500, 640))
    desk.key("Enter")
    objects = desk.has(2)
    (kerb,) = set(objects) - {house}
    assert vertices(objects[kerb]) == [pytest.approx((100, 600), abs=0.6), pytest.approx((500, 640), abs=0.6)]


def test_a_line_is_drawn_on_split_and_reversed(work):
    desk, _ = work()
    kerb = draw(desk, "kerb", (100, 600), (300, 560))
    desk.key("l")
    desk.click((300, 560))
    desk.click((500, 640))
    desk.key("Enter")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 3", arg=kerb)
    forward = vertices(desk.objects()[kerb])
    desk.key("v")
    desk.key("Shift+R")
    desk.page.wait_for_function("([key, x]) => window.__test.objects()[key].vertices[0].x === x", arg=[kerb, forward[2][0]])
    assert vertices(desk.objects()[kerb]) == forward[::-1]
    desk.key("s")
    desk.click((300, 560))
    lines = desk.has(2)
    assert sorted(len(vertices(line)) for line in lines.values()) == [2, 2]
    desk.key("Control+z")
    assert vertices(desk.has(1)[kerb]) == forward[::-1]


def test_edges_move_with_shift_and_a_double_click_adds_a_vertex(work):
    desk, _ = work()
    house = draw(desk, "house", (300, 200), (500, 200), (500, 400), (300, 400))
    desk.key("v")
    desk.page.mouse.dblclick(*desk.place((350, 200)))
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 5", arg=house)
    desk.key("Control+z")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 4", arg=house)
    desk.page.keyboard.down("Shift")
    desk.drag((500, 300), (560, 300))
    desk.page.keyboard.up("Shift")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices[1].x > 555", arg=house)
    assert [x for x, _ in vertices(desk.objects()[house])] == [pytest.approx(x, abs=1) for x in (300, 560, 560, 300)]


def test_several_vertices_are_chosen_moved_and_removed_together(work, screens):
    desk, _ = work()
    house = draw(desk, "house", (300, 200), (400, 200), (500, 200), (500, 400), (300, 400))
    desk.key("v")
    desk.page.keyboard.down("Alt")
    desk.drag((350, 230), (520, 180))
    desk.page.keyboard.up("Alt")
    screens(desk, "vertices-chosen")
    desk.drag((400, 200), (420, 240))
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices[2].y > 230", arg=house)
    moved = vertices(desk.objects()[house])
    assert moved == [pytest.approx(at, abs=1.5) for at in [(300, 200), (420, 240), (520, 240), (500, 400), (300, 400)]]
    desk.key("Delete")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 3", arg=house)
    desk.key("Control+z")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 5", arg=house)
    assert vertices(desk.objects()[house]) == moved


def test_a_polygon_gives_way_to_its_neighbour(work):
    desk, _ = work()
    house = draw(desk, "house", *NEIGHBOUR)
    tree = draw(desk, "tree", (450, 250), (700, 250), (700, 350), (450, 350))
    desk.key("Shift+X")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length > 4", arg=tree)
    objects = desk.objects()
    assert vertices(objects[house])[2] in vertices(objects[tree])
    assert all(x > 499 for x, _ in vertices(objects[tree]))
    desk.key("Control+z")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 4", arg=tree)


def test_a_half_drawn_outline_survives_escape_and_another_tool(work):
    desk, _ = work()
    desk.label("tree")
    for vertex in [(700, 200), (800, 200), (850, 250)]:
        desk.click(vertex)
    desk.key("Escape")
    expect(desk.page.get_by_text("Given up. Undo takes it up again.")).to_be_visible()
    desk.key("Control+z")
    desk.key("v")
    expect(desk.page.get_by_text("The half-drawn polygon is kept: its tool goes on with it.")).to_be_visible()
    desk.key("p")
    desk.click((800, 300))
    tree = desk.makes(lambda: desk.key("Enter"))
    assert vertices(desk.objects()[tree]) == [pytest.approx(at, abs=1) for at in [(700, 200), (800, 200), (850, 250), (800, 300)]]
