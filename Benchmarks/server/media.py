"""What pictures cost: fetching them, shrinking them, serving them, beside nginx, curl and the command of libvips."""

import http.client
import json
import os
import resource
import subprocess
import time
import uuid
from pathlib import Path

from rig import Server, eventually, forget_peak, memory, nginx, rows_of, watched, wrk

PICTURES = int(os.environ.get("VERNIER_BENCH_PICTURES", "1000"))
SHRUNK = 1000  # pictures of the measurement of thumbnails: in the first second the fetches before them go first
SIZE = 1_000_000  # bytes of each, nearly
SMALL = "SELECT COUNT(*) FROM attachments WHERE thumbnail_hash IS NULL"


def photograph(folder: Path) -> bytes:
    """A JPEG of about a megabyte, six million pixels with as much detail as a camera's."""
    plain, soft, found = folder / "noise.v", folder / "soft.v", b""
    subprocess.run(["vips", "gaussnoise", plain, "3000", "2000", "--mean", "128", "--sigma", "60"], check=True)
    subprocess.run(["vips", "gaussblur", plain, soft, "1.2"], check=True)
    for quality in range(95, 20, -3):
        subprocess.run(["vips", "jpegsave", soft, folder / "photograph.jpg", "--Q", str(quality)], check=True)
        found = (folder / "photograph.jpg").read_bytes()
        if len(found) <= SIZE:
            break
    return found


def numbered(photograph: bytes, number: int) -> bytes:
    """The same picture as another file: a comment stands at its head."""
    comment = b"%020d" % number
    return photograph[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + photograph[2:]


def media(table, folder: Path) -> None:
    own = folder / "media"
    own.mkdir()
    own.chmod(0o755)
    with nginx(own) as (site, files):
        picture = photograph(own)
        for number in range(PICTURES):
            (files / f"{number}.jpg").write_bytes(numbered(picture, number))
        server = ingest(table, own, site, files, len(picture))
        try:
            serving(table, own, site, server)
        finally:
            server.stop()
        thumbnails(table, own, files)


def ingest(table, folder: Path, site: str, files: Path, size: int) -> Server:
    """From the start of the workers to the last attachment being ready: fetched, hashed, flushed, and followed to its end.

    The small pictures are made afterwards, which is measured by itself.
    """
    curl = fetched_by_curl(folder, site)
    server = Server(folder / "ingest").start(workers=False)
    create(server, [f"{site}/{number}.jpg" for number in range(PICTURES)])
    server.stop()
    server.start(workers=True)
    forget_peak(server.pid)
    with watched(server) as usage:
        waiting = "SELECT COUNT(*) FROM attachments WHERE state <> 'ready'"
        eventually("all pictures are there", lambda: rows_of(server, waiting) == 0, 600)
    rate, peak = PICTURES * size / usage.seconds / 1e6, memory(server.pid)["peak"]
    with watched(server) as after:
        eventually("all small pictures are there", lambda: rows_of(server, SMALL) == 0, 600)
    table.row(
        f"{PICTURES:,} JPEGs of {size / 1e6:.2f} MB fetched, hashed, flushed and followed to their end",
        f"{rate:,.0f} MB/s, {PICTURES / usage.seconds:,.0f} pictures/s; {peak:.0f} MB of memory at most", "",
        f"{usage.server / PICTURES * 1e6:,.0f} us a picture",
        "nginx to curl, " + ", ".join(f"{what} {value:,.0f} MB/s ({rate / value:.0%})" for what, value in curl.items()), usage.other_cores,
    )  # fmt: skip
    table.row(
        f"their small pictures, from then on: {after.seconds:.1f} s", f"{PICTURES / (usage.seconds + after.seconds):,.0f} pictures/s in all", "",
        f"{after.server / PICTURES * 1e6:,.0f} us a picture", "", after.other_cores,
    )  # fmt: skip
    return server


def fetched_by_curl(folder: Path, site: str) -> dict[str, float]:
    """What the same files take without us, in MB/s: thrown away, and as files that are flushed."""
    found = {}
    for what, place in (("thrown away", "/dev/null"), ("into flushed files", f"{folder}/curl-#1.jpg")):
        began = time.perf_counter()
        subprocess.run(
            ["curl", "--silent", "--fail", "--parallel", "--parallel-max", "8", f"{site}/[0-{PICTURES - 1}].jpg", "--output", place],
            check=True,
        )  # fmt: skip
        written = list(folder.glob("curl-*.jpg"))
        for file in written:
            with open(file, "rb") as handle:
                os.fsync(handle.fileno())
        took = time.perf_counter() - began
        found[what] = PICTURES * SIZE / took / 1e6
        for file in written:
            file.unlink()
    return found


def create(server: Server, addresses: list[str]) -> None:
    """A task for each address, on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    for address in addresses:
        body = {"attachment": address, "geometries": {"box": {"objects_to_annotate": ["car"]}}}
        headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
        connection.request("POST", "/v1/task/imageannotation", json.dumps(body), headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status}: {answer.read()[:300]!r}")
        answer.read()
    connection.close()


def serving(table, folder: Path, site: str, server: Server) -> None:
    """The originals over their signed links, whole and in ranges of 64 KB."""
    tasks = server.ask("/v1/tasks?limit=100&include_attachment_url=true")[1]["docs"]
    links = [task["attachmentS3Downloads"][0]["s3URL"].split(server.address)[1] for task in tasks]
    ours, theirs = folder / "ours", folder / "theirs"
    ours.write_text("".join(link + "\n" for link in links))
    theirs.write_text("".join(f"/{number}.jpg\n" for number in range(len(links))))
    for what, more in (("originals of 1 MB", []), ("ranges of 64 KB of them", ["bytes=300000-365535"])):
        limit = wrk(None, site, "pages.lua", "-", str(theirs), *more, clients=8, seconds=5)
        shot = wrk(server, server.address, "pages.lua", "-", str(ours), *more, clients=8, seconds=5)
        table.shot(
            f"{what} served, 8 clients", shot, f"/s, {shot.megabytes:,.0f} MB/s",
            f"nginx, the same files {limit.per_second:,.0f} /s, {limit.megabytes:,.0f} MB/s ({shot.megabytes / limit.megabytes:.0%})",
        )  # fmt: skip


def thumbnails(table, folder: Path, files: Path) -> None:
    """Pictures that were uploaded before, so that nothing but probing and shrinking is left to do."""
    server = Server(folder / "thumbnails").start(workers=False)
    try:
        create(server, [upload(server, files / f"{number}.jpg") for number in range(min(SHRUNK, PICTURES))])
        server.stop()
        server.start(workers=True)
        count = min(SHRUNK, PICTURES)
        with watched(server) as usage:
            eventually("all pictures are shrunk", lambda: rows_of(server, SMALL) == 0, 300)
    finally:
        server.stop()
    names = [str(files / f"{number}.jpg") for number in range(count)]
    before, began = children_seconds(), time.perf_counter()
    halves = [
        subprocess.Popen(["vipsthumbnail", "--size", "320", "--output", f"{folder}/t-%s.jpg[Q=85]", *names[part::2]],
                         env=os.environ | {"VIPS_CONCURRENCY": "1"})
        for part in (0, 1)
    ]  # fmt: skip
    if any(half.wait() for half in halves):
        raise SystemExit("vipsthumbnail failed")
    command = count / (time.perf_counter() - began)
    spent = (children_seconds() - before) / count * 1e6
    ours = count / usage.seconds
    table.row(
        f"{count} pictures of 6 megapixels probed and shrunk to 320", f"{ours:,.0f} /s", "",
        f"{usage.server / count * 1e6:,.0f} us a picture", f"vipsthumbnail, two at once {command:,.0f} /s ({ours / command:.0%}), {spent:,.0f} us of CPU each",
        usage.other_cores,
    )  # fmt: skip


def children_seconds() -> float:
    """CPU seconds of all programs that were started here and have ended."""
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime


def upload(server: Server, file: Path) -> str:
    """Uploads a file; answers the address by which tasks name it."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\nContent-Type: image/jpeg\r\n\r\n'
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(
        "POST", "/v1/files/upload", head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode(),
        {"Authorization": f"Bearer {server.key}", "Content-Type": f"multipart/form-data; boundary={boundary}"},
    )  # fmt: skip
    answer = json.load(connection.getresponse())
    connection.close()
    return answer["attachment_url"]
