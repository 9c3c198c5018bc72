"""What the measurements stand on: the built server as a process, wrk, nginx beside it, and the machine's own counters."""

import contextlib
import json
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROGRAM = Path(os.environ.get("VERNIER_BIN", HERE.parents[1] / ".build" / "release" / "vernier")).resolve()
TICK = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def family(pid: int) -> list[int]:
    """A process and those that it has started and that still run: decoders of pictures."""
    children = " ".join(place.read_text() for place in Path(f"/proc/{pid}/task").glob("*/children"))
    return [pid, *map(int, children.split())]


def process_seconds(pid: int) -> float:
    """CPU seconds of a process with all that it has started, so far, in user and kernel mode, all threads."""
    # The numbers of a process, and of those that have ended and that it waited for.
    fields = [Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()[11:15] for one in family(pid)]
    return sum(int(number) for one in fields for number in one) / TICK


def machine_seconds() -> float:
    """CPU seconds that all processes of the machine took together since it started."""
    fields = [int(number) for number in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK


def memory(pid: int) -> dict[str, float]:
    """Memory of a process with those that it has started and that still run, in MB (10^6 bytes).

    `rss` is what is resident, with all of every file that is mapped (program, libraries, database), once for each process; `pss` counts
    what others map too in proportion; `anonymous` is what the processes have made themselves, without files; `peak` is the most of `rss`
    that each has had, not necessarily at the same time.
    """
    sizes = dict.fromkeys(("rss", "pss", "anonymous", "peak"), 0.0)
    for one in family(pid):
        rollup = dict(_kilobytes(Path(f"/proc/{one}/smaps_rollup").read_text()))
        peak = dict(_kilobytes(Path(f"/proc/{one}/status").read_text()))["VmHWM"]
        for name, size in zip(sizes, (rollup["Rss"], rollup["Pss"], rollup["Anonymous"], peak)):
            sizes[name] += size * 1.024e-3
    return sizes


def forget_peak(pid: int) -> None:
    """Lets the peaks of a process and of those that it has started begin anew."""
    for one in family(pid):
        Path(f"/proc/{one}/clear_refs").write_text("5")


def _kilobytes(text: str):
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and words[2] == "kB":
            yield words[0].rstrip(":"), int(words[1])


@dataclass
class Usage:
    """What a span of time cost: seconds of wall clock, of the server's CPU, and of CPU that others took."""

    seconds: float = 0
    server: float = 0
    others: float = 0

    @property
    def other_cores(self) -> float:
        return max(self.others / self.seconds, 0)


@contextlib.contextmanager
def watched(server: "Server | None"):
    """Measures a block; whatever neither the server nor a program started by the block took counts as others' CPU."""
    usage = Usage()

    def own() -> float:
        ours = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(use.ru_utime + use.ru_stime for use in ours)

    pid = server.pid if server else None
    before = time.perf_counter(), machine_seconds(), own(), process_seconds(pid) if pid else 0
    yield usage
    usage.seconds = time.perf_counter() - before[0]
    usage.server = (process_seconds(pid) if pid else 0) - before[3]
    usage.others = machine_seconds() - before[1] - (own() - before[2]) - usage.server


@dataclass
class Server:
    """A data folder and at most one process that serves it."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None
    ready_after: float = 0  # seconds from the start of the process to the line that says it is ready
    key: str = ""
    postgres: str | None = None  # the address of its database, if that is not in the folder
    settings: dict[str, str] = field(default_factory=dict)  # more of the environment

    @property
    def engine(self) -> str:
        return "PostgreSQL" if self.postgres else "SQLite"

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.data / "vernier.sqlite"

    def command(self, *words: str, text: str | None = None) -> str:
        """Runs one command of the program on this data folder and returns what it printed."""
        done = subprocess.run(
            [PROGRAM, *words, "--data", self.data], input=text, capture_output=True, text=True, timeout=600, env=self._surroundings()
        )
        if done.returncode != 0:
            raise SystemExit(f"vernier {' '.join(words)}: {done.stderr}")
        return done.stdout.strip()

    def start(self, *, workers: bool) -> "Server":
        if not self.key:
            self.key = self.command("key", "create", "--mode", "live")
        began = time.perf_counter()
        with open(f"{self.data}.log", "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--data", self.data, "--host", "127.0.0.1", "--port", str(self.port)]
                + ([] if workers else ["--no-workers"]),
                stdout=subprocess.PIPE, stderr=log, text=True, env=self._surroundings(),
            )  # fmt: skip
        line = self.process.stdout.readline()
        self.ready_after = time.perf_counter() - began
        if "ready" not in line:
            self.stop()
            raise SystemExit(f"the server did not start; see {self.data}.log")
        return self

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def ask(self, path: str, body: dict | None = None, headers: dict[str, str] | None = None):
        """Sends a request with the key, or with other headers, and returns the answer's headers and object."""
        request = urllib.request.Request(
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **(headers or {"Authorization": f"Bearer {self.key}"})},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.headers, json.load(answer)

    def _surroundings(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "VERNIER_WEB") if name in os.environ}
        if self.postgres:
            kept["VERNIER_DATABASE"] = self.postgres
        # Pictures and receivers of callbacks stand on this machine.
        return kept | {"VERNIER_FETCH_ALLOW": "127.0.0.0/8"} | self.settings

    def person(self, number: int) -> str:
        """Makes a labeler and signs in; returns session cookie and CSRF token, as work.lua reads them."""
        email, password = f"labeler-{number}@example.com", "correct horse battery"
        self.command("user", "create", "--email", email, "--role", "labeler", "--password-stdin", text=password + "\n")
        headers, session = self.ask("/api/session", {"email": email, "password": password}, {"X-Nobody": "yet"})
        cookie = headers["Set-Cookie"].split(";")[0].split("=", 1)[1]
        return f"{cookie} {session['csrf']}"


@dataclass
class Shot:
    """What wrk saw, and what it cost."""

    per_second: float
    p50: float  # milliseconds
    p99: float
    cpu: float  # the server's microseconds for each answer
    megabytes: float  # per second, of answers
    answered: int
    usage: Usage
    raw: dict


def wrk(
    server: Server | None, url: str, script: str, *arguments: str, clients: int, seconds: float, threads: int = 1
) -> Shot:
    """Runs wrk against a server, or against something else whose CPU is not told; refuses runs with failed answers."""
    with watched(server) as usage:
        done = subprocess.run(
            ["wrk", f"-t{threads}", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "10s", "-s", HERE / script, url, "--", *arguments],
            capture_output=True, text=True, timeout=seconds + 60, env=os.environ | {"BENCHMARKS": str(HERE)},
        )  # fmt: skip
    _, found, line = done.stdout.partition("RESULT ")
    if not found:
        raise SystemExit(f"wrk {script}: {done.stdout}{done.stderr}")
    result = json.loads(line)
    if result["refused"] or result["broken"]:
        raise SystemExit(f"wrk {script}: {result}")
    count = result["requests"]
    return Shot(
        per_second=count / result["seconds"], p50=result["p50"], p99=result["p99"],
        cpu=usage.server / max(count, 1) * 1e6, megabytes=result["bytes"] / result["seconds"] / 1e6, answered=count,
        usage=usage, raw=result,
    )  # fmt: skip


@contextlib.contextmanager
def nginx(folder: Path):
    """nginx with one worker: a limit for static answers, a host of pictures, a receiver of callbacks (POST /labelled)."""
    port = free_port()
    files = folder / "files"
    files.mkdir(parents=True, exist_ok=True)
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
        daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
        {"user root;" if os.getuid() == 0 else ""}
        events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile on; keepalive_requests 100000000; default_type application/octet-stream;
            types {{ image/png png; application/json json; }}
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            server {{
                listen 127.0.0.1:{port}; root {files};
                location = /labelled {{ return 200; }}
            }}
        }}""")
    process = subprocess.Popen(["nginx", "-c", configuration, "-p", folder], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}", files
    finally:
        process.send_signal(signal.SIGQUIT)
        process.wait(10)


def ceilings(server: Server, folder: Path) -> dict[int, Shot]:
    """A constant answer of the same server by number of clients."""
    paths = folder / "healthz"
    paths.write_text("/healthz\n")
    return {count: wrk(server, server.address, "pages.lua", "-", str(paths), clients=count, seconds=2) for count in (1, 8, 32)}


def rows_of(server: Server, statement: str) -> int:
    """One number out of the database of a running server."""
    connection = sqlite3.connect(f"file:{server.database}?mode=ro", uri=True)
    try:
        return connection.execute(statement).fetchone()[0]
    finally:
        connection.close()


def eventually(what: str, check, seconds: float, every: float = 0.1) -> None:
    until = time.monotonic() + seconds
    while not check():
        if time.monotonic() > until:
            raise SystemExit(f"not within {seconds} s: {what}")
        time.sleep(every)
