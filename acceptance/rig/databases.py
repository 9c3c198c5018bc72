"""Fresh PostgreSQL databases on the server that VERNIER_TEST_POSTGRES names, and a look into any server's database."""

import contextlib
import csv
import io
import os
import sqlite3
import subprocess
import uuid
from urllib.parse import urlsplit, urlunsplit

ADMINISTRATION = os.environ.get("VERNIER_TEST_POSTGRES")


def fresh() -> str:
    """Makes an empty database and answers its address."""
    name = f"acceptance_{uuid.uuid4().hex[:12]}"
    _run(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(ADMINISTRATION)._replace(path=f"/{name}"))


def drop(address: str) -> None:
    """Removes a database made here, whoever is still connected to it."""
    name = urlsplit(address).path.lstrip("/")
    assert name.startswith("acceptance_")
    _run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _run(statement: str) -> None:
    subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", "--dbname", ADMINISTRATION, "--command", statement],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def rows(server, statement: str) -> list[list[str]]:
    """Asks a server's database, or changes it, past the server: for what no call tells, such as the whole log of a draft."""
    if server.database is None:
        with contextlib.closing(sqlite3.connect(server.data / "vernier.sqlite", timeout=10, isolation_level=None)) as database:
            return [list(map(str, row)) for row in database.execute(statement)]
    printed = subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", "--csv", "--tuples-only", "--dbname", server.database, "--command", statement],
        check=True, capture_output=True, text=True, timeout=60,
    ).stdout  # fmt: skip
    return list(csv.reader(io.StringIO(printed)))


def end_leases_of_jobs(server) -> None:
    """Lets the half minute pass for which the jobs of a process that was killed are still taken for running."""
    rows(server, "UPDATE jobs SET leased_until = 1 WHERE state = 'running'")
