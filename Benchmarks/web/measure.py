#!/usr/bin/env python3
"""Measures the editor in Chromium beside its goals, and prints one table.

Usage: Benchmarks/web/measure.py [frames] [open] [next] [steps] [large]; without names, everything: about six minutes. It starts a demo
of its own. VERNIER_BIN and VERNIER_WEB name another program and other pages to measure, VERNIER_CHROMIUM another browser.
"""

import os
import platform
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "web" / "tests"))

from desk import Desk  # noqa: E402
from tasks import Customer, boxes, png, polygons  # noqa: E402

SIZE = {"width": 1440, "height": 900}
SMALL = (640, 480)
BROWSER = ["--enable-unsafe-swiftshader", "--force-color-profile=srgb", "--disable-lcd-text", "--enable-precise-memory-info"]


class Table:
    """Lines as they come, and all of them again as Markdown at the end."""

    def __init__(self):
        self.rows: list[tuple[str, str, str, str]] = []

    def row(self, figure: str, goal: str, measured: str) -> None:
        self.rows.append((figure, goal, measured, f"{os.getloadavg()[0]:.1f}"))
        print(f"{figure}: {measured}" + (f" (goal {goal})" if goal else ""), flush=True)

    def print(self) -> None:
        print("\n| figure | goal | measured | load |\n| --- | --- | --- | --- |")
        for row in self.rows:
            print("| " + " | ".join(row) + " |")


class Bench:
    """One person's browser at a demo, and the customer who makes the tasks."""

    def __init__(self, browser: Browser, account: dict, table: Table):
        self.browser = browser
        self.account = account
        self.table = table
        self.customer = Customer(account["url"], account["key"])
        self.address: dict[tuple[int, int], str] = {}

    def desk(self) -> Desk:
        desk = Desk(self.browser.new_context(viewport=SIZE, reduced_motion="reduce"), self.account)
        desk.context.add_init_script(path=HERE / "page.js")
        return desk.sign_in()

    def picture(self, width: int, height: int, colours: int = 3) -> str:
        known = self.address.get((width, height))
        if known is None:
            known = self.address[width, height] = self.customer.picture(png(width, height, colours))
        return known

    def only(self, width: int, height: int, objects: list[dict] | None = None, count: int = 1, colours: int = 3) -> None:
        """Leaves nothing in the queue but fresh tasks of one kind."""
        self.customer.clear()
        for _ in range(count):
            self.customer.task(self.picture(width, height, colours), objects)
        waiting = self.browser.new_context()
        deadline = time.monotonic() + 600
        desk = Desk(waiting, self.account).sign_in()
        while desk.page.evaluate("() => fetch('/api/work/summary').then((reply) => reply.json())")["queue"]["waiting"] != count:
            if time.monotonic() > deadline:
                raise SystemExit("the tasks did not reach the queue")
            time.sleep(0.2)
        waiting.close()


def finish(desk: Desk) -> None:
    """Submits what is open, so that it is out of the way, and closes the browser profile."""
    work = desk.work_id()
    desk.saved()
    desk.page.keyboard.press("Escape")
    desk.submit()
    desk.page.wait_for_function("work => !window.location.hash.endsWith(work)", arg=work, timeout=60_000)
    desk.context.close()


def spread(values: list[float]) -> str:
    ordered = sorted(values)
    at = lambda part: ordered[min(len(ordered) - 1, int(len(ordered) * part))]  # noqa: E731
    return f"{at(0.5):.1f} ms at the median, {at(0.95):.1f} at p95, {ordered[-1]:.1f} at most ({len(ordered)} times)"


def median(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} ms at the median, {max(values):.0f} at most ({len(values)} times)"


# MARK: Many objects


def frames(bench: Bench) -> None:
    crowds = [("1 box", boxes(1)), ("100 boxes", boxes(100)), ("1,000 boxes", boxes(1000)), ("10,000 boxes", boxes(10_000)), ("5,000 polygons of 50 points", polygons(5000, 50))]
    for name, objects in crowds:
        bench.only(4000, 3000, objects)
        desk = bench.desk()
        desk.open_work()
        desk.has(len(objects))
        time.sleep(1.5)  # painting in portions comes to rest
        crowd(bench, desk, name)
        if name == "10,000 boxes":
            bench.table.row("memory of the page with 10,000 boxes", "≤ 300 MB", used(bench.browser, desk.page))
        finish(desk)


def crowd(bench: Bench, desk: Desk, name: str) -> None:
    page = desk.page
    middle = page.locator("canvas.canvas").bounding_box()
    x, y = middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2
    bench.table.row(f"pan, {name}", "≤ 20 ms a frame", spread(panned(page, x, y)))
    bench.table.row(f"zoom, {name}", "≤ 20 ms a frame", spread(zoomed(page, x, y)))
    desk.key("Shift+1")
    time.sleep(1)
    hands(bench, desk, name)


def panned(page: Page, x: float, y: float) -> list[float]:
    page.mouse.move(x, y)
    page.mouse.down(button="middle")
    page.evaluate("__watch.begin()")
    for step in range(240):
        page.mouse.move(x + 220 * ((step % 80) / 40 - 1 if step % 80 < 40 else 1 - (step % 80 - 40) / 40) , y + (step % 30) * 3)
    values = page.evaluate("__watch.end()")
    page.mouse.up(button="middle")
    return values


def zoomed(page: Page, x: float, y: float) -> list[float]:
    page.mouse.move(x, y)
    page.evaluate("__watch.begin()")
    for step in range(160):
        page.mouse.wheel(0, -40 if step % 80 < 40 else 40)
    return page.evaluate("__watch.end()")


def hands(bench: Bench, desk: Desk, name: str) -> None:
    """Selects, moves and resizes a box among the others; the time from the input to the frame that shows it."""
    page = desk.page
    objects = desk.objects()
    keys = list(objects)
    desk.key("v")
    first = objects[keys[-1]]
    points = [middle_of(objects[key]) for key in keys[:12]]
    page.evaluate("__watch.follow('pointerdown')")
    for point in points if len(points) > 1 else points * 8:
        desk.click(point)
        page.wait_for_timeout(60)
    bench.table.row(f"select, {name}", "≤ 50 ms", spread(page.evaluate("__watch.inputs")))

    desk.key("Escape")
    page.locator(".objects").focus()
    desk.key("End")
    page.wait_for_function("key => window.__test.selection() === key", arg=keys[-1])
    dragged(desk, middle_of(first), moves=40)
    bench.table.row(f"drag, {name}", "≤ 33 ms", spread(page.evaluate("__watch.inputs")))
    changed = desk.objects()[keys[-1]]
    dragged(desk, corner_of(changed), moves=40)
    bench.table.row(f"resize, {name}", "≤ 33 ms", spread(page.evaluate("__watch.inputs")))


def dragged(desk: Desk, start: tuple[float, float], moves: int) -> None:
    page = desk.page
    x, y = desk.place(start)
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("__watch.follow('pointermove')")
    for step in range(moves):
        page.mouse.move(x + 1 + step, y + 1 + step / 2)
        page.wait_for_timeout(8)
    page.wait_for_timeout(100)
    page.mouse.up()
    page.wait_for_timeout(200)


def middle_of(object_: dict) -> tuple[float, float]:
    if "vertices" in object_:
        vertices = object_["vertices"]
        return sum(v["x"] for v in vertices) / len(vertices), sum(v["y"] for v in vertices) / len(vertices)
    return object_["left"] + object_["width"] / 2, object_["top"] + object_["height"] / 2


def corner_of(object_: dict) -> tuple[float, float]:
    if "vertices" in object_:
        return object_["vertices"][0]["x"], object_["vertices"][0]["y"]
    return object_["left"] + object_["width"], object_["top"] + object_["height"]


def used(browser: Browser, page: Page) -> str:
    """What the page's process takes, and its share for values of the program."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
    kinds: CDPSession = browser.new_browser_cdp_session()
    pages = [process["id"] for process in kinds.send("SystemInfo.getProcessInfo")["processInfo"] if process["type"] == "renderer"]
    return f"{max(resident(pid) for pid in pages):.0f} MB in its process (PSS), {heap:.0f} MB of values"


def resident(pid: int) -> float:
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) * 1.024e-3 if found else 0


# MARK: Opening


def opening(bench: Bench) -> None:
    """From the click on Continue until the picture is on the canvas; every time in a browser profile that has seen nothing yet."""
    first, sharp = [], []
    for _ in range(5):
        bench.only(4000, 3000)
        desk = bench.desk()
        begun = click_continue(desk.page)
        desk.work_is_open()
        desk.page.wait_for_function("() => __watch.pictures.some(({ width }) => width === 4000)")
        pictures = desk.page.evaluate("__watch.pictures")
        first.append(min(picture["time"] for picture in pictures) - begun)
        sharp.append(next(picture["time"] for picture in pictures if picture["width"] == 4000) - begun)
        finish(desk)
    bench.table.row("open a task with a 12 MP picture, first paint", "≤ 500 ms", median(first))
    bench.table.row("open a task with a 12 MP picture, all pixels", "", median(sharp))


def click_continue(page: Page) -> float:
    """Clicks on Continue; the time of the click in the page."""
    page.locator("button.continue").wait_for()
    return page.evaluate(CLICK)


CLICK = """() => new Promise((done) => {
  const button = document.querySelector('button.continue');
  button.addEventListener('click', (event) => done(performance.now()), { capture: true, once: true });
  button.click();
})"""


def following(bench: Bench) -> None:
    """From the keys of Submit until the picture of the next task is on the canvas."""
    bench.only(*SMALL, count=12)
    desk = bench.desk()
    desk.open_work()
    values = []
    for _ in range(10):
        page = desk.page
        work = desk.work_id()
        page.wait_for_timeout(700)  # a person looks at the picture; meanwhile the next one is loaded
        page.evaluate("() => { __watch.pictures = []; window.addEventListener('keydown', (event) => { if (event.key === 'Enter') __watch.begun = event.timeStamp; }, { capture: true }); }")
        desk.submit()
        page.wait_for_function("work => !window.location.hash.endsWith(work) && __watch.pictures.length > 0", arg=work)
        values.append(page.evaluate("__watch.pictures[0].time - __watch.begun"))
        desk.work_is_open()
    finish(desk)
    bench.table.row(f"next task after Submit, {SMALL[0]} × {SMALL[1]} picture", "≤ 300 ms", median(values))


# MARK: Steps


def steps(bench: Bench) -> None:
    """Nudges a box many times; from the key until the server has acknowledged the step, and the call alone."""
    bench.only(*SMALL, [{"type": "box", "label": "car", "left": 200, "top": 200, "width": 60, "height": 40}])
    desk = bench.desk()
    desk.open_work()
    page = desk.page
    (key,) = desk.objects()
    desk.choose(key)
    page.locator("canvas.canvas").focus()
    page.evaluate("__watch.steps()")
    for number in range(200):
        desk.key("ArrowRight" if number % 2 else "ArrowLeft")
        page.wait_for_function("number => __watch.states.length > number", arg=number, polling=10)
    kept = sorted(page.evaluate("__watch.states"))
    calls = sorted(page.evaluate("__watch.calls"))
    finish(desk)
    bench.table.row("one step durable on the server, the call", "p99 ≤ 100 ms", percentiles(calls))
    bench.table.row("one step durable on the server, from key to acknowledgement", "", percentiles(kept))


def percentiles(ordered: list[float]) -> str:
    return f"p50 {ordered[len(ordered) // 2]:.1f} ms, p99 {ordered[int(len(ordered) * 0.99)]:.1f} ms ({len(ordered)} times)"


# MARK: Large pictures


def large(bench: Bench) -> None:
    side = 20_000
    begun = time.monotonic()
    bench.only(side, side, colours=1)
    bench.table.row("a 20,000 × 20,000 picture from upload to the queue", "", f"{time.monotonic() - begun:.0f} s")
    desk = bench.desk()
    start = click_continue(desk.page)
    desk.work_is_open()
    desk.page.wait_for_function("() => __watch.pictures.length > 0")
    bench.table.row("a 20,000 × 20,000 picture, first view", "≤ 1,500 ms", f"{desk.page.evaluate('__watch.pictures[0].time') - start:.0f} ms")
    time.sleep(2)
    middle = desk.page.locator("canvas.canvas").bounding_box()
    x, y = middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2
    bench.table.row("pan, 20,000 × 20,000 picture, all of it", "≤ 20 ms a frame", spread(panned(desk.page, x, y)))
    desk.key("Shift+2")
    time.sleep(1)
    bench.table.row("pan, 20,000 × 20,000 picture, one to one", "≤ 20 ms a frame", spread(panned(desk.page, x, y)))
    bench.table.row("memory of the page with a 20,000 × 20,000 picture", "", used(bench.browser, desk.page))
    finish(desk)


PARTS = {"frames": frames, "open": opening, "next": following, "steps": steps, "large": large}


def main() -> None:
    chosen = sys.argv[1:] or list(PARTS)
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        sys.exit(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    if "VERNIER_KEY" not in os.environ:
        sys.exit(subprocess.run([sys.executable, str(ROOT / "tools" / "with-demo.py"), sys.executable, __file__, *chosen], check=False).returncode)
    account = {name: os.environ[f"VERNIER_{name.upper()}"] for name in ("url", "email", "password", "key")}
    table = Table()
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("VERNIER_CHROMIUM", "/usr/bin/chromium"), args=BROWSER)
        print(f"Chromium {browser.version}, software rendering, {SIZE['width']} × {SIZE['height']}; {os.cpu_count()} cores, {platform.system()} {platform.machine()}; load {os.getloadavg()[0]:.1f}")
        bench = Bench(browser, account, table)
        for name in chosen:
            PARTS[name](bench)
        browser.close()
    table.print()


if __name__ == "__main__":
    main()
