#!/usr/bin/env python3
"""Runs a command against a fresh demo. Usage: tools/with-demo.py command …

The command finds address, e-mail, password and API key of the demo in VERNIER_URL, VERNIER_EMAIL, VERNIER_PASSWORD and VERNIER_KEY.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = os.environ.get("VERNIER_BIN", str(Path(__file__).resolve().parent.parent / ".build" / "release" / "vernier"))


def main(command: list[str]) -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        # Tests receive callbacks on this machine.
        environment = {"VERNIER_FETCH_ALLOW": "127.0.0.0/8", "VERNIER_FETCH_TRIES": "5", **os.environ}
        demo = subprocess.Popen(
            [PROGRAM, "demo", "--data", folder, "--host", "127.0.0.1", "--port", str(port)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
        )  # fmt: skip
        try:
            printed: dict[str, str] = {}
            while "API key" not in printed:
                line = demo.stdout.readline()
                if not line:
                    sys.exit(f"the demo did not start: exit status {demo.wait()}")
                name, _, value = line.strip().partition("   ")
                printed[name.strip()] = value.strip()
            surroundings = {
                "VERNIER_URL": f"http://127.0.0.1:{port}",
                "VERNIER_EMAIL": printed["sign in"],
                "VERNIER_PASSWORD": printed["password"],
                "VERNIER_KEY": printed["API key"],
            }
            return subprocess.run(command, env=os.environ | surroundings, check=False).returncode
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(30)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
