"""A walk through every page of the workplace, as each role sees it: on a desk and on a phone, light and dark, by keyboard.

Each page is opened once and looked at four times. Nothing of it may reach beyond the window, the accessibility checker may find
nothing, whatever can be clicked must be within reach of the Tab key, and no page may complain. With VERNIER_SCREENS naming a folder,
what was seen is kept there as pictures.
"""

import os
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from desk import Desk
from playwright.sync_api import Page, expect
from rig.lived_in import CONSENSUS, PASSWORD, PROJECT, live_in
from rig.server import Server
from rig.web import Receiver
from test_staff import one_time_code

SCREENS = os.environ.get("VERNIER_SCREENS")
DESK, PHONE = {"width": 1280, "height": 720}, {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast"]}
# All rules once in each size; in the other theme only the colours are others.
LOOKS = [(DESK, "light", RULES), (DESK, "dark", COLOURS), (PHONE, "dark", RULES), (PHONE, "light", COLOURS)]
STREET = f"projects/{quote(PROJECT)}"
TABS = ["overview", "tasks", "new-tasks", "batches", "batches/{batch}", "taxonomy", "instructions", "versions", "quality", "workflow", "people"]

# Where each person goes, and the heading there; what stands in braces is filled in.
WALKS = {
    "ada": [
        ("", "Hello, Ada"), ("projects", "Projects"), ("new-project", "New project"), ("tasks", "Tasks"), ("tasks?status=error", "Tasks"),
        ("exports", "Exports"), ("people", "People"), ("people/order", "People"), ("people/statistics", "People"), ("people/hours", "People"),
        ("keys", "API keys"), ("integrations", "Integrations"), ("settings", "Settings"), ("history", "My work"), ("profile", "Profile"),
    ],
    "mia": [
        ("", "Hello, Mia"), ("overview", "Overview"), ("usage", "Usage"), ("activity", "Activity"), ("deliveries", "Deliveries"),
        *((f"{STREET}/{tab}", PROJECT) for tab in TABS), (f"projects/{quote(CONSENSUS)}/quality", CONSENSUS),
    ],
    "max": [
        ("", "Hello, Max"), (f"{STREET}/batches", PROJECT), (f"{STREET}/workflow", PROJECT),
        *(("task/{task}" + tab, "{name}") for tab in ("", "/response", "/work", "/review", "/history", "/details")),
        ("task/{failed}", "cam-front/lost.jpg"), ("task/{failed}/details", "cam-front/lost.jpg"),
    ],
    "bob": [("", "Hello, Bob"), ("history", "My work"), ("profile", "Profile")],
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory, files, photographs):
    """A server with one account that has been worked in."""
    server = Server(tmp_path_factory.mktemp("tour") / "data")
    server.user("ada@team.example", PASSWORD, "admin")
    receiver = Receiver()
    server.start()
    yield server, live_in(server, files, receiver, photographs)
    server.stop()
    receiver.close()


@pytest.fixture
def arrive(place, browser, browser_context_args):
    """Opens the browser of a person who is signed in, or of nobody; any complaint of a page fails the test."""
    server, lived_in = place
    desks: list[Desk] = []

    def open_one(name: str | None) -> Desk:
        context = browser.new_context(**browser_context_args)
        email = "" if name is None else lived_in.people[name].user["email"]
        desks.append(Desk(context, {"url": server.address, "email": email, "password": PASSWORD}))
        return desks[-1] if name is None else desks[-1].sign_in()

    yield open_one
    faults = [error for desk in desks for error in desk.errors if not any(re.search(known, error) for known in desk.expected)]
    for desk in desks:
        desk.context.close()
    assert faults == []


@pytest.mark.parametrize("name", WALKS)
def test_the_pages_of_a_role(arrive, place, name):
    _, lived_in = place
    desk = arrive(name)
    wrong = []
    for address, heading in WALKS[name]:
        visit(desk, lived_in.fill(address), lived_in.fill(heading))
        wrong += look(desk, f"{name}-{address or 'home'}")
    assert not wrong, "\n".join(wrong)


def test_the_pages_of_those_who_are_not_in_yet(arrive, place):
    _, lived_in = place
    desk = arrive(None)
    wrong = []
    for address, button in (("", "Sign in"), ("first/none", "Begin"), (f"invitation/{lived_in.invitation}", "Begin")):
        desk.page.goto(f"{desk.account['url']}/#/{address}")
        expect(desk.page.get_by_role("button", name=button)).to_be_visible()
        wrong += look(desk, f"nobody-{address.split('/')[0] or 'sign-in'}")
    assert not wrong, "\n".join(wrong)


def test_a_second_factor_from_setting_up_to_signing_in(arrive):
    desk = arrive("sam")
    page = visit(desk, "profile", "Profile")
    page.get_by_role("button", name="Set up…").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("img", name="The secret as a QR code")).to_be_visible()
    wrong = look(desk, "sam-secret")
    page.get_by_role("textbox", name="Code").fill(one_time_code(page.locator("code.secret").inner_text().replace(" ", "")))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".recovery-codes code")).to_have_count(8)
    wrong += look(desk, "sam-recovery-codes")
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("8 recovery codes are left.")).to_be_visible()
    wrong += look(desk, "sam-with-second-factor")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_label("E-mail").fill(desk.account["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("textbox", name="Code")).to_be_focused()
    wrong += look(desk, "sam-code")
    assert not wrong, "\n".join(wrong)


def test_the_editor_in_every_kind_of_work(arrive, place):
    _, lived_in = place
    wrong = []
    for name, says in (("bob", "This box is too large."), ("eve", "Nothing is drawn"), ("rita", "Review of the answer by Eve Early")):
        desk = arrive(name).open_work()
        expect(desk.page.get_by_text(says).first).to_be_visible()
        wrong += look(desk, f"{name}-work")
    desk = arrive("max")
    desk.page.goto(f"{desk.account['url']}/#/work/{lived_in.merge}")
    desk.work_is_open()
    expect(desk.page.get_by_role("tabpanel")).to_contain_text("2 people answered this unseen of each other")
    wrong += look(desk, "max-merge")
    desk = arrive("mia")
    page = visit(desk, f"{STREET}/quality", PROJECT)
    page.get_by_role("button", name="Audit", exact=True).click()
    desk.work_is_open()
    expect(page.get_by_role("region", name="Audit")).to_contain_text("1 of 3")
    wrong += look(desk, "mia-audit")
    assert not wrong, "\n".join(wrong)


def test_after_all_of_it_the_log_says_what_is_there(place):
    server, _ = place
    server.command("verify", "--objects")


def visit(desk: Desk, address: str, heading: str) -> Page:
    desk.page.goto(f"{desk.account['url']}/#/{address}")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(heading)
    return desk.page


def look(desk: Desk, name: str) -> list[str]:
    """What is wrong with the page as it stands, in both sizes and themes."""
    page, wrong = desk.page, []
    # Under the pointer things look otherwise.
    page.mouse.move(0, 0)
    for size, scheme, rules in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        # A page that still loads something says so.
        expect(page.locator("[aria-label=Loading], .table-skeleton, .skeleton")).to_have_count(0, timeout=60_000)
        if SCREENS:
            Path(SCREENS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(SCREENS) / f"{re.sub('[^a-z-]+', '-', name)}-{size['width']}-{scheme}.png")
        seen = f"{name} at {size['width']}, {scheme}"
        wrong += [f"{seen}: {fault}" for fault in beyond_the_window(page) + found_by_axe(page, rules) + out_of_reach(page)]
    page.set_viewport_size(DESK)
    return wrong


def beyond_the_window(page: Page) -> list[str]:
    # A drawing follows the width of its room one frame later.
    beyond = page.evaluate(
        """() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(() => {
            const root = document.documentElement;
            told(root.scrollWidth - root.clientWidth);
        })))"""
    )
    return [f"{beyond} pixels too wide"] if beyond > 0 else []


def found_by_axe(page: Page, rules) -> list[str]:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run({ runOnly: rules, resultTypes: ['violations'] })", rules)["violations"]
    return [f"{one['id']}, {node['target']}: {node['failureSummary']}" for one in found for node in one["nodes"]]


def out_of_reach(page: Page) -> list[str]:
    """What the pointer can press and the keyboard cannot. Within lists, tabs and the like, arrow keys go on from what Tab reaches."""
    return page.evaluate(
        """() => {
            const words = (element) => `${element.tagName.toLowerCase()}.${element.className}: ${(element.textContent ?? "").slice(0, 40)}`;
            const shown = (element) => element.checkVisibility({ checkVisibilityCSS: true }) && element.getClientRects().length > 0;
            const focusable = "a[href], button, input, select, textarea, summary, label, canvas, [tabindex]";
            const composite = "[role=tablist], [role=listbox], [role=radiogroup], [role=menu], [role=grid], [role=tree], [role=toolbar], [role=slider]";
            const pressed = [...document.querySelectorAll("body *")].filter((element) =>
                getComputedStyle(element).cursor === "pointer" && shown(element) && element.closest(focusable) === null);
            const skipped = [...document.querySelectorAll("a[href], button, input, select, textarea")].filter((element) =>
                !element.disabled && element.tabIndex < 0 && shown(element) && element.closest(composite) === null);
            return [...pressed.map((element) => `only by pointer: ${words(element)}`), ...skipped.map((element) => `left out by Tab: ${words(element)}`)];
        }"""
    )
