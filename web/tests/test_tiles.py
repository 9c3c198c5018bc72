"""A picture that is too large to be loaded whole: shown at once, and sharp wherever one looks."""

import json
import re
import struct
import urllib.request
import uuid
import zlib

import pytest
from playwright.sync_api import expect

from customer import Customer

WIDTH, HEIGHT, BLOCK = 8000, 5000, 1000


def colour(column: int, row: int) -> tuple[int, int, int]:
    return 40 + 25 * column, 40 + 40 * row, 120


def picture() -> bytes:
    """Blocks of one colour each, with a white square of 8 × 8 pixels in the middle; a PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, packed = zlib.compressobj(1), []
    for row in range(HEIGHT // BLOCK):
        blocks = [bytes(colour(column, row)) for column in range(WIDTH // BLOCK)]
        plain = b"\0" + b"".join(block * BLOCK for block in blocks)
        marked = b"\0" + b"".join(block * 496 + b"\xff" * 24 + block * 496 for block in blocks)
        for y in range(BLOCK):
            packed.append(packer.compress(marked if 496 <= y < 504 else plain))
    packed.append(packer.flush())
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"".join(packed)) + chunk(b"IEND", b"")


def upload(customer: Customer, data: bytes) -> str:
    mark = uuid.uuid4().hex
    body = b"".join(
        [
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="large.png"\r\n'.encode(),
            b"Content-Type: image/png\r\n\r\n", data, f"\r\n--{mark}--\r\n".encode(),
        ]
    )  # fmt: skip
    headers = {
        "Authorization": f"Basic {customer.credentials}",
        "Content-Type": f"multipart/form-data; boundary={mark}",
    }
    request = urllib.request.Request(customer.url + "/v1/files/upload", method="POST", headers=headers, data=body)
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)["attachment_url"]


@pytest.fixture
def large(desk, account):
    """A person in front of the large picture."""
    customer = Customer.of_demo(account)
    address = upload(customer, picture())
    task = customer.order(attachment=address, geometries={"box": {"objects_to_annotate": ["car"]}})
    desk.sign_in()
    # A tenth of a gigabyte of pixels is read and cut before anybody gets the task.
    desk.asked = []
    desk.page.on("request", lambda request: desk.asked.append(request.url))
    desk.open_task(task, patience=90)
    work = desk.page.request.get(f"{account['url']}/api/work/{desk.work_id()}").json()["work"]
    assert work["attachments"][0]["tiles"]["levels"][-1]["width"] == WIDTH
    return desk


def seen(desk, at: tuple[float, float]) -> tuple[int, int, int]:
    """The colour that the canvas shows at a place of the picture."""
    return tuple(
        desk.page.evaluate(
            """([x, y]) => {
                const canvas = document.querySelector("canvas.canvas"), box = canvas.getBoundingClientRect();
                const { x: left, y: top } = window.__test.place(x, y), ratio = canvas.width / box.width;
                return [...canvas.getContext("2d").getImageData((left - box.left) * ratio, (top - box.top) * ratio, 1, 1).data].slice(0, 3);
            }""",
            list(at),
        )
    )


def near(one, other, by=14) -> bool:
    return all(abs(a - b) <= by for a, b in zip(one, other))


def test_a_large_picture_is_shown_by_tiles(large, screens):
    for column in range(0, 8, 3):
        for row in range(5):
            at = (column * BLOCK + 200, row * BLOCK + 200)
            assert near(seen(large, at), colour(column, row)), (column, row)
    screens(large, "tiles-whole")

    # One to one in the middle: sharp to the pixel after a moment, from few tiles.
    large.key("Shift+2")
    expect(large.page.locator(".zoom .percent")).to_have_text("100 %")
    middle = large.page.evaluate(
        """() => {
            const box = document.querySelector("canvas.canvas").getBoundingClientRect();
            const a = window.__test.place(0, 0);
            return [box.left + box.width / 2 - a.x, box.top + box.height / 2 - a.y];
        }"""
    )
    column, row = int(middle[0] // BLOCK), int(middle[1] // BLOCK)
    mark = (column * BLOCK + 500, row * BLOCK + 500)
    large.page.wait_for_function(
        """([x, y]) => {
            const canvas = document.querySelector("canvas.canvas"), box = canvas.getBoundingClientRect();
            const at = window.__test.place(x, y);
            if (at.x < box.left || at.y < box.top || at.x > box.right || at.y > box.bottom) return true;
            const ratio = canvas.width / box.width;
            return Math.min(...canvas.getContext("2d").getImageData((at.x - box.left) * ratio, (at.y - box.top) * ratio, 1, 1).data) > 235;
        }""",
        arg=list(mark),
    )
    assert near(seen(large, (mark[0] - 60, mark[1])), colour(column, row))
    screens(large, "tiles-near")
    tiles = [url for url in large.asked if re.search(r"/files/[^/]+/\d+/\d+_\d+$", url)]
    assert 0 < len(tiles) < 60
    work = large.page.request.get(f"{large.account['url']}/api/work/{large.work_id()}").json()["work"]
    assert not [url for url in large.asked if url.endswith(work["attachments"][0]["url"])], "the whole was loaded as well"

    # What is drawn on it lies in pixels of the whole picture.
    start = (mark[0] - 100, mark[1] - 80)
    key = large.draw_box(start, (mark[0] + 100, mark[1] + 120))
    box = large.objects()[key]
    assert near((box["left"], box["top"]), start, 2) and near((box["width"], box["height"]), (200, 200), 3)
