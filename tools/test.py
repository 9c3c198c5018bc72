#!/usr/bin/env python3
"""Runs the tests of the whole tree, one stage after the other. Usage: tools/test.py all|quick|soak

`quick` leaves PostgreSQL and the tests from outside away; `soak` runs only those that are worth repeating, much longer.

The last line on standard output is `N passed, N failed`, over the tests of all stages. A check without a report of its own
(format, layers, types, the build) counts as one test. A stage that crashes, runs out of time or finds no test counts as a
failure; stages that need its result are left out, the others still run.

The tests of the running program wait for browsers, servers and clocks. Up to five of a stage that failed are tried once more, alone;
one that passes then counts as passed and is named at the end as `unsteady`, because it has to be mended all the same.
"""

import concurrent.futures
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / ".build" / "reports"
BUILD = ["swift", "build", "-c", "release", "--explicit-target-dependency-import-check", "error", "--build-tests"]
SWIFT_TEST = ["swift", "test", "-c", "release", "--skip-build", "--explicit-target-dependency-import-check", "error"]
SWIFT_FOLDERS = ["Package.swift", "Sources", "Tests", "Benchmarks"]
MOST_TRIED_AGAIN = 5


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    unsteady: list[str] = field(default_factory=list)  # passed at the second try only


@dataclass
class Stage:
    name: str
    command: list[str]
    minutes: float
    # Reads (passed, failed) out of the stage's output or report; None for a check that counts as one test.
    count: Callable[[str], Count] | None = None
    needs: list[str] = field(default_factory=list)
    # Tries the tests that failed once more; its report is beside the first one.
    again: list[str] | None = None


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


def count_pytest(name: str) -> Callable[[str], Count]:
    """Counts tests by name, the second try's word over the first one's."""

    def count(_: str) -> Count:
        first, second = (outcomes(REPORTS / f"{name}{suffix}.xml") for suffix in ("", "-again"))
        unsteady = [test for test, passed in first.items() if not passed and second.get(test)]
        passed = sum(first.values()) + len(unsteady)
        return Count(passed, len(first) - passed, unsteady)

    return count


def outcomes(report: Path) -> dict[str, bool]:
    """Whether each test of a report has passed, without those that were skipped; nothing when there is no report."""
    found: dict[str, bool] = {}
    if not report.exists():
        return found
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        # A test whose clean-up fails has a second entry.
        if case.find("skipped") is None:
            found[name] = found.get(name, True) and case.find("failure") is None and case.find("error") is None
    return found


def count_node(output: str) -> Count:
    numbers = dict(re.findall(r"^(?:#|ℹ) (pass|fail) (\d+)$", output, re.MULTILINE))
    return Count(int(numbers.get("pass", 0)), int(numbers.get("fail", 0)))


def pytest(name: str, minutes: float, what: list[str], start: list[str] = [], many: list[str] = []) -> Stage:  # noqa: B006
    """A stage of tests of the running program: `start` runs the command, `many` is for the first try only."""
    program = [*start, str(ROOT / ".venv-test" / "bin" / "python"), "-m", "pytest", *what, "-o", f"cache_dir={REPORTS / name}"]
    return Stage(
        name, [*program, *many, f"--junitxml={REPORTS / f'{name}.xml'}"], minutes, count_pytest(name), ["build", "web build"],
        [*program, "--last-failed", "--last-failed-no-failures", "none", f"--junitxml={REPORTS / f'{name}-again.xml'}"],
    )  # fmt: skip


def stages(kind: str) -> list[list[Stage]]:
    """The stages in their order; those of one list run beside each other."""
    if kind == "soak":
        soak = pytest("soak", 90, ["acceptance", "-m", "soak", "-s"])
        return [
            [Stage("web tests, longer", ["sh", "web/tools/test.sh"], 25, count_node)],
            [replace(soak, needs=[], again=None)],
        ]
    swift_report = ["--xunit-output", str(REPORTS / "swift.xml")]
    result = [
        [Stage("format", ["swift", "format", "lint", "--strict", "--parallel", "--recursive", *SWIFT_FOLDERS], 3)],
        [Stage("layers", [sys.executable, "tools/layers.py"], 1)],
        [Stage("the check of the layers", [sys.executable, "tools/layers_test.py"], 1)],
        [Stage("web build", ["sh", "web/tools/build.sh"], 3)],
        [Stage("web tests", ["sh", "web/tools/test.sh"], 3, count_node)],
        [Stage("build", BUILD, 25)],
        [Stage("Swift tests", [*SWIFT_TEST, "--disable-xctest", *swift_report], 8, count_junit("swift*.xml"), ["build"])],
    ]
    if kind == "all":
        result += [
            # Both wait for the other end most of the time, so they take little longer beside each other than alone.
            [
                pytest("pages", 25, ["web/tests", "--browser", "chromium"], [sys.executable, "tools/with-demo.py"]),
                pytest("acceptance", 25, ["acceptance"], many=["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]),
            ]
        ]
    return result


class Run:
    """One command of a stage as a process of its own group; its output is shown as it comes."""

    alive: ClassVar[set["Run"]] = set()

    def __init__(self, command: list[str], minutes: float, margin: str):
        self.output: list[str] = []
        self.is_late = False
        self.margin = margin
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        # A command past its time is stopped with all it has started; reading its output ends then too.
        self.timer = threading.Timer(minutes * 60, self.stop)
        self.timer.daemon = True
        self.timer.start()
        self.alive.add(self)

    def stop(self) -> None:
        self.is_late = True
        os.killpg(self.process.pid, signal.SIGKILL)

    @classmethod
    def stop_all(cls) -> None:
        for one in cls.alive:
            os.killpg(one.process.pid, signal.SIGTERM)

    def wait(self) -> int:
        try:
            for line in self.process.stdout:
                text = line.decode(errors="replace")
                sys.stdout.write(self.margin + text)
                sys.stdout.flush()
                self.output.append(text)
            return self.process.wait()
        finally:
            self.timer.cancel()
            self.alive.discard(self)


def run(stage: Stage, margin: str = "") -> Count:
    """Runs one stage and counts its tests."""
    print(f"\n== {stage.name}", flush=True)
    started = time.monotonic()
    first = Run(stage.command, stage.minutes, margin)
    status = first.wait()
    count = counted(stage, status, first)
    # pytest's status 1 says that tests have failed; with any other one there is nothing to try again.
    if stage.again and status == 1 and 0 < count.failed <= MOST_TRIED_AGAIN and not first.is_late:
        print(f"\n== {stage.name}: what failed, once more", flush=True)
        count = counted(stage, Run(stage.again, stage.minutes, margin).wait(), first)
    late = f", stopped after {stage.minutes:g} minutes" if first.is_late else ""
    print(f"== {stage.name}: {count.passed} passed, {count.failed} failed, {time.monotonic() - started:.0f} s{late}", flush=True)
    return count


def counted(stage: Stage, status: int, run: Run) -> Count:
    count = Count(passed=1) if stage.count is None and status == 0 else Count()
    if stage.count is not None:
        try:
            count = stage.count("".join(run.output))
        except (ElementTree.ParseError, ValueError) as error:
            print(f"the report of {stage.name} cannot be read: {error}")
    if count.failed == 0 and (status != 0 or count.passed == 0):
        count.failed = 1
    return count


def main(kind: str) -> int:
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    counts: dict[str, Count] = {}
    with surroundings() if kind != "quick" else contextlib.nullcontext():
        for beside in stages(kind):
            ready = [stage for stage in beside if not any(counts[other].failed for other in stage.needs)]
            for stage in beside:
                if stage not in ready:
                    print(f"\n== {stage.name}: left out, because {' and '.join(stage.needs)} did not succeed")
                    counts[stage.name] = Count(failed=1)
            counts |= dict(zip([stage.name for stage in ready], run_beside(ready)))
    failed = sum(count.failed for count in counts.values())
    passed = sum(count.passed for count in counts.values())
    for test in (test for count in counts.values() for test in count.unsteady):
        print(f"unsteady: {test}")
    if failed:
        print("\nFailed: " + ", ".join(name for name, count in counts.items() if count.failed))
    summary = f"{passed} passed, {failed} failed"
    (REPORTS / "summary").write_text(summary + "\n", encoding="utf-8")
    print(summary, flush=True)
    return 1 if failed else 0


def run_beside(stages: list[Stage]) -> list[Count]:
    """Runs stages at the same time; the lines of several are told apart by their margins."""
    with concurrent.futures.ThreadPoolExecutor() as threads:
        try:
            return list(threads.map(lambda stage: run(stage, f"{stage.name}| " if len(stages) > 1 else ""), stages))
        except KeyboardInterrupt:
            Run.stop_all()
            raise


@contextlib.contextmanager
def surroundings() -> Iterator[None]:
    """Runs a PostgreSQL cluster and two S3 servers of our own; the tests find their addresses in VERNIER_TEST_POSTGRES and VERNIER_TEST_S3."""
    with (
        server("postgres-for-tests.sh") as postgres,
        server("s3-for-tests.py", "moto") as moto,
        server("s3-for-tests.py", "swift") as swift,
    ):
        os.environ["VERNIER_TEST_POSTGRES"] = postgres
        os.environ["VERNIER_TEST_S3"] = f"{moto} {swift}"
        yield


@contextlib.contextmanager
def server(program: str, *kind: str) -> Iterator[str]:
    """Starts a server by one of our programs, answers its address and stops it afterwards."""
    script = str(ROOT / "tools" / program)
    started = subprocess.run([script, "start", *kind], check=True, stdout=subprocess.PIPE, text=True, timeout=120)
    address = started.stdout.strip()
    try:
        yield address
    finally:
        subprocess.run([script, "stop", address], check=False, timeout=120)


if __name__ == "__main__":
    if sys.argv[1:] not in (["all"], ["quick"], ["soak"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
