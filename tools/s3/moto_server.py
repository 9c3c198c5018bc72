"""moto's S3, IAM and STS in memory, with keys and policies checked. See s3-for-tests.py.

moto recomputes signatures over the headers only, so the checksum of the body that a client has signed is compared here.
"""

import hashlib
import io
import json
import threading

import boto3
from moto import settings
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request

BUCKET, REGION = "vernier-tests", "us-east-1"
EVERYTHING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
MISMATCH = (
    b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>XAmzContentSHA256Mismatch</Code>'
    b"<Message>The provided 'x-amz-content-sha256' header does not match what was computed.</Message></Error>"
)


class Checked:
    """Refuses a body that is not the one whose checksum was signed, and one that was cut off."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environment, respond):
        try:
            body = Request(environment).get_data(cache=False)
        except ClientDisconnected:
            respond("400 Bad Request", [("Content-Length", "0")])
            return []
        signed = environment.get("HTTP_X_AMZ_CONTENT_SHA256", "")
        if len(signed) == 64 and signed != hashlib.sha256(body).hexdigest():
            respond("400 Bad Request", [("Content-Type", "application/xml"), ("Content-Length", str(len(MISMATCH)))])
            return [MISMATCH]
        environment["wsgi.input"], environment["wsgi.input_terminated"] = io.BytesIO(body), True
        return self.application(environment, respond)


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_):
        pass


def main() -> None:
    application = Checked(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.port}"

    def client(service: str, key: str = "x", secret: str = "x"):
        return boto3.client(service, REGION, endpoint_url=address, aws_access_key_id=key, aws_secret_access_key=secret)

    # Until keys are checked, anybody makes the one user who may do everything.
    iam = client("iam")
    iam.create_user(UserName="tests")
    iam.put_user_policy(UserName="tests", PolicyName="everything", PolicyDocument=json.dumps(EVERYTHING))
    key = iam.create_access_key(UserName="tests")["AccessKey"]
    client("s3").create_bucket(Bucket=BUCKET)
    settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
    told = {"key": key["AccessKeyId"], "secret": key["SecretAccessKey"], "region": REGION, "bucket": BUCKET}
    print(json.dumps(told | {"port": server.port}), flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
