"""What a labeler does from sign-in to the next task."""

from playwright.sync_api import expect

from desk import Desk


def rounded(box: dict) -> tuple:
    return tuple(round(box[name]) for name in ("left", "top", "width", "height"))


def test_a_wrong_password_is_told_in_words_and_the_right_one_leads_home(desk: Desk):
    desk.expected.append("401")
    desk.page.goto(desk.account["url"])
    desk.page.get_by_label("E-mail").fill(desk.account["email"])
    desk.page.get_by_label("Password").fill("not the password")
    desk.page.get_by_role("button", name="Sign in").click()
    expect(desk.page.get_by_role("alert")).to_have_text("This e-mail address and password do not belong together.")
    desk.sign_in()
    expect(desk.page.get_by_role("button", name="Continue")).to_be_visible()
    expect(desk.page.get_by_text("waiting in the queue")).to_be_visible()


def test_boxes_and_polygons_get_labels_and_answers(desk: Desk):
    desk.begin()
    box = desk.draw_box((100, 120), (220, 200))
    desk.answer_everything()
    polygon = desk.draw_polygon((300, 120), (420, 130), (400, 240), (310, 230))
    desk.answer_everything()
    desk.saved()
    objects = desk.objects()
    assert rounded(objects[box]) == (100, 120, 120, 80)
    assert len(objects[polygon]["vertices"]) == 4
    assert objects[box]["label"] and objects[polygon]["label"]
    assert objects[box]["order"] < objects[polygon]["order"]


def test_a_box_can_be_drawn_with_two_clicks_and_a_half_drawn_one_given_up(desk: Desk):
    desk.begin()
    desk.key("b")
    desk.click((100, 120))
    desk.click((220, 200))
    (box,) = desk.has(1).values()
    assert rounded(box) == (100, 120, 120, 80)
    desk.click((300, 300))
    desk.key("Escape")
    desk.page.mouse.move(*desk.place((350, 350)))
    assert desk.ask("tool()") == "box"
    desk.key("Escape")
    assert desk.ask("tool()") == "select"
    assert len(desk.objects()) == 1


def test_moving_and_reshaping_can_be_taken_back_and_done_again(desk: Desk):
    desk.begin()
    key = desk.draw_box((100, 120), (220, 200))
    desk.key("v")
    desk.drag((160, 160), (190, 180))
    desk.page.wait_for_function("key => Math.round(window.__test.objects()[key].left) === 130", arg=key)
    desk.drag((250, 220), (300, 260))
    desk.page.wait_for_function("key => Math.round(window.__test.objects()[key].width) === 170", arg=key)
    assert rounded(desk.objects()[key]) == (130, 140, 170, 120)
    desk.key("ArrowRight")
    desk.page.wait_for_function("key => Math.round(window.__test.objects()[key].left) === 131", arg=key)
    for _ in range(3):
        desk.key("Control+z")
    desk.page.wait_for_function("key => Math.round(window.__test.objects()[key].left) === 100", arg=key)
    assert rounded(desk.objects()[key]) == (100, 120, 120, 80)
    desk.key("Control+Shift+Z")
    desk.key("Control+y")
    desk.page.wait_for_function("key => Math.round(window.__test.objects()[key].width) === 170", arg=key)
    desk.key("Control+z")
    desk.key("Control+z")
    desk.key("Control+z")
    desk.has(0)


def test_vertices_are_moved_inserted_and_removed(desk: Desk):
    desk.begin()
    key = desk.draw_polygon((100, 100), (300, 100), (300, 300), (100, 300))
    desk.key("v")
    desk.drag((300, 300), (340, 330))
    desk.drag((200, 100), (200, 60))
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 5", arg=key)
    vertices = [(round(vertex["x"]), round(vertex["y"])) for vertex in desk.objects()[key]["vertices"]]
    assert vertices == [(100, 100), (200, 60), (300, 100), (340, 330), (100, 300)]
    desk.key("Delete")
    desk.page.wait_for_function("key => window.__test.objects()[key].vertices.length === 4", arg=key)


def test_labels_are_chosen_by_digit_by_search_and_by_repeating(desk: Desk):
    desk.begin()
    chips = desk.page.locator(".chip")
    first = chips.first.get_attribute("title")
    desk.key("1")
    assert desk.ask("tool()") != "select"
    desk.key("Escape")
    desk.key("n")
    assert desk.ask("tool()") != "select"
    desk.key("/")
    last = chips.last.inner_text().split("\n")[0]
    desk.page.keyboard.type(last)
    expect(chips).to_have_count(1)
    desk.key("Enter")
    expect(desk.page.locator(".chip[aria-pressed=true]")).to_contain_text(last)
    assert first


def test_zooming_keeps_the_point_under_the_cursor_and_space_pans(desk: Desk):
    desk.begin()
    at = desk.place((200, 150))
    desk.page.mouse.move(*at)
    desk.page.mouse.wheel(0, -400)
    after = desk.place((200, 150))
    assert abs(after[0] - at[0]) < 1 and abs(after[1] - at[1]) < 1
    assert desk.ask("view().scale") > 1
    desk.page.keyboard.down("Space")
    desk.page.mouse.down()
    desk.page.mouse.move(at[0] + 50, at[1] + 30)
    desk.page.mouse.up()
    desk.page.keyboard.up("Space")
    moved = desk.place((200, 150))
    assert (round(moved[0] - at[0]), round(moved[1] - at[1])) == (50, 30)
    assert desk.objects() == {}


def test_a_refused_submission_says_why_and_an_accepted_one_leads_to_the_next_task(desk: Desk):
    desk.begin()
    work = desk.work_id()
    desk.draw_box((100, 120), (220, 200))
    desk.draw_polygon((300, 120), (420, 130), (400, 240))
    desk.submit()
    expect(desk.page.get_by_role("tab", name="Checks")).to_have_attribute("aria-selected", "true")
    problems = desk.page.locator(".check")
    expect(problems.first).to_contain_text("needs an answer")
    expect(desk.page.locator(".toast")).to_contain_text("Not submitted")
    assert desk.work_id() == work
    problems.first.click()
    desk.page.get_by_role("tab", name="Objects").click()
    desk.answer_objects()
    desk.saved()
    desk.submit()
    desk.page.wait_for_function("work => !window.location.hash.endsWith(work)", arg=work, timeout=15000)
    expect(desk.page.locator("canvas.canvas[data-ready=true], h1:has-text('queue is empty')").first).to_be_visible(timeout=15000)


def test_the_keys_are_shown_and_the_keyboard_reaches_every_answer(desk: Desk):
    desk.begin()
    desk.key("?")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.key("Escape")
    expect(desk.page.get_by_role("dialog", name="Keys")).not_to_be_visible()
    desk.draw_box((100, 120), (220, 200))
    desk.page.locator("canvas.canvas").focus()
    desk.key("Tab")
    assert desk.page.evaluate("() => document.activeElement.closest('[data-answers]') !== null")
    desk.key("Escape")
    assert desk.page.evaluate("() => document.activeElement.tagName") == "CANVAS"


def test_work_can_be_given_back_with_what_is_drawn(desk: Desk):
    desk.begin()
    work = desk.work_id()
    key = desk.draw_box((100, 120), (220, 200))
    desk.more("Give back")
    dialog = desk.page.get_by_role("dialog", name="Give this work back?")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).not_to_be_visible()
    desk.more("Give back")
    dialog.get_by_role("button", name="Give it back").click()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Hello")
    desk.page.goto(f"{desk.account['url']}/#/work/{work}")
    desk.work_is_open()
    assert key in desk.has(1)
