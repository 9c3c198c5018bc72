"""Large pictures: what cutting their tiles beforehand costs, and what people would wait for if it were done at the first view."""

import http.client
import os
import subprocess
import time
from pathlib import Path

from rig import Server, eventually, rows_of, watched

MEGAPIXELS = tuple(map(int, os.environ.get("VERNIER_BENCH_MEGAPIXELS", "13 50 100 400").split()))
FORMS = {"jpg": "[Q=85]", "png": "[compression=3]"}
GROUND = 12_000, 2_000  # pixels; in a row as wide as this no packing finds the same pixels again
SCREEN = 1440  # pixels of width that a first view shows


def tiles(table, folder: Path, site: str, files: Path) -> None:
    server = Server(folder / "tiles").start(workers=True)
    try:
        server.ask("/v1/projects", {"name": "Large", "type": "imageannotation", "params": {}})
        ground = photograph(folder)
        for megapixels in MEGAPIXELS:
            for form, options in FORMS.items():
                file = files / f"{megapixels}.{form}"
                side = round((megapixels * 1e6) ** 0.5)
                enlarge(ground, side, folder, f"{file}{options}")
                one(table, server, f"{megapixels} megapixels, {form.upper()}", side, file, f"{site}/{file.name}")
                file.unlink()
    finally:
        server.stop()


def photograph(folder: Path) -> Path:
    """A picture in colour, with about as much detail as a camera's."""
    bands = []
    for band in range(3):
        noise, soft = folder / f"noise{band}.v", folder / f"soft{band}.v"
        # So wild that enough of it is left once it is soft.
        vips("gaussnoise", noise, *GROUND, "--mean", 128, "--sigma", 250)
        vips("gaussblur", noise, soft, 4)
        bands.append(str(soft))
    joined, ground = folder / "joined.v", folder / "ground.v"
    vips("bandjoin", " ".join(bands), joined)
    vips("cast", joined, ground, "uchar")
    return ground


def enlarge(ground: Path, side: int, folder: Path, target: str) -> None:
    """A square of that side, covered with the ground again and again."""
    covered = folder / "covered.v"
    vips("replicate", ground, covered, *(-(-side // size) for size in GROUND))
    vips("crop", covered, target, 0, 0, side, side)
    covered.unlink()


def one(table, server: Server, what: str, side: int, file: Path, address: str) -> None:
    """A task with this picture: until it is known what it is, until it is ready, and until a screen of it has come."""
    before = stored(server)
    with watched(server) as usage:
        task = server.ask("/v1/task/imageannotation", {"project": "Large", "attachment": address, "geometries": {"box": {"objects_to_annotate": ["car"]}}})[1]["task_id"]
        began = time.perf_counter()
        looked_at, ready = (until(server, task, condition) - began for condition in ("hash IS NOT NULL", "state = 'ready'"))
    kept = (stored(server) - before) / 1e6
    shown = server.ask(f"/api/tasks/{task}")[1]["attachments"][0]
    if shown["state"] == "failed":
        raise SystemExit(f"{what}: {shown['error']}")
    view, count, size = first_view(server, shown)
    corner = min(side - 512, side // 512 * 512)
    tile, overview = (alone(*words) for words in (
        ("vips", "crop", file, file.with_suffix(".tile.jpg"), corner, corner, 512, 512), ("vipsthumbnail", file, "--size", SCREEN, "--output", "%s.view.jpg"),
    ))  # fmt: skip
    for made in file.parent.glob(f"{file.stem}*.*.jpg"):
        made.unlink()
    table.row(
        f"{what}, {file.stat().st_size / 1e6:.0f} MB", f"looked at after {looked_at:.1f} s, ready after {ready:.1f} s; first view {view * 1000:.0f} ms "
        f"({count} {'tiles' if shown['tiles'] else 'file'}, {size / 1e6:.1f} MB); {kept:.0f} MB kept", "", f"{usage.server:.1f} s",
        f"libvips alone: the last tile {tile:.1f} s, all of it for a screen {overview:.1f} s", usage.other_cores,
    )  # fmt: skip


def until(server: Server, task: str, condition: str) -> float:
    """The moment from which this is so of the task's picture, or from which it cannot come any more."""
    look = f"SELECT COUNT(*) FROM attachments WHERE task_id = '{task}' AND ({condition} OR state = 'failed')"
    eventually(condition, lambda: rows_of(server, look), 600, every=0.02)
    return time.perf_counter()


def first_view(server: Server, shown: dict) -> tuple[float, int, int]:
    """Seconds, answers and bytes until all is there that a screen shows of the whole picture."""
    if shown["tiles"] is None:
        paths = [shown["url"]]
    else:
        levels = shown["tiles"]["levels"]
        level = next(number for number, one in enumerate(levels) if one["width"] >= SCREEN or number + 1 == len(levels))
        place = shown["tiles"]["url"].replace("{level}", str(level))
        paths = [
            place.replace("{column}", str(column)).replace("{row}", str(row))
            for row in range(levels[level]["rows"]) for column in range(levels[level]["columns"])
        ]  # fmt: skip
    connection, size = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60), 0
    began = time.perf_counter()
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        size += len(answer.read())
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status}")
    took = time.perf_counter() - began
    connection.close()
    return took, len(paths), size


def stored(server: Server) -> int:
    """Bytes of all objects."""
    return sum(file.stat().st_size for file in (server.data / "objects").rglob("*") if file.is_file())


def alone(*words) -> float:
    """Seconds of a program by itself."""
    began = time.perf_counter()
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def vips(*words) -> None:
    subprocess.run(["vips", *map(str, words)], check=True)
