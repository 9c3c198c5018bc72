"""A line between a browser and a server that can be cut, lose requests or replies, deliver twice or late, and kill the server."""

import contextlib
import http.client
import itertools
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from rig.server import Server
from rig.web import _Background, _Quiet

FAULTS = ("request lost", "reply lost", "twice", "slow", "server killed", "in its place")
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Line(_Background):
    """Passes HTTP on to a server, whether or not that is running."""

    def __init__(self, server: Server):
        self.target = server
        # Nothing passes while this is set.
        self.is_cut = False
        # What happens to the next requests that change a draft, one each; an empty queue is a good line.
        self.plan: deque[str] = deque()
        # Kills the server and starts it again, when a plan says so.
        self.restart: Callable[[], None] = lambda: None
        # How many requests that change a draft have come.
        self.sent = 0
        line = self

        class Handler(_Quiet):
            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                is_draft = self.command == "POST" and self.path.endswith("/steps")
                line.sent += is_draft
                fault = line.plan.popleft() if is_draft and line.plan else None
                if line.is_cut or fault == "request lost":
                    return self.hang_up()
                if fault == "in its place":
                    return self.reply(200, b"<html>Please accept the terms of this network.</html>", {"Content-Type": "text/html"})
                if fault == "slow":
                    time.sleep(0.5)
                answer = line.ask(self, body)
                if fault == "twice":
                    line.ask(self, body)
                if fault == "server killed":
                    line.restart()
                if answer is None or line.is_cut or fault in ("reply lost", "server killed"):
                    return self.hang_up()
                status, headers, content = answer
                with contextlib.suppress(ConnectionError):
                    self.send_response_only(status)
                    for name, value in headers:
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            def hang_up(self):
                self.close_connection = True

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = pass_on

        super().__init__(Handler)

    def ask(self, handler: _Quiet, body: bytes) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """What the server answers; None if it does not."""
        connection = http.client.HTTPConnection("127.0.0.1", self.target.port, timeout=20)
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in HOP_BY_HOP}
        try:
            connection.request(handler.command, handler.path, body or None, headers)
            answer = connection.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
            return answer.status, kept, answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


class Restarting:
    """Kills a server and starts it again in the middle of calls; callers wait for each other."""

    def __init__(self, server: Server):
        self.server = server
        self.lock = threading.Lock()
        self.count = 0

    def __call__(self) -> None:
        with self.lock:
            self.server.kill()
            self.server.start()
            self.count += 1


class BreakingLine:
    """Passes bytes on to a server, and breaks every connection when so many have come back, every other one when so many have gone out."""

    def __init__(self, server: str, back: int, out: int):
        self.target = urlsplit(server)
        self.back, self.out = back, out
        # How many connections it has broken.
        self.broken = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        for out in itertools.cycle((self.out, sys.maxsize)):
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection((self.target.hostname, self.target.port))
            threading.Thread(target=self._pass, args=(client, server, out), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, self.back), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, left: int) -> None:
        with contextlib.suppress(OSError):
            while left > 0 and (piece := source.recv(min(left, 65536))):
                target.sendall(piece)
                left -= len(piece)
        self.broken += left == 0
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.listener.close()
