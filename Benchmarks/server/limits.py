"""What this machine can do at most: SQLite alone, written to by this program without a server around it."""

import itertools
import shutil
import sqlite3
import time
from pathlib import Path


def _connection(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA wal_autocheckpoint = 4000")
    return connection


def _commits(connection: sqlite3.Connection, rows, seconds: float, insert) -> float:
    """Things stored per second, so many in each commit."""
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        connection.execute("BEGIN IMMEDIATE")
        for _ in range(rows):
            insert()
        connection.execute("COMMIT")
        count += rows
    return count / (time.perf_counter() - began)


def plain_inserts(folder: Path, rows: int, seconds: float = 1.5) -> float:
    """Rows of 1 KB per second into a table with a unique text key and a second index, durable, so many in a commit."""
    path = folder / f"plain-{rows}.sqlite"
    connection = _connection(path)
    connection.execute("CREATE TABLE things (id TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL)")
    connection.execute("CREATE INDEX things_by_time ON things (at)")
    numbers, body = itertools.count(), "x" * 1000

    def insert() -> None:
        number = next(numbers)
        connection.execute("INSERT INTO things VALUES (?, ?, ?)", (f"{number * 2654435761 % 2**32:024x}", number, body))

    rate = _commits(connection, rows, seconds, insert)
    connection.close()
    path.unlink()
    return rate


# The tables a creation writes to, with the columns that must differ between two creations.
CREATED = {
    "tasks": ("id", "unique_id"), "task_payloads": ("task_id",), "task_tags": ("task_id",), "attachments": ("task_id",),
    "counter_deltas": (), "events": ("id", "object_id"), "jobs": ("id", "subject"),
}  # fmt: skip


def same_rows(database: Path, folder: Path, rows: int, seconds: float = 1.5) -> float:
    """Creations per second when all that is done is to insert the rows that one leaves behind, in the real schema.

    The rows are copied from the newest task of a database whose server does not run.
    """
    path = folder / "same-rows.sqlite"
    shutil.copyfile(database, path)
    connection = _connection(path)
    task = connection.execute(
        "SELECT subject FROM jobs WHERE kind = 'fetch_attachment' ORDER BY created_at DESC LIMIT 1"
    ).fetchone()[0]
    columns = {"tasks": "id", "events": "object_id", "jobs": "subject"}
    statements = []
    for table, differing in CREATED.items():
        where = "1 LIMIT 1" if table == "counter_deltas" else f"{columns.get(table, 'task_id')} = '{task}'"
        cursor = connection.execute(f"SELECT * FROM {table} WHERE {where}")
        names = [column[0] for column in cursor.description]
        for values in cursor.fetchall():
            places = [index for index, name in enumerate(names) if name in differing]
            statements.append((f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", list(values), places))
    if len(statements) < len(CREATED):
        raise SystemExit("the newest task does not have all the rows that a creation should leave behind")
    numbers = itertools.count(1)
    head = task[:12]

    def insert() -> None:
        identifier = f"{head}{next(numbers) + (1 << 47):012x}"
        for statement, values, places in statements:
            for place in places:
                values[place] = identifier
            connection.execute(statement, values)

    rate = _commits(connection, rows, seconds, insert)
    connection.close()
    path.unlink()
    return rate


def bare_loops(database: Path, folder: Path, seconds: float = 2) -> float:
    """Claims and submissions per second, one after the other, as the two transactions they are at least."""
    path = folder / "loops.sqlite"
    shutil.copyfile(database, path)
    connection = _connection(path)
    response = '{"annotations":[' + ",".join(['{"type":"box","label":"car","left":1,"top":2,"width":3,"height":4}']) + "]}"
    realm = connection.execute("SELECT realm FROM work_items LIMIT 1").fetchone()[0]
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        claimed = connection.execute(
            """UPDATE work_items SET state = 'leased', lease_token = 't', lease_holder = 'h', lease_expires_at = 1 WHERE id = (
               SELECT id FROM work_items INDEXED BY work_queue WHERE realm = ? AND assignee IS NULL
                AND state IN ('waiting', 'leased') AND state = 'waiting' ORDER BY priority DESC, created_at, id LIMIT 1)
               RETURNING id, task_id""", (realm,)).fetchall()  # fmt: skip
        if not claimed:
            break
        (item, task) = claimed[0]
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            """UPDATE work_items SET state = 'submitted', lease_token = NULL, lease_holder = NULL, lease_expires_at = NULL,
               submitted_by = 'h', submitted_at = 1 WHERE id = ?""", (item,))  # fmt: skip
        connection.execute("UPDATE tasks SET status = 'completed', stage = 'done', completed_at = 1 WHERE id = ?", (task,))
        connection.execute("UPDATE task_payloads SET response = ? WHERE task_id = ?", (response, task))
        connection.execute(
            "INSERT INTO events (realm, id, at, actor, object_kind, object_id, action, after) VALUES (?, ?, 1, 'u', 'task', ?, 'c', ?)",
            (realm, f"bare{count:020x}", task, response))  # fmt: skip
        connection.execute("COMMIT")
        count += 1
    rate = count / (time.perf_counter() - began)
    connection.close()
    path.unlink()
    return rate


def raw_read(database: Path, project: str) -> tuple[float, float]:
    """Tasks and megabytes per second when texts of a project are read from the file in pages of 100, newest first."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    identifier = connection.execute("SELECT id FROM projects WHERE name = ?", (project,)).fetchone()[0]
    keys = connection.execute(
        "SELECT id FROM tasks WHERE project_id = ? ORDER BY created_at DESC, id DESC", (identifier,)
    ).fetchall()
    count = size = 0
    began = time.perf_counter()
    for start in range(0, len(keys), 100):
        page = [key for (key,) in keys[start : start + 100]]
        marks = ",".join("?" * len(page))
        for row in connection.execute(
            f"SELECT p.*, t.* FROM tasks t JOIN task_payloads p ON p.task_id = t.id WHERE t.id IN ({marks})", page
        ):
            count += 1
            size += sum(len(value) for value in row if isinstance(value, str))
    seconds = time.perf_counter() - began
    connection.close()
    return count / seconds, size / seconds / 1e6
