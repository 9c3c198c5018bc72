"""Second factors, what people are given, how long they work, and what they see of it themselves."""

import base64
import hashlib
import hmac
import re
import struct
import time

from playwright.sync_api import Page, expect

from desk import Desk


def one_time_code(secret: str, ahead: int = 0) -> str:
    """RFC 6238; `ahead` counts time steps, since none is taken twice."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def open_page(desk: Desk, name: str, part: str | None = None) -> None:
    desk.page.get_by_role("navigation", name="Pages").get_by_role("link", name=name, exact=True).click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(name)
    if part is not None:
        desk.page.get_by_role("navigation", name="People").get_by_role("link", name=part).click()


def invited(admin: Desk, desks, email: str, name: str) -> Desk:
    """A new labeler, signed in."""
    open_page(admin, "People")
    admin.page.get_by_role("textbox", name="E-mail").fill(email)
    admin.page.get_by_role("button", name="Invite", exact=True).click()
    link = admin.page.get_by_role("textbox", name="Invitation link").input_value()
    desk = desks()
    desk.page.goto(link)
    desk.page.get_by_label("Your name").fill(name)
    desk.page.get_by_label("Choose a password").fill("correct horse")
    desk.page.get_by_role("button", name="Begin").click()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text("Hello")
    return desk


def ask(page: Page, method: str, path: str, body=None):
    return page.evaluate(
        """async ([method, path, body]) => {
            const { csrf } = await (await fetch("/api/session")).json();
            const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
            const reply = await fetch(path, { method, headers, body: body === null ? undefined : JSON.stringify(body) });
            return reply.json();
        }""",
        [method, path, body],
    )


def test_a_second_factor_is_set_up_asked_for_and_taken_back(desks, screens):
    admin = desks().sign_in()
    desk = invited(admin, desks, "totp@example.com", "Totp Person")
    desk.expected.append("400|401")
    page = desk.page
    open_page(desk, "Profile")
    page.get_by_role("button", name="Set up…").click()
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert").filter(has_text="This is not your password.")).to_be_visible()
    page.get_by_label("Your password").fill("correct horse")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("img", name="The secret as a QR code")).to_be_visible()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    screens(desk, "second-factor")
    page.get_by_role("textbox", name="Code").fill(one_time_code(secret))
    page.get_by_role("button", name="Turn on").click()
    codes = page.locator(".recovery-codes code")
    expect(codes).to_have_count(8)
    spare = codes.first.inner_text()
    screens(desk, "recovery-codes")
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("8 recovery codes are left.")).to_be_visible()

    def password_only() -> None:
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.get_by_label("E-mail").fill("totp@example.com")
        page.get_by_label("Password").fill("correct horse")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("textbox", name="Code")).to_be_focused()

    password_only()
    screens(desk, "sign-in-code")
    page.get_by_role("textbox", name="Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    page.get_by_role("textbox", name="Code").fill(one_time_code(secret, ahead=1))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    password_only()
    page.get_by_role("textbox", name="Code").fill(spare.upper().replace("-", " "))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")

    admin.page.reload()
    row = admin.page.get_by_role("row").filter(has_text="totp@example.com")
    expect(row).to_contain_text("with second factor")
    row.get_by_role("button", name="Reset factor…").click()
    admin.page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    expect(row).not_to_contain_text("with second factor")
    page.reload()
    page.get_by_label("E-mail").fill("totp@example.com")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def test_people_are_given_work_and_their_hours_are_counted(desks, screens):
    admin = desks().sign_in()
    worker = invited(admin, desks, "worker@example.com", "Worker Bee")
    row = admin.page.get_by_role("row").filter(has_text="worker@example.com")
    admin.page.reload()
    row.get_by_label("Function of worker@example.com").select_option("reviewer")
    expect(row.get_by_label("Function of worker@example.com")).to_have_value("reviewer")
    worker.page.reload()
    expect(worker.page.get_by_role("heading", name="Nothing is waiting for you")).to_be_visible()
    row.get_by_label("Function of worker@example.com").select_option("attempter")
    expect(row.get_by_label("Function of worker@example.com")).to_have_value("attempter")
    worker.page.reload()
    expect(worker.page.locator("button.continue")).to_be_visible()

    worker.open_work()
    work = worker.work_id()
    assert ask(worker.page, "POST", f"/api/work/{work}/activity", {"beats": [0]})["counted"] == 0
    worker.page.mouse.move(500, 400)
    worker.page.wait_for_timeout(1500)
    counted = ask(worker.page, "POST", f"/api/work/{work}/activity", {"beats": [0, 0.5, 1]})["counted"]
    assert 1 <= counted < 10, "only the time that has passed since"
    worker.page.goto(f"{worker.account['url']}/#/history")
    expect(worker.page.get_by_text("at work in the last 30 days")).to_be_visible()
    expect(worker.page.get_by_text("You have not handed anything in yet.")).to_be_visible()
    screens(worker, "own-work")

    open_page(admin, "People", "Hours")
    expect(admin.page.get_by_role("row").filter(has_text="worker@example.com")).to_contain_text(re.compile(r"\d s"))
    screens(admin, "hours")
    admin.page.get_by_role("navigation", name="People").get_by_role("link", name="Statistics").click()
    expect(admin.page.get_by_role("row").filter(has_text="worker@example.com")).to_contain_text(re.compile(r"\d s"))
    screens(admin, "statistics")


def test_projects_and_the_order_of_batches(desks, screens):
    admin = desks().sign_in()
    page = admin.page
    params = {"instruction": "Choose.", "fields": [{"field_id": "kind", "title": "Kind", "type": "category", "choices": [{"label": "A", "value": "a"}]}]}
    for path, body in [
        ("/v1/projects", {"type": "textcollection", "name": "order", "studio": True, "params": params}),
        ("/v1/batches", {"project": "order", "name": "first batch"}),
        ("/v1/batches", {"project": "order", "name": "second batch"}),
    ]:
        assert "error" not in ask(page, "POST", path, body), path
    invited(admin, desks, "group@example.com", "Group Member")
    page.reload()
    row = page.get_by_role("row").filter(has_text="group@example.com")
    row.get_by_label("Projects of group@example.com").click()
    page.get_by_role("dialog").get_by_label("order").check()
    screens(admin, "assignment")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(row.get_by_label("Projects of group@example.com")).to_have_text("order")

    page.get_by_role("navigation", name="People").get_by_role("link", name="Order of work").click()
    names = page.get_by_role("row").filter(has_text="order").locator("td b")
    expect(names).to_have_text(["first batch", "second batch"])
    page.get_by_label("Move second batch up").click()
    expect(names).to_have_text(["second batch", "first batch"])
    screens(admin, "order-of-work")
    page.get_by_role("button", name="Back to the usual order").click()
    expect(names).to_have_text(["first batch", "second batch"])
