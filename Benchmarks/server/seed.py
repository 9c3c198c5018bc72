"""A database of very many tasks in little time: rows of a few real tasks, written again under other ids.

Everything that a list or a total reads is filled as the server fills it: tasks, texts, tags, words, attachments, counts.
Of each task's history only the counts are left out, since no list reads it.
"""

import json
import sqlite3
import subprocess
from pathlib import Path

PROJECTS = 10
# Of ten tasks in turn; as a busy account looks: most are done, some wait.
STATUSES = ["completed"] * 7 + ["pending"] * 2 + ["canceled"]
STAGES = {"completed": "done", "canceled": "done", "pending": "queued"}


def project(number: int) -> str:
    return f"Street-{number}"


# How many of the towns that the metadata name there are; the weather is fog in one of fifty tasks, else it is clear.
TOWNS = 500


def metadata(number: int) -> dict:
    weather = "fog" if number % 50 == 0 else "clear"
    return {"camera": "front-left", "frame": number, "town": f"Town{number % TOWNS}", "weather": weather}


def words(number: int) -> list[str]:
    """The words of a task as the server finds them: of unique id, tags and metadata."""
    own = metadata(number)
    return ["frame", str(number), "north", "front", "left", own["town"].lower(), own["weather"]]


def fill(database: Path, count: int, newest: int, statuses: list[str] = STATUSES) -> None:
    """Multiplies the tasks of a database whose server does not run, up to a count, half a second apart.

    - database: Holds the projects and, in each, one completed task with a response, which serves as the pattern.
    - newest: The creation time of the newest task, in microseconds since 1970.
    - statuses: Those of tasks of one project, in turn.
    """
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -262144")
    # Built at the end in one pass, which is several times faster than row by row.
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('tasks', 'task_tags', 'usage_lines')"
    ).fetchall()
    connection.execute("BEGIN")
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    connection.execute("CREATE TEMP TABLE heap (realm, word, created_at, task_id, project_id)")
    patterns = [_Pattern(connection, number) for number in range(PROJECTS)]
    made = sum(1 for _ in patterns)
    for number in range(made, count):
        status = statuses[number // PROJECTS % len(statuses)]
        patterns[number % PROJECTS].copy(number, newest - (count - number) * 500_000, status)
    # In the order of the table, which is many times faster than as they come.
    connection.execute("INSERT INTO task_words SELECT * FROM heap ORDER BY realm, word, created_at, task_id")
    connection.execute("DROP TABLE heap")
    for _, statement in indexes:
        connection.execute(statement)
    _count(connection)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


class _Pattern:
    """The rows of one task, as lists to be changed and inserted again."""

    def __init__(self, connection: sqlite3.Connection, number: int):
        self.connection = connection
        task = connection.execute(
            "SELECT t.id FROM tasks t JOIN projects p ON p.id = t.project_id WHERE p.name = ? AND t.status = 'completed'",
            (project(number),),
        ).fetchone()[0]
        self.tables = []
        for table, key in (
            ("tasks", "id"), ("task_payloads", "task_id"), ("task_tags", "task_id"), ("attachments", "task_id"),
            ("usage_lines", "task_id"),
        ):  # fmt: skip
            cursor = connection.execute(f"SELECT * FROM {table} WHERE {key} = ?", (task,))
            names = [column[0] for column in cursor.description]
            statement = f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})"
            for values in cursor.fetchall():
                self.tables.append((table, statement, names, list(values), dict(zip(names, values))))
        (self.owner,) = connection.execute("SELECT realm, project_id FROM tasks WHERE id = ?", (task,))

    def copy(self, number: int, at: int, status: str) -> None:
        identifier = f"{at // 1000:012x}{number:012x}"
        done = status == "completed"
        for table, statement, names, values, pattern in self.tables:
            if table == "tasks":
                changes = {
                    "id": identifier, "status": status, "stage": STAGES[status], "unique_id": f"frame-{number}",
                    "created_at": at, "updated_at": at + 60_000_000 if status != "pending" else at,
                    "completed_at": at + 60_000_000 if done else None,
                }  # fmt: skip
            elif table == "task_payloads":
                changes = {
                    "task_id": identifier, "response": pattern["response"] if done else None,
                    "metadata": json.dumps(metadata(number), separators=(",", ":")),
                }  # fmt: skip
            elif table == "task_tags":
                changes = {"task_id": identifier, "created_at": at}
            elif table == "usage_lines":
                if not done:
                    continue
                changes = {"task_id": identifier, "id": f"{(at + 60_000_000) // 1000:012x}{number:012x}", "at": at + 60_000_000}
            else:
                changes = {"task_id": identifier}
            for name, value in changes.items():
                values[names.index(name)] = value
            self.connection.execute(statement, values)
        found = words(number)
        self.connection.execute("INSERT INTO task_texts VALUES (?, ?)", (identifier, f" {' '.join(found)} "))
        realm, project = self.owner
        self.connection.executemany(
            "INSERT INTO heap VALUES (?, ?, ?, ?, ?)", ((realm, word, at, identifier, project) for word in found)
        )


def offer(database: Path) -> None:
    """Lets every task whose picture has not been fetched be worked on, as if a worker had been there.

    - database: That of a server that does not run; one of its tasks has been through the hands of a real worker, and all
      others get the same picture.
    """
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN")
    cursor = connection.execute("SELECT * FROM attachments WHERE state = 'ready' LIMIT 1")
    fetched = dict(zip([column[0] for column in cursor.description], cursor.fetchone()))
    facts = [name for name in fetched if name not in ("task_id", "position", "realm", "path", "url", "role")]
    connection.execute(
        f"UPDATE attachments SET {', '.join(f'{name} = ?' for name in facts)} WHERE state = 'waiting'",
        [fetched[name] for name in facts],
    )
    cursor = connection.execute("SELECT * FROM work_items WHERE task_id = ?", (fetched["task_id"],))
    item = dict(zip([column[0] for column in cursor.description], cursor.fetchone()))
    differing = ("id", "task_id", "created_at", "updated_at")
    kept = [name for name in item if name not in differing]
    connection.execute(
        f"""INSERT INTO work_items ({', '.join(differing)}, {', '.join(kept)})
            SELECT 'f' || SUBSTR(id, 2), id, created_at, created_at, {', '.join('?' * len(kept))}
            FROM tasks WHERE stage = 'ingesting'""",
        [item[name] for name in kept],
    )
    connection.execute("UPDATE tasks SET stage = 'queued' WHERE stage = 'ingesting'")
    connection.execute("DELETE FROM jobs WHERE kind = 'fetch_attachment'")
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _count(connection: sqlite3.Connection) -> None:
    """Writes the counts anew from the tasks, with nothing left to be folded in."""
    connection.execute("DELETE FROM counters")
    connection.execute("DELETE FROM counter_deltas")
    for scope in ("''", "project_id", "batch_id"):
        connection.execute(
            f"""INSERT INTO counters (realm, scope, type, status, n)
                SELECT realm, {scope}, type, status, COUNT(*) FROM tasks WHERE {scope} IS NOT NULL GROUP BY 1, 2, 3, 4"""
        )


def to_postgres(database: Path, url: str) -> None:
    """Copies all rows of a database whose server does not run to one of PostgreSQL, which has the same tables, empty.

    - url: Of a database in which the user may do everything: foreign keys are not looked at meanwhile.
    """
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    known = set(psql(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'").split())
    # Indexes that are no keys are made again at the end, which is several times faster than row by row.
    indexes = psql(
        url,
        """SELECT i.schemaname || '.' || i.indexname || '=' || i.indexdef FROM pg_indexes i
           WHERE i.schemaname = 'public' AND i.tablename IN ('tasks', 'task_tags', 'usage_lines')
           AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)""",
    ).splitlines()
    process = subprocess.Popen(["psql", "-qXv", "ON_ERROR_STOP=1", url], stdin=subprocess.PIPE)
    write = process.stdin.write
    write(b"SET session_replication_role = replica;\n")
    for line in indexes:
        write(f"DROP INDEX {line.split('=', 1)[0]};\n".encode())
    tables = [table for table in tables if table in known]
    # What the migration itself has written comes again with the copy.
    write(f"TRUNCATE {', '.join(tables)};\n".encode())
    for table in tables:
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        names = ", ".join(column[0] for column in cursor.description)
        write(f"COPY {table} ({names}) FROM STDIN;\n".encode())
        while rows := cursor.fetchmany(5000):
            write("".join("\t".join(map(_copied, row)) + "\n" for row in rows).encode())
        write(b"\\.\n")
    for line in indexes:
        write(f"{line.split('=', 1)[1]};\n".encode())
    # As autovacuum does in time; without it no index answers by itself.
    write(b"VACUUM ANALYZE;\n")
    process.stdin.close()
    if process.wait() != 0:
        raise SystemExit("the rows could not be copied to PostgreSQL")
    connection.close()


def _copied(value) -> str:
    """A value in the text format of COPY."""
    if value is None:
        return "\\N"
    if not isinstance(value, str):
        return str(value)
    if "\\" in value or "\t" in value or "\n" in value or "\r" in value:
        value = value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return value


def psql(url: str, statement: str) -> str:
    """Runs one statement on a database of PostgreSQL; returns what it answers."""
    done = subprocess.run(["psql", "-XAtc", statement, url], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"psql: {done.stderr}")
    return done.stdout
