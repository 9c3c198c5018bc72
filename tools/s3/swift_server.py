"""OpenStack Swift with its S3 interface: one process, one device, one copy. Usage: swift_server.py FOLDER.

Only the package python3-swift is needed, none that starts services. See s3-for-tests.py.
"""

import eventlet

eventlet.monkey_patch()

import json  # noqa: E402 - everything has to be imported after the patch
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

import eventlet.wsgi  # noqa: E402
from swift.common import utils  # noqa: E402
from swift.common.http_protocol import SwiftHttpProtocol  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.storage_policy import reload_storage_policies  # noqa: E402
from swift.common.swob import Request  # noqa: E402
from swift.common.utils import NullLogger  # noqa: E402
from swift.common.wsgi import loadapp  # noqa: E402

KEY, SECRET, BUCKET, REGION = "test:tester", "testing", "vernier-tests", "us-east-1"
BASE = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
bind_ip = 127.0.0.1
fallocate_reserve = 0
log_level = WARNING
"""
PROXY = """
[pipeline:main]
pipeline = catch_errors s3api tempauth copy slo dlo proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
node_timeout = 60
conn_timeout = 10

[filter:catch_errors]
use = egg:swift#catch_errors

[filter:s3api]
use = egg:swift#s3api
location = {region}
check_bucket_owner = false

[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = {secret} .admin

[filter:copy]
use = egg:swift#copy

[filter:slo]
use = egg:swift#slo

[filter:dlo]
use = egg:swift#dlo
"""
STORE = """
[app:main]
use = egg:swift#{kind}
disk_chunk_size = 1048576
"""


class Cache:
    """Stands for memcached, which Swift asks for what it knows of accounts and buckets; nothing is forgotten by age."""

    def __init__(self):
        self.values = {}

    def get(self, key, **_):
        return self.values.get(key)

    def set(self, key, value, **_):
        self.values[key] = value

    def delete(self, key, **_):
        self.values.pop(key, None)

    def incr(self, key, delta=1, **_):
        self.values[key] = int(self.values.get(key) or 0) + int(delta)
        return self.values[key]


def with_cache(application, cache: Cache):
    def answer(environment, respond):
        environment["swift.cache"] = cache
        return application(environment, respond)

    return answer


def main(folder: Path) -> None:
    (folder / "devices" / "one").mkdir(parents=True)
    (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = tests\n")
    utils.set_swift_dir(str(folder))
    utils.validate_hash_conf()
    listeners = {kind: eventlet.listen(("127.0.0.1", 0), backlog=256) for kind in ("account", "container", "object", "proxy")}
    for kind in ("account", "container", "object"):
        ring = RingBuilder(part_power=2, replicas=1, min_part_hours=0)
        place = {"ip": "127.0.0.1", "port": listeners[kind].getsockname()[1], "device": "one"}
        ring.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1, **place})
        ring.rebalance()
        ring.get_ring().save(str(folder / f"{kind}.ring.gz"))
    reload_storage_policies()
    kinds = {"object": "object" if keeps_attributes(folder) else "mem_object"}
    cache = Cache()
    for kind, listener in listeners.items():
        file = folder / f"{kind}.conf"
        file.write_text((BASE + (PROXY if kind == "proxy" else STORE)).format(folder=folder, kind=kinds.get(kind, kind), region=REGION, secret=SECRET))
        eventlet.spawn(
            eventlet.wsgi.server, listener, with_cache(loadapp(str(file)), cache), NullLogger(), protocol=SwiftHttpProtocol, log_output=False,
            custom_pool=eventlet.GreenPool(500),
        )  # fmt: skip
    make_bucket(folder / "proxy.conf")
    told = {"key": KEY, "secret": SECRET, "region": REGION, "bucket": BUCKET, "port": listeners["proxy"].getsockname()[1]}
    print(json.dumps(told), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    while True:
        eventlet.sleep(3600)


def keeps_attributes(folder: Path) -> bool:
    """Whether files may have extended attributes here, in which Swift keeps what belongs to an object; else it stays in memory."""
    try:
        os.setxattr(folder / "swift.conf", "user.swift", b"x" * 1000)
    except OSError:
        return False
    return True


def make_bucket(file: Path) -> None:
    """Makes the bucket from the inside, as an operator may."""
    proxy = loadapp(str(file), allow_modify_pipeline=True)
    for path in ("/v1/AUTH_test", f"/v1/AUTH_test/{BUCKET}"):
        request = Request.blank(path, environ={"REQUEST_METHOD": "PUT", "swift.authorize_override": True, "swift.cache": Cache()})
        answer = request.get_response(proxy)
        if answer.status_int // 100 != 2:
            sys.exit(f"{path}: {answer.status} {answer.body}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
