"""Fixtures of all tests from outside. A server runs once for each database and is shared by the tests that do not break it."""

import os
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
import scaleapi
from playwright.sync_api import expect
from rig import databases
from rig.customer import Customer
from rig.people import Caller, Labeler
from rig.server import PROGRAM, ROOT, Server
from rig.web import FileHost, Receiver

# A proxy of the surroundings must not catch what stays on this machine.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

# A machine that is busy with something else is slow, not broken.
expect.set_options(timeout=30_000)

SOAK = bool(os.environ.get("VERNIER_SOAK"))
DATABASES = ["sqlite", "postgres"]
PASSWORD = "correct horse battery staple"


def pytest_configure(config):
    if not PROGRAM.exists():
        raise pytest.UsageError(f"{PROGRAM} is not there: build it with `make build`, or name it in VERNIER_BIN")


def open_database(kind: str) -> str | None:
    """The address of a fresh database of that kind; None is the one inside the data folder."""
    if kind == "sqlite":
        return None
    if databases.ADMINISTRATION is None:
        pytest.skip("VERNIER_TEST_POSTGRES names no PostgreSQL server")
    return databases.fresh()


@pytest.fixture(scope="session", params=DATABASES)
def server(request, tmp_path_factory) -> Server:
    """A server that is shared: tests keep apart by names of their own."""
    server = Server(tmp_path_factory.mktemp("server") / request.param, open_database(request.param))
    server.start()
    yield server
    server.stop()
    if server.database:
        databases.drop(server.database)


@pytest.fixture
def make_server(tmp_path):
    """Makes servers of a test's own, not yet started; those still running afterwards must stop well."""
    made: list[Server] = []

    def make(kind: str = "sqlite", **settings) -> Server:
        made.append(Server(tmp_path / f"data{len(made)}", open_database(kind), **settings))
        return made[-1]

    yield make
    for server in made:
        if server.process is not None:
            server.stop()
        if server.database:
            databases.drop(server.database)


@dataclass
class World:
    """One account on a shared server, with its keys; nothing of other tests is seen in it."""

    server: Server
    account: str
    live_key: str
    test_key: str

    @property
    def caller(self) -> Caller:
        return Caller(self.server.address, self.live_key)

    def client(self, mode: str = "live") -> scaleapi.ScaleClient:
        key = self.live_key if mode == "live" else self.test_key
        return scaleapi.ScaleClient(key, source="acceptance", api_instance_url=f"{self.server.address}/v1")

    def another(self) -> "World":
        """A second account on the same server."""
        return make_world(self.server)

    def labeler(self, name: str = "labeler", role: str = "labeler") -> Labeler:
        """A person of this account, made and signed in."""
        email = f"{name}-{uuid.uuid4().hex[:8]}@example.com"
        self.server.user(email, PASSWORD, role, "--account", self.account)
        return Labeler(self.server.address, email, PASSWORD)


@pytest.fixture(scope="module")
def shared_world(server) -> World:
    """A world for tests that do not mind what others leave behind in it."""
    return make_world(server)


@pytest.fixture(params=["live", "test"])
def customer(request, shared_world, files) -> Customer:
    return Customer(shared_world.client(request.param), request.param, shared_world, files)


def make_world(server: Server) -> World:
    account = f"account-{uuid.uuid4().hex[:12]}"
    server.account(account)
    keys = (server.key(mode, "--account", account) for mode in ("live", "test"))
    return World(server, account, *keys)


@pytest.fixture
def world(server) -> World:
    return make_world(server)


@pytest.fixture(scope="session")
def files():
    host = FileHost()
    yield host
    host.close()


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="session")
def photographs() -> dict[str, bytes]:
    """Real photographs by file name: `china.jpg`, a palace, `flower.jpg` and `bus.jpg`, a street."""
    folder = Path(os.environ.get("VERNIER_TEST_PHOTOGRAPHS", ROOT / ".venv-test" / "photographs"))
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.jpg"))}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": "/usr/bin/chromium",
        "args": ["--enable-unsafe-swiftshader", "--force-color-profile=srgb", "--font-render-hinting=none"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
