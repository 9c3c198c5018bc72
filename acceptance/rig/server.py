"""The built program as a process: commands, start, readiness, stop."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What any program needs, and where the pages of the program under test are when it does not stand in its tree.
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "VERNIER_WEB")
PROGRAM = Path(os.environ.get("VERNIER_BIN", ROOT / ".build" / "release" / "vernier"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(check, seconds: float = 20, every: float = 0.05):
    """Asks `check` until it gives something true, and answers that; fails with what it gave last."""
    until = time.monotonic() + seconds
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s; last: {found!r}")
        time.sleep(every)


@dataclass
class Server:
    """One data folder, on the embedded database or on PostgreSQL, and at most one process serving it."""

    data: Path
    database: str | None = None  # a postgres:// address; None is the embedded database
    allow: str | None = "127.0.0.0/8"  # VERNIER_FETCH_ALLOW
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None
    lines: list[str] = field(default_factory=list)  # what the process has written to standard output

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        # No other setting of the surroundings, so that the machine cannot decide a test.
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        if self.database:
            environment["VERNIER_DATABASE"] = self.database
        if self.allow:
            environment["VERNIER_FETCH_ALLOW"] = self.allow
        # A quarter of a minute, so that what cannot be had is soon told.
        environment["VERNIER_FETCH_TRIES"] = "5"
        return environment | self.settings

    def command(self, *words: str, text: str | None = None, check: bool = True) -> subprocess.CompletedProcess:
        """Runs one command of the program on this data folder."""
        done = subprocess.run(
            [str(PROGRAM), *words, "--data", str(self.data)],
            input=text, capture_output=True, text=True, timeout=60, env=self.environment, cwd=ROOT,
        )  # fmt: skip
        if check:
            assert done.returncode == 0, f"{words}: status {done.returncode}: {done.stderr}{done.stdout}"
        return done

    def key(self, mode: str = "live", *more: str) -> str:
        """Makes a key; the command prints it alone."""
        printed = self.command("key", "create", "--mode", mode, *more).stdout
        assert printed.count("\n") == 1 and printed.strip(), repr(printed)
        return printed.strip()

    def user(self, email: str, password: str, role: str = "labeler", *more: str) -> None:
        self.command("user", "create", "--email", email, "--role", role, "--password-stdin", *more, text=password + "\n")

    def account(self, name: str) -> None:
        self.command("account", "create", "--name", name)

    def start(self, *words: str) -> "Server":
        """Starts `vernier serve` and comes back when it has said that it is ready."""
        assert self.process is None
        self.lines = []
        log = open(self.data.parent / f"{self.data.name}.log", "ab")
        self.process = subprocess.Popen(
            [str(PROGRAM), "serve", "--data", str(self.data), "--host", "127.0.0.1", "--port", str(self.port), *words],
            stdout=subprocess.PIPE, stderr=log, env=self.environment, cwd=ROOT,
        )  # fmt: skip
        log.close()
        ready = threading.Event()
        threading.Thread(target=self._read, args=(self.process.stdout, ready), daemon=True).start()
        if not ready.wait(30) or not self.lines:
            status = self.process.poll()
            self.kill()
            raise AssertionError(f"the server said nothing in time (exit status {status}):\n{self.log_end()}")
        return self

    def _read(self, stream, ready: threading.Event) -> None:
        with stream:
            for line in stream:
                self.lines.append(line.decode(errors="replace").rstrip("\n"))
                ready.set()
        ready.set()

    def stop(self, seconds: float = 30) -> None:
        """Asks the process to end and expects it to do so well."""
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not stop within {seconds} s:\n{self.log_end()}") from None
        assert status == 0, f"exit status {status}:\n{self.log_end()}"

    def kill(self) -> None:
        """Ends the process at once, as a power cut would."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.wait()

    def log_end(self, lines: int = 40) -> str:
        with contextlib.suppress(FileNotFoundError):
            text = (self.data.parent / f"{self.data.name}.log").read_text(errors="replace")
            return "\n".join(text.splitlines()[-lines:])
        return ""
