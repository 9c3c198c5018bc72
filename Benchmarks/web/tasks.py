"""The tasks that are measured: made through the interface of the annotation API, with pictures that are written here."""

import base64
import json
import math
import random
import urllib.error
import urllib.parse
import urllib.request
import zlib

WIDTH, HEIGHT = 4000, 3000


class Customer:
    """Makes tasks with an API key."""

    def __init__(self, url: str, key: str):
        self.url = url
        self.headers = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}

    def ask(self, method: str, path: str, body: bytes | None = None, content: str = "application/json") -> dict:
        headers = self.headers | ({} if body is None else {"Content-Type": content})
        request = urllib.request.Request(self.url + path, data=body, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=600) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"{method} {path}: {refused.code} {refused.read().decode()[:400]}") from None

    def clear(self) -> None:
        """Takes every task out of the queue."""
        for task in self.ask("GET", "/v1/tasks?status=pending&limit=100")["docs"]:
            self.ask("POST", f"/v1/task/{urllib.parse.quote(task['task_id'])}/cancel")

    def picture(self, content: bytes) -> str:
        """Stores a picture and returns its address."""
        edge = "vernier-benchmark-edge"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="picture.png"\r\nContent-Type: image/png\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        return self.ask("POST", "/v1/files/upload", body, f"multipart/form-data; boundary={edge}")["attachment_url"]

    def task(self, attachment: str, objects: list[dict] | None = None) -> str:
        """A task whose objects are already drawn."""
        geometry = {"objects_to_annotate": ["car", "person", "tree"]}
        task = {
            "instruction": "Measured.", "attachment": attachment,
            "geometries": {"box": geometry, "polygon": geometry},
        }  # fmt: skip
        if objects:
            task["hypothesis"] = {"annotations": objects}
        return self.ask("POST", "/v1/task/imageannotation", json.dumps(task).encode())["task_id"]


def boxes(count: int, seed: int = 1) -> list[dict]:
    chance = random.Random(seed)
    return [
        {
            "type": "box", "label": chance.choice(["car", "person", "tree"]),
            "left": round(chance.uniform(0, WIDTH - 90), 2), "top": round(chance.uniform(0, HEIGHT - 90), 2),
            "width": round(chance.uniform(20, 80), 2), "height": round(chance.uniform(20, 80), 2),
        }
        for _ in range(count)
    ]  # fmt: skip


def polygons(count: int, vertices: int, seed: int = 2) -> list[dict]:
    chance = random.Random(seed)
    return [_polygon(chance, vertices) for _ in range(count)]


def _polygon(chance: random.Random, vertices: int) -> dict:
    x, y, radius = chance.uniform(60, WIDTH - 60), chance.uniform(60, HEIGHT - 60), chance.uniform(15, 50)
    turns = [2 * math.pi * i / vertices for i in range(vertices)]
    outline = [(x + radius * chance.uniform(0.7, 1) * math.cos(turn), y + radius * chance.uniform(0.7, 1) * math.sin(turn)) for turn in turns]
    return {"type": "polygon", "label": chance.choice(["car", "person", "tree"]), "vertices": [{"x": round(a, 2), "y": round(b, 2)} for a, b in outline]}


def png(width: int, height: int, colours: int = 3, seed: int = 0) -> bytes:
    """A PNG with a pattern that neither repeats nor is noise, so that its size and the time to decode it are those of a drawing."""
    squeeze = zlib.compressobj(1)
    # Rows come from a wave that is cut at another place for each of them, which costs nothing to make.
    wave = bytes(int(127 + 90 * math.sin(i / 37 + seed) + 30 * math.sin(i / 5)) & 0xFF for i in range((width + height) * colours))
    parts = []
    for y in range(height):
        start = (y * 7 // 5 % height) * colours
        parts.append(squeeze.compress(b"\0" + wave[start : start + width * colours]))
    parts.append(squeeze.flush())
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2 if colours == 3 else 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", b"".join(parts)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")
