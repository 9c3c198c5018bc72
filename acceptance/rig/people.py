"""Callers: one with an API key, and a person who works through the interface of the web pages."""

import json
import os
import time
import uuid

import requests

TIMEOUT = 30


class Caller:
    """Speaks to /v1 and the rest with a key; answers are plain responses."""

    def __init__(self, address: str, key: str):
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = (key, "")

    def ask(self, method: str, path: str, **more) -> requests.Response:
        return self.session.request(method, self.address + path, timeout=TIMEOUT, **more)

    def get(self, path: str, **query) -> dict:
        return _good(self.ask("GET", path, params=query))

    def post(self, path: str, body=None) -> dict:
        return _good(self.ask("POST", path, json=body))

    def task(self, identifier: str) -> dict:
        return self.get(f"/v1/task/{identifier}")

    def all_tasks(self, **filters) -> list[dict]:
        """Every task that suits, by paging to the end."""
        found, token = [], None
        while True:
            page = self.get("/v1/tasks", limit=100, **filters, **({"next_token": token} if token else {}))
            found += page["docs"]
            if not page["has_more"]:
                return found
            token = page["next_token"]


class Labeler:
    """A signed-in person: claims work, sends steps, submits."""

    def __init__(self, address: str, email: str, password: str):
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        self.writer = str(uuid.uuid4())
        self.sequence = 0
        signed_in = self.post("/api/session", {"email": email, "password": password})
        self.user = signed_in["user"]
        self.session.headers["X-CSRF-Token"] = signed_in["csrf"]

    def ask(self, method: str, path: str, **more) -> requests.Response:
        return self.session.request(method, self.address + path, timeout=TIMEOUT, **more)

    def get(self, path: str) -> dict:
        return _good(self.ask("GET", path))

    def post(self, path: str, body: dict | None = None) -> dict:
        return _good(self.ask("POST", path, json=body if body is not None else {}))

    def claim(self, work: str | None = None) -> dict | None:
        return self.post("/api/work/claim", {"work": work} if work else {})["work"]

    def step(self, *operations: dict) -> dict:
        self.sequence += 1
        return {"id": uuid7(), "sequence": self.sequence, "operations": list(operations)}

    def send(self, work: dict, *steps: dict) -> dict:
        """Sends steps on what the work item holds; `work` keeps the new revision."""
        answer = self.post(
            f"/api/work/{work['id']}/steps",
            {
                "lease": work["lease"]["token"],
                "writer": self.writer,
                "steps": list(steps),
                "after": work["draft"]["revision"],
            },
        )
        assert answer["conflict"] is None, answer
        assert set(answer["acknowledged"]) == {step["id"] for step in steps}, answer
        work["draft"]["revision"] = answer["revision"]
        return answer

    def fill(self, work: dict, collections: dict[str, dict[str, dict]]) -> dict:
        """Brings the draft to that document, in one step."""
        now = work["draft"]["collections"]
        operations = [
            {"collection": name, "key": key, "before": now.get(name, {}).get(key), "after": wanted.get(key)}
            for name, wanted in ((name, collections.get(name, {})) for name in {*now, *collections})
            for key in {*now.get(name, {}), *wanted}
            if not _same(now.get(name, {}).get(key), wanted.get(key))
        ]
        return self.send(work, self.step(*operations))

    def ask_submit(self, work: dict, submission: str | None = None) -> requests.Response:
        return self.ask(
            "POST",
            f"/api/work/{work['id']}/submit",
            json={
                "lease": work["lease"]["token"],
                "submission": submission or str(uuid.uuid4()),
                "revision": work["draft"]["revision"],
            },
        )

    def submit(self, work: dict) -> dict:
        return _good(self.ask_submit(work))


def _same(a, b) -> bool:
    """Whether two values are the same JSON; to Python, true is 1."""
    return json.dumps(a, sort_keys=True) == json.dumps(b, sort_keys=True)


def put(collection: str, key: str, after: dict | None, before: dict | None = None) -> dict:
    """One operation of a step."""
    return {"collection": collection, "key": key, "before": before, "after": after}


def uuid7() -> str:
    """A UUID of version 7: 48 bits of milliseconds, then random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def _good(response: requests.Response) -> dict:
    assert response.status_code == 200, f"{response.request.method} {response.url}: {response.status_code} {response.text}"
    return response.json()
