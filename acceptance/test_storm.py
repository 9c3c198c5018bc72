"""Random work under random faults in Chromium; afterwards the server's log is held against what was in the browsers' journals.

Each run has a seed, printed when it fails; VERNIER_SEED begins there. VERNIER_STORMS sets the number of runs.
"""

import contextlib
import json
import os
import random
import re
import time
import uuid

import pytest
from conftest import DATABASES, PASSWORD, SOAK, make_world, open_database
from desk import Desk
from playwright.sync_api import Error
from rig import databases
from rig.databases import rows
from rig.line import FAULTS, Line, Restarting
from rig.people import Labeler
from rig.server import Server, eventually
from rig.tasks import boxes_task
from rig.witness import Witness

STORMS = int(os.environ.get("VERNIER_STORMS", 200 if SOAK else 20))
FIRST = int(os.environ.get("VERNIER_SEED", 1))
ACTS = 14
PAINTERS = ("ann", "bob")


class Storm:
    """One run: two people at two browsers, one piece of work, and whatever goes wrong."""

    def __init__(self, seed: int, rig: "Rig"):
        self.random = random.Random(seed)
        self.rig = rig
        self.line = rig.line
        self.witness = Witness()
        self.told: list[str] = []
        self.work = rig.new_work()
        rig.witness = self.witness
        for desk in rig.desks:
            # What is still open belongs to the run before.
            desk.page.goto("about:blank")
        self.line.is_cut = False
        self.line.plan.clear()

    # What people do

    def act(self, desk: Desk) -> None:
        kind = self.random.choices(
            ["draw", "move", "remove", "undo", "redo", "fault", "cut", "reload", "die", "expire", "sign out", "answer", "turn"],
            [28, 18, 6, 8, 4, 16, 7, 3, 4, 3, 2, 6, 3],
        )[0]
        self.told.append(kind)
        if kind == "turn":
            return self.hand_over(desk)
        if kind == "fault":
            return self.line.plan.append(self.random.choice(FAULTS))
        if kind == "cut":
            self.line.is_cut = not self.line.is_cut
            return None
        if kind == "expire":
            return self.rig.expire(self.work)
        if kind == "sign out":
            return desk.context.clear_cookies()
        if kind == "die":
            return self.die(desk)
        if kind == "reload":
            return self.open(desk)
        if not self.is_open(desk):
            return self.open(desk)
        # The page may turn to something else in the middle of an act of the hand, as it may under a person's.
        with contextlib.suppress(Error):
            if kind == "answer" or desk.page.locator("dialog[open]").count() > 0:
                self.answer(desk)
            else:
                self.edit(desk, kind)
        return None

    def edit(self, desk: Desk, kind: str) -> None:
        """One act of the hand; a page that asks something in the middle of it takes the rest of the keys for itself."""
        objects = list(desk.objects())
        if kind in ("move", "remove") and objects:
            desk.key("v")
            box = desk.objects().get(self.random.choice(objects))
            if box is None:
                return
            desk.click((box["left"] + box["width"] / 2, box["top"] + box["height"] / 2))
            if kind == "move":
                desk.key(self.random.choice(["Shift+ArrowRight", "Shift+ArrowDown"]))
            else:
                desk.key("Delete")
        elif kind in ("undo", "redo"):
            desk.key("Control+z" if kind == "undo" else "Control+Shift+Z")
        else:
            desk.key("b")
            for _ in range(self.random.randint(1, 3)):
                left, top = self.random.randrange(10, 500), self.random.randrange(10, 350)
                desk.drag((left, top), (left + 60, top + 40))

    def die(self, desk: Desk) -> None:
        """The tab is gone in the middle of whatever it does, sometimes of a drag."""
        if self.is_open(desk) and self.random.random() < 0.5:
            desk.key("b")
            desk.page.mouse.move(*desk.place((30, 30)))
            desk.page.mouse.down()
            desk.page.mouse.move(*desk.place((200, 200)))
        desk.page.close()
        desk.new_tab()

    def hand_over(self, desk: Desk) -> None:
        """The lease runs out and the other one opens the work."""
        self.rig.expire(self.work)
        other = next(one for one in self.rig.desks if one is not desk)
        self.open(other)

    def is_open(self, desk: Desk) -> bool:
        return desk.page.locator("canvas.canvas[data-ready=true]").count() > 0

    def open(self, desk: Desk) -> None:
        """Goes to the work; where the line or the lease does not allow it, the page says so and that is all."""
        try:
            desk.page.goto("about:blank")
            desk.page.goto(f"{self.line.address}/#/work/{self.work}")
            desk.page.locator("canvas.canvas[data-ready=true], .card h1, dialog[open], input[type=password]").first.wait_for()
            self.answer(desk)
        except Error:
            return

    def answer(self, desk: Desk) -> None:
        """Does what the page asks for: signs in, takes the work again, chooses between versions."""
        page = desk.page
        if page.locator("input[type=password]").count() > 0:
            field = page.get_by_label("E-mail")
            if field.count() > 0 and field.is_enabled():
                field.fill(desk.account["email"])
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_timeout(100)
            return
        for name in ("Take it again and go on", "Give up this change", "Give up these changes", "Try again", "Try now"):
            button = page.get_by_role("button", name=name)
            if button.count() > 0 and button.first.is_enabled():
                if name.startswith("Give up"):
                    self.decide()
                button.first.click()
                page.wait_for_timeout(60)
                return
        going_on = page.get_by_role("button", name="Go on with these")
        if going_on.count() > 0:
            self.decide()
            for version in page.locator("fieldset.conflict").all():
                version.get_by_text(self.random.choice(["Keep mine", "Take theirs"])).click()
            if going_on.is_enabled():
                going_on.click()

    def decide(self) -> None:
        self.witness.decide({step["id"] for step in self.rig.log(self.work)})

    # The end

    def heal(self) -> None:
        """Nothing fails any more: each in turn opens the work and stays until everything is saved."""
        self.line.is_cut = False
        self.line.plan.clear()
        for desk in self.rig.desks:
            self.rig.expire(self.work)
            if not self.is_open(desk) or self.random.random() < 0.5:
                self.open(desk)
            else:
                # The page learns from its next sign of life that it does not hold the work any more.
                desk.page.evaluate("() => { window.dispatchEvent(new Event('focus')); window.dispatchEvent(new Event('online')); }")
            until = time.monotonic() + 40
            while not self.at_rest(desk):
                assert time.monotonic() < until, f"{desk.account['email']} does not come to rest: {desk.page.locator('body').inner_text()[:400]}"
                with contextlib.suppress(Error):
                    if self.is_open(desk) or desk.page.locator("input[type=password]").count() > 0:
                        self.answer(desk)
                    else:
                        # A page of the other that waited for the server may have taken the work first.
                        self.rig.expire(self.work)
                        self.open(desk)
                desk.page.wait_for_timeout(60)

    def at_rest(self, desk: Desk) -> bool:
        if not self.is_open(desk) or desk.page.locator("dialog[open]").count() > 0:
            return False
        saved = desk.page.get_by_test_id("save-state").inner_text() == "Saved"
        return saved and desk.ask("journal()") == 0 and desk.page.get_by_test_id("save-state").inner_text() == "Saved"

    def verdict(self) -> list[str]:
        return self.witness.faults(self.rig.log(self.work), self.rig.document(self.work))


class Rig:
    """What all runs on one database share: a server, a line to it, two browsers."""

    def __init__(self, server, files, browser, options):
        self.server, self.files = server, files
        self.line = Line(server)
        self.line.restart = Restarting(server)
        self.world = make_world(server)
        self.judge = self.world.labeler("judge").user["email"]
        self.witness = Witness()
        self.desks = [self.desk(name, browser, options) for name in PAINTERS]

    def desk(self, name: str, browser, options) -> Desk:
        context = browser.new_context(**options)
        # The browsers stay while witnesses change from run to run.
        Witness.watch(context, lambda text: self.witness.note(text))
        desk = Desk(context, {"url": self.line.address, "email": self.world.labeler(name).user["email"], "password": PASSWORD})
        desk.sign_in()
        # A page that turns to something else is not waited for.
        context.set_default_timeout(3000)
        return desk

    def new_work(self) -> str:
        body = boxes_task(self.files.put_picture("/p.png", 640, 480)) | {"unique_id": str(uuid.uuid4())}
        task = self.world.caller.post("/v1/task/imageannotation", body)["task_id"]
        return eventually(lambda: rows(self.server, f"SELECT id FROM work_items WHERE task_id = '{task}'"))[0][0]

    def expire(self, work: str) -> None:
        """The time of whoever holds the work is over."""
        rows(self.server, f"UPDATE work_items SET lease_expires_at = 1 WHERE id = '{work}' AND state = 'leased'")

    def log(self, work: str) -> list[dict]:
        found = rows(self.server, f"SELECT revision, id, operations FROM draft_steps WHERE work_item_id = '{work}' ORDER BY revision")
        return [{"revision": int(revision), "id": name, "operations": json.loads(operations)} for revision, name, operations in found]

    def document(self, work: str) -> dict:
        self.expire(work)
        return Labeler(self.server.address, self.judge, PASSWORD).claim(work)["draft"]["collections"]

    def close(self) -> None:
        for desk in self.desks:
            desk.context.close()
        self.line.close()


@pytest.fixture(scope="module", params=DATABASES)
def rig(request, tmp_path_factory, files, browser, browser_context_args):
    # PostgreSQL has its own locks and its own way to die; a few runs show that they do as well.
    database = open_database(request.param)
    server = Server(tmp_path_factory.mktemp("storm") / request.param, database).start()
    rig = Rig(server, files, browser, browser_context_args)
    yield rig
    rig.close()
    server.stop()
    if database:
        databases.drop(database)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(FIRST, FIRST + STORMS))
def test_whatever_fails_every_journalled_step_is_in_the_log_once(rig, seed):
    if rig.server.database and seed >= FIRST + STORMS // 5:
        pytest.skip("every fifth run is enough on PostgreSQL")
    storm = Storm(seed, rig)
    try:
        desk = storm.random.choice(rig.desks)
        storm.open(desk)
        for _ in range(ACTS):
            # Mostly the same person goes on.
            if storm.random.random() < 0.2:
                desk = storm.random.choice(rig.desks)
            storm.act(desk)
        storm.heal()
        assert storm.verdict() == []
        print(f"seed {seed}: {len(storm.witness.steps)} steps journalled, {len(rig.log(storm.work))} in the log, {rig.line.restart.count} servers killed so far")
        assert [error for desk in rig.desks for error in desk.errors if not re.search("Failed to load|ERR_|40[139]|50[0-9]", error)] == []
    except BaseException:
        print(f"seed {seed}: {' '.join(storm.told)}")
        raise


def test_the_witness_notices_what_is_lost_doubled_altered_or_overwritten():
    def step(name, revision, before, after):
        return {"id": name, "revision": revision, "operations": [{"collection": "annotations", "key": "k", "before": before, "after": after}]}

    first, second = step("one", 1, None, {"left": 1}), step("two", 2, {"left": 1}, {"left": 2})
    witness, document = Witness(steps={"one": first, "two": second}), {"annotations": {"k": {"left": 2}}}
    assert witness.faults([first, second], document) == []
    assert witness.faults([first], {"annotations": {"k": {"left": 1}}}) != []
    assert witness.faults([first, second, second], document) != []
    assert witness.faults([first, step("two", 2, {"left": 1}, {"left": 3})], {"annotations": {"k": {"left": 3}}}) != []
    assert witness.faults([first, step("two", 2, {"left": 5}, {"left": 2})], document) != []
    assert witness.faults([first, second], {"annotations": {}}) != []
    witness.decided.add(("two", "k"))
    assert witness.faults([first], {"annotations": {"k": {"left": 1}}}) == []
