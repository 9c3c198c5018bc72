"""Every page passes the accessibility checker in each of its states and in both themes, and the canvas is mirrored by a list."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from desk import Desk

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


def check(page: Page) -> None:
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.fixture
def looked_at(desks, screens, request):
    """A desk whose states are checked and kept as pictures: `look(name)`."""
    scheme = request.param
    desk: Desk = desks(color_scheme=scheme)

    def look(name: str) -> None:
        check(desk.page)
        screens(desk, f"{name}-{scheme}")

    return desk, look


both_themes = pytest.mark.parametrize("looked_at", ["light", "dark"], indirect=True)


def opened(desk: Desk, name: str):
    dialog = desk.page.get_by_role("dialog", name=name)
    expect(dialog).to_be_visible()
    return dialog


@both_themes
def test_pages_around_the_editor_have_no_violations(looked_at):
    desk, look = looked_at
    desk.expected.append("Failed to load resource")
    page = desk.page
    page.goto(desk.account["url"])
    expect(page.get_by_label("E-mail")).to_be_visible()
    look("sign-in")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Please enter")
    look("sign-in-refused")
    desk.sign_in()
    expect(page.get_by_text("waiting in the queue")).to_be_visible()
    look("home")
    page.route("**/api/work/summary", lambda route: answer(route, {"continue": None, "today": {"submitted": 12}, "queue": {"waiting": 0}}))
    page.reload()
    expect(page.get_by_role("heading", name="Nothing is waiting for you")).to_be_visible()
    look("home-idle")
    page.route("**/api/work/claim", lambda route: answer(route, {"work": None}))
    page.goto(f"{desk.account['url']}/#/work")
    expect(page.get_by_role("heading", name="The queue is empty")).to_be_visible()
    look("queue-empty")
    page.goto(f"{desk.account['url']}/#/work/0123456789abcdef01234567")
    expect(page.get_by_role("heading", name="This work is not yours any more")).to_be_visible()
    look("taken")
    page.unroute("**/api/work/claim")
    page.route("**/api/work/claim", lambda route: route.abort())
    page.get_by_role("button", name="Take the next one").click()
    expect(page.get_by_role("heading", name="The work could not be opened")).to_be_visible()
    look("not-opened")
    page.route("**/api/session", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("heading", name="The server does not answer")).to_be_visible()
    look("unreachable")


@both_themes
def test_the_editor_has_no_violations_in_any_state(looked_at):
    desk, look = looked_at
    page = desk.page
    desk.begin()
    look("editor-empty")
    desk.draw_box((100, 120), (220, 200))
    desk.draw_polygon((300, 120), (420, 130), (400, 240))
    look("editor-drawn")
    desk.key("v")
    desk.key("Control+a")
    desk.key("Shift+L")
    look("several-locked")
    desk.key("Shift+L")
    desk.key("Escape")
    desk.key("Control+k")
    opened(desk, "Commands")
    look("palette")
    page.keyboard.type("fold")
    look("palette-found")
    page.keyboard.type("zzz")
    look("palette-nothing")
    desk.key("Escape")
    desk.key("?")
    opened(desk, "Keys").get_by_role("button", name="Change keys").click()
    settings = opened(desk, "Preferences")
    settings.get_by_role("button", name="Change the keys of Box").click()
    look("keys-capture")
    desk.key("v")
    look("keys-clash")
    settings.get_by_role("tab", name="Look and drawing").click()
    look("preferences")
    desk.key("Escape")
    page.locator("canvas.canvas").focus()
    desk.key("Control+Space")
    skip = opened(desk, "Skip this task?")
    skip.get_by_role("button", name="Skip it").click()
    look("skip")
    desk.key("Escape")
    desk.more("Report")
    opened(desk, "Report a problem with the data").get_by_role("button", name="Send report").click()
    look("report")
    desk.key("Escape")
    page.get_by_role("button", name="More").click()
    look("more")
    desk.key("Escape")
    page.locator("canvas.canvas").focus()
    desk.key("b")
    desk.key("ArrowUp")
    desk.key("Enter")
    desk.key("Alt+ArrowRight")
    look("drawing-by-keyboard")
    desk.key("Escape")
    desk.key("Escape")
    desk.submit()
    expect(page.locator(".check").first).to_be_visible()
    look("submission-refused")
    page.locator("canvas.canvas").focus()
    desk.key("\\")
    desk.key("Shift+|")
    look("folded")
    desk.key("\\")
    desk.key("Shift+|")


@both_themes
def test_trouble_in_the_editor_has_no_violations(looked_at):
    desk, look = looked_at
    desk.expected += ["Failed to load resource", "401", "409"]
    page = desk.page
    desk.begin()
    desk.draw_box((100, 120), (220, 200))
    desk.saved()
    page.route("**/api/work/*/steps", lambda route: route.abort())
    desk.draw_box((300, 120), (420, 200))
    expect(page.get_by_test_id("save-state")).to_contain_text("Offline")
    look("offline")
    page.unroute("**/api/work/*/steps")
    page.route("**/api/work/*/steps", conflict)
    desk.try_now()
    expect(page.get_by_role("dialog")).to_be_visible()
    look("conflict")
    page.reload()
    page.unroute("**/api/work/*/steps")
    desk.work_is_open()
    desk.saved()
    page.route("**/api/work/*/steps", lambda route: answer(route, {"error": "The lease is gone."}, 409))
    desk.draw_box((500, 120), (620, 200))
    opened(desk, "This work is no longer held for you")
    look("no-longer-held")
    page.unroute("**/api/work/*/steps")
    page.get_by_role("button", name="Take it again").click()
    desk.saved()
    page.route("**/api/work/*/steps", lambda route: answer(route, {"error": "`steps` is not what it should be."}, 400))
    desk.key("b")
    desk.drag((500, 320), (620, 400))
    opened(desk, "The server refused a change")
    look("change-refused")
    page.unroute("**/api/work/*/steps")
    page.get_by_role("button", name="Try again").click()
    desk.saved()
    page.route("**/files/**", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="could not be loaded")).to_be_visible()
    look("picture-failed")
    page.unroute("**/files/**")
    desk.context.clear_cookies()
    page.locator("canvas.canvas").focus()
    desk.draw_box((700, 120), (820, 200))
    opened(desk, "Please sign in again")
    look("session-ended")


def answer(route: Route, body: dict, status: int = 200) -> None:
    route.fulfill(status=status, content_type="application/json", body=json.dumps(body))


def conflict(route: Route) -> None:
    """The answer of a server on which somebody else has changed the same object meanwhile."""
    sent = json.loads(route.request.post_data)
    step = sent["steps"][0]
    operation = step["operations"][0]
    theirs = {**operation["after"], "left": operation["after"]["left"] + 40}
    missed = {"id": "0192a0b0-0000-7000-8000-000000000001", "revision": sent["after"] + 1, "writer": "somebody", "operations": [{**operation, "after": theirs}]}
    answer(route, {
        "revision": sent["after"] + 1, "acknowledged": [], "missed": [missed],
        "conflict": {"step": step["id"], "collection": operation["collection"], "key": operation["key"], "current": theirs},
    })  # fmt: skip


def test_the_list_mirrors_the_canvas_and_can_be_worked_by_keys(desk: Desk):
    desk.begin()
    expect(desk.page.get_by_role("application")).to_have_accessible_name("Picture with 0 objects. They are listed in the panel on the right.")
    first = desk.draw_box((100, 120), (220, 200))
    second = desk.draw_box((300, 120), (420, 200))
    expect(desk.page.get_by_role("application")).to_have_accessible_name("Picture with 2 objects. They are listed in the panel on the right.")
    objects = desk.page.get_by_role("listbox", name="Objects, 2")
    expect(objects.get_by_role("option")).to_have_count(2)
    objects.focus()
    desk.key("ArrowUp")
    assert desk.ask("selection()") == first
    desk.key("End")
    assert desk.ask("selection()") == second
    desk.key("Delete")
    desk.has(1)
