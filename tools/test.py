#!/usr/bin/env python3
"""Runs the tests of the whole tree, one stage after the other. Usage: tools/test.py all|quick|soak

`quick` leaves PostgreSQL and the tests from outside away; `soak` runs only those that are worth repeating, much longer.

The last line on standard output is `N passed, N failed`, over the tests of all stages. A check without a report of its own
(format, layers, types, the build) counts as one test. A stage that crashes, runs out of time or finds no test counts as a
failure; stages that need its result are left out, the others still run.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / ".build" / "reports"
BUILD = ["swift", "build", "-c", "release", "--explicit-target-dependency-import-check", "error", "--build-tests"]
SWIFT_TEST = ["swift", "test", "-c", "release", "--skip-build", "--explicit-target-dependency-import-check", "error"]
SWIFT_FOLDERS = ["Package.swift", "Sources", "Tests", "Benchmarks"]


@dataclass
class Count:
    passed: int = 0
    failed: int = 0


@dataclass
class Stage:
    name: str
    command: list[str]
    minutes: float
    # Reads (passed, failed) out of the stage's output or report; None for a check that counts as one test.
    count: Callable[[str], Count] | None = None
    needs: list[str] = field(default_factory=list)


def count_junit(pattern: str) -> Callable[[str], Count]:
    def count(_: str) -> Count:
        total = Count()
        for report in REPORTS.glob(pattern):
            for suite in ElementTree.parse(report).getroot().iter("testsuite"):
                numbers = {name: int(suite.get(name) or 0) for name in ("tests", "failures", "errors", "skipped")}
                failed = numbers["failures"] + numbers["errors"]
                total.failed += failed
                total.passed += numbers["tests"] - failed - numbers["skipped"]
        return total

    return count


def count_node(output: str) -> Count:
    numbers = dict(re.findall(r"^(?:#|ℹ) (pass|fail) (\d+)$", output, re.MULTILINE))
    return Count(int(numbers.get("pass", 0)), int(numbers.get("fail", 0)))


def stages(kind: str) -> list[Stage]:
    python = str(ROOT / ".venv-test" / "bin" / "python")
    pytest = [python, "-m", "pytest", "acceptance", f"--junitxml={REPORTS / 'acceptance.xml'}"]
    acceptance = count_junit("acceptance.xml")
    if kind == "soak":
        return [
            Stage("web tests, longer", ["sh", "web/tools/test.sh"], 25, count_node),
            Stage("soak", [*pytest, "-m", "soak", "-s"], 90, acceptance),
        ]
    swift_report = ["--xunit-output", str(REPORTS / "swift.xml")]
    result = [
        Stage("format", ["swift", "format", "lint", "--strict", "--parallel", "--recursive", *SWIFT_FOLDERS], 3),
        Stage("layers", [sys.executable, "tools/layers.py"], 1),
        Stage("the check of the layers", [sys.executable, "tools/layers_test.py"], 1),
        Stage("web build", ["sh", "web/tools/build.sh"], 3),
        Stage("web tests", ["sh", "web/tools/test.sh"], 3, count_node),
        Stage("build", BUILD, 25),
        Stage("Swift tests", [*SWIFT_TEST, "--disable-xctest", *swift_report], 8, count_junit("swift*.xml"), ["build"]),
    ]
    if kind == "all":
        served = ["build", "web build"]
        pages = [python, "-m", "pytest", "web/tests", "--browser", "chromium", f"--junitxml={REPORTS / 'pages.xml'}"]
        result += [
            Stage("pages", [sys.executable, "tools/with-demo.py", *pages], 20, count_junit("pages.xml"), served),
            Stage("acceptance", pytest, 22, acceptance, served),
        ]
    return result


def run(stage: Stage) -> Count:
    """Runs one stage with its output shown as it comes, and counts its tests."""
    print(f"\n== {stage.name}", flush=True)
    started = time.monotonic()
    process = subprocess.Popen(
        stage.command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    # A stage past its time is stopped with all it has started; reading its output ends then too.
    alarm = Alarm(process.pid, stage.minutes * 60)
    output = []
    try:
        for line in process.stdout:
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
            output.append(line.decode(errors="replace"))
        status = process.wait()
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGTERM)
        raise
    finally:
        alarm.cancel()

    count = Count(passed=1) if stage.count is None and status == 0 else Count()
    if stage.count is not None:
        try:
            count = stage.count("".join(output))
        except (ElementTree.ParseError, ValueError) as error:
            print(f"the report of {stage.name} cannot be read: {error}")
    if count.failed == 0 and (status != 0 or count.passed == 0):
        count.failed = 1
    late = f", stopped after {stage.minutes:g} minutes" if alarm.rang else ""
    print(f"== {stage.name}: {count.passed} passed, {count.failed} failed, {time.monotonic() - started:.0f} s{late}")
    return count


class Alarm:
    """Kills a group of processes after some seconds unless it is cancelled."""

    def __init__(self, group: int, seconds: float):
        self.rang = False
        self.group = group
        self.previous = signal.signal(signal.SIGALRM, self.ring)
        signal.alarm(int(seconds))

    def ring(self, *_: object) -> None:
        self.rang = True
        os.killpg(self.group, signal.SIGKILL)

    def cancel(self) -> None:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, self.previous)


def main(kind: str) -> int:
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    counts: dict[str, Count] = {}
    with postgres() if kind != "quick" else contextlib.nullcontext():
        for stage in stages(kind):
            if any(counts[other].failed for other in stage.needs):
                print(f"\n== {stage.name}: left out, because {' and '.join(stage.needs)} did not succeed")
                counts[stage.name] = Count(failed=1)
            else:
                counts[stage.name] = run(stage)
    failed = sum(count.failed for count in counts.values())
    passed = sum(count.passed for count in counts.values())
    if failed:
        print("\nFailed: " + ", ".join(name for name, count in counts.items() if count.failed))
    summary = f"{passed} passed, {failed} failed"
    (REPORTS / "summary").write_text(summary + "\n", encoding="utf-8")
    print(summary, flush=True)
    return 1 if failed else 0


@contextlib.contextmanager
def postgres() -> Iterator[None]:
    """Runs a PostgreSQL cluster of our own, whose address the tests find in VERNIER_TEST_POSTGRES."""
    script = str(ROOT / "tools" / "postgres-for-tests.sh")
    started = subprocess.run([script, "start"], check=True, stdout=subprocess.PIPE, text=True, timeout=120)
    address = os.environ["VERNIER_TEST_POSTGRES"] = started.stdout.strip()
    try:
        yield
    finally:
        subprocess.run([script, "stop", address], check=False, timeout=120)


if __name__ == "__main__":
    if sys.argv[1:] not in (["all"], ["quick"], ["soak"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
