"""Pages of tasks by filter and depth, beside a file as large from nginx."""

import json
import urllib.parse
from datetime import UTC, datetime
from pathlib import Path

import seed
from rig import Server, rows_of, wrk


def pages(table, folder: Path, site: str, files: Path, stock: dict[int, Server]) -> None:
    """Pages of 100, by filter and depth, at ten thousand and at a million tasks."""
    for count, server in stock.items():
        server.start(workers=True)
        try:
            checked(server, count)
            kinds = {
                "no filter": ["/v1/tasks?limit=100"],
                "project": [f"/v1/tasks?limit=100&project={seed.project(number)}" for number in range(seed.PROJECTS)],
                "status": [f"/v1/tasks?limit=100&status={status}" for status in sorted(set(seed.STATUSES))],
                "project and status": [f"/v1/tasks?limit=100&status=completed&project={seed.project(3)}"],
                "deep": [f"/v1/tasks?limit=100&next_token={token}" for token in deep_tokens(server, count)],
            }
            body = json.dumps(server.ask("/v1/tasks?limit=100")[1], separators=(",", ":"))
            (files / "page.json").write_text(body)
            paths = folder / "paths"
            paths.write_text("/page.json\n")
            static = {clients: wrk(None, site, "pages.lua", "-", str(paths), clients=clients, seconds=2) for clients in (1, 8)}
            for kind, wanted in kinds.items():
                paths.write_text("".join(path + "\n" for path in wanted))
                for clients in (1, 8):
                    shot = wrk(server, server.address, "pages.lua", server.key, str(paths), clients=clients, seconds=3)
                    table.shot(
                        f"page of 100 of {count:,} tasks, {kind}, {clients} clients", shot, f"pages/s, {shot.megabytes:.0f} MB/s",
                        f"nginx, the same {len(body) / 1000:.0f} KB as a file {static[clients].per_second:,.0f}/s",
                    )  # fmt: skip
        finally:
            server.stop()


def checked(server: Server, count: int) -> None:
    """Sees to it that what was written behind the server's back is what the server finds."""
    by_project, statuses = count // seed.PROJECTS, {name: seed.STATUSES.count(name) * count // 10 for name in set(seed.STATUSES)}
    expected = {"": count, f"&project={seed.project(3)}": by_project}
    expected |= {f"&status={name}": number for name, number in statuses.items()}
    for query, number in expected.items():
        page = server.ask(f"/v1/tasks?limit=100{query}")[1]
        # The ten patterns are all completed, which may shift their status by as many.
        if abs(page["total"] - number) > 10 or len(page["docs"]) != 100:
            raise SystemExit(f"{query or 'no filter'}: {page['total']} and {len(page['docs'])} tasks instead of {number}")


def deep_tokens(server: Server, count: int, how_many: int = 20) -> list[str]:
    """Positions all over the list of tasks, as the server itself hands them out."""
    newest = rows_of(server, "SELECT MAX(created_at) FROM tasks") / 1e6
    tokens = []
    for part in range(1, how_many + 1):
        at = datetime.fromtimestamp(newest - count * 0.5 * part / (how_many + 1), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        page = server.ask(f"/v1/tasks?limit=100&end_time={urllib.parse.quote(at)}")[1]
        tokens.append(urllib.parse.quote(page["next_token"], safe=""))
    return tokens
