"""Fixtures for the browser tests.

They run against a started server whose queue holds a few imageannotation tasks with boxes, polygons and at least one required
attribute, given by VERNIER_URL, VERNIER_EMAIL and VERNIER_PASSWORD (a labeler):

    pytest web/tests --browser chromium
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from customer import Customer
from desk import Desk

# A machine that is busy with something else is slow, not broken.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("VERNIER_CHROMIUM", "/usr/bin/chromium"),
        "args": ["--enable-unsafe-swiftshader", "--force-color-profile=srgb", "--font-render-hinting=none", "--disable-lcd-text"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1, "reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def account():
    values = {name: os.environ.get(f"VERNIER_{name}", "") for name in ("URL", "EMAIL", "PASSWORD")}
    missing = [f"VERNIER_{name}" for name, value in values.items() if not value]
    if missing:
        pytest.skip(f"no server to test: {', '.join(missing)} not set")
    return {"url": values["URL"].rstrip("/"), "email": values["EMAIL"], "password": values["PASSWORD"]}


@pytest.fixture
def desks(browser, browser_context_args, account):
    """Opens browser profiles, and fails the test for every error that a page reports and the test did not announce."""
    opened: list[Desk] = []

    def open_desk(**options) -> Desk:
        context = browser.new_context(**{**browser_context_args, **options})
        desk = Desk(context, account)
        opened.append(desk)
        return desk

    yield open_desk
    faults = [fault for desk in opened for fault in desk.errors if not any(re.search(pattern, fault) for pattern in desk.expected)]
    for desk in opened:
        desk.context.close()
    assert faults == []


@pytest.fixture
def desk(desks) -> Desk:
    return desks()


@pytest.fixture(scope="session")
def customer(account) -> Customer:
    return Customer.of_demo(account)


@pytest.fixture
def work(desk: Desk, customer: Customer, request):
    """A task with the test file's geometries unless told otherwise, opened; it is submitted in the end, so that it comes in nobody's way."""
    made: list[str] = []

    def open_work(**params) -> tuple[Desk, str]:
        task = customer.order(**{"geometries": request.module.GEOMETRIES, **params})
        made.append(task)
        desk.sign_in().open_task(task)
        return desk, task

    yield open_work
    for task in made:
        if customer.task(task)["status"] == "pending":
            desk.submit()
            customer.finished(task)


@pytest.fixture(scope="session")
def screens():
    """Keeps a picture of the page under a name, for people to look at: .build/reports/screens/<name>.png."""
    folder = Path(__file__).resolve().parents[2] / ".build" / "reports" / "screens"
    folder.mkdir(parents=True, exist_ok=True)

    def keep(desk: Desk, name: str) -> None:
        desk.page.screenshot(path=folder / f"{name}.png")

    return keep
