"""The customer's side of a test: tasks made and read through the public API."""

import base64
import json
import mimetypes
import os
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import pytest


class Customer:
    def __init__(self, url: str, key: str):
        self.url = url
        self.credentials = base64.b64encode(f"{key}:".encode()).decode()

    @classmethod
    def of_demo(cls, account: dict) -> "Customer":
        key = os.environ.get("VERNIER_KEY", "")
        if not key:
            pytest.skip("no API key of the server to test: VERNIER_KEY not set")
        return cls(account["url"], key)

    def ask(self, method: str, path: str, body: dict | None = None) -> dict:
        headers = {"Authorization": f"Basic {self.credentials}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, method=method, headers=headers, data=data)
        try:
            with urllib.request.urlopen(request) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error

    def upload(self, file: Path) -> str:
        """Uploads a file and returns what a task names as its attachment."""
        boundary = uuid.uuid4().hex
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\nContent-Type: {kind}\r\n\r\n'
        body = head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Authorization": f"Basic {self.credentials}", "Content-Type": f"multipart/form-data; boundary={boundary}"}
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/v1/files/upload", headers=headers, data=body)) as reply:
            return json.load(reply)["attachment_url"]

    def picture(self) -> str:
        """The address of a picture of the demo, 1280 × 800."""
        return self.ask("GET", "/v1/tasks?project=Demo%20street&limit=100")["docs"][-1]["params"]["attachment"]

    def order(self, **params) -> str:
        """Creates a task that comes before all others, and returns its id."""
        params = {"priority": 30, **params}
        return self.ask("POST", "/v1/task/imageannotation", params if "attachment" in params else {"attachment": self.picture(), **params})["task_id"]

    def task(self, task_id: str) -> dict:
        return self.ask("GET", f"/v1/task/{task_id}")

    def finished(self, task_id: str, patience: float = 10) -> dict:
        """The task once it is completed."""
        end = time.monotonic() + patience
        while (task := self.task(task_id))["status"] != "completed":
            assert time.monotonic() < end, f"the task is {task['status']}"
            time.sleep(0.1)
        return task
