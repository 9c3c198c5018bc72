"""Answers that are reviewed: three people in three browsers, all of it through the pages."""

import uuid

import pytest
from playwright.sync_api import expect

from customer import Customer
from desk import Desk
from test_accessibility import check


@pytest.fixture
def team(desks, account):
    """An admin, who reviews, and a labeler who came in by invitation."""
    admin = desks().sign_in()
    admin.page.get_by_role("navigation", name="Pages").get_by_role("link", name="People").click()
    mail = f"lena-{uuid.uuid4().hex[:6]}@example.com"
    admin.page.get_by_role("textbox", name="E-mail").fill(mail)
    admin.page.get_by_role("button", name="Invite", exact=True).click()
    link = admin.page.get_by_role("textbox", name="Invitation link").input_value()
    lena = desks()
    lena.expected.append("401|404")
    lena.page.goto(link)
    lena.page.get_by_label("Your name").fill("Lena Labeler")
    lena.page.get_by_label("Choose a password").fill("correct horse")
    lena.page.get_by_role("button", name="Begin").click()
    expect(lena.page.get_by_role("heading", level=1)).to_have_text("Hello, Lena")
    return admin, lena


@pytest.fixture
def project(account):
    """A project of one's own with one task; the others of the demo wait behind it."""
    customer = Customer.of_demo(account)
    name = f"reviewed {uuid.uuid4().hex[:6]}"
    customer.ask("POST", "/v1/projects", {"type": "imageannotation", "name": name, "params": {
        "instruction": "Box every car.",
        "geometries": {"box": {"objects_to_annotate": ["car", "bus"], "min_height": 5, "min_width": 5}},
    }})  # fmt: skip
    task = customer.ask("POST", "/v1/task/imageannotation", {
        "project": name, "attachment": customer.picture(), "callback_url": "http://127.0.0.1:9/none", "priority": 30,
    })["task_id"]  # fmt: skip
    return customer, name, task


def set_levels(desk: Desk, name: str, words: str) -> None:
    desk.page.goto(f"{desk.account['url']}/#/projects/{name.replace(' ', '%20')}/workflow")
    levels = desk.page.get_by_role("region", name="Review")
    levels.get_by_role("radio", name=words).check()
    levels.get_by_role("button", name="Save").click()
    expect(levels.get_by_role("status").filter(has_text="Saved")).to_be_visible()


def come_home(desk: Desk, what: str) -> None:
    """Gives back what was opened next, and looks at the home page."""
    desk.work_is_open()
    desk.page.evaluate(
        """async () => {
            const { csrf } = await (await fetch("/api/session")).json();
            const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
            const ask = async (path, body) => (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
            const { work } = await ask("/api/work/claim", {});
            await ask(`/api/work/${work.id}/release`, { lease: work.lease.token });
        }"""
    )
    desk.page.goto(f"{desk.account['url']}/#/")
    desk.page.reload()
    expect(desk.page.locator("button.continue")).to_contain_text(what)


def deliveries(customer: Customer, task: str) -> list:
    answer = customer.ask("GET", f"/api/tasks/{task}/deliveries")
    return answer if isinstance(answer, list) else answer.get("deliveries", answer.get("docs"))


def test_an_answer_is_reviewed_sent_back_put_right_and_accepted(team, project, screens):
    admin, lena = team
    customer, name, task = project
    set_levels(admin, name, "One review")
    check(admin.page)
    screens(admin, "workflow")

    lena.open_task(task)
    good, bad = lena.draw_box((60, 60), (160, 140)), lena.draw_box((200, 200), (300, 280))
    lena.saved().submit()
    expect(lena.page.get_by_role("status").filter(has_text="Submitted")).to_be_visible()
    assert customer.task(task)["status"] == "pending" and "response" not in customer.task(task)

    # The reviewer gets it with what Lena drew, and decides on each object.
    admin.open_task(task)
    assert set(admin.has(2)) == {good, bad}
    bar = admin.page.get_by_role("region", name="Review")
    expect(bar).to_contain_text("Review of the answer by Lena Labeler")
    admin.choose(good)
    admin.key("a")
    # The next one without a verdict is selected by itself.
    admin.page.wait_for_function("key => window.__test.selection() === key", arg=bad)
    admin.key("x")
    expect(bar).to_contain_text("2 of 2 decided")
    expect(admin.page.locator(f"#object-{bad}")).to_contain_text("✗")
    admin.choose(bad)
    admin.key("t")
    comment = admin.page.get_by_role("textbox", name="Comment")
    comment.fill("This is a bus, and the box is too large.")
    admin.page.get_by_role("article", name="New comment").get_by_role("button", name="Comment").click()
    expect(admin.page.locator(".pin")).to_have_count(1)
    admin.saved()
    check(admin.page)
    screens(admin, "review")
    admin.page.emulate_media(color_scheme="dark")
    check(admin.page)
    admin.page.set_viewport_size({"width": 1280, "height": 720})
    screens(admin, "review-dark")
    admin.page.set_viewport_size({"width": 390, "height": 844})
    screens(admin, "review-phone")
    admin.page.set_viewport_size({"width": 1440, "height": 900})
    admin.page.emulate_media(color_scheme="light")
    # What has rejected parts is not accepted.
    admin.key("Control+Enter")
    expect(admin.page.get_by_role("status").filter(has_text="One object is rejected.")).to_be_visible()
    admin.key("Control+Shift+Enter")
    dialog = admin.page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 rejected object and 1 comment")
    dialog.get_by_role("button", name="Send back").click()
    expect(admin.page.get_by_role("status").filter(has_text="Sent back")).to_be_visible()

    # It comes back to Lena before anything else, with the reasons.
    come_home(lena, "Sent back to you")
    lena.open_work()
    expect(lena.page.get_by_role("region", name="Sent back")).to_contain_text("1 object rejected, 1 comment to see to")
    expect(lena.page.get_by_role("tab", name="Comments")).to_have_attribute("aria-selected", "true")
    expect(lena.page.get_by_role("tabpanel")).to_contain_text("This is a bus, and the box is too large.")
    check(lena.page)
    screens(lena, "redo")
    lena.page.get_by_role("button", name="Answer…").click()
    lena.page.get_by_role("textbox", name="Answer").fill("Right, sorry.")
    lena.page.get_by_role("button", name="Answer", exact=True).click()
    lena.page.get_by_role("button", name="Settle").click()
    lena.page.get_by_role("tab", name="Objects").click()
    lena.remove(bad)
    lena.label("bus")
    new = lena.draw_box((210, 210), (290, 270))
    lena.saved().submit()

    # The same reviewer sees only what changed.
    come_home(admin, "Back from the labeler")
    admin.open_work()
    expect(bar).to_contain_text("2 things changed since the last review")
    expect(admin.page.locator("[role=option]")).to_have_count(1)
    expect(admin.page.locator(f"#object-{new}")).to_contain_text("new")
    screens(admin, "review-again")
    admin.key("w")
    expect(admin.page.get_by_role("button", name="Back to now")).to_be_visible()
    admin.key("w")
    before = len(deliveries(customer, task))
    assert before == 0
    admin.page.get_by_role("button", name="Accept", exact=False).filter(has_text="Ctrl").click()
    expect(admin.page.get_by_role("status").filter(has_text="Accepted")).to_be_visible()
    done = customer.task(task)
    assert done["status"] == "completed"
    assert {one["uuid"]: one["label"] for one in done["response"]["annotations"]} == {good: "car", new: "bus"}
    assert len(deliveries(customer, task)) == 1

    # Beside the task stands what happened.
    admin.page.goto(f"{admin.account['url']}/#/task/{task}/review")
    versions = admin.page.get_by_role("region", name="Versions of the answer")
    expect(versions).to_contain_text("Sent back in review 1 by you: 1 object rejected, 1 comment")
    expect(versions).to_contain_text("the task's answer from then on")
    expect(admin.page.get_by_role("region", name="Comments")).to_contain_text("Right, sorry.")
    check(admin.page)
    screens(admin, "task-review")
    versions.get_by_role("button", name="Show").nth(1).click()
    expect(admin.page.get_by_role("dialog").locator("canvas[data-ready=true]")).to_be_visible()
    screens(admin, "task-version")


def test_a_reviewer_pins_a_comment_to_a_place_and_fixes_what_is_wrong(team, project):
    admin, lena = team
    customer, name, task = project
    set_levels(admin, name, "One review")
    lena.open_task(task)
    drawn = lena.draw_box((60, 60), (160, 140))
    lena.saved().submit()
    expect(lena.page.get_by_role("status").filter(has_text="Submitted")).to_be_visible()

    admin.open_task(task)
    admin.key("Shift+T")
    admin.click((250, 220))
    admin.page.get_by_role("textbox", name="Comment").fill("Here is another one.")
    admin.page.keyboard.press("Control+Enter")
    expect(admin.page.locator(".pin")).to_have_count(1)
    added = admin.draw_box((220, 200), (280, 260))
    # Showing how it was lets nothing be changed.
    admin.key("w")
    admin.has(1)
    admin.key("w")
    admin.has(2)
    admin.saved().submit()
    expect(admin.page.get_by_role("status").filter(has_text="Accepted")).to_be_visible()
    done = customer.task(task)
    assert {one["uuid"] for one in done["response"]["annotations"]} == {drawn, added}
    reviews = customer.ask("GET", f"/api/tasks/{task}/reviews")
    assert [one["verdict"] for one in reviews["reviews"]] == ["fixed"]
    assert reviews["threads"][0]["at"]["x"] == pytest.approx(250, abs=1)


def test_a_completed_task_is_wanted_again(team, project):
    _, lena = team
    customer, _, task = project
    lena.open_task(task)
    lena.draw_box((60, 60), (160, 140))
    lena.saved().submit()
    expect(lena.page.get_by_role("status").filter(has_text="Submitted")).to_be_visible()
    first = customer.task(task)["response"]
    again = customer.ask("POST", f"/api/tasks/{task}/redo", {"message": "The other car, please."})["task"]
    assert again["status"] == "pending" and "response" not in again
    come_home(lena, "Sent back to you")
    lena.open_work()
    expect(lena.page.get_by_role("tabpanel")).to_contain_text("The other car, please.")
    lena.draw_box((200, 200), (300, 280))
    lena.saved().submit()
    # What was said must be seen to, or passed over on purpose.
    expect(lena.page.get_by_role("status").filter(has_text="One comment waits for you.")).to_be_visible()
    lena.submit()
    expect(lena.page.get_by_role("status").filter(has_text="Submitted")).to_be_visible()
    done = customer.task(task)
    assert len(done["response"]["annotations"]) == 2 and done["prior_responses"] == [first]
