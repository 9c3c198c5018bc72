"""A bucket is added, tried, mended, listed and removed."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

import pytest
from playwright.sync_api import expect

from customer import Customer
from desk import Desk
from test_people import open_page


class Bucket(BaseHTTPRequestHandler):
    """A bucket of one file, for whoever signs with the key GOOD; signatures themselves are checked elsewhere."""

    def do_GET(self):
        is_list = "list-type=2" in self.path
        if "Credential=GOOD/" not in self.headers.get("Authorization", ""):
            return self.answer(403, "<Error><Code>InvalidAccessKeyId</Code></Error>")
        page = f"<ListBucketResult><Contents><Key>{escape('2026/a & b.jpg')}</Key><Size>1</Size></Contents></ListBucketResult>"
        return self.answer(200, page if is_list else "x")

    def answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def bucket():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_bucket_is_added_tried_mended_and_removed(desk: Desk, bucket, screens):
    desk.expected.append("400")
    desk.sign_in()
    page = desk.page
    open_page(desk, "Integrations")
    page.get_by_role("button", name="Add an integration").click()
    form = page.get_by_role("form", name="New integration")
    form.get_by_label("Name").fill("street pictures")
    form.get_by_label("Addresses that begin with").fill("gs://street/")
    expect(form.get_by_role("combobox")).to_have_value("gcs")
    form.get_by_label("Addresses that begin with").fill("s3://street/2026/")
    expect(form.get_by_role("combobox")).to_have_value("s3")
    form.get_by_label("Region").fill("Europe")
    form.get_by_label("Access key").fill("WRONG")
    form.get_by_label("Secret key").fill("secret")
    form.get_by_text("Further settings").click()
    form.get_by_placeholder("https://storage.example.com:9000").fill(bucket)
    form.get_by_role("button", name="Save and try").click()
    expect(form.get_by_role("alert")).to_contain_text("`region` must be a region's code")
    form.get_by_role("radio", name="Keys that take a role").check()
    expect(form.get_by_label("Trust policy of the role")).to_contain_text(re.compile(r'"sts:ExternalId": "vernier-.+"'))
    expect(form.get_by_label("Policy", exact=True)).to_contain_text("arn:aws:s3:::street/2026/*")
    screens(desk, "integration-form")
    form.get_by_role("radio", name="Keys", exact=True).check()
    form.get_by_label("Region").fill("eu-west-1")
    form.get_by_role("button", name="Save and try").click()

    place = page.get_by_role("region", name="street pictures")
    expect(place.get_by_role("status")).to_contain_text("The provider does not know the access key: check `access_key`. (InvalidAccessKeyId)")
    expect(place).to_contain_text("does not work")
    place.get_by_role("button", name="Change").click()
    form = page.get_by_role("form", name="Change street pictures")
    assert form.get_by_label("Secret key").input_value() == ""
    form.get_by_label("Access key").fill("GOOD")
    form.get_by_role("button", name="Save and try").click()
    expect(place.get_by_role("status")).to_contain_text("s3://street/2026/a & b.jpg can be read.")
    expect(place).to_contain_text("works, tried")
    screens(desk, "integrations")
    page.reload()
    expect(place).to_contain_text("works, tried")
    assert "secret" not in place.inner_text()

    page.on("dialog", lambda dialog: dialog.accept())
    place.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("There are no integrations yet.")).to_be_visible()


def test_files_of_a_bucket_are_meant_by_patterns_and_expressions(desk: Desk, customer: Customer, bucket, screens):
    desk.expected.append("400")
    made = customer.ask("POST", "/api/integrations", {"name": "to list", "prefix": "s3://listed/2026/", "access_key": "GOOD", "secret_key": "secret", "endpoint": bucket})
    desk.sign_in()
    page = desk.page
    page.goto(f"{desk.account['url']}/#/projects/Demo%20street/new-tasks")
    page.get_by_role("tab", name="From a bucket").click()
    page.get_by_label("Where the files lie").fill("s3://listed/2026/")
    listed = page.get_by_role("article", name="s3://listed/2026/")
    dry = page.get_by_role("button", name="Try it dry")
    for way, which, sums in [
        ("file names", "*.png", "1 file looked at, 1 passed over"), ("file names", "?*.jpg", "1 task can be made"),
        ("a regular expression", r"^a\b", "refused"), ("a regular expression", r"(?i)^A .\W", "1 task can be made"),
        ("a regular expression", "^[b-z]", "1 passed over"), ("file names", "", "1 task can be made"),
    ]:  # fmt: skip
        page.get_by_label("Written as").select_option(label=way)
        page.get_by_label("Which of them").fill(which)
        dry.click()
        if sums == "refused":
            expect(page.get_by_role("alert").first).not_to_be_empty()
            continue
        expect(listed.first.locator("code")).to_have_text(which)
        expect(listed.first.get_by_role("status")).to_contain_text(sums, timeout=120_000)
    screens(desk, "bucket-import")
    customer.ask("DELETE", f"/api/integrations/{made['id']}")
