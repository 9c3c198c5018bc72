"""What people do with several objects at once: select, arrange, stack, lock, hide, copy, and the keys for it."""

import re

from customer import Customer
from desk import Desk
from playwright.sync_api import expect

LABELS = ["car", "person"]
BOX = {"box": {"objects_to_annotate": LABELS}}
COLOUR = {"colour": {"description": "Which colour?", "choices": ["red", "blue"]}}


def at_task(desk: Desk, customer: Customer, **params) -> str:
    """Opens a new task of this kind with nothing drawn, and returns its id."""
    task = customer.order(**params)
    desk.sign_in().open_task(task)
    assert desk.objects() == {}
    return task


def left(desk: Desk, key: str) -> int:
    return round(desk.objects()[key]["left"])


def waits(desk: Desk, expression: str, value=None) -> None:
    desk.page.wait_for_function(f"value => {expression}", arg=value)


def selected(desk: Desk, count: int) -> None:
    waits(desk, "window.__test.selected().length === value", count)


def order(desk: Desk) -> list[str]:
    objects = desk.objects()
    return sorted(objects, key=lambda key: objects[key]["order"])


def test_a_group_is_selected_moved_aligned_and_removed_in_one_step_each(desk: Desk, customer: Customer, screens):
    at_task(desk, customer, geometries=BOX)
    a, b, c = desk.draw_box((60, 60), (160, 140)), desk.draw_box((220, 90), (330, 200)), desk.draw_box((400, 250), (500, 330))
    desk.key("v")
    desk.drag((20, 20), (360, 220))
    selected(desk, 2)
    desk.page.keyboard.down("Shift")
    desk.click((450, 290))
    desk.page.keyboard.up("Shift")
    selected(desk, 3)
    expect(desk.page.get_by_role("toolbar", name="3 selected objects")).to_be_visible()
    screens(desk, "objects-group")
    desk.drag((270, 150), (290, 170))
    waits(desk, "Math.round(window.__test.objects()[value].left) === 80", a)
    assert [left(desk, key) for key in (a, b, c)] == [80, 240, 420]
    desk.page.get_by_role("button", name="Align left sides").click()
    waits(desk, "Math.round(window.__test.objects()[value].left) === 80", c)
    assert [left(desk, key) for key in (a, b, c)] == [80, 80, 80]
    desk.key("Control+z")
    waits(desk, "Math.round(window.__test.objects()[value].left) === 420", c)
    desk.key("Control+z")
    waits(desk, "Math.round(window.__test.objects()[value].left) === 400", c)
    desk.key("Delete")
    desk.has(0)
    desk.key("Control+z")
    desk.has(3)
    desk.saved()


def test_what_is_locked_stays_and_says_so_and_what_is_hidden_is_out_of_the_way(desk: Desk, customer: Customer, screens):
    at_task(desk, customer, geometries=BOX)
    a, b = desk.draw_box((60, 60), (160, 140)), desk.draw_box((220, 90), (330, 200))
    desk.key("v")
    desk.choose(a)
    desk.key("Shift+L")
    desk.drag((110, 100), (300, 300))
    expect(desk.page.locator(".toast")).to_have_text("Object 1 is locked. Unlock it before you change it.")
    desk.key("Delete")
    assert left(desk, a) == 60
    expect(desk.page.locator(f"#object-{a}")).to_have_attribute("aria-label", re.compile("^1 car, box, .*, locked$"))
    desk.choose(b)
    desk.key("h")
    expect(desk.page.locator(f"#object-{b}")).to_have_attribute("aria-label", re.compile("^2 car, box, .*, hidden$"))
    screens(desk, "objects-locked-and-hidden")
    desk.click((270, 150))
    selected(desk, 0)
    # Both are remembered in this browser and are no part of the answer.
    desk.saved()
    desk.page.reload()
    desk.work_is_open()
    expect(desk.page.locator(f"#object-{a}")).to_have_attribute("aria-label", re.compile("^1 car, box, .*, locked$"))
    assert all("hidden" not in thing and "locked" not in thing for thing in desk.objects().values())
    desk.key("Shift+H")
    desk.click((270, 150))
    selected(desk, 1)
    desk.key("ArrowRight")
    waits(desk, "Math.round(window.__test.objects()[value].left) === 221", b)


def test_objects_are_brought_to_the_front_and_back_and_one_past_another(desk: Desk, customer: Customer):
    at_task(desk, customer, geometries=BOX)
    a, b, c = desk.draw_box((60, 60), (160, 140)), desk.draw_box((120, 90), (230, 200)), desk.draw_box((200, 150), (300, 230))
    desk.key("v")
    desk.choose(a)
    desk.page.locator("canvas.canvas").focus()
    desk.key("PageUp")
    waits(desk, "window.__test.objects()[value[0]].order > window.__test.objects()[value[1]].order", [a, b])
    assert order(desk) == [b, a, c]
    desk.key("Alt+PageUp")
    waits(desk, "window.__test.objects()[value[0]].order > window.__test.objects()[value[1]].order", [a, c])
    assert order(desk) == [b, c, a]
    desk.key("Alt+PageDown")
    waits(desk, "window.__test.objects()[value[0]].order < window.__test.objects()[value[1]].order", [a, b])
    assert order(desk) == [a, b, c]
    # The list stands in the same order.
    expect(desk.page.locator(f"#object-{a}")).to_have_attribute("aria-posinset", "1")


def test_the_list_selects_ranges_and_single_rows_by_keyboard(desk: Desk, customer: Customer):
    at_task(desk, customer, geometries=BOX)
    keys = [desk.draw_box((40 + 90 * i, 60), (110 + 90 * i, 120)) for i in range(5)]
    desk.key("v")
    desk.choose(keys[1])
    desk.key("Shift+ArrowDown")
    desk.key("Shift+ArrowDown")
    selected(desk, 3)
    desk.key("Control+ArrowDown")
    desk.key("Space")
    selected(desk, 4)
    assert desk.ask("selected()") == keys[1:]
    desk.page.locator(f"#object-{keys[2]}").click(modifiers=["Control"])
    selected(desk, 3)
    desk.key("2")
    waits(desk, "window.__test.objects()[value].label === 'person'", keys[4])
    labels = {key: desk.objects()[key]["label"] for key in keys}
    assert [labels[key] for key in keys] == ["car", "person", "car", "person", "person"]


def test_objects_are_copied_to_the_next_task_and_what_that_does_not_have_is_named(desk: Desk, customer: Customer):
    at_task(desk, customer, geometries={**BOX, "polygon": {"objects_to_annotate": LABELS}}, annotation_attributes=COLOUR)
    a = desk.draw_box((100, 120), (220, 200))
    desk.answer_everything()
    desk.draw_polygon((300, 120), (420, 130), (400, 240))
    desk.key("v")
    desk.choose(a)
    desk.page.locator("canvas.canvas").focus()
    desk.key("Control+d")
    desk.has(3)
    copies = set(desk.objects()) - {a}
    assert {round(desk.objects()[key]["left"]) for key in copies if desk.objects()[key]["type"] == "box"} != {100}
    desk.key("Control+a")
    selected(desk, 3)
    desk.key("Control+c")
    desk.saved()
    desk.open_task(customer.order(geometries={"box": {"objects_to_annotate": ["car"]}}))
    desk.page.locator("canvas.canvas").focus()
    desk.key("Control+v")
    pasted = desk.has(2)
    expect(desk.page.locator(".toast")).to_contain_text("1 object left out: this task does not ask for polygons.")
    expect(desk.page.locator(".toast")).to_contain_text('Answers left out, as this task does not take them: "colour".')
    assert a not in pasted
    assert {round(thing["left"]) for thing in pasted.values()} > {100}
    assert all(thing["attributes"] == {} and thing["label"] == "car" for thing in pasted.values())
    selected(desk, 2)
    desk.saved()


def test_keys_follow_a_preset_and_a_key_that_is_taken_is_refused(desk: Desk, customer: Customer):
    at_task(desk, customer, geometries={**BOX, "ellipse": {"objects_to_annotate": LABELS}})
    page = desk.page
    desk.key("?")
    page.get_by_role("button", name="Change keys").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Preset").select_option(label="Label Studio")
    dialog.get_by_role("button", name="Change the keys of Polygon").click()
    desk.key("o")
    expect(dialog.get_by_role("alert")).to_contain_text("O is the key of “Ellipse” already. Nothing was changed.")
    dialog.get_by_role("button", name="Change the keys of Select all").click()
    desk.key("Control+Shift+E")
    dialog.get_by_role("button", name="Close", exact=True).click()
    expect(dialog).not_to_be_visible()
    page.locator("canvas.canvas").focus()
    desk.key("r")
    assert desk.ask("tool()") == "box"
    desk.key("o")
    assert desk.ask("tool()") == "ellipse"
    expect(page.get_by_role("button", name="Ellipse")).to_contain_text("O")
    desk.key("Escape")
    # Kept for this person in this browser.
    page.reload()
    desk.work_is_open()
    desk.key("r")
    assert desk.ask("tool()") == "box"
    desk.drag((100, 100), (200, 200))
    desk.has(1)
    desk.key("v")
    desk.key("Escape")
    selected(desk, 0)
    desk.key("Control+Shift+E")
    selected(desk, 1)
