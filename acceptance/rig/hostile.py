"""What a server that fetches strangers' addresses has to stand: addresses, redirects, answers and files, each with a name.

`SELF` stands for the host and port that must never be called, `HOST` for the one that the hostile answers come from.
"""

import gzip
import io
import random
import struct
import time
import zlib

from PIL import Image
from rig.tasks import pdf
from rig.web import _Quiet, picture

# -- addresses of this machine and of private networks, in the spellings that resolvers and parsers disagree about --------

ADDRESSES = [
    "http://127.0.0.1:{port}/x", "http://127.1:{port}/x", "http://127.0.1:{port}/x", "http://2130706433:{port}/x",
    "http://0x7f000001:{port}/x", "http://0x7f.0.0.1:{port}/x", "http://0177.0.0.1:{port}/x", "http://017700000001:{port}/x",
    "http://127.0.0.1.:{port}/x", "http://localhost:{port}/x", "http://LOCALHOST:{port}/x", "http://localhost.:{port}/x",
    "http://0:{port}/x", "http://0.0.0.0:{port}/x", "http://[::1]:{port}/x", "http://[::]:{port}/x",
    "http://[::ffff:127.0.0.1]:{port}/x", "http://[::ffff:7f00:1]:{port}/x", "http://[0:0:0:0:0:ffff:7f00:1]:{port}/x",
    "http://[::127.0.0.1]:{port}/x", "http://[64:ff9b::7f00:1]:{port}/x", "http://[64:ff9b:1::7f00:1]:{port}/x",
    "http://[2002:7f00:1::]:{port}/x", "http://[2001:0:7f00:1::]:{port}/x", "http://[fe80::1]:{port}/x",
    "http://[fe80::1%25lo]:{port}/x", "http://[fd00::1]/x", "http://[fec0::1]/x", "http://[ff02::1]/x", "http://[100::1]/x",
    "http://10.0.0.1/x", "http://172.16.0.1/x", "http://172.31.255.255/x", "http://192.168.1.1/x", "http://169.254.169.254/latest",
    "http://100.64.0.1/x", "http://192.0.0.1/x", "http://192.0.2.1/x", "http://198.18.0.1/x", "http://198.51.100.1/x",
    "http://203.0.113.1/x", "http://224.0.0.1/x", "http://240.0.0.1/x", "http://255.255.255.255/x",
    "http://user@127.0.0.1:{port}/x", "http://user:pass@127.0.0.1:{port}/x", "http://example.invalid@127.0.0.1:{port}/x",
    "http://127.0.0.1:{port}@example.invalid/x", "http://127.0.0.1%00.example.invalid:{port}/x", "http://127.0.0.1%2f:{port}/x",
    "http://127\u30020\u30020\u30021:{port}/x", "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460:{port}/x",
    "http://\uff11\uff12\uff17.0.0.1:{port}/x", "http://127.0.0.1\\@example.invalid:{port}/x", "http:\\\\127.0.0.1:{port}/x",
    "http:/127.0.0.1:{port}/x", "http:127.0.0.1:{port}/x", "http:///127.0.0.1:{port}/x", "//127.0.0.1:{port}/x",
    " http://127.0.0.1:{port}/x", "http://127.0.0.1 :{port}/x", "http://127.0.0.1\t:{port}/x", "http://127.0.0.1:{port}\r\nX-A: b/x",
    "https://127.0.0.1:{port}/x", "HTTP://127.0.0.1:{port}/x", "http://127.0.0.1:99999/x", "http://127.0.0.1:-1/x",
    "http://127.0.0.1:22/x", "http://127.0.0.1:/x", "http://[127.0.0.1]:{port}/x", "http://[::1/x", "http://::1:{port}/x",
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1:{port}/x", "gopher://127.0.0.1:{port}/x",
    "dict://127.0.0.1:{port}/x", "ldap://127.0.0.1:{port}/x", "data:image/png;base64,AAAA", "javascript:alert(1)",
    "unix:/run/x.sock", "jar:http://127.0.0.1:{port}/x!/y", "http+unix://%2frun%2fx/y", "s3://", "s3:///x", "s3://127.0.0.1:{port}",
    "gs://", "http://", "http://.", "http://..", "http://-/", "http://" + "a" * 300 + ".example.invalid/", "http://" + "a." * 200,
    "/etc/passwd", "../../../etc/passwd", "C:\\windows\\system.ini", "\\\\127.0.0.1\\share", "vernier://x", "scaledata://../../x",
]  # fmt: skip

# A redirect may name whatever an address may; these are the ones that clients follow most readily.
REDIRECTS = [
    *ADDRESSES[:30], "http://169.254.169.254/latest", "//127.0.0.1:{port}/x", "file:///etc/passwd", "ftp://127.0.0.1:{port}/x",
    "data:image/png;base64,AAAA", "", "http://", "\\\\127.0.0.1\\x", "http://user@127.0.0.1:{port}/x", "https://127.0.0.1:{port}/x",
]  # fmt: skip


# -- answers that are not what they say ------------------------------------------------------------------------------------


def raw(head: str, body: bytes = b""):
    """Answers with exactly these bytes and closes."""

    def answer(request: _Quiet) -> None:
        request.wfile.write(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body)
        request.close_connection = True

    return answer


def nothing(request: _Quiet) -> None:
    request.close_connection = True


PNG = picture(64, 48)
OK = "HTTP/1.1 200 OK\nContent-Type: image/png\n"
ANSWERS = {
    "nothing at all": nothing,
    "longer than sent": raw(f"{OK}Content-Length: {len(PNG) + 100}", PNG),
    "cut in the head": lambda request: (request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-"), nothing(request)),
    "a negative length": raw(f"{OK}Content-Length: -5", PNG),
    "a length in words": raw(f"{OK}Content-Length: many", PNG),
    "a length beyond 64 bits": raw(f"{OK}Content-Length: 99999999999999999999999", PNG),
    "two lengths": raw(f"{OK}Content-Length: 5\nContent-Length: {len(PNG)}", PNG),
    "a length beyond the limit": raw(f"{OK}Content-Length: 9000000000000", PNG),
    "a chunk's size in words": raw(f"{OK}Transfer-Encoding: chunked", b"zz\r\n" + PNG + b"\r\n0\r\n\r\n"),
    "a chunk larger than sent": raw(f"{OK}Transfer-Encoding: chunked", b"FFFFFF\r\n" + PNG),
    "a chunk beyond 64 bits": raw(f"{OK}Transfer-Encoding: chunked", b"FFFFFFFFFFFFFFFFFFF\r\n" + PNG),
    "no last chunk": raw(f"{OK}Transfer-Encoding: chunked", b"%x\r\n" % len(PNG) + PNG + b"\r\n"),
    "compressed": raw(f"{OK}Content-Encoding: gzip\nContent-Length: {len(gzip.compress(PNG))}", gzip.compress(PNG)),
    "a bomb of compression": raw(f"{OK}Content-Encoding: gzip", gzip.compress(bytes(50_000_000), 9)),
    "an unknown encoding": raw(f"{OK}Content-Encoding: x-none\nContent-Length: {len(PNG)}", PNG),
    "a status in words": raw("HTTP/1.1 abc OK", PNG),
    "status 999": raw("HTTP/1.1 999 ?\nContent-Length: 0"),
    "status 99": raw("HTTP/1.1 99 ?\nContent-Length: 0"),
    "another protocol": raw("SSH-2.0-OpenSSH_9.2"),
    "binary": raw("\x16\x03\x01\x02\x00\x01\x00\x01"),
    "no content": raw("HTTP/1.1 204 No Content"),
    "not modified": raw("HTTP/1.1 304 Not Modified"),
    "a head of 2 MB": raw(f"{OK}X-Long: {'x' * 2_000_000}\nContent-Length: {len(PNG)}", PNG),
    "50,000 headers": raw(OK + "".join(f"X-{number}: y\n" for number in range(50_000)) + f"Content-Length: {len(PNG)}", PNG),
    "a folded header": raw(f"{OK}X-A: b\n c\n d\nContent-Length: 5", b"<html"),
    "a header without a name": raw(f"{OK}: b\nContent-Length: 5", b"<html"),
    "a header with a zero": raw(f"{OK}X-A: a\0b\nContent-Length: 5", b"<html"),
    "400": raw("HTTP/1.1 400 Bad\nContent-Length: 0"), "401": raw("HTTP/1.1 401 No\nContent-Length: 0"),
    "403": raw("HTTP/1.1 403 No\nContent-Length: 0"), "404": raw("HTTP/1.1 404 No\nContent-Length: 0"),
    "407": raw("HTTP/1.1 407 Proxy\nContent-Length: 0"), "410": raw("HTTP/1.1 410 Gone\nContent-Length: 0"),
    "451": raw("HTTP/1.1 451 Law\nContent-Length: 0"), "500": raw("HTTP/1.1 500 Oh\nContent-Length: 0"),
    "a redirect without a place": raw("HTTP/1.1 302 Found\nContent-Length: 0"),
    "two places": raw("HTTP/1.1 302 Found\nLocation: /a\nLocation: /b\nContent-Length: 0"),
}  # fmt: skip


# -- answers that never end, each until its client has gone ---------------------------------------------------------------


def dripping(head: str, piece: bytes, pause: float = 0.05):
    """Sends a head and then the same bytes again and again."""

    def answer(request: _Quiet) -> None:
        request.close_connection = True
        request.wfile.write(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n")
        while True:
            request.wfile.write(piece)
            time.sleep(pause)

    return answer


def silent(request: _Quiet) -> None:
    """Sends nothing and waits for the client to go."""
    request.close_connection = True
    request.rfile.read(1)


def stopping(request: _Quiet) -> None:
    """Sends a part of what it announces and waits."""
    raw(f"{OK}Content-Length: {len(PNG)}", PNG[:50])(request)
    silent(request)


# With words of the sentence that the task ends with.
ENDLESS = {
    "a body that drips": (dripping(f"{OK}Content-Length: 1000000\n", b"x"), "in time"),
    "a body without an end that drips": (dripping(f"{OK}Transfer-Encoding: chunked\n", b"1\r\nx\r\n"), "in time"),
    "a body without an end": (dripping(f"{OK}Transfer-Encoding: chunked\n", b"10000\r\n" + bytes(65_536) + b"\r\n", 0.01), "in time"),
    "a head that drips": (dripping("HTTP/1.1 200 OK", b"X-A: b\r\n"), "in time"),
    "letters that drip": (dripping("", b"H"), "broke off"),
    "a body that stops": (stopping, "in time"),
    "silence": (silent, "in time"),
    "a redirect to itself that drips": (dripping("HTTP/1.1 302 Found\nLocation: ?again\nContent-Length: 1000000\n", b"x"), "redirects"),
}


# -- files ---------------------------------------------------------------------------------------------------------------


def png(width: int, height: int, depth: int = 1, body: bytes | None = None) -> bytes:
    """A PNG that says that size, in grey; without pixels of its own it is filled with as many zeros as that takes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    head = struct.pack(">IIBBBBB", width & 0xFFFFFFFF, height & 0xFFFFFFFF, depth, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(10_000), 9) if body is None else body
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def of_format(form: str, **more) -> bytes:
    buffer = io.BytesIO()
    noise = random.Random(form).randbytes(160 * 120 * 3)
    Image.frombytes("RGB", (160, 120), noise).save(buffer, form, **more)
    return buffer.getvalue()


def jpeg_of_size(width: int, height: int) -> bytes:
    """A small JPEG whose frame header says another size."""
    content = bytearray(of_format("JPEG"))
    place = content.index(b"\xff\xc0")
    content[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def gif_of_size(width: int, height: int) -> bytes:
    content = bytearray(of_format("GIF"))
    content[6:10] = struct.pack("<HH", width, height)
    return bytes(content)


def webp_of_size(width: int, height: int) -> bytes:
    """An extended WebP whose canvas says another size."""
    exif = Image.Exif()
    exif[271] = "camera"
    content = bytearray(of_format("WEBP", exif=exif.tobytes()))
    place = content.index(b"VP8X") + 12
    content[place : place + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(content)


def bmp_of_size(width: int, height: int) -> bytes:
    content = bytearray(of_format("BMP"))
    content[18:26] = struct.pack("<ii", width, height)
    return bytes(content)


def tiff_of_size(width: int, height: int) -> bytes:
    """A TIFF that claims that many pixels and has one strip of four bytes."""
    fields = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 200), (277, 3, 1), (278, 4, height), (279, 4, 4)]
    table = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in fields)
    return (b"II*\0\x08\0\0\0" + struct.pack("<H", len(fields)) + table + b"\0\0\0\0").ljust(204, b"\0")


def tiff_loop() -> bytes:
    """A TIFF whose first directory says that the next one is itself."""
    content = bytearray(tiff_of_size(16, 16))
    end = 8 + 2 + 9 * 12
    content[end : end + 4] = struct.pack("<I", 8)
    return bytes(content)


SVG = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">%b</svg>'
LAUGHS = b"".join(b'<!ENTITY l%d "%b">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
# Sizes that no memory holds, claimed by a few hundred bytes; and what is no picture at all.
BOMBS = {
    "PNG of 900 million pixels": png(30_000, 30_000), "PNG of 4 thousand million": png(65_535, 65_535),
    "PNG of 2^31": png(2**31 - 1, 2**31 - 1), "PNG of negative width": png(2**32 - 1, 10), "PNG without width": png(0, 10),
    "PNG a million by one": png(1_000_000, 1), "PNG one by a million": png(1, 1_000_000), "PNG with 16 bits": png(60_000, 60_000, 16),
    "PNG whose pixels are a bomb": png(25_000, 40_000, 8, zlib.compress(bytes(40_000_000), 9)),
    "JPEG of 4 thousand million pixels": jpeg_of_size(65_535, 65_535), "JPEG 65,500 by one": jpeg_of_size(65_500, 1),
    "JPEG without height": jpeg_of_size(100, 0), "GIF of 4 thousand million": gif_of_size(65_535, 65_535),
    "GIF without width": gif_of_size(0, 0), "WebP of 16 million by 16 million": webp_of_size(2**24, 2**24),
    "BMP of 2^62": bmp_of_size(2**31 - 1, 2**31 - 1), "BMP of negative size": bmp_of_size(-(2**31), -(2**31)),
    "TIFF of 2^64": tiff_of_size(2**32 - 1, 2**32 - 1), "TIFF of 900 million": tiff_of_size(30_000, 30_000), "TIFF in a circle": tiff_loop(),
    "SVG that reads a file": SVG % b"<text>&a;</text>", "SVG that laughs": SVG.replace(b'<!ENTITY a SYSTEM', LAUGHS + b"<!ENTITY a SYSTEM") % b"&l9;",
    "SVG that calls": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1/x"/></svg>',
    "words": b"just words", "a page": b"<!doctype html><script>alert(1)</script>", "JSON": b'{"a": 1}', "nothing": b"",
    "zeros": bytes(1_000_000), "noise": random.Random(1).randbytes(100_000), "a program": b"\x7fELF" + bytes(1000),
    "an archive": b"PK\x03\x04" + bytes(1000), "a document": pdf(3), "a document of a million pages": pdf(1).replace(b"/Count 1", b"/Count 1000000"),
    "a film": b"\0\0\0\x18ftypmp42" + bytes(1000), "a song": b"ID3\x04" + bytes(1000), "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n(x) run\n",
    "ImageMagick's language": b"push graphic-context\nfill 'url(https://127.0.0.1/x)'\npop graphic-context", "a picture of X": b"/* XPM */ static char*x[]={",
    "the head of a PNG": PNG[:8], "the head of a JPEG": b"\xff\xd8\xff\xe0", "the head of a GIF": b"GIF89a", "the head of a WebP": b"RIFF\x10\0\0\0WEBP",
    "the head of a TIFF": b"II*\0", "the head of a BMP": b"BM", "the head of an AVIF": b"\0\0\0\x1cftypavif" + bytes(20), "the head of a HEIC": b"\0\0\0\x18ftypheic" + bytes(20),
}  # fmt: skip
# Decoders may take a size that is plainly wrong for the one that the pixels have.
HARMLESS = {"JPEG 65,500 by one", "GIF of 4 thousand million", "GIF without width"}
FORMATS = ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF"]


def damaged(seed: int) -> dict[str, bytes]:
    """Every format cut off at three places, and with bytes changed at random: by the name of what was done.

    What is cut off must be refused; a changed byte may have changed nothing but a colour.
    """
    chance, found = random.Random(seed), {}
    for form in FORMATS:
        whole = of_format(form)
        for part in (10, 50, 90):
            found[f"{form} cut at {part} %"] = whole[: len(whole) * part // 100]
        for number in range(4):
            content = bytearray(whole)
            for _ in range(2 + 20 * number):
                content[chance.randrange(len(content) if number % 2 else 200)] = chance.randrange(256)
            found[f"{form} with changed bytes {number}"] = bytes(content)
    return found
