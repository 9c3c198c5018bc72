"""A bucket with as many keys as one likes, whose list is made while it is read: what no real server on this machine could hold.

Speaks as much of S3's language as listing takes and does not look at signatures; files are not there yet. As a program,
`listing.py KEYS` prints its address and serves until it is ended.
"""

import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = 1000


def key(number: int) -> str:
    """Keys sort as their numbers do, and every tenth is no picture."""
    return f"day {number // 10_000:04}/{number:09}.{'txt' if number % 10 == 9 else 'jpg'}"


def page(first: int, count: int) -> bytes:
    """The part of the list from a number on; the number where the next part begins is what continues it."""
    last = min(first + PAGE, count)
    contents = "".join(
        f"<Contents><Key>{urllib.parse.quote(key(number))}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
        f"<ETag>&quot;0&quot;</ETag><Size>1000000</Size><StorageClass>STANDARD</StorageClass></Contents>"
        for number in range(first, last)
    )
    more = f"<NextContinuationToken>{last}</NextContinuationToken>" if last < count else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"<Name>many</Name><EncodingType>url</EncodingType><KeyCount>{last - first}</KeyCount><MaxKeys>{PAGE}</MaxKeys>"
        f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>{more}{contents}</ListBucketResult>"
    ).encode()


class Listing:
    """Serves `count` keys; what is asked for from `held` on is answered once `going_on` is set."""

    def __init__(self, count: int, is_flaky: bool = False):
        """`is_flaky`: each page comes when it is asked for again."""
        self.count, self.held, self.going_on = count, count + 1, threading.Event()
        self.asked: list[int] = []  # where pages began
        listing = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                query = dict(urllib.parse.parse_qsl(self.path.partition("?")[2]))
                if "list-type" in query:
                    first = int(query.get("continuation-token", 0))
                    listing.asked.append(first)
                    if is_flaky and listing.asked.count(first) == 1:
                        return self.answer(503, b"<Error><Code>SlowDown</Code></Error>")
                    if first >= listing.held:
                        listing.going_on.wait(120)
                    self.answer(200, page(first, listing.count))
                else:
                    # Whoever fetches the files is asked to leave it for a while, so that listing alone is what happens.
                    self.answer(503, b"", {"Retry-After": "600"})

            def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None):
                self.send_response(status)
                for name, value in {"Content-Type": "application/xml", "Content-Length": str(len(body)), **(headers or {})}.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:
                    pass  # the server that asked is gone, as it is when it was killed

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        self.going_on.set()
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    print(Listing(int(sys.argv[1])).address, flush=True)
    threading.Event().wait()
