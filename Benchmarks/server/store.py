"""A large object into a bucket and out of it again, through the server and by boto3, on each of the S3 servers that the tests have."""

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from rig import HERE, Server, eventually, forget_peak, memory, rows_of, watched

SIZE = int(os.environ.get("VERNIER_BENCH_OBJECT", "1000000000"))
ROOT = HERE.parents[1]
PYTHON = ROOT / ".venv-test" / "bin" / "python"
SERVERS = "moto", "swift"


def store(table, folder: Path, site: str, files: Path) -> None:
    large = files / "large.bin"
    piece = os.urandom(1 << 20)
    with large.open("wb") as file:
        for number in range(0, SIZE, len(piece)):
            file.write((number.to_bytes(8, "big") + piece[8:])[: SIZE - number])
    for kind in SERVERS:
        script = ROOT / "tools" / "s3-for-tests.py"
        address = subprocess.run([script, "start", kind], check=True, capture_output=True, text=True).stdout.strip()
        try:
            one(table, folder / f"store-{kind}", kind, address, f"{site}/{large.name}", large)
        finally:
            subprocess.run([script, "stop", address], check=True)
    large.unlink()


def one(table, data: Path, kind: str, address: str, source: str, large: Path) -> None:
    parts = urlsplit(address)
    told = {name: values[0] for name, values in parse_qs(parts.query).items()}
    server = Server(data, settings={
        "VERNIER_STORAGE": f"s3://{parts.netloc}/bench", "VERNIER_STORAGE_ENDPOINT": told["endpoint"], "VERNIER_STORAGE_REGION": told["region"],
        "VERNIER_STORAGE_KEY": told["key"], "VERNIER_STORAGE_SECRET": told["secret"], "VERNIER_FETCH_TIMEOUT": "600",
        # So that what comes back comes from the bucket.
        "VERNIER_STORAGE_CACHE": str(1 << 20),
    }).start(workers=True)  # fmt: skip
    try:
        boto("up", address, "warm", Path(__file__))
        forget_peak(server.pid)
        rested = memory(server.pid)["peak"]
        with watched(server) as usage:
            task = server.ask("/v1/task/categorization", {"attachment": source, "instruction": "Polite?", "categories": ["yes", "no"]})[1]["task_id"]
            eventually("the file is there", lambda: rows_of(server, f"SELECT COUNT(*) FROM attachments WHERE task_id = '{task}' AND state <> 'waiting'"), 600)
        tell(table, f"{SIZE / 1e6:,.0f} MB into a bucket ({kind})", server, usage, rested, boto("up", address, "boto", large))
        url = server.ask(f"/api/tasks/{task}")[1]["attachments"][0]["url"]
        forget_peak(server.pid)
        with watched(server) as usage:
            came = subprocess.run(
                ["curl", "-sS", "-o", "/dev/null", "-w", "%{size_download}", url if url.startswith("http") else server.address + url],
                check=True, capture_output=True, text=True,
            ).stdout  # fmt: skip
        if int(came) != SIZE:
            raise SystemExit(f"{came} of {SIZE} bytes came back")
        back = large.with_suffix(".back")
        tell(table, f"{SIZE / 1e6:,.0f} MB out of a bucket ({kind})", server, usage, rested, boto("down", address, "boto", back))
        back.unlink()
    finally:
        server.stop()


def boto(*words) -> dict:
    done = subprocess.run([PYTHON, HERE / "boto.py", *words], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def tell(table, figure: str, server: Server, usage, rested: float, beside: dict) -> None:
    rate, limit = SIZE / usage.seconds / 1e6, SIZE / beside["seconds"] / 1e6
    table.row(
        figure, f"{rate:,.0f} MB/s, memory {rested:.0f} MB before, {memory(server.pid)['peak']:.0f} MB at most", "",
        f"{usage.server / SIZE * 1e12:,.0f} us a MB",
        f"boto3 to and from a file: {limit:,.0f} MB/s, {beside['cpu'] / SIZE * 1e12:,.0f} us a MB, {beside['peak']:.0f} MB at most; share {rate / limit:.2f}",
        usage.other_cores,
    )  # fmt: skip
