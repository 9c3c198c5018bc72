"""Every page passes the accessibility checker, in both themes, and the canvas is mirrored by a list."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from desk import Desk

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


def check(page: Page) -> None:
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_violations(desks, scheme):
    desk: Desk = desks(color_scheme=scheme)
    desk.page.goto(desk.account["url"])
    expect(desk.page.get_by_label("E-mail")).to_be_visible()
    check(desk.page)
    desk.sign_in()
    expect(desk.page.get_by_text("waiting in the queue")).to_be_visible()
    check(desk.page)
    desk.open_work()
    for key in list(desk.objects()):
        desk.remove(key)
    check(desk.page)
    desk.draw_box((100, 120), (220, 200))
    desk.draw_polygon((300, 120), (420, 130), (400, 240))
    check(desk.page)
    desk.submit()
    expect(desk.page.locator(".check").first).to_be_visible()
    check(desk.page)
    desk.key("?")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_be_visible()
    check(desk.page)


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
