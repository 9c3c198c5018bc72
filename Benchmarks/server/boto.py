#!/usr/bin/env python3
"""Sends a file to a bucket, or brings it back, as boto3 does by itself. Usage: boto.py up|down ADDRESS KEY FILE

Prints seconds, CPU seconds and the peak of memory in MB. Runs with the tests' Python, which has boto3.
"""

import json
import resource
import sys
import time
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config


def main(what: str, address: str, key: str, file: str) -> None:
    parts = urlsplit(address)
    told = {name: values[0] for name, values in parse_qs(parts.query).items()}
    client = boto3.client(
        "s3", told["region"], endpoint_url=told["endpoint"], aws_access_key_id=told["key"], aws_secret_access_key=told["secret"],
        config=Config(s3={"addressing_style": "path"}),
    )  # fmt: skip
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    if what == "up":
        client.upload_file(file, parts.netloc, key)
    else:
        client.download_file(parts.netloc, key, file)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"seconds": time.perf_counter() - began, "cpu": cpu, "peak": used.ru_maxrss * 1.024e-3}))


if __name__ == "__main__":
    main(*sys.argv[1:])
