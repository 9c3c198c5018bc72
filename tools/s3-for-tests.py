#!/usr/bin/env python3
"""Starts and stops a throw-away S3 server for tests: two implementations, both of which recompute every signature.

    tools/s3-for-tests.py start moto|swift   prints the server's address
    tools/s3-for-tests.py stop ADDRESS       stops that server and removes its files

The address is s3://BUCKET/?endpoint=URL&region=REGION&key=KEY&secret=SECRET&server=NAME&folder=FOLDER with percent-encoded values. The
bucket is there and empty; requests name it in their path.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

HERE = Path(__file__).resolve().parent
START = "s3-for-tests."
# moto comes from PyPI with the other tools of the tests, Swift as a package of Debian for the system's Python.
PROGRAMS = {
    "moto": [str(HERE.parent / ".venv-test" / "bin" / "python"), str(HERE / "s3" / "moto_server.py")],
    "swift": ["/usr/bin/python3", str(HERE / "s3" / "swift_server.py")],
}


def start(name: str) -> str:
    folder = Path(tempfile.mkdtemp(prefix=START))
    with open(folder / "log", "ab") as log:
        process = subprocess.Popen(
            [*PROGRAMS[name], str(folder)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True, text=True,
        )  # fmt: skip
    # The server says who may come in, and where, with one line as soon as it is ready; without one it has failed.
    line = process.stdout.readline()
    if not line:
        text = (folder / "log").read_text(errors="replace")
        shutil.rmtree(folder)
        sys.exit(f"{name} did not start:\n{text}")
    (folder / "pid").write_text(str(process.pid))
    told = json.loads(line)
    told["endpoint"] = f"http://127.0.0.1:{told.pop('port')}"
    return f"s3://{told.pop('bucket')}/?{urlencode({**told, 'server': name, 'folder': folder.name})}"


def stop(address: str) -> None:
    name = parse_qs(urlsplit(address).query).get("folder", [""])[0]
    folder = Path(tempfile.gettempdir()) / name
    if not name.startswith(START) or "/" in name or not (folder / "pid").exists():
        sys.exit(f"That is not a server this program has started: {address}")
    pid = int((folder / "pid").read_text())
    try:
        os.kill(pid, signal.SIGTERM)
        while True:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                break  # ended, but whoever has inherited it has not asked yet
            time.sleep(0.02)
    except (ProcessLookupError, FileNotFoundError):
        pass
    shutil.rmtree(folder)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["start", ("moto" | "swift") as name]:
            print(start(name))
        case ["stop", address]:
            stop(address)
        case _:
            sys.exit(__doc__)
