"""Large files of the browser: sent in pieces, on lines that break, and by pages that are closed."""

import random
import struct
import uuid
import zlib
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from desk import Desk

PIECES = "**/api/uploads/*"
PARAMS = {"instruction": "Box every car.", "geometries": {"box": {"objects_to_annotate": ["car"]}}}


@pytest.fixture
def project(customer) -> str:
    name = f"large {uuid.uuid4().hex[:8]}"
    customer.ask("POST", "/api/projects", {"type": "imageannotation", "name": name, "params": PARAMS})
    return name


@pytest.fixture
def large(tmp_path) -> Path:
    """A PNG of 20 MB, which nobody has sent before: three pieces."""
    width, height = 2700, 2500

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + random.randbytes(width * 3)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    path = tmp_path / "large.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(row * height, level=0)) + chunk(b"IEND", b""))
    return path


def open_tab(page: Page, desk: Desk, project: str) -> Page:
    page.goto(f"{desk.account['url']}/#/projects/{project.replace(' ', '%20')}/new-tasks")
    expect(page.get_by_role("heading", level=1)).to_have_text(project)
    return page


def choose(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(path)


def offsets(page: Page) -> list[int]:
    """Where the pieces began that the server took, as they are taken."""
    found: list[int] = []

    def note(response) -> None:
        if response.request.method == "PATCH" and response.status == 204:
            found.append(int(response.request.headers["upload-offset"]))

    page.on("response", note)
    return found


def test_a_large_file_goes_on_when_the_line_is_back(desk: Desk, customer, project, large, screens):
    page = open_tab(desk.sign_in().page, desk, project)
    desk.expected.append("ERR_CONNECTION_RESET")
    seen = 0

    def cut(route: Route) -> None:
        nonlocal seen
        seen += route.request.method == "PATCH"
        if route.request.method == "PATCH" and seen in (2, 3):
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route(PIECES, cut)
    sent = offsets(page)
    choose(page, large)
    expect(page.get_by_text("1 of 1 done")).to_be_visible(timeout=120_000)
    screens(desk, "uploads-large")
    assert sent == [0, 8 << 20, 16 << 20], "each piece was taken once"
    assert [task["metadata"]["filename"] for task in customer.ask("GET", f"/v1/tasks?project={project.replace(' ', '%20')}")["docs"]] == ["large.png"]


def test_a_large_file_goes_on_where_a_closed_page_stopped(desk: Desk, customer, project, large):
    page = open_tab(desk.sign_in().page, desk, project)
    held = []

    def stall(route: Route) -> None:
        # The second piece never arrives.
        if route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0":
            held.append(route)
        else:
            route.continue_()

    page.route(PIECES, stall)
    choose(page, large)
    for _ in range(1200):
        if held:
            break
        page.wait_for_timeout(100)
    assert held
    other = page.context.new_page()
    page.close(run_before_unload=False)
    sent = offsets(other)
    choose(open_tab(other, desk, project), large)
    expect(other.get_by_text("1 of 1 done")).to_be_visible(timeout=120_000)
    # What the closed page had sent of the second piece may have been kept.
    assert sent and sent[0] >= 8 << 20, "the first piece was not sent again"
