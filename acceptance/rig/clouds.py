"""The clouds that pictures come from: real S3 servers, and small local ones for Google Cloud Storage and Azure.

The small ones recompute every signature with the vendors' own Python libraries: google-auth for tokens, botocore for HMAC keys,
azure-storage-blob for account keys and shared access signatures.
"""

import base64
import datetime
import json
import os
import urllib.parse
import uuid
import zlib
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import boto3
from azure.core.pipeline import PipelineContext, PipelineRequest
from azure.core.pipeline.transport import HttpRequest
from azure.storage.blob import AccountSasPermissions, ContainerSasPermissions, ResourceTypes
from azure.storage.blob import generate_account_sas, generate_container_sas
from azure.storage.blob._shared.authentication import SharedKeyCredentialPolicy
from azure.storage.blob._shared_access_signature import BlobSharedAccessSignature, SharedAccessSignature
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import exceptions as google_exceptions
from google.auth import jwt
from rig.web import _Background, _Quiet

PAGE = 1000


class S3:
    """One of the servers that VERNIER_TEST_S3 names."""

    def __init__(self, address: str):
        parts = urllib.parse.urlsplit(address)
        told = {name: values[0] for name, values in urllib.parse.parse_qs(parts.query).items()}
        self.bucket, self.endpoint, self.region = parts.netloc, told["endpoint"], told["region"]
        self.key, self.secret, self.name = told["key"], told["secret"], told["server"]
        self.client = self.service("s3")

    def service(self, name: str):
        return boto3.client(
            name, self.region, endpoint_url=self.endpoint, aws_access_key_id=self.key, aws_secret_access_key=self.secret,
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 1}),
        )  # fmt: skip

    def put(self, key: str, content: bytes) -> str:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content)
        return f"s3://{self.bucket}/{key}"

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [one["Key"] for page in pages for one in page.get("Contents", [])]


def s3_servers() -> list[S3]:
    return [S3(address) for address in os.environ.get("VERNIER_TEST_S3", "").split()]


@dataclass
class Refused(Exception):
    """An answer of a cloud that is not the object."""

    status: int
    code: str
    message: str
    detail: str = ""


@dataclass
class Bucket:
    """Objects by key, and what the caller is not allowed to do with them."""

    name: str
    objects: dict[str, bytes] = field(default_factory=dict)
    denied: set[str] = field(default_factory=set)  # of "get" and "list"

    def page(self, prefix: str, after: str, limit: int) -> tuple[list[str], bool]:
        keys = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        return keys[:limit], len(keys) > limit


class _Cloud(_Background):
    """Answers GETs after `check` let them pass; requests are kept as (path, headers in lower case)."""

    def __init__(self, bucket: Bucket):
        self.bucket, self.asked = bucket, []
        cloud = self

        class Handler(_Quiet):
            def do_GET(self):
                headers = {name.lower(): value for name, value in self.headers.items()}
                cloud.asked.append((self.path, headers))
                path, _, query = self.path.partition("?")
                values = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
                try:
                    cloud.answer(self, urllib.parse.unquote(path), values, headers)
                except Refused as refused:
                    self.reply(refused.status, cloud.error(refused), {"Content-Type": "application/xml", "x-ms-error-code": refused.code})

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                cloud.post(self, dict(urllib.parse.parse_qsl(body.decode())))

        super().__init__(Handler)

    def send(self, request: _Quiet, key: str, headers: dict[str, str], missing: Refused) -> None:
        content = self.bucket.objects.get(key)
        if content is None:
            raise missing
        wanted = headers.get("range", headers.get("x-ms-range", "")).removeprefix("bytes=")
        more = {"Content-Type": "application/octet-stream", "ETag": f'"{zlib.crc32(content)}"', "x-ms-blob-type": "BlockBlob"}
        if not wanted:
            return request.reply(200, content, more)
        first, last = wanted.split("-")
        part = content[int(first) : int(last) + 1 if last else None]
        more["Content-Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(content)}"
        return request.reply(206, part, more)

    @staticmethod
    def error(refused: Refused) -> bytes:
        detail = f"<Details>{escape(refused.detail)}</Details>" if refused.detail else ""
        text = f"<Error><Code>{refused.code}</Code><Message>{escape(refused.message)}</Message>{detail}</Error>"
        return b'<?xml version="1.0" encoding="utf-8"?>' + text.encode()

    def post(self, request: _Quiet, form: dict[str, str]) -> None:
        request.reply(405)


class GCS(_Cloud):
    """Google Cloud Storage's XML interface, and the token endpoint of a service account."""

    def __init__(self, bucket: Bucket | None = None):
        super().__init__(bucket or Bucket("pictures"))
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.email, self.tokens = "labeling@example.iam.gserviceaccount.com", set()
        # Google's own library names the public endpoint wherever the token is fetched from.
        self.audiences = [self.address + "/token", "https://oauth2.googleapis.com/token"]
        self.hmac = ("GOOG1EXAMPLE", base64.b64encode(os.urandom(30)).decode())

    def key_file(self, **other) -> dict:
        """What the console hands out as JSON, with some members replaced."""
        pem = self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()
        return {
            "type": "service_account", "project_id": "example", "private_key_id": "key-1", "private_key": pem,
            "client_email": self.email, "client_id": "1", "token_uri": self.address + "/token", **other,
        }  # fmt: skip

    def post(self, request: _Quiet, form: dict[str, str]) -> None:
        public = self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        try:
            assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer", form
            claims = jwt.decode(form["assertion"], certs=public, audience=self.audiences, clock_skew_in_seconds=10)
            assert claims["iss"] == self.email, "Invalid grant: account not found"
            assert "https://www.googleapis.com/auth/devstorage." in claims["scope"], "Invalid scope"
            assert claims["exp"] - claims["iat"] <= 3600, "Token must be a short-lived token (60 minutes)"
        except (AssertionError, KeyError, ValueError, google_exceptions.GoogleAuthError) as fault:
            text = "Invalid JWT Signature." if "signature" in str(fault).lower() else str(fault)
            body = f'{{"error": "invalid_grant", "error_description": "{text}"}}'
            return request.reply(400, body.encode(), {"Content-Type": "application/json"})
        token = f"ya29.{uuid.uuid4().hex}"
        self.tokens.add(token)
        body = f'{{"access_token": "{token}", "expires_in": 3599, "token_type": "Bearer"}}'
        return request.reply(200, body.encode(), {"Content-Type": "application/json"})

    def answer(self, request: _Quiet, path: str, query: dict[str, str], headers: dict[str, str]) -> None:
        self.check(request, headers)
        _, name, *rest = path.split("/", 2)
        key = "".join(rest)
        if name != self.bucket.name:
            raise Refused(404, "NoSuchBucket", "The specified bucket does not exist.")
        what = "get" if key else "list"
        if what in self.bucket.denied:
            detail = f"{self.email} does not have storage.objects.{what} access to the Google Cloud Storage bucket."
            raise Refused(403, "AccessDenied", "Access denied.", detail)
        if key:
            return self.send(request, key, headers, Refused(404, "NoSuchKey", "The specified key does not exist."))
        keys, more = self.bucket.page(
            query.get("prefix", ""), query.get("continuation-token") or query.get("start-after", ""), int(query.get("max-keys", PAGE))
        )
        is_url = query.get("encoding-type") == "url"
        shown, told = (urllib.parse.quote, "<EncodingType>url</EncodingType>") if is_url else (escape, "")
        contents = "".join(
            f"<Contents><Key>{shown(one)}</Key><Size>{len(self.bucket.objects[one])}</Size></Contents>" for one in keys
        )
        token = f"<NextContinuationToken>{escape(keys[-1])}</NextContinuationToken>" if more else ""
        text = f"<ListBucketResult><Name>{name}</Name><IsTruncated>{str(more).lower()}</IsTruncated>{told}{token}{contents}</ListBucketResult>"
        return request.reply(200, text.encode(), {"Content-Type": "application/xml"})

    def check(self, request: _Quiet, headers: dict[str, str]) -> None:
        given = headers.get("authorization", "")
        if given.startswith("Bearer "):
            if given.removeprefix("Bearer ") not in self.tokens:
                raise Refused(401, "AuthenticationRequired", "Authentication required.")
        elif not given.startswith("AWS4-HMAC-SHA256 "):
            raise Refused(401, "AuthenticationRequired", "Authentication required.")
        elif given.partition("Credential=")[2].partition("/")[0] != self.hmac[0]:
            raise Refused(403, "InvalidAccessKeyId", "The provided access key does not exist.")
        elif given.partition("Signature=")[2] != self.signature(request, given, headers):
            raise Refused(403, "SignatureDoesNotMatch", "Access denied.")

    def signature(self, request: _Quiet, given: str, headers: dict[str, str]) -> str:
        """What botocore makes of the same request with the right secret."""
        scope = given.partition("Credential=")[2].partition(",")[0].split("/")
        signed = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
        again = AWSRequest(request.command, f"http://{headers['host']}{request.path}", {name: headers[name] for name in signed})
        again.context["timestamp"] = headers["x-amz-date"]
        auth = S3SigV4Auth(Credentials(*self.hmac), scope[3], scope[2])
        return auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)


class Azure(_Cloud):
    """Azure Blob's reading half; the bucket is its one container."""

    def __init__(self, bucket: Bucket | None = None):
        super().__init__(bucket or Bucket("pictures"))
        self.account, self.key = "examples", base64.b64encode(os.urandom(64)).decode()

    def container_sas(self, permission: str = "rl", hours: float = 1) -> str:
        return generate_container_sas(
            self.account, self.bucket.name, self.key, permission=ContainerSasPermissions.from_string(permission), expiry=_later(hours)
        )

    def account_sas(self, permission: str = "rl", hours: float = 1) -> str:
        types = ResourceTypes(container=True, object=True)
        return generate_account_sas(self.account, self.key, types, AccountSasPermissions.from_string(permission), _later(hours))

    def answer(self, request: _Quiet, path: str, query: dict[str, str], headers: dict[str, str]) -> None:
        _, name, *rest = path.split("/", 2)
        key = "".join(rest)
        what = "get" if key else "list"
        if "authorization" in headers:
            self.check_key(request, headers)
        else:
            self.check_sas(query, name, what)
        if name != self.bucket.name:
            raise Refused(404, "ContainerNotFound", "The specified container does not exist.")
        if what in self.bucket.denied:
            raise Refused(403, "AuthorizationFailure", "This request is not authorized to perform this operation.")
        if key:
            return self.send(request, key, headers, Refused(404, "BlobNotFound", "The specified blob does not exist."))
        assert (query["restype"], query["comp"]) == ("container", "list"), query
        keys, more = self.bucket.page(query.get("prefix", ""), query.get("marker", ""), int(query.get("maxresults", PAGE)))
        blobs = "".join(
            f"<Blob><Name>{escape(one)}</Name><Properties><Content-Length>{len(self.bucket.objects[one])}</Content-Length><BlobType>BlockBlob</BlobType></Properties></Blob>"
            for one in keys
        )
        marker = escape(keys[-1]) if more else ""
        text = f"<EnumerationResults><Blobs>{blobs}</Blobs><NextMarker>{marker}</NextMarker></EnumerationResults>"
        return request.reply(200, b"\xef\xbb\xbf" + text.encode(), {"Content-Type": "application/xml"})

    def check_key(self, request: _Quiet, headers: dict[str, str]) -> None:
        again = HttpRequest(request.command, f"http://{headers['host']}{request.path}", dict(headers))
        # The library's name for the last line but one of what is signed.
        if "range" in headers:
            again.headers["byte_range"] = headers["range"]
        SharedKeyCredentialPolicy(self.account, self.key).on_request(PipelineRequest(again, PipelineContext(None)))
        if again.headers["Authorization"] != headers["authorization"]:
            raise _failed("The MAC signature found in the HTTP request is not the same as any computed signature.")

    def check_sas(self, query: dict[str, str], container: str, what: str) -> None:
        """Signs the same parameters again; a parameter that is not among them makes another signature."""
        if "sig" not in query:
            raise Refused(404, "ResourceNotFound", "The specified resource does not exist.")
        if "ss" in query:
            again = SharedAccessSignature(self.account, self.key).generate_account(
                query["ss"], query["srt"], query["sp"], query["se"], start=query.get("st"), ip=query.get("sip"), protocol=query.get("spr")
            )
        else:
            again = BlobSharedAccessSignature(self.account, self.key).generate_container(
                container, query["sp"], query["se"], query.get("st"), ip=query.get("sip"), protocol=query.get("spr")
            )
        if dict(urllib.parse.parse_qsl(again))["sig"] != query["sig"]:
            raise _failed("Signature did not match.")
        if query["se"] < _later(0):
            raise _failed(f"Signed expiry time [{query['se']}] must be after signed start time.")
        if {"get": "r", "list": "l"}[what] not in query["sp"]:
            raise Refused(403, "AuthorizationPermissionMismatch", "This request is not authorized to perform this operation using this permission.")


def _failed(detail: str) -> Refused:
    message = "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature."
    return Refused(403, "AuthenticationFailed", message, detail)


def _later(hours: float) -> str:
    time = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Metadata(_Background):
    """What a machine in AWS finds around it: its own keys for whoever shows a token, and a service of roles that takes a web token.

    Keys are as boto3 gives them; `reader` are those of the role that is taken with them.
    """

    def __init__(self, own: dict, host: str):
        self.own, self.reader = own, {}
        self.forms: list[dict[str, str]] = []  # what the service of roles was asked
        told = {"AccessKeyId": own["AccessKeyId"], "SecretAccessKey": own["SecretAccessKey"], "Token": own["SessionToken"]}
        document = json.dumps(told | {"Expiration": "2100-01-01T00:00:00Z"}).encode()
        metadata = self

        class Handler(_Quiet):
            def do_PUT(self):
                known = self.path == "/latest/api/token" and self.headers["X-aws-ec2-metadata-token-ttl-seconds"]
                self.reply(200 if known else 400, b"imds-token")

            def do_GET(self):
                path = "/latest/meta-data/iam/security-credentials/"
                allowed = self.headers["X-aws-ec2-metadata-token"] == "imds-token" or self.headers["Authorization"] == "task-token"
                body = {path: b"machine", path + "machine": document, "/task": document}.get(self.path)
                self.reply(401 if not allowed else 404 if body is None else 200, body or b"")

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                metadata.forms.append(form | {"signed by": self.headers.get("Authorization", "")})
                keys = metadata.reader if form["Action"] == "AssumeRole" else metadata.own
                found = "".join(f"<{name}>{keys[name]}</{name}>" for name in told if name != "Token")
                found = f"<Credentials>{found}<SessionToken>{keys['SessionToken']}</SessionToken></Credentials>"
                self.reply(200, f"<{form['Action']}Response><{form['Action']}Result>{found}</{form['Action']}Result></{form['Action']}Response>".encode())

        super().__init__(Handler, host)
