"""The whole workplace: five people in five browsers, from the first sign-in to the exported answers, all of it through the pages."""

import json
import re

import pytest
from conftest import PASSWORD
from desk import Desk
from playwright.sync_api import Page, expect
from rig.server import eventually
from rig.web import picture

PROJECT = "Cats"
SELF, CALIBRATION, PRODUCTION = 2, 4, 14


@pytest.fixture
def open_desk(browser, browser_context_args):
    """Opens browsers of their own; any complaint of a page fails the test."""
    desks: list[Desk] = []

    def open_one(address: str, email: str) -> Desk:
        context = browser.new_context(**browser_context_args)
        desks.append(Desk(context, {"url": address, "email": email, "password": PASSWORD}))
        return desks[-1]

    yield open_one
    # Before the sign-in, and behind an invitation, the page asks who it is and is told 401.
    faults = [error for desk in desks for error in desk.errors if not re.search("401|404", error)]
    for desk in desks:
        desk.context.close()
    assert faults == []


def test_from_the_first_start_to_the_export(make_server, open_desk):
    server = make_server().start()
    ada = first_admin(server, open_desk)
    bob = invited(ada, open_desk, "Bob", "labeler", "attempter")
    eve = invited(ada, open_desk, "Eve", "labeler", "attempter")
    rita = invited(ada, open_desk, "Rita", "labeler", "reviewer")
    max_ = invited(ada, open_desk, "Max", "member")

    create_project(ada)
    visit(ada, "workflow").get_by_role("radio", name="One review").check()
    review = ada.page.get_by_role("region", name="Review")
    review.get_by_role("button", name="Save").click()
    expect(review.get_by_role("status")).to_contain_text("Saved")

    # The team labels a little by itself, without review.
    batch(ada, "first look", "Self-label", range(SELF))
    waits(max_, SELF)
    assert label(max_, 1) == 1
    label(ada)
    label(max_)
    done(ada, "first look", SELF)

    # Labelers are calibrated: reviewed, then audited as a whole by whoever ordered the work.
    batch(ada, "calibration", "Calibration", range(SELF, SELF + CALIBRATION))
    waits(bob, CALIBRATION)
    assert label(bob, 2) == 2
    label(eve)
    label(bob)
    while opens(rita):
        accept(rita)
    done(ada, "calibration", CALIBRATION)
    assert audit(max_) == CALIBRATION

    batch(ada, "production", "Production", range(SELF + CALIBRATION, SELF + CALIBRATION + PRODUCTION))
    waits(eve, PRODUCTION)
    assert label(eve, 6) == 6
    label(bob)
    label(eve)
    labelers = {"Bob Labeler": bob, "Eve Labeler": eve}
    assert opens(rita)
    redone = send_back(rita, labelers)
    while opens(rita):
        accept(rita)
    redo(redone)
    assert opens(rita)
    expect(rita.page.get_by_role("region", name="Review")).to_contain_text("changed since the last review")
    accept(rita)
    done(ada, "production", PRODUCTION)

    sample = visit(max_, "quality")
    sample.get_by_role("button", name="Draw a sample").click()
    expect(sample.get_by_role("status").filter(has_text="Drew")).to_be_visible()
    assert audit(max_) >= PRODUCTION

    compare_with_the_api(ada, exported(ada))


def first_admin(server, open_desk) -> Desk:
    """Opens the link that the server writes as long as nobody can sign in."""
    link = eventually(lambda: re.search(r"http\S+/#/first/\S+", server.log_end())).group()
    desk = open_desk(server.address, "ada@team.example")
    desk.page.goto(link)
    desk.page.get_by_label("Your name").fill("Ada Admin")
    desk.page.get_by_label("E-mail").fill("ada@team.example")
    desk.page.get_by_label("Choose a password").fill(PASSWORD)
    desk.page.get_by_role("button", name="Begin").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Hello, Ada")
    return desk


def invited(admin: Desk, open_desk, name: str, role: str, function: str | None = None) -> Desk:
    """Somebody who comes in by a link that the admin hands on."""
    page = admin.page
    page.goto(f"{admin.account['url']}/#/people")
    page.get_by_role("textbox", name="E-mail").fill(f"{name.lower()}@team.example")
    page.locator(".line-form").get_by_label("Role").select_option(role)
    if function is not None:
        page.locator(".line-form").get_by_label("Function").select_option(function)
    page.get_by_role("button", name="Invite", exact=True).click()
    link = page.get_by_role("textbox", name="Invitation link").input_value()
    page.get_by_role("button", name="Done").click()
    desk = open_desk(admin.account["url"], f"{name.lower()}@team.example")
    desk.page.goto(link)
    desk.page.get_by_label("Your name").fill(f"{name} {role.title()}")
    desk.page.get_by_label("Choose a password").fill(PASSWORD)
    desk.page.get_by_role("button", name="Begin").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(f"Hello, {name}")
    return desk


def visit(desk: Desk, tab: str) -> Page:
    desk.page.goto(f"{desk.account['url']}/#/projects/{PROJECT}/{tab}")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(PROJECT)
    return desk.page


def create_project(admin: Desk) -> None:
    page = admin.page
    page.goto(f"{admin.account['url']}/#/new-project")
    page.get_by_label("Name").fill(PROJECT)
    page.get_by_label("Instruction (Markdown)").fill("Draw a **box** around every cat.")
    page.get_by_role("button", name="Create the project").click()
    page.get_by_role("button", name="Add boxes").click()
    page.get_by_label("Add a class of boxes").fill("cat")
    page.get_by_label("Add a class of boxes").press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as version")).to_be_visible()


def batch(admin: Desk, name: str, kind: str, numbers: range) -> None:
    """Makes a batch, drops pictures into it, and launches it."""
    page = visit(admin, "batches")
    page.get_by_role("button", name="New batch").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("radio", name=kind).check()
    dialog.get_by_role("button", name="Make the batch").click()
    row = page.get_by_role("row").filter(has_text=name)
    row.get_by_role("link", name="Add tasks").click()
    expect(page.get_by_role("combobox", name="Batch")).to_have_value(name)
    files = [{"name": f"cat{i}.png", "type": "image/png", "bytes": list(picture(400 + i, 300))} for i in numbers]
    transfer = page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            for (const { name, type, bytes } of files) transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
            return transfer;
        }""",
        files,
    )
    page.locator(".drop-zone").dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.get_by_text(f"{len(files)} of {len(files)} done")).to_be_visible(timeout=30000)
    page = visit(admin, "batches")
    row.get_by_role("button", name="Launch").click()
    page.get_by_role("dialog").get_by_role("button", name="Launch").click()
    expect(row).to_contain_text("At work")


def done(admin: Desk, name: str, count: int) -> None:
    page = visit(admin, "batches")
    page.reload()
    expect(page.get_by_role("row").filter(has_text=name)).to_contain_text(f"{count} of {count} done")


def waits(desk: Desk, count: int) -> None:
    """Looks at the home page until the queue has all of a batch: tasks join it once their pictures are read."""

    def figure() -> str:
        desk.page.goto(f"{desk.account['url']}/#/")
        desk.page.reload()
        return desk.page.locator(".figures > div").filter(has_text="waiting in the queue").locator("dd").inner_text()

    eventually(lambda: figure() == str(count), every=0.5)


def opens(desk: Desk) -> bool:
    """Presses Continue on the home page, if there is something to go on with."""
    desk.page.goto(f"{desk.account['url']}/#/")
    desk.page.reload()
    # The home page has either of them once it knows.
    expect(desk.page.locator("button.continue:not(.skeleton)").or_(desk.page.get_by_role("heading", name="Nothing is waiting for you"))).to_be_visible()
    if desk.page.locator("button.continue").count() == 0:
        return False
    desk.open_work()
    return True


def goes_on(desk: Desk, work: str) -> bool:
    """Whether the next piece of work is open after this one was handed in, or the queue is empty."""
    empty = desk.page.get_by_role("heading", name="The queue is empty")
    # The address names the next work once it is open.
    desk.page.wait_for_function(
        r"""work => document.querySelector("main.centre h1, main.centre h2")
            || (/^#\/work\/.+/.test(location.hash) && !location.hash.endsWith(work) && document.querySelector("canvas.canvas[data-ready=true]"))""",
        arg=work, timeout=15000,
    )  # fmt: skip
    if desk.page.locator("canvas.canvas").count() > 0:
        return True
    expect(empty).to_be_visible()
    return False


def label(desk: Desk, most: int = 99) -> int:
    """Labels so many tasks, or all that come; what was opened after the last one stays begun."""
    count = 0
    if not opens(desk):
        return count
    while count < most:
        work = desk.work_id()
        assert desk.objects() == {}
        desk.page.locator("canvas.canvas").focus()
        desk.key("1")
        before = set(desk.objects())
        desk.drag((40 + 5 * count, 50), (200, 180 + 3 * count))
        desk.new_object(before)
        desk.saved().submit()
        count += 1
        if not goes_on(desk, work):
            break
    return count


def accept(desk: Desk) -> None:
    work = desk.work_id()
    desk.page.get_by_role("button", name="Accept", exact=False).filter(has_text="Ctrl").click()
    goes_on(desk, work)


def send_back(reviewer: Desk, labelers: dict[str, Desk]) -> Desk:
    """Rejects the object with a comment; gives back whose work it was."""
    bar = reviewer.page.get_by_role("region", name="Review")
    expect(bar).to_contain_text("Review of the answer by")
    (name,) = [name for name in labelers if name in bar.inner_text()]
    (key,) = reviewer.has(1)
    reviewer.choose(key)
    reviewer.key("x")
    reviewer.key("t")
    reviewer.page.get_by_role("textbox", name="Comment").fill("The box is too large.")
    reviewer.page.get_by_role("article", name="New comment").get_by_role("button", name="Comment").click()
    reviewer.saved()
    work = reviewer.work_id()
    reviewer.key("Control+Shift+Enter")
    reviewer.page.get_by_role("dialog").get_by_role("button", name="Send back").click()
    goes_on(reviewer, work)
    return labelers[name]


def redo(labeler: Desk) -> None:
    """The work that was sent back comes first, with the comment."""
    labeler.page.goto(f"{labeler.account['url']}/#/")
    labeler.page.reload()
    expect(labeler.page.locator("button.continue")).to_contain_text("Sent back to you")
    labeler.open_work()
    expect(labeler.page.get_by_role("tabpanel")).to_contain_text("The box is too large.")
    labeler.page.get_by_role("button", name="Settle").click()
    labeler.page.get_by_role("tab", name="Objects").click()
    (key,) = labeler.has(1)
    labeler.remove(key)
    labeler.draw_box((60, 60), (150, 120))
    work = labeler.work_id()
    labeler.saved().submit()
    goes_on(labeler, work)


def audit(auditor: Desk) -> int:
    """Accepts every task of the sample that waits; how many there were."""
    page = visit(auditor, "quality")
    page.reload()
    page.get_by_role("button", name="Audit", exact=True).first.click()
    auditor.work_is_open()
    bar = page.get_by_role("region", name="Audit")
    expect(bar).to_contain_text("1 of")
    total = int(re.search(r"1 of (\d+)", bar.inner_text()).group(1))
    for position in range(1, total + 1):
        expect(bar).to_contain_text(f"{position} of {total}")
        auditor.work_is_open()
        page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", name="Audits")).to_be_visible()
    return total


def exported(admin: Desk) -> list[dict]:
    page = visit(admin, "tasks")
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="JSON lines").check()
    dialog.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("group", name="Export").get_by_role("link", name="Download").click(timeout=20000)
    return [json.loads(line) for line in waiting.value.path().read_text().splitlines()]


def compare_with_the_api(admin: Desk, lines: list[dict]) -> None:
    """Every task is there once, done, and as the API returns it."""
    assert len(lines) == SELF + CALIBRATION + PRODUCTION
    for line in lines:
        task = admin.context.request.get(f"{admin.account['url']}/v1/task/{line['task_id']}").json()
        assert line == task
        assert task["status"] == "completed" and [one["label"] for one in task["response"]["annotations"]] == ["cat"]
