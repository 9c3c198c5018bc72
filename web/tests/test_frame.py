"""What surrounds the picture: palette, keys, preferences, panels, dialogs, and work by keyboard alone."""

import re

from playwright.sync_api import expect

from desk import Desk


def dialog(desk: Desk, name: str):
    return desk.page.get_by_role("dialog", name=name)


def canvas(desk: Desk):
    return desk.page.locator("canvas.canvas")


def run(desk: Desk, words: str) -> None:
    """Finds a command by a few letters and runs it."""
    canvas(desk).focus()
    desk.key("Control+k")
    expect(dialog(desk, "Commands")).to_be_visible()
    desk.page.keyboard.type(words)
    desk.key("Enter")
    expect(dialog(desk, "Commands")).not_to_be_visible()


def bound(desk: Desk, command: str):
    return desk.page.locator(".keys-row").filter(has=desk.page.get_by_text(command, exact=True))


def test_the_palette_finds_commands_labels_and_objects_and_says_why_not(desk: Desk):
    desk.begin()
    first = desk.draw_box((100, 120), (220, 200))
    desk.draw_box((300, 120), (420, 200))
    run(desk, "polyg")
    assert desk.ask("tool()") == "polygon"
    label = desk.page.locator(".chip").last
    run(desk, label.inner_text().split("\n")[0])
    expect(label).to_have_attribute("aria-pressed", "true")
    desk.key("v")
    run(desk, "1 car")
    desk.page.wait_for_function("key => window.__test.selection() === key", arg=first)
    desk.key("Control+k")
    desk.page.keyboard.type("redo")
    entry = dialog(desk, "Commands").get_by_role("option").first
    expect(entry).to_contain_text("There is nothing to redo.")
    expect(entry).to_have_attribute("aria-disabled", "true")
    desk.key("Enter")
    expect(dialog(desk, "Commands")).to_be_visible()
    desk.key("Escape")
    expect(dialog(desk, "Commands")).not_to_be_visible()
    assert desk.page.evaluate("document.activeElement.tagName") == "CANVAS"


def test_the_palette_leads_to_the_other_pages_and_the_work_is_kept(desk: Desk):
    desk.begin()
    desk.draw_box((100, 120), (220, 200))
    run(desk, "profile page")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Profile")
    desk.page.go_back()
    desk.work_is_open()
    desk.has(1)


def test_keys_are_changed_refused_taken_away_and_reset(desk: Desk):
    desk.begin()
    run(desk, "change keys")
    settings = dialog(desk, "Preferences")
    settings.get_by_role("button", name="Change the keys of Box").click()
    desk.key("v")
    expect(settings.get_by_role("alert")).to_have_text("V is the key of “Select” already. Nothing was changed.")
    settings.get_by_role("button", name="Change the keys of Box").click()
    desk.key("Control+t")
    expect(settings.get_by_role("alert")).to_contain_text("belongs to the browser")
    desk.key("Escape")
    expect(bound(desk, "Box").locator("kbd")).to_have_text("B")
    settings.get_by_role("button", name="Change the keys of Box").click()
    desk.key("Alt+q")
    expect(bound(desk, "Box").locator("kbd")).to_have_text("Alt Q")
    expect(settings.get_by_role("button", name="Change the keys of Box")).to_be_focused()
    desk.key("Escape")
    expect(settings).not_to_be_visible()
    canvas(desk).focus()
    desk.key("b")
    assert desk.ask("tool()") == "select"
    desk.key("Alt+q")
    assert desk.ask("tool()") == "box"
    expect(desk.page.get_by_role("button", name="Box", exact=True)).to_have_attribute("title", re.compile(r"Alt Q"))
    desk.page.reload()
    desk.work_is_open()
    desk.key("Alt+q")
    assert desk.ask("tool()") == "box"
    run(desk, "change keys")
    settings.get_by_role("button", name="Reset the keys of Box").click()
    expect(bound(desk, "Box").locator("kbd")).to_have_text("B")


def test_the_sheet_shows_the_keys_by_where_they_work(desk: Desk, screens):
    desk.begin()
    desk.key("?")
    sheet = dialog(desk, "Keys")
    for heading in ("Everywhere", "On the picture", "With the pointer", "Drawing by keyboard"):
        expect(sheet.get_by_role("heading", name=heading)).to_be_visible()
    expect(sheet.locator("dl > div").filter(has_text="Check and submit")).to_contain_text("Ctrl")
    screens(desk, "keys-light")
    sheet.get_by_role("button", name="Change keys").click()
    expect(dialog(desk, "Preferences").get_by_role("tab", name="Keys")).to_have_attribute("aria-selected", "true")


def test_theme_and_motion_are_chosen_and_remembered(desk: Desk):
    desk.begin()
    root = desk.page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    run(desk, "preferences")
    dialog(desk, "Preferences").get_by_role("radio", name="Dark").check(force=True)
    expect(root).to_have_attribute("data-theme", "dark")
    desk.key("Escape")
    desk.page.reload()
    desk.work_is_open()
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-motion", "reduced")
    run(desk, "theme as the system")
    expect(root).to_have_attribute("data-theme", "light")


def test_panels_fold_and_their_width_is_remembered(desk: Desk, screens):
    desk.begin()
    panel = desk.page.get_by_label("Objects and answers", exact=True)
    divider = desk.page.get_by_role("separator", name="Width of the panel")
    divider.focus()
    desk.key("ArrowLeft")
    desk.key("ArrowLeft")
    expect(divider).to_have_attribute("aria-valuenow", "352")
    canvas(desk).focus()
    desk.key("\\")
    expect(panel).not_to_be_visible()
    desk.key("Shift+|")
    expect(desk.page.get_by_role("toolbar", name="Tools")).not_to_be_visible()
    screens(desk, "folded-light")
    desk.page.reload()
    desk.work_is_open()
    expect(panel).not_to_be_visible()
    desk.page.get_by_role("button", name="Show objects and answers").click()
    expect(divider).to_have_attribute("aria-valuenow", "352")
    canvas(desk).focus()
    desk.key("Shift+|")
    expect(desk.page.get_by_role("toolbar", name="Tools")).to_be_visible()


def test_every_problem_can_be_reached_and_takes_the_hand_to_its_question(desk: Desk):
    desk.begin()
    desk.draw_box((100, 120), (220, 200))
    desk.draw_box((300, 120), (420, 200))
    desk.submit()
    problems = desk.page.get_by_role("list", name="Checks").get_by_role("button")
    count = problems.count()
    assert count >= 3
    here = "() => `${window.__test.selection()} ${document.activeElement.closest('[data-question]')?.dataset.question ?? ''}`"
    reached: list[str] = []
    for _ in range(count):
        desk.key("F8")
        desk.page.wait_for_function(f"reached => !reached.includes(({here})()) && !({here})().endsWith(' ')", arg=reached)
        reached.append(desk.page.evaluate(here))


def test_what_is_worth_a_look_does_not_stop_a_submission(desk: Desk):
    desk.begin()
    work = desk.work_id()
    desk.page.get_by_role("tab", name="Checks").click()
    expect(desk.page.get_by_role("list", name="Warnings")).to_contain_text("Nothing is drawn")
    canvas(desk).focus()
    desk.answer_everything()
    desk.saved()
    desk.submit()
    desk.page.wait_for_function("work => !window.location.hash.endsWith(work)", arg=work, timeout=15000)


def test_everything_from_sign_in_to_submission_goes_by_keyboard(desk: Desk):
    page = desk.page
    page.goto(desk.account["url"])
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(desk.account["email"])
    desk.key("Tab")
    page.keyboard.type(desk.account["password"])
    desk.key("Enter")
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    for _ in range(40):
        if page.evaluate("document.activeElement.classList.contains('continue')"):
            break
        desk.key("Tab")
    desk.key("Enter")
    desk.work_is_open()
    work = desk.work_id()
    expect(canvas(desk)).to_be_focused()
    desk.key("Control+a")
    desk.key("o")
    while desk.objects():
        desk.key("Home")
        before = len(desk.objects())
        desk.key("Delete")
        desk.has(before - 1)
    page.locator("canvas.canvas").focus()

    # A label by its digit, then a box from corner to corner with the cross.
    desk.key("1")
    assert desk.ask("tool()") == "box"
    desk.key("ArrowUp")
    cross = page.locator(".cross-place")
    x, y = map(int, cross.inner_text().split(", "))
    desk.key("Enter")
    for _ in range(6):
        desk.key("Shift+ArrowRight")
    for _ in range(4):
        desk.key("Shift+ArrowDown")
    desk.key("Enter")
    (box,) = desk.has(1).values()
    assert tuple(round(box[name]) for name in ("left", "top", "width", "height")) == (x, y, 60, 40)
    expect(page.get_by_test_id("announcer")).to_contain_text("added, 60 by 40 pixels")

    # Moved by the arrow keys, with the tool for choosing.
    desk.key("Escape")
    desk.key("ArrowRight")
    page.wait_for_function("x => Math.round(Object.values(window.__test.objects())[0].left) === x", arg=x + 1)

    # Every question of the object and of the picture, by digits and Tab.
    for _ in range(2):
        desk.key("Tab")
        assert page.evaluate("document.activeElement.closest('[data-answers]') !== null")
        desk.key("1")
        desk.key("Escape")
        desk.saved()
        desk.key("Escape")
    desk.submit()
    page.wait_for_function("work => !window.location.hash.endsWith(work)", arg=work, timeout=15000)


def test_the_cross_draws_polygons_too(desk: Desk):
    desk.begin()
    # Keys go to the canvas; what was removed before may have left the focus elsewhere.
    canvas(desk).focus()
    desk.key("p")
    desk.page.wait_for_function("() => window.__test.tool() === 'polygon'")
    desk.key("ArrowRight")
    desk.key("Enter")
    for keys in (["Alt+ArrowRight"], ["Alt+ArrowDown"], ["Shift+ArrowLeft"] * 5):
        for key in keys:
            desk.key(key)
        desk.key("Enter")
    desk.key("Enter")
    (polygon,) = desk.has(1).values()
    assert len(polygon["vertices"]) == 4


def test_a_picture_that_cannot_be_loaded_says_so_and_is_loaded_again(desk: Desk, screens):
    desk.expected.append("Failed to load resource")
    desk.sign_in()
    desk.page.route("**/files/**", lambda route: route.abort())
    desk.page.locator("button.continue").click()
    fault = desk.page.get_by_role("alert").filter(has_text="could not be loaded")
    expect(fault).to_be_visible(timeout=15000)
    expect(fault).to_contain_text("What you have drawn is safe.")
    screens(desk, "picture-failed-light")
    desk.page.unroute("**/files/**")
    fault.get_by_role("button", name="Load again").click()
    desk.work_is_open()
    expect(fault).not_to_be_visible()


def test_a_server_that_does_not_answer_is_told_and_found_again_by_itself(desk: Desk, screens):
    desk.expected.append("Failed to load resource")
    desk.sign_in()
    desk.page.route("**/api/**", lambda route: route.abort())
    desk.page.reload()
    expect(desk.page.get_by_role("heading", name="The server does not answer")).to_be_visible()
    screens(desk, "unreachable-light")
    desk.page.unroute("**/api/**")
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Hello", timeout=12000)


def test_a_session_that_ends_during_work_is_renewed_over_the_editor(desk: Desk, screens):
    desk.expected.append("401")
    desk.begin()
    desk.draw_box((100, 120), (220, 200))
    desk.saved()
    desk.context.clear_cookies()
    desk.draw_box((300, 120), (420, 200))
    again = dialog(desk, "Please sign in again")
    expect(again).to_be_visible()
    expect(desk.page.get_by_test_id("save-state")).to_contain_text("Signed out")
    screens(desk, "session-ended-light")
    again.get_by_label("Password").fill(desk.account["password"])
    desk.key("Enter")
    expect(again).not_to_be_visible()
    desk.saved()
    desk.has(2)


def test_the_announcer_tells_what_changes(desk: Desk):
    desk.begin()
    told = desk.page.get_by_test_id("announcer")
    desk.draw_box((100, 120), (220, 200))
    expect(told).to_have_text(re.compile(r"^Box .+ added, 120 by 80 pixels, .*at 100, 120\. 1 object\.$"))
    desk.key("v")
    desk.key("Delete")
    expect(told).to_have_text(re.compile(r"^Box .+ removed\. 0 objects\.$"))


def test_a_task_is_skipped_with_a_reason_and_does_not_come_back(desk: Desk):
    desk.begin()
    work = desk.work_id()
    canvas(desk).focus()
    desk.key("Control+Space")
    skip = dialog(desk, "Skip this task?")
    skip.get_by_role("button", name="Skip it").click()
    expect(skip.get_by_role("alert")).to_have_text("Please say in a few words why.")
    skip.get_by_role("button", name="This needs knowledge").click()
    skip.get_by_role("button", name="Skip it").click()
    desk.page.wait_for_function("work => !window.location.hash.endsWith(work)", arg=work, timeout=15000)
    desk.work_is_open()
    expect(desk.page.locator(".toast")).to_have_text("Skipped. Here is the next one.")
    assert desk.work_id() != work


def test_a_problem_with_the_data_reaches_the_people_who_run_the_project(desk: Desk):
    desk.begin()
    work = desk.work_id()
    desk.draw_box((100, 120), (220, 200))
    desk.more("Report")
    report = dialog(desk, "Report a problem with the data")
    report.get_by_role("radio", name="The picture cannot be read").check()
    report.get_by_role("button", name="Send report").click()
    expect(report.get_by_role("alert")).to_have_text("Please say in a few words what you see.")
    report.get_by_label("What do you see?").fill("Half of it is black.")
    report.get_by_role("button", name="Send report").click()
    expect(report).not_to_be_visible()
    expect(desk.page.locator(".toast")).to_contain_text("Reported.")
    desk.has(1)
    assert desk.work_id() == work
    reports = desk.page.evaluate("() => fetch('/api/reports').then((reply) => reply.text())")
    assert "Half of it is black." in reports and "unreadable" in reports


def test_the_picture_of_the_next_task_is_there_before_it_is_asked_for(desk: Desk):
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url) if "/files/" in request.url else None)
    with desk.page.expect_response("**/api/work/upcoming*") as coming:
        desk.begin()
    following = coming.value.json()["work"][0]["attachments"][0]["url"]
    desk.page.wait_for_function("url => performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.endsWith(url) && responseEnd > 0)", arg=following)
    desk.page.wait_for_timeout(300)
    before = desk.ask("view()")
    desk.answer_everything()
    desk.saved()
    work = desk.work_id()
    desk.submit()
    desk.page.wait_for_function("work => !window.location.hash.endsWith(work)", arg=work, timeout=15000)
    desk.work_is_open()
    assert len([url for url in asked if url.endswith(following)]) == 1
    assert desk.ask("view()") == before


def test_a_panel_that_fails_leaves_the_picture_and_the_work_alone(desk: Desk):
    desk.expected.append(".")
    desk.sign_in()

    def spoilt(route):
        reply = route.fetch()
        work = reply.json()["work"]
        route.fulfill(response=reply, json={"work": {**work, "instruction": {"no": "text"}}})

    desk.page.route("**/api/work/claim", spoilt)
    desk.page.locator("button.continue").click()
    desk.work_is_open()
    fault = desk.page.get_by_role("alert").filter(has_text="The panel has failed.")
    expect(fault).to_contain_text("Your work is safe")
    count = len(desk.objects())
    desk.key("b")
    desk.drag((100, 120), (220, 200))
    desk.has(count + 1)
    desk.saved()
