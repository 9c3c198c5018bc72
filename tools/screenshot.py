#!/usr/bin/env python3
"""Makes the pictures of the README: docs/screenshot.png, the editor with a demo picture that is partly labelled, and docs/workplace.png,
the list of tasks with that picture among them.

    tools/with-demo.py .venv-test/bin/python tools/screenshot.py

It draws like a labeler, so a picture that cannot be made means that the editor does not work. The coordinates are pixels of the second
picture of the demo, which must be a fresh one.
"""

import base64
import json
import os
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "web" / "tests"))
from desk import Desk  # noqa: E402

PICTURE = "demo-street-2"
BOXES = {
    "car": [((48, 503), (263, 617)), ((181, 629), (409, 743)), ((524, 629), (752, 743)), ((1053, 629), (1265, 743))],
    "truck": [((596, 459), (870, 617))],
    "person": [((118, 359), (162, 484)), ((557, 371), (601, 495)), ((1030, 350), (1074, 474))],
}
POLYGONS = {
    "house": [
        [(49, 200), (157, 134), (168, 134), (210, 158), (210, 132), (238, 132), (238, 174), (277, 200), (263, 200), (263, 268),
         (232, 296), (219, 340), (263, 374), (263, 430), (63, 430), (63, 200)],
        [(987, 243), (1089, 177), (1101, 177), (1139, 200), (1139, 175), (1167, 175), (1167, 217), (1203, 243), (1190, 243),
         (1190, 430), (1001, 430), (1001, 243)],
    ],
    "tree": [
        [(270, 452), (270, 369), (243, 372), (220, 352), (220, 326), (232, 308), (234, 288), (254, 269), (280, 266), (306, 276),
         (322, 296), (323, 310), (336, 330), (333, 354), (314, 369), (284, 368), (284, 452)],
        [(612, 452), (612, 372), (586, 373), (562, 358), (556, 334), (572, 308), (574, 290), (592, 271), (620, 263), (646, 272),
         (664, 294), (666, 308), (680, 326), (681, 350), (662, 370), (626, 370), (626, 452)],
    ],
}  # fmt: skip
COLOURS = {"car": ["yellow", "red", "green", "white"]}
SIZE = {"width": 1440, "height": 900}


def main() -> None:
    account = {name: os.environ[f"VERNIER_{name.upper()}"] for name in ("url", "email", "password", "key")}
    bring_forward(PICTURE, account)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("VERNIER_CHROMIUM", "/usr/bin/chromium"),
            args=["--enable-unsafe-swiftshader", "--force-color-profile=srgb", "--disable-lcd-text"],
        )
        desk = Desk(browser.new_context(viewport=SIZE, color_scheme="light"), account)
        desk.sign_in().open_work()
        label(desk)
        desk.page.screenshot(path=ROOT / "docs" / "screenshot.png")
        hand_in(desk)
        desk.page.screenshot(path=ROOT / "docs" / "workplace.png")
        browser.close()


def bring_forward(name: str, account: dict) -> None:
    """Makes this task the most urgent one, so that it comes next."""
    change = ask(account, "POST", "/api/bulk", {"action": "priority", "priority": 30, "filter": {"unique_id": [name]}})
    while ask(account, "GET", f"/api/bulk/{change['id']}")["state"] in ("waiting", "running"):
        time.sleep(0.1)


def ask(account: dict, method: str, path: str, body: dict | None = None) -> dict:
    credentials = base64.b64encode(f"{account['key']}:".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(account["url"] + path, method=method, headers=headers, data=data)) as reply:
        return json.load(reply)


def hand_in(desk: Desk) -> None:
    """Hands the picture in and goes to the list of tasks."""
    desk.answer_objects()
    work = desk.work_id()
    desk.saved().submit()
    desk.page.wait_for_function("work => !window.location.hash.endsWith(work)", arg=work)
    desk.page.goto(f"{desk.account['url']}/#/projects/Demo%20street/tasks?sort=-updated_at")
    desk.page.locator(".thumbnail path").first.wait_for()
    desk.page.mouse.move(0, 0)
    desk.page.wait_for_load_state("networkidle")


def label(desk: Desk) -> None:
    page = desk.page
    pick = lambda label: page.locator(".chip").filter(has_text=label).first.click()  # noqa: E731
    for name, outlines in POLYGONS.items():
        pick(name)
        for outline in outlines:
            before = set(desk.objects())
            for vertex in outline:
                desk.click(vertex)
            desk.key("Enter")
            desk.new_object(before)
    for name, boxes in BOXES.items():
        pick(name)
        for place, (start, end) in enumerate(boxes):
            before = set(desk.objects())
            desk.drag(start, end)
            desk.new_object(before)
            if name in COLOURS:
                page.get_by_role("radio", name=COLOURS[name][place], exact=True).click()
    page.keyboard.press("Escape")
    page.locator("canvas.canvas").focus()
    desk.key("v")
    desk.key("Escape")
    page.get_by_role("radio", name="sunny", exact=True).click()
    # The red car is shown selected, with its handles and questions.
    desk.click((300, 706))
    page.get_by_label("How many doors can you see?").fill("2")
    page.mouse.move(*desk.place((430, 780)))
    desk.saved()


if __name__ == "__main__":
    main()
