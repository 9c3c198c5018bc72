"""Tasks as those see them who run the projects: found, read, changed in any number, and exported."""

import json
import re
import uuid

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from customer import Customer
from desk import Desk

GEOMETRIES = {"geometries": {"box": {"objects_to_annotate": ["car", "person"]}, "polygon": {"objects_to_annotate": ["house"]}}}


@pytest.fixture
def some(customer) -> tuple[str, list[str]]:
    """Three tasks that nothing but a tag of their own has in common with any other, in the order they were made."""
    mark = f"set{uuid.uuid4().hex[:10]}"
    return mark, [customer.order(unique_id=f"{mark}/{i}.jpg", tags=[mark], metadata={"camera": f"front{i}"}, priority=10, **GEOMETRIES) for i in range(3)]


def open_list(desk: Desk, query: str = "") -> Page:
    desk.page.goto(f"{desk.account['url']}/#/tasks{query}")
    expect(desk.page.get_by_role("grid", name="Tasks").or_(desk.page.get_by_text("No task matches"))).to_be_visible()
    return desk.page


def rows(page: Page):
    return page.get_by_role("grid", name="Tasks").locator("tbody tr")


def test_tasks_are_found_by_search_status_and_filters_and_the_address_keeps_them(desk: Desk, some):
    mark, _ = some
    page = open_list(desk.sign_in())
    page.get_by_role("searchbox").fill(mark)
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_text("3 tasks match")).to_be_visible()
    # The newest first; sorted by the unique id the other way round.
    expect(rows(page).first).to_contain_text(f"{mark}/2.jpg")
    heading = page.get_by_role("columnheader", name="Task", exact=True)
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    heading.get_by_role("button").click()
    expect(rows(page).first).to_contain_text(f"{mark}/0.jpg")
    page.get_by_role("searchbox").fill(f"{mark} front1")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Canceled", exact=True).click()
    expect(page.get_by_role("heading", name="No task matches")).to_be_visible()
    page.get_by_role("button", name="Canceled", exact=True).click()
    page.reload()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_role("button", name="Add a filter").click()
    page.get_by_role("button", name="Tags", exact=True).click()
    page.get_by_role("combobox", name="Tags").fill(mark)
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(3)
    assert f"tags={mark}" in page.url
    page.get_by_role("button", name="Without the filter by tags").click()
    assert mark not in page.url


def test_many_tasks_are_changed_with_a_result_for_each_and_changed_back(desk: Desk, customer: Customer, some):
    mark, (first, *others) = some
    customer.ask("POST", f"/v1/task/{first}/cancel")
    page = open_list(desk.sign_in(), f"?tags={mark}")
    page.get_by_label("Choose all on this page").check()
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.get_by_role("button", name="Add tags").click()
    dialog = page.get_by_role("dialog", name="Add tags: 3 tasks")
    dialog.get_by_label("Tags, with commas between them").fill(f"{mark}a, {mark}b")
    dialog.get_by_role("button", name="Add tags").click()
    change = page.get_by_role("list", name="Changes of many tasks").get_by_role("listitem")
    expect(change).to_contain_text("Done", timeout=15000)
    expect(rows(page).first).to_contain_text(f"{mark}b")
    assert [customer.task(task)["tags"] for task in others] == [[mark, f"{mark}a", f"{mark}b"]] * 2
    change.get_by_role("button", name="What happened").click()
    results = page.get_by_role("dialog", name="What happened")
    results.get_by_role("button", name="Changed").click()
    expect(results.get_by_role("listitem")).to_have_count(3)
    results.get_by_role("button", name="Close").click()
    change.get_by_role("button", name="Undo").click()
    expect(change).to_have_count(2)
    expect(change.first).to_contain_text("Done", timeout=15000)
    expect(rows(page).first).not_to_contain_text(f"{mark}b")
    assert [customer.task(task)["tags"] for task in others] == [[mark]] * 2

    # What cannot be done is told for the task it cannot be done to.
    page.get_by_role("button", name="Completed", exact=True).click()
    page.get_by_role("button", name="Completed", exact=True).click()
    page.get_by_label("Choose all on this page").check()
    page.get_by_role("button", name="Cancel tasks").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel tasks").click()
    expect(change).to_have_count(3)
    expect(change.first).to_contain_text("Done", timeout=15000)
    assert {customer.task(task)["status"] for task in others} == {"canceled"}
    expect(change.first.get_by_role("button", name="Undo")).to_have_count(0)


def test_all_that_match_are_changed_although_only_some_are_on_the_page(desk: Desk, customer: Customer):
    mark = f"set{uuid.uuid4().hex[:10]}"
    tasks = [customer.order(tags=[mark], priority=10, **GEOMETRIES) for _ in range(30)]
    page = open_list(desk.sign_in(), f"?tags={mark}")
    page.get_by_label("Rows").select_option("25")
    expect(rows(page)).to_have_count(25)
    page.get_by_label("Choose all on this page").check()
    page.get_by_role("button", name="Choose all 30 that match").click()
    page.get_by_role("button", name="Priority", exact=True).click()
    dialog = page.get_by_role("dialog", name="Priority: 30 tasks")
    expect(dialog).to_contain_text(f"tags {mark}")
    dialog.get_by_label("Priority").select_option("20")
    dialog.get_by_role("button", name="Priority").click()
    expect(page.get_by_role("list", name="Changes of many tasks")).to_contain_text("Done", timeout=20000)
    assert {customer.task(task)["priority"] for task in tasks} == {20}
    page.get_by_role("button", name="Next").click()
    expect(rows(page)).to_have_count(5)
    expect(page.get_by_text("26 to 30 of 30")).to_be_visible()
    page.get_by_role("button", name="Previous").click()
    expect(rows(page)).to_have_count(25)


def test_the_list_is_worked_by_keys_and_comes_back_to_the_task_that_was_opened(desk: Desk, some):
    mark, (_, second, _) = some
    page = open_list(desk.sign_in(), f"?tags={mark}")
    expect(rows(page)).to_have_count(3)
    page.keyboard.press("j")
    expect(rows(page).nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(rows(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{mark}/1.jpg")
    assert second in page.url
    page.keyboard.press("j")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{mark}/0.jpg")
    page.get_by_role("button", name="‹ Tasks").click()
    expect(rows(page).nth(2)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_the_list_follows_what_happens_without_moving_under_the_eyes(desk: Desk, customer: Customer, some):
    mark, (first, _, last) = some
    page = open_list(desk.sign_in(), f"?tags={mark}")
    expect(rows(page)).to_have_count(3)
    customer.ask("POST", f"/v1/task/{first}/cancel")
    expect(rows(page).nth(2)).to_contain_text("Canceled")
    newer = customer.order(unique_id=f"{mark}/3.jpg", tags=[mark], priority=10, **GEOMETRIES)
    page.get_by_role("button", name="The list has changed; show it").click()
    expect(rows(page)).to_have_count(4)
    expect(rows(page).first).to_contain_text(f"{mark}/3.jpg")
    expect(page.get_by_text("4 tasks match")).to_be_visible()
    for task in (newer, last):
        customer.ask("POST", f"/v1/task/{task}/cancel")
    expect(rows(page).filter(has_text="Canceled")).to_have_count(3)


def test_columns_are_chosen_and_remembered(desk: Desk, some):
    mark, _ = some
    page = open_list(desk.sign_in(), f"?tags={mark}")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="camera").check()
    page.get_by_role("checkbox", name="Batch").uncheck()
    page.keyboard.press("Escape")
    expect(rows(page).first).to_contain_text("front2")
    page.reload()
    expect(page.get_by_role("columnheader", name="camera")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Batch")).to_have_count(0)


def test_what_the_filter_shows_is_exported_as_the_api_returns_it(desk: Desk, customer: Customer, some):
    mark, tasks = some
    page = open_list(desk.sign_in(), f"?tags={mark}")
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.get_by_role("dialog", name="Export 3 tasks")
    dialog.get_by_role("radio", name="JSON lines").check()
    dialog.get_by_role("button", name="Export").click()
    card = page.get_by_role("group", name="Export")
    with page.expect_download() as waiting:
        card.get_by_role("link", name="Download").click(timeout=20000)
    lines = waiting.value.path().read_text().splitlines()
    assert {line["task_id"]: line for line in map(json.loads, lines)} == {task: customer.task(task) for task in tasks}
    # A broken download goes on where it stopped.
    page.goto(f"{desk.account['url']}/#/exports")
    address = page.get_by_role("link", name="Download").first.get_attribute("href")
    whole = desk.context.request.get(desk.account["url"] + address)
    rest = desk.context.request.get(desk.account["url"] + address, headers={"Range": "bytes=100-", "If-Range": whole.headers["etag"]})
    assert (rest.status, rest.body()) == (206, whole.body()[100:])
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("row").filter(has=page.locator(f"a[href='{address}']")).get_by_role("button", name="Remove").click()
    expect(page.locator(f"a[href='{address}']")).to_have_count(0)


def test_a_task_is_read_with_labels_answer_history_and_every_step(desks, customer: Customer):
    # Addresses inside the machine are not called, which is an attempt that fails.
    task = customer.order(unique_id=uuid.uuid4().hex, callback_url="http://127.0.0.1:8000/hook", **GEOMETRIES)
    labeler = desks().sign_in().open_task(task)
    labeler.label("car")
    first = labeler.draw_box((100, 120), (300, 260))
    labeler.label("person")
    labeler.draw_box((400, 120), (480, 300))
    labeler.saved().submit()
    done = customer.finished(task)
    desk = desks().sign_in()
    page = desk.page
    page.goto(f"{desk.account['url']}/#/task/{task}")
    expect(page.locator("canvas.canvas[data-ready=true]")).to_be_visible(timeout=15000)
    objects = page.get_by_role("listbox", name="Objects, 2")
    objects.get_by_role("option").first.click()
    expect(page.get_by_role("region", name="Selected object")).to_contain_text("200 × 140 px")
    # Nothing can be changed from here.
    page.keyboard.press("Delete")
    expect(objects.get_by_role("option")).to_have_count(2)

    tabs = page.get_by_role("navigation", name="Task")
    tabs.get_by_role("link", name="Response").click()
    page.get_by_role("button", name="Unfold").click()
    expect(page.get_by_role("group", name="Response")).to_contain_text(first)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    assert json.loads(waiting.value.path().read_text()) == done["response"]

    tabs.get_by_role("link", name="History").click()
    expect(page.get_by_role("list").filter(has=page.locator("time")).get_by_role("listitem").first).to_contain_text("Completed")
    page.get_by_role("group", name="Whose work").get_by_role("button").click()
    expect(page.get_by_role("listbox", name="Objects, 2")).to_be_visible()
    page.get_by_role("slider", name="Step").press("Home")
    expect(page.get_by_text("Nothing is drawn on this picture.")).to_be_visible()
    page.get_by_role("button", name="One step on").click()
    expect(page.get_by_role("listbox", name="Objects, 1")).to_be_visible()
    page.get_by_role("button", name=re.compile("The task after")).last.click()
    then = page.get_by_role("dialog")
    expect(then).to_contain_text("pending")
    then.get_by_role("button", name="Close").click()

    tabs.get_by_role("link", name="Work and audit").click()
    expect(page.get_by_role("table").first).to_contain_text("handed in")
    tabs.get_by_role("link", name="Deliveries").click()
    delivery = page.get_by_role("listitem").filter(has_text="http://127.0.0.1:8000/hook").first
    # Nobody listens there, and a server that is not told otherwise does not call this machine at all.
    expect(delivery).to_contain_text(re.compile("may not be called|could not be opened"))
    delivery.get_by_role("button", name="Show what was sent").click()
    expect(page.get_by_role("group", name="What was sent")).to_contain_text(task)
    tabs.get_by_role("link", name="Details").click()
    expect(page.get_by_role("group", name="Parameters")).to_contain_text("geometries")


def test_a_labeler_does_not_see_the_tasks(desks):
    admin = desks().sign_in()
    admin.page.goto(f"{admin.account['url']}/#/people")
    name = f"{uuid.uuid4().hex[:8]}@example.com"
    admin.page.get_by_role("textbox", name="E-mail").fill(name)
    admin.page.get_by_role("button", name="Invite", exact=True).click()
    link = admin.page.get_by_role("textbox", name="Invitation link").input_value()
    labeler = desks()
    labeler.expected.append("401|404")
    labeler.page.goto(link)
    labeler.page.get_by_label("Your name").fill("Grace")
    labeler.page.get_by_label("Choose a password").fill("correct horse")
    labeler.page.get_by_role("button", name="Begin").click()
    expect(labeler.page.get_by_role("heading", level=1)).to_have_text("Hello, Grace")
    for page in ["tasks", "exports", "task/0123456789abcdef01234567"]:
        labeler.page.goto(f"{labeler.account['url']}/#/{page}")
        expect(labeler.page.get_by_role("heading", level=1)).to_have_text("Hello, Grace")


@pytest.mark.parametrize("options", [{"color_scheme": "light"}, {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}}], ids=["light", "dark-phone"])
def test_lists_and_tasks_have_no_violations(desks, some, screens, options, request):
    mark, tasks = some
    desk = desks(**options)
    page = open_list(desk.sign_in(), f"?tags={mark}")
    kept = request.node.callspec.params["options"]["color_scheme"]

    def look(name: str) -> None:
        results = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        assert results.violations_count == 0, results.generate_report()
        screens(desk, f"tasks-{name}-{kept}")

    expect(rows(page)).to_have_count(3)
    look("list")
    page.get_by_label("Choose all on this page").check()
    look("chosen")
    page.get_by_role("button", name="Columns").click()
    look("columns")
    page.keyboard.press("Escape")
    for action in ["Priority", "Add tags", "Move to batch", "Redo", "Cancel tasks"]:
        page.get_by_role("button", name=action, exact=True).click()
        look(action.split()[0].lower())
        page.get_by_role("dialog").get_by_role("button", name="Leave it").click()
    page.get_by_role("button", name="Export", exact=True).click()
    look("export")
    page.keyboard.press("Escape")
    page.goto(f"{desk.account['url']}/#/exports")
    expect(page.get_by_role("heading", level=1)).to_have_text("Exports")
    look("exports")
    page.goto(f"{desk.account['url']}/#/task/{tasks[0]}")
    expect(page.locator("canvas.canvas[data-ready=true]")).to_be_visible(timeout=15000)
    look("task")
    for tab in ["Response", "Work and audit", "History", "Deliveries", "Details"]:
        page.get_by_role("navigation", name="Task").get_by_role("link", name=tab).click()
        expect(page.get_by_role("status", name="Loading")).to_have_count(0)
        look(tab.split()[0].lower())
