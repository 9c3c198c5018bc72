"""Two small HTTP servers on 127.0.0.1: one offers files, well or badly; one receives callbacks and keeps them."""

import hashlib
import hmac
import io
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image


def picture(width: int, height: int, form: str = "PNG") -> bytes:
    """A picture of that size whose pixels differ, so that no two sizes give the same file."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    buffer = io.BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Says nothing when the other end is gone, as it is when a server was killed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*_)


class _Background:
    """A threaded HTTP server that runs until it is closed."""

    def __init__(self, handler: type[BaseHTTPRequestHandler], host: str = "127.0.0.1", port: int = 0):
        self.server = _Listener((host, port), handler)
        self.address = f"http://{host}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class FileHost(_Background):
    """Offers what `put` gave it; any other path is a 404. Paths asked for are kept in `asked`."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0):
        self.files: dict[str, Callable[[_Quiet], None]] = {}
        self.asked: list[str] = []
        outer = self

        class Handler(_Quiet):
            def do_GET(self):
                path = self.path.partition("?")[0]
                outer.asked.append(path)
                answer = outer.files.get(path)
                if answer is None:
                    self.reply(404, b"no such file")
                else:
                    answer(self)

            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.do_GET()

        super().__init__(Handler, host, port)

    def put(self, path: str, content: bytes, content_type: str = "application/octet-stream") -> str:
        self.files[path] = lambda request: request.reply(200, content, {"Content-Type": content_type})
        return self.address + path

    def put_answer(self, path: str, answer: Callable[[_Quiet], None]) -> str:
        self.files[path] = answer
        return self.address + path

    def put_picture(self, path: str = "/picture.png", width: int = 1200, height: int = 800) -> str:
        return self.put(path, picture(width, height), "image/png")

    def put_redirect(self, path: str, target: str) -> str:
        return self.put_answer(path, lambda request: request.reply(302, headers={"Location": target}))


@dataclass
class Received:
    """One callback as it came in."""

    path: str
    headers: dict[str, str]  # names in lower case
    raw: bytes
    at: float
    answered: int

    @property
    def body(self) -> dict:
        return json.loads(self.raw)

    @property
    def delivery(self) -> str:
        return self.headers["vernier-delivery-id"]


@dataclass
class Receiver(_Background):
    """Keeps every callback; answers 200, or what `answers` says for the path: a status, or a function of the delivery's id."""

    answers: dict[str, int | Callable[[str], int]] = field(default_factory=dict)
    locations: dict[str, str] = field(default_factory=dict)  # where a path redirects to

    def __post_init__(self):
        self.received: list[Received] = []
        self.changed = threading.Condition()
        outer = self

        class Handler(_Quiet):
            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                raw = self.rfile.read(length)
                if len(raw) < length:  # whoever called was killed between the head and the end of the body
                    self.close_connection = True
                    return
                answer = outer.answers.get(self.path, 200)
                status = answer(self.headers.get("Vernier-Delivery-Id", "")) if callable(answer) else answer
                headers = {name.lower(): value for name, value in self.headers.items()}
                with outer.changed:
                    outer.received.append(Received(self.path, headers, raw, time.time(), status))
                    outer.changed.notify_all()
                more = {"Location": outer.locations[self.path]} if self.path in outer.locations else {}
                self.reply(status, b"{}", {"Content-Type": "application/json", **more})

        super().__init__(Handler)

    def wait(self, suits: Callable[[Received], bool], count: int = 1, seconds: float = 20) -> list[Received]:
        """Waits until that many callbacks suit, and answers them in the order they came."""
        found: list[Received] = []

        def enough() -> bool:
            found[:] = [one for one in self.received if suits(one)]
            return len(found) >= count

        with self.changed:
            assert self.changed.wait_for(enough, seconds), f"{len(found)} of {count} callbacks within {seconds} s"
        return found

    def for_task(self, task: str, status: str = "completed", seconds: float = 20) -> Received:
        return self.wait(lambda one: is_about(one, task, status), seconds=seconds)[0]


def is_about(received: Received, task: str, status: str | None = None) -> bool:
    body = received.body
    return body.get("task_id") == task and (status is None or body.get("status") == status)


def is_signed(received: Received, secret: str) -> bool:
    """Whether `vernier-signature: t=<seconds>,v1=<hex>` is the HMAC of time and body under the secret, and recent."""
    parts = dict(part.split("=", 1) for part in received.headers["vernier-signature"].split(","))
    expected = hmac.new(secret.encode(), f"{parts['t']}.".encode() + received.raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"]) and abs(received.at - int(parts["t"])) < 300
