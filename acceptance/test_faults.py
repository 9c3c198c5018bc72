"""Chromium at work while tabs, browsers, servers, lines, disks and sessions die: no edit is lost and none is doubled."""

import contextlib
import os
import re
import resource
import signal
import subprocess
import tempfile
import uuid
from dataclasses import dataclass

import pytest
from conftest import PASSWORD, make_world
from desk import Desk
from playwright.sync_api import expect
from rig.line import Line, Restarting
from rig.people import Labeler
from rig.server import Server, eventually, free_port
from rig.tasks import boxes_task
from rig.witness import Witness

# What the browser writes to its console when calls fail, as they are made to here.
EXPECTED = ["Failed to load resource", "ERR_", "401", "409"]
SIZE = (640, 480)
CHROMIUM = os.environ.get("VERNIER_CHROMIUM", "/usr/bin/chromium")


@dataclass
class Bench:
    """A server behind a line, with people who label at it."""

    server: Server
    line: Line
    world: object
    files: object
    browser: object
    options: dict

    def task(self) -> str:
        body = boxes_task(self.files.put_picture("/p.png", *SIZE)) | {"unique_id": str(uuid.uuid4())}
        task = self.world.caller.post("/v1/task/imageannotation", body)["task_id"]
        eventually(lambda: self.lead.get("/api/work/summary")["queue"]["waiting"] > 0)
        return task

    @property
    def lead(self) -> Labeler:
        if not hasattr(self, "_lead"):
            self._lead = self.world.labeler("lead")
        return self._lead

    def person(self, name: str = "painter") -> str:
        return self.world.labeler(name).user["email"]

    def desk(self, email: str, witness: Witness | None = None) -> Desk:
        context = self.browser.new_context(**self.options)
        if witness is not None:
            Witness.watch(context, witness.note)
        desk = Desk(context, {"url": self.line.address, "email": email, "password": PASSWORD})
        desk.expected += EXPECTED
        return desk

    def draft(self, email: str, work: str) -> dict:
        """The work as the server has it, taken over by that person."""
        return Labeler(self.server.address, email, PASSWORD).claim(work)


@pytest.fixture
def bench(make_server, files, browser, browser_context_args):
    opened: list[Bench] = []

    def make(kind: str = "sqlite", **settings) -> Bench:
        server = make_server(kind, settings=settings).start()
        opened.append(Bench(server, Line(server), make_world(server), files, browser, browser_context_args))
        return opened[-1]

    yield make
    for one in opened:
        for context in list(browser.contexts):
            context.close()
        one.line.close()


def state(desk: Desk, text: str | re.Pattern, seconds: float = 40) -> None:
    expect(desk.page.get_by_test_id("save-state")).to_have_text(text, timeout=seconds * 1000)


def draw(desk: Desk, column: int, row: int = 0) -> str:
    left, top = 40 + column * 90, 60 + row * 90
    return desk.draw_box((left, top), (left + 60, top + 50))


def keys(work: dict) -> set[str]:
    return set(work["draft"]["collections"].get("annotations", {}))


def test_a_tab_killed_in_the_middle_of_a_drag_leaves_what_was_done_before_it(bench):
    bench, witness = bench(), Witness()
    bench.task()
    email = bench.person()
    desk = bench.desk(email, witness).sign_in().open_work()
    work, first = desk.work_id(), draw(desk, 0)
    bench.line.is_cut = True
    second = draw(desk, 1)
    desk.key("v")
    desk.page.mouse.move(*desk.place((70, 85)))
    desk.page.mouse.down()
    desk.page.mouse.move(*desk.place((150, 200)))
    desk.page.close()
    bench.line.is_cut = False
    desk.new_tab().goto(f"{bench.line.address}/#/work/{work}")
    desk.work_is_open().saved()
    assert set(desk.has(2)) == {first, second}
    assert desk.objects()[first]["left"] == pytest.approx(40, abs=1), "an unfinished drag is no step"
    claimed = bench.draft(email, work)
    assert witness.faults(claimed["history"], claimed["draft"]["collections"]) == [] and len(claimed["history"]) == 2


def test_a_killed_browser_sends_what_it_had_when_the_same_profile_is_opened_again(bench, playwright):
    bench = bench()
    bench.task()
    email = bench.person()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        with chromium(profile, playwright) as (browser, kill):
            desk = Desk(browser.contexts[0], {"url": bench.line.address, "email": email, "password": PASSWORD})
            desk.sign_in().open_work()
            work, drawn = desk.work_id(), [draw(desk, 0)]
            desk.saved()
            bench.line.is_cut = True
            drawn += [draw(desk, 1), draw(desk, 2)]
            state(desk, "Offline, 2 kept on this computer")
            kill()
        bench.line.is_cut = False
        with chromium(profile, playwright) as (browser, kill):
            desk = Desk(browser.contexts[0], {"url": bench.line.address, "email": email, "password": PASSWORD})
            desk.page.goto(f"{bench.line.address}/#/work/{work}")
            # Browsers write cookies seldom, so the last sign-in may have died with them; the journal has not.
            password = desk.page.get_by_label("Password")
            password.or_(desk.page.locator("canvas.canvas[data-ready=true]")).first.wait_for()
            if password.is_visible():
                desk.page.get_by_label("E-mail").fill(email)
                password.fill(PASSWORD)
                desk.page.get_by_role("button", name="Sign in").click()
            desk.work_is_open().saved()
            assert set(desk.has(3)) == set(drawn)
            desk.key("Control+z")
            desk.has(2)
            desk.saved()
            kill()
    assert keys(bench.draft(email, work)) == set(drawn[:2])


@contextlib.contextmanager
def chromium(profile: str, playwright):
    """A browser of its own process group on a profile, which can be killed as a power cut would."""
    port = free_port()
    process = subprocess.Popen(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--no-first-run", "--window-size=1440,900", "--force-prefers-reduced-motion",
         f"--user-data-dir={profile}", f"--remote-debugging-port={port}", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip

    def connect():
        with contextlib.suppress(Exception):
            return playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        return None

    try:
        yield eventually(connect, every=0.3), lambda: os.killpg(process.pid, signal.SIGKILL)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_server_killed_between_receipt_and_reply_has_each_step_once(bench):
    bench, witness = bench(), Witness()
    bench.task()
    email = bench.person()
    desk = bench.desk(email, witness).sign_in().open_work()
    bench.line.restart = Restarting(bench.server)
    for column, fault in enumerate(("server killed", "reply lost", "twice", "request lost", "slow", "in its place")):
        bench.line.plan.append(fault)
        draw(desk, column)
    desk.page.get_by_role("button", name="Try now").or_(desk.page.get_by_text("Saved", exact=True)).first.wait_for()
    state(desk, "Saved")
    assert bench.line.restart.count == 1 and not bench.line.plan
    claimed = bench.draft(email, desk.work_id())
    assert len(claimed["history"]) == len(witness.steps) == 6
    assert witness.faults(claimed["history"], claimed["draft"]["collections"]) == []


def test_a_flapping_line_is_told_in_words_and_gets_everything_through(bench):
    bench, witness = bench(), Witness()
    bench.task()
    email = bench.person()
    desk = bench.desk(email, witness).sign_in().open_work()
    for column in range(6):
        bench.line.is_cut = column % 2 == 0
        draw(desk, column)
        if column == 4:
            state(desk, re.compile(r"Offline, \d kept on this computer"))
    desk.page.evaluate("() => window.dispatchEvent(new Event('online'))")
    state(desk, "Saved")
    claimed = bench.draft(email, desk.work_id())
    assert len(claimed["history"]) == 6 and witness.faults(claimed["history"], claimed["draft"]["collections"]) == []


def test_work_goes_on_after_a_session_that_ended_was_renewed(bench):
    bench, witness = bench(), Witness()
    bench.task()
    email = bench.person()
    desk = bench.desk(email, witness).sign_in().open_work()
    first = draw(desk, 0)
    desk.saved()
    # The session ends on the server, as it does when its time is over.
    desk.page.evaluate("""async () => {
        const { csrf } = await (await fetch("/api/session")).json();
        await fetch("/api/session", { method: "DELETE", headers: { "X-CSRF-Token": csrf } });
    }""")
    second = draw(desk, 1)
    dialog = desk.page.get_by_role("dialog", name="Please sign in again")
    expect(dialog).to_be_visible()
    state(desk, "Signed out, 1 kept on this computer")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    state(desk, "Saved")
    claimed = bench.draft(email, desk.work_id())
    assert keys(claimed) == {first, second} and len(claimed["history"]) == 2


def test_a_full_disk_of_the_server_is_told_and_nothing_is_lost_until_there_is_space(bench):
    bench, witness = bench(), Witness()
    bench.task()
    email = bench.person()
    desk = bench.desk(email, witness).sign_in().open_work()
    draw(desk, 0)
    desk.saved()
    # No file of the server can be written beyond its first page: the same as a full disk, and it can be lifted again.
    unlimited = resource.prlimit(bench.server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bench.server.process.pid, resource.RLIMIT_FSIZE, (4096, unlimited[1]))
    draw(desk, 1)
    draw(desk, 2)
    state(desk, "Server in trouble, 2 kept on this computer")
    expect(desk.page.locator(".save")).to_contain_text("disk is full")
    assert bench.server.process.poll() is None, "the server went down with its disk"
    resource.prlimit(bench.server.process.pid, resource.RLIMIT_FSIZE, unlimited)
    desk.page.get_by_role("button", name="Try now").click()
    state(desk, "Saved")
    claimed = bench.draft(email, desk.work_id())
    assert len(claimed["history"]) == 3 and witness.faults(claimed["history"], claimed["draft"]["collections"]) == []


def test_two_tabs_of_one_person_lose_nothing_of_either(bench):
    bench, witness = bench(), Witness()
    bench.task()
    email = bench.person()
    desk = bench.desk(email, witness).sign_in().open_work()
    first, work = desk.page, desk.work_id()
    bench.line.is_cut = True
    drawn = {draw(desk, 0)}
    state(desk, "Offline, 1 kept on this computer")
    bench.line.is_cut = False
    desk.new_tab().goto(f"{bench.line.address}/#/work/{work}")
    desk.work_is_open().has(1)
    drawn.add(draw(desk, 1))
    desk.saved()
    second, desk.page = desk.page, first
    desk.page.bring_to_front()
    if desk.page.get_by_role("dialog").count() == 0:
        desk.key("b")
        desk.drag((220, 60), (280, 110))
    dialog = desk.page.get_by_role("dialog", name="This work is no longer held for you")
    expect(dialog).to_be_visible(timeout=40000)
    dialog.get_by_role("button", name="Take it again and go on").click()
    expect(dialog).not_to_be_visible()
    state(desk, "Saved")
    assert drawn <= set(desk.objects())
    second.close()
    claimed = bench.draft(email, work)
    assert witness.faults(claimed["history"], claimed["draft"]["collections"]) == []


def test_a_submission_takes_along_what_another_tab_left_in_the_journal(bench):
    bench = bench()
    task = bench.task()
    desk = bench.desk(bench.person()).sign_in().open_work()
    first, work = desk.page, desk.work_id()
    desk.new_tab().goto(f"{bench.line.address}/#/work/{work}")
    desk.work_is_open()
    second, desk.page = desk.page, first
    # The first tab does not hold the work any more and learns of it only when it sends.
    bench.line.plan.append("request lost")
    left = draw(desk, 0)
    desk.page.close()
    desk.page = second
    desk.page.bring_to_front()
    right = draw(desk, 2)
    desk.saved()
    desk.submit()
    done = eventually(lambda: (one := bench.world.caller.task(task))["status"] == "completed" and one)
    assert {one["uuid"] for one in done["response"]["annotations"]} == {left, right}


def test_two_people_after_a_lease_ran_out_see_both_versions_and_choose(bench):
    bench = bench(VERNIER_LEASE_SECONDS="2")
    bench.task()
    ann, bob = bench.desk(bench.person("ann")), bench.person("bob")
    ann.sign_in().open_work()
    key, work = draw(ann, 0), ann.work_id()
    ann.saved()
    bench.line.is_cut = True
    ann.key("v")
    ann.drag((70, 85), (100, 85))
    state(ann, re.compile("Offline, 1 kept"))
    other = Labeler(bench.server.address, bob, PASSWORD)
    claimed = eventually(lambda: other.claim(work), seconds=10, every=0.3)
    theirs = {**claimed["draft"]["collections"]["annotations"][key], "top": 200}
    other.send(claimed, other.step({"collection": "annotations", "key": key, "before": claimed["draft"]["collections"]["annotations"][key], "after": theirs}))
    other.ask("POST", f"/api/work/{work}/release", json={"lease": claimed["lease"]["token"]})
    bench.line.is_cut = False
    ann.page.get_by_role("button", name="Try now").click()
    ann.page.get_by_role("button", name="Take it again and go on").click()
    dialog = ann.page.get_by_role("dialog", name="The same thing was changed elsewhere")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Go on with these")).to_be_disabled()
    dialog.get_by_text("Take theirs").click()
    dialog.get_by_role("button", name="Go on with these").click()
    expect(dialog).not_to_be_visible()
    ann.page.wait_for_function("key => window.__test.objects()[key].top === 200", arg=key)


def test_wrong_clocks_of_browsers_change_nothing(bench):
    bench = bench()
    bench.task()
    email, times = bench.person(), ("1980-01-01T00:00:00Z", "2099-12-31T23:59:59Z", "2001-01-01T00:00:00Z")
    drawn, work = [], None
    for column, time in enumerate(times):
        desk = bench.desk(email)
        desk.context.clock.set_system_time(time)
        desk.sign_in().open_work()
        work = desk.work_id()
        drawn.append(draw(desk, column))
        desk.saved()
        desk.page.close()
    claimed = bench.draft(email, work)
    order = [step["operations"][0]["key"] for step in claimed["history"]]
    assert order == drawn and keys(claimed) == set(drawn)


def test_undo_goes_on_at_another_machine(bench):
    bench = bench()
    bench.task()
    email = bench.person()
    desk = bench.desk(email).sign_in().open_work()
    drawn = [draw(desk, column) for column in range(3)]
    desk.key("Control+z")
    desk.has(2)
    desk.saved()
    elsewhere = bench.desk(email).sign_in().open_work()
    elsewhere.has(2)
    elsewhere.key("Control+Shift+Z")
    assert set(elsewhere.has(3)) == set(drawn)
    elsewhere.key("Control+z")
    elsewhere.has(2)
    elsewhere.key("Control+z")
    assert set(elsewhere.has(1)) == set(drawn[:1])


def test_a_step_that_the_server_refuses_holds_up_nothing_else(bench):
    bench = bench()
    bench.task()
    email = bench.person()
    desk = bench.desk(email).sign_in().open_work()
    refused = draw(desk, 0)
    desk.saved()

    def spoil(route):
        """The step that moves the first object is not as it must be, wherever it stands."""
        text = route.request.post_data or ""
        route.continue_(post_data=text.replace('"left":70', '"left":NaN') if '"left":70' in text else text)

    desk.page.route("**/api/work/*/steps", spoil)
    desk.key("v")
    bench.line.is_cut = True
    desk.drag((70, 85), (100, 85))
    later = draw(desk, 3)
    bench.line.is_cut = False
    desk.page.evaluate("() => window.dispatchEvent(new Event('online'))")
    dialog = desk.page.get_by_role("dialog", name="The server refused a change")
    expect(dialog).to_be_visible(timeout=20000)
    expect(dialog).to_contain_text("Changing")
    state(desk, "Saved, except 1 refused")
    claimed = bench.draft(email, desk.work_id())
    assert keys(claimed) == {refused, later}
    dialog.get_by_role("button", name="Give up this change").click()
    expect(dialog).not_to_be_visible()
    state(desk, re.compile("Saved|Conflict"))
    assert desk.objects()[refused]["left"] == pytest.approx(40, abs=1)


def test_a_browser_that_cannot_keep_steps_says_so_and_goes_on(bench):
    bench = bench()
    bench.task()
    email = bench.person()
    desk = bench.desk(email)
    desk.context.add_init_script("""IDBObjectStore.prototype.add = function () { throw new DOMException("no room", "QuotaExceededError"); };""")
    desk.sign_in().open_work()
    bench.line.is_cut = True
    first = draw(desk, 0)
    state(desk, "Offline, 1 kept in this tab only")
    bench.line.is_cut = False
    desk.page.get_by_role("button", name="Try now").click()
    state(desk, "Saved")
    assert keys(bench.draft(email, desk.work_id())) == {first}
