"""What managers see of the whole account: overview, activity, usage, deliveries, settings."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from customer import Customer
from desk import Desk

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
TEXT = {"attachment_type": "text", "attachment": "Good morning", "instruction": "Polite or not?", "categories": ["polite", "rude"]}


@pytest.fixture
def receiver():
    """A program that callbacks go to: what it got, and the status it answers with."""
    got, answer = [], {"status": 200}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((dict(self.headers), json.loads(body)))
            self.send_response(answer["status"])
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", got, answer
    server.shutdown()


def look(page: Page) -> None:
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


def open_page(desk: Desk, path: str, heading: str) -> Page:
    desk.page.goto(f"{desk.account['url']}/#/{path}")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(heading)
    return desk.page


def test_the_overview_follows_what_happens(desk: Desk, customer: Customer):
    page = open_page(desk.sign_in(), "overview", "Overview")
    expect(page.get_by_role("status").first).to_contain_text("Up to date")
    task = customer.ask("POST", "/v1/task/categorization", TEXT)["task_id"]
    customer.ask("POST", f"/v1/task/{task}/cancel")
    # Without a reload: the page hears of it.
    expect(page.locator(".how-far-words div").filter(has_text="canceled").locator("dd")).not_to_contain_text("0 0 %", timeout=10_000)
    page.get_by_role("button", name="Tasks per day as a table").click()
    table = page.get_by_role("group", name="Tasks per day")
    expect(table.get_by_role("row").nth(1).get_by_role("cell").nth(3)).not_to_have_text("0", timeout=10_000)
    look(page)


def test_activity_tells_who_did_what(desk: Desk, customer: Customer):
    task = customer.ask("POST", "/v1/task/categorization", {**TEXT, "unique_id": "seen-in-activity"})["task_id"]
    page = open_page(desk.sign_in(), "activity", "Activity")
    entry = page.get_by_role("listitem").filter(has_text="seen-in-activity").first
    expect(entry).to_contain_text("created the task")
    # What happens while the page is open comes by itself.
    customer.ask("POST", f"/v1/task/{task}/tags", ["fresh"])
    expect(page.get_by_role("listitem").filter(has_text="nothing → fresh").first).to_be_visible(timeout=10_000)
    page.get_by_role("combobox", name="What").select_option("user")
    expect(page.get_by_role("listitem").filter(has_text="signed in").first).to_be_visible()
    expect(page.get_by_text("created the task")).to_have_count(0)
    assert "kind=user" in page.url
    look(page)


def test_failed_callbacks_are_seen_and_sent_again(desk: Desk, customer: Customer, receiver):
    address, got, answer = receiver
    answer["status"] = 500
    project, batch = "told", "told-batch"
    customer.ask("POST", "/v1/projects", {"type": "categorization", "name": project, "params": {}})
    customer.ask("POST", "/v1/batches", {"project": project, "name": batch, "callback": address})
    task = customer.ask("POST", "/v1/task/categorization", {**TEXT, "batch": batch})["task_id"]
    customer.ask("POST", f"/v1/task/{task}/cancel")
    page = open_page(desk.sign_in(), "deliveries", "Deliveries")
    row = page.get_by_role("row").filter(has_text=f"batch {batch}").first
    expect(row).to_contain_text("500", timeout=15_000)
    row.get_by_role("button", name="More").click()
    expect(page.get_by_text("answered with status 500").first).to_be_visible()
    expect(page.get_by_role("heading", name="Receivers that do not answer as they should")).to_be_visible()
    look(page)
    assert got[0][1]["batch"]["name"] == batch


def test_usage_is_summed_and_downloaded(desk: Desk, customer: Customer):
    task = customer.ask("POST", "/v1/task/categorization", {**TEXT, "unique_id": "=in the ledger"})["task_id"]
    customer.ask("POST", f"/v1/task/{task}/cancel")
    page = open_page(desk.sign_in(), "usage", "Usage")
    row = page.get_by_role("row").filter(has_text="=in the ledger")
    for _ in range(20):
        if row.count() > 0:
            break
        page.wait_for_timeout(500)
        page.reload()
        expect(page.get_by_role("heading", name="Every line")).to_be_visible()
    expect(row).to_contain_text("canceled")
    look(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == "at,task_id,unique_id,project,batch,type,what,billable,annotations"
    (line,) = [line for line in lines if task in line]
    assert ",'=in the ledger," in line and line.endswith(",canceled,no,0")


def test_callbacks_are_set_up_tried_and_their_secret_replaced(desk: Desk, receiver):
    address, got, answer = receiver
    page = open_page(desk.sign_in(), "settings", "Settings")
    live = page.get_by_role("region", name="Callbacks", exact=True)
    live.get_by_label("Default receiver, live").fill(address)
    live.get_by_role("button", name="Send a test").click()
    expect(live.get_by_role("status")).to_contain_text("answered with status 200")
    assert got[0][1]["event"] == "test" and "scale-callback-auth" in {name.lower() for name in got[0][0]}
    answer["status"] = 503
    live.get_by_role("button", name="Send a test").click()
    expect(live.get_by_role("status")).to_contain_text("did not arrive")
    live.get_by_role("button", name="Save").click()
    expect(live.get_by_role("status")).to_contain_text("Saved")
    page.on("dialog", lambda dialog: dialog.accept())
    live.get_by_role("button", name="Replace").nth(1).click()
    secret = live.get_by_role("textbox", name="Signature secret").input_value()
    assert secret.startswith("live_sign_")
    expect(live.get_by_text("the one before signs too until")).to_be_visible()
    look(page)
    live.get_by_label("Default receiver, live").fill("")
    live.get_by_role("button", name="Save").click()
    page.reload()
    expect(page.get_by_label("Default receiver, live")).to_have_value("")
    expect(page.get_by_text(secret)).to_have_count(0)
