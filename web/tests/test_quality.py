"""Several answers to one task, and audits: four people in four browsers, all of it through the pages."""

import uuid

import pytest
from playwright.sync_api import expect

from customer import Customer
from desk import Desk
from test_accessibility import check


def invited(admin: Desk, desks, name: str) -> Desk:
    """A labeler who came in by invitation."""
    admin.page.get_by_role("navigation", name="Pages").get_by_role("link", name="People").click()
    mail = f"{name.lower()}-{uuid.uuid4().hex[:6]}@example.com"
    admin.page.get_by_role("textbox", name="E-mail").fill(mail)
    admin.page.get_by_role("button", name="Invite", exact=True).click()
    link = admin.page.get_by_role("textbox", name="Invitation link").input_value()
    admin.page.get_by_role("button", name="Done").click()
    desk = desks()
    desk.expected.append("401|404")
    desk.page.goto(link)
    desk.page.get_by_label("Your name").fill(f"{name} Labeler")
    desk.page.get_by_label("Choose a password").fill("correct horse")
    desk.page.get_by_role("button", name="Begin").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(f"Hello, {name}")
    return desk


@pytest.fixture
def project(account):
    """A project of one's own; the tasks of the demo wait behind its own."""
    customer = Customer.of_demo(account)
    name = f"quality {uuid.uuid4().hex[:6]}"
    customer.ask("POST", "/v1/projects", {"type": "imageannotation", "name": name, "params": {
        "instruction": "Box every car.",
        "geometries": {"box": {"objects_to_annotate": ["car", "bus"], "min_height": 5, "min_width": 5}},
    }})  # fmt: skip
    return customer, name


def order(customer: Customer, name: str, **more) -> str:
    return customer.ask("POST", "/v1/task/imageannotation", {
        "project": name, "attachment": customer.picture(), "callback_url": "http://127.0.0.1:9/none", "priority": 30, **more,
    })["task_id"]  # fmt: skip


def visit(desk: Desk, name: str, tab: str) -> None:
    desk.page.goto(f"{desk.account['url']}/#/projects/{name.replace(' ', '%20')}/{tab}")


def test_three_people_answer_unseen_and_a_fourth_settles_what_they_differ_in(desks, project, screens):
    customer, name = project
    admin = desks().sign_in()
    people = [invited(admin, desks, who) for who in ("Ada", "Ben", "Cleo")]
    visit(admin, name, "workflow")
    admin.page.get_by_label("Answers to each task").select_option("3")
    admin.page.get_by_label("Answers that agree need no merge").check()
    section = admin.page.get_by_role("region", name="Consensus")
    section.get_by_role("button", name="Save").click()
    expect(section.get_by_role("status")).to_contain_text("Saved")
    check(admin.page)
    screens(admin, "consensus-settings")

    task = order(customer, name)
    boxes = [((100, 100), (200, 200)), ((110, 100), (210, 200)), ((100, 110), (200, 210))]
    for number, (desk, (start, end)) in enumerate(zip(people, boxes)):
        desk.open_task(task)
        assert desk.objects() == {}
        desk.label("car")
        desk.draw_box(start, end)
        if number == 0:
            desk.label("bus")
            desk.draw_box((300, 300), (360, 360))
        desk.saved().submit()
        expect(desk.page.get_by_role("status").filter(has_text="Submitted")).to_be_visible()
        assert customer.task(task)["status"] == "pending"

    admin.open_task(task)
    [merged] = admin.has(1).values()
    assert merged["label"] == "car"
    assert [round(merged[side]) for side in ("left", "top", "width", "height")] == [100, 100, 100, 100]
    panel = admin.page.get_by_role("tabpanel")
    expect(admin.page.get_by_role("tab", name="Differences")).to_have_attribute("aria-selected", "true")
    expect(panel).to_contain_text("3 people answered this unseen of each other")
    expect(panel.get_by_role("listitem").filter(has_text="Drawn differently").first).to_be_visible()
    check(admin.page)
    screens(admin, "merge")
    left = panel.get_by_role("button", name="Box bus")
    left.click()
    expect(panel).to_contain_text("1 of 3 have it, so it is left out")
    panel.get_by_role("button", name="Take it in").click()
    admin.has(2)
    expect(panel.get_by_role("button", name="Leave it out")).to_be_visible()
    panel.get_by_role("button", name="Leave it out").click()
    admin.has(1)
    panel.get_by_role("button", name="Box car").click()
    panel.get_by_role("button", name="Take B's").click()
    admin.page.wait_for_function("() => Object.values(window.__test.objects()).some(({ left }) => Math.round(left) === 110)")
    admin.saved()
    admin.page.emulate_media(color_scheme="dark")
    admin.page.set_viewport_size({"width": 1280, "height": 720})
    check(admin.page)
    screens(admin, "merge-dark")
    admin.page.set_viewport_size({"width": 390, "height": 844})
    screens(admin, "merge-phone")
    admin.page.set_viewport_size({"width": 1440, "height": 900})
    admin.page.emulate_media(color_scheme="light")
    admin.submit()
    expect(admin.page.get_by_role("status").filter(has_text="Submitted")).to_be_visible()
    [answer] = customer.finished(task)["response"]["annotations"]
    assert answer["label"] == "car" and round(answer["left"]) == 110

    # Answers that agree need nobody.
    same = order(customer, name)
    for desk in people:
        desk.open_task(same)
        desk.label("bus")
        desk.draw_box((50, 50), (150, 150))
        desk.saved().submit()
        expect(desk.page.get_by_role("status").filter(has_text="Submitted")).to_be_visible()
    [answer] = customer.finished(same)["response"]["annotations"]
    assert answer["label"] == "bus"


def test_a_customer_goes_through_a_sample_accepts_rejects_and_fixes(desks, project, screens):
    customer, name = project
    admin = desks().sign_in()
    lena = invited(admin, desks, "Lena")
    tasks = []
    for number in range(3):
        task = order(customer, name, unique_id=f"{name} {number}")
        lena.open_task(task)
        lena.label("car")
        lena.draw_box((60, 60), (160, 140))
        lena.saved().submit()
        expect(lena.page.get_by_role("status").filter(has_text="Submitted")).to_be_visible()
        tasks.append(task)

    visit(admin, name, "quality")
    admin.page.get_by_label("In order").select_option("oldest")
    admin.page.get_by_role("button", name="Draw a sample").click()
    expect(admin.page.get_by_role("status").filter(has_text="Drew 3 tasks")).to_be_visible()
    check(admin.page)
    screens(admin, "quality")
    admin.page.get_by_role("button", name="Audit", exact=True).click()
    admin.work_is_open()
    bar = admin.page.get_by_role("region", name="Audit")
    expect(bar).to_contain_text("1 of 3")
    # Nothing can be drawn by a slip.
    key = next(iter(admin.has(1)))
    admin.choose(key)
    admin.key("Delete")
    admin.has(1)
    check(admin.page)
    screens(admin, "audit")
    bar.get_by_label("an example in the instruction").check()
    bar.get_by_placeholder("what it shows").fill("A car, boxed to its edges.")
    bar.get_by_label("an evaluation task").check()
    admin.page.get_by_role("button", name="Accept").click()
    expect(bar).to_contain_text("2 of 3")
    admin.work_is_open()

    admin.page.get_by_role("button", name="Reject…").click()
    dialog = admin.page.get_by_role("dialog")
    dialog.get_by_label("What is wrong?").fill("That is a bus.")
    check(admin.page)
    dialog.get_by_role("button", name="Reject").click()
    expect(bar).to_contain_text("3 of 3")
    admin.work_is_open()

    admin.page.get_by_role("button", name="Fix", exact=True).click()
    admin.choose(next(iter(admin.has(1))))
    admin.page.locator(".chip").filter(has_text="bus").first.click()
    admin.saved()
    admin.page.get_by_role("button", name="Submit the fix").click()
    admin.page.get_by_role("dialog").get_by_role("button", name="Submit the fix").click()
    expect(admin.page.get_by_role("heading", name="Audits")).to_be_visible()
    row = admin.page.get_by_role("row").filter(has_text="3 of 3")
    expect(row).to_contain_text("1 accepted, 1 fixed, 1 rejected")
    expect(row).to_contain_text("33 %")
    expect(admin.page.get_by_text("A car, boxed to its edges.")).to_be_visible()
    check(admin.page)
    screens(admin, "quality-done")
    admin.page.emulate_media(color_scheme="dark")
    admin.page.set_viewport_size({"width": 390, "height": 844})
    check(admin.page)
    screens(admin, "quality-phone-dark")

    first, second, third = (customer.task(task) for task in tasks)
    assert [task["customer_review_status"] for task in (first, second, third)] == ["accepted", "rejected", "fixed"]
    assert second["customer_review_comments"] == ["That is a bus."]
    assert third["response"]["is_customer_fix"] is True
    assert third["response"]["annotations"][0]["label"] == "bus"
    assert third["prior_responses"][0]["annotations"][0]["label"] == "car"
    known = customer.ask("GET", "/api/quality-tasks?kind=evaluation")["docs"]
    assert any(task.get("project") == name for task in known)

    # Whoever labels sees the example.
    task = order(customer, name)
    lena.open_task(task)
    lena.page.get_by_text("1 example", exact=True).click()
    expect(lena.page.get_by_role("img", name="Example with 1 object: car")).to_be_visible()
    screens(lena, "instruction-example")
