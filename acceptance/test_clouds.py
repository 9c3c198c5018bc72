"""Pictures that lie with three providers: their way into a finished task, and what is said when a setting is wrong.

Every server here recomputes signatures: moto and OpenStack Swift for S3, local ones with the vendors' own libraries for the others.
"""

import json
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from conftest import make_world
from rig.clouds import GCS, S3, Azure, Bucket, Metadata, s3_servers
from rig.server import eventually, free_port
from rig.tasks import boxes_task
from rig.web import FileHost, picture

SERVERS = {server.name: server for server in s3_servers()}
pytestmark = pytest.mark.skipif(not SERVERS, reason="VERNIER_TEST_S3 names no S3 server")
# What paths and signatures stumble over.
ODD = "street (1)/caf\u00e9+100%25 & 'b',~=!.png"


@dataclass
class Source:
    """Objects under a prefix, and the settings by which they can be read."""

    prefix: str  # of addresses
    settings: dict
    put: Callable[[str, bytes], None]
    remove: Callable[[str], None]
    address: Callable[[str], str]  # of the object with that key under the prefix


def s3_settings(server: S3, **more) -> dict:
    return {"endpoint": server.endpoint, "region": server.region, "access_key": server.key, "secret_key": server.secret, **more}


def s3_source(server: S3, settings: dict | None = None) -> Source:
    folder = f"clouds-{uuid.uuid4().hex[:12]}/"
    return Source(
        f"s3://{server.bucket}/{folder}", settings or s3_settings(server),
        lambda key, content: server.put(folder + key, content) and None,
        lambda key: server.client.delete_object(Bucket=server.bucket, Key=folder + key) and None,
        lambda key: f"s3://{server.bucket}/{folder}{key}",
    )  # fmt: skip


def local_source(cloud: GCS | Azure, prefix: str, settings: dict) -> Source:
    return Source(
        prefix, {"endpoint": cloud.address, **settings}, cloud.bucket.objects.__setitem__, cloud.bucket.objects.pop,
        lambda key: prefix + (requests.utils.quote(key) if prefix.startswith("https") else key),
    )  # fmt: skip


@pytest.fixture
def gcs():
    cloud = GCS()
    yield cloud
    cloud.close()


@pytest.fixture
def azure():
    cloud = Azure()
    yield cloud
    cloud.close()


AZURE = "https://examples.blob.core.windows.net/pictures/"


def role(external: str, server: S3, actions: tuple[str, ...] = ("s3:GetObject", "s3:ListBucket"), trusted: tuple[str, ...] = ()) -> str:
    """A role that reads the bucket, for whoever has the keys, or is trusted besides, and that external id."""
    iam, name = server.service("iam"), f"role-{uuid.uuid4().hex[:8]}"
    mine = iam.get_user(UserName="tests")["User"]["Arn"]
    condition = {"StringEquals": {"sts:ExternalId": external}}
    trust = {"Effect": "Allow", "Principal": {"AWS": [mine, *trusted]}, "Action": "sts:AssumeRole", "Condition": condition}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="reading", PolicyDocument=document(reading(server, actions)))
    return arn


def user(server: S3, *actions: str) -> dict:
    """Settings with the keys of somebody who may do only that with the bucket."""
    iam, name = server.service("iam"), f"user-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="some", PolicyDocument=document(reading(server, actions)))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return s3_settings(server, access_key=key["AccessKeyId"], secret_key=key["SecretAccessKey"])


def taker_of_roles(server: S3) -> tuple[dict, str]:
    """Temporary keys of somebody who may do nothing but that, and who that is."""
    iam, name = server.service("iam"), f"taker-{uuid.uuid4().hex[:8]}"
    trust = {"Effect": "Allow", "Principal": {"AWS": iam.get_user(UserName="tests")["User"]["Arn"]}, "Action": "sts:AssumeRole"}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    taking = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    iam.put_role_policy(RoleName=name, PolicyName="taking", PolicyDocument=document(taking))
    taken = server.service("sts").assume_role(RoleArn=arn, RoleSessionName="server")
    return taken["Credentials"], taken["AssumedRoleUser"]["Arn"]


def reading(server: S3, actions: tuple[str, ...]) -> dict:
    bucket = f"arn:aws:s3:::{server.bucket}"
    return {"Effect": "Allow", "Action": list(actions), "Resource": [bucket, f"{bucket}/*"]}


def document(statement: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


SOURCES = ["moto", "swift", "a role at moto", "gcs", "gcs with hmac", "azure", "azure with a container's sas", "azure with an account's sas"]


def source_of(kind: str, world, gcs: GCS, azure: Azure) -> Source:
    key, secret = gcs.hmac
    match kind:
        case "moto" | "swift":
            return s3_source(SERVERS[kind])
        case "a role at moto":
            external = world.caller.get("/api/integrations")["external_id"]
            arn = role(external, SERVERS["moto"])
            more = {"role_arn": arn, "sts_endpoint": SERVERS["moto"].endpoint}
            return s3_source(SERVERS["moto"], s3_settings(SERVERS["moto"], **more))
        case "gcs":
            return local_source(gcs, "gs://pictures/", {"service_account": json.dumps(gcs.key_file())})
        case "gcs with hmac":
            return local_source(gcs, "gs://pictures/", {"access_key": key, "secret_key": secret})
        case "azure":
            return local_source(azure, AZURE, {"account_key": azure.key})
        case "azure with a container's sas":
            return local_source(azure, AZURE, {"sas": azure.container_sas()})
        case _:
            return local_source(azure, AZURE, {"sas": azure.account_sas()})


@pytest.mark.parametrize("kind", SOURCES)
def test_the_way_from_a_cloud_into_a_finished_task(kind, world, gcs, azure):
    source = source_of(kind, world, gcs, azure)
    content = picture(300, 200)
    for key in (ODD, "plain.png"):
        source.put(key, content)
    made = world.caller.post("/api/integrations", {"name": kind, "prefix": source.prefix, **source.settings})
    secrets = {"secret_key", "session_token", "service_account", "account_key", "sas"} & source.settings.keys()
    assert set(made["secrets"]) == secrets and not secrets & made["settings"].keys()
    trial = world.caller.post(f"/api/integrations/{made['id']}/test")
    assert trial["passed"] and all(step["passed"] for step in trial["steps"]), trial
    named = world.caller.post(f"/api/integrations/{made['id']}/test", {"file": source.address(ODD)})
    assert named["passed"], named

    file = world.caller.post("/v1/files/import", {"file_url": source.address(ODD)})
    assert (file["size"], file["display_name"]) == (len(content), ODD.split("/")[-1])

    addresses = [source.address(ODD), source.address("plain.png")]
    tasks = [world.caller.post("/v1/task/imageannotation", boxes_task(one))["task_id"] for one in addresses]
    labeler = world.labeler()
    for _ in tasks:
        work = eventually(labeler.claim, seconds=60)
        assert work["task"] in tasks
        told = json.dumps(work)
        assert "://" + source.prefix.split("://")[1] not in told and source.settings["endpoint"] not in told
        for key in (ODD, "plain.png"):
            if source.address(key) == addresses[tasks.index(work["task"])]:
                source.remove(key)
        copy = labeler.session.get(world.server.address + work["attachments"][0]["url"], timeout=30)
        assert copy.status_code == 200 and copy.content == content
        labeler.submit(work)
    for address, task in zip(addresses, tasks):
        task = world.caller.task(task)
        assert task["status"] == "completed" and task["params"]["attachment"] == address


@pytest.mark.parametrize("kind", ["keys in the environment", "a web token", "the machine", "the container"])
def test_the_server_takes_roles_with_an_identity_of_its_own(kind, make_server, tmp_path):
    moto = SERVERS["moto"]
    own, name = taker_of_roles(moto)
    # No customer's address may lead there, and nothing that customers may call is wider for it.
    around = Metadata(own, "127.0.0.2")
    (tmp_path / "token").write_text("eyJ.web.token\n")
    settings = {"VERNIER_AWS_IDENTITY": "environment" if kind in ("keys in the environment", "a web token") else "metadata"}
    settings["AWS_ENDPOINT_URL_STS"] = around.address if kind == "a web token" else moto.endpoint
    settings |= {
        "keys in the environment": {"AWS_ACCESS_KEY_ID": own["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": own["SecretAccessKey"], "AWS_SESSION_TOKEN": own["SessionToken"]},
        "a web token": {"AWS_WEB_IDENTITY_TOKEN_FILE": str(tmp_path / "token"), "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/server"},
        "the machine": {"AWS_EC2_METADATA_SERVICE_ENDPOINT": around.address},
        "the container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": around.address + "/task", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "task-token"},
    }[kind]
    server = make_server(settings=settings, allow="127.0.0.1/32")
    assert f"takes roles as {own['AccessKeyId']}" in server.command("doctor").stdout
    server.start()
    caller = make_world(server).caller
    external = caller.get("/api/integrations")["external_id"]
    mine = {"endpoint": moto.endpoint, "region": moto.region, "role_arn": role(external, moto, trusted=(name,))}
    around.reader = moto.service("sts").assume_role(RoleArn=mine["role_arn"], RoleSessionName="reader", ExternalId=external)["Credentials"]
    source = s3_source(moto, mine)
    source.put("a.png", picture(30, 20))
    made = caller.post("/api/integrations", {"name": kind, "prefix": source.prefix, **mine})
    trial = caller.post(f"/api/integrations/{made['id']}/test")
    assert trial["passed"], trial
    assert caller.post("/v1/files/import", {"file_url": source.address("a.png")})["size"] == len(picture(30, 20))
    if kind == "a web token":
        *_, login, taken = around.forms  # the first is of the doctor
        assert (login["Action"], login["WebIdentityToken"], login["signed by"]) == ("AssumeRoleWithWebIdentity", "eyJ.web.token", "")
        assert (taken["Action"], taken["ExternalId"]) == ("AssumeRole", external) and own["AccessKeyId"] in taken["signed by"]
    # Its own keys open nothing by themselves, and are shown to nobody whom a customer names.
    for wrong, field in [({"role_arn": ""}, "access_key"), ({"sts_endpoint": "http://127.0.0.1:1"}, "sts_endpoint")]:
        refused = caller.ask("PATCH", f"/api/integrations/{made['id']}", json=wrong)
        assert refused.status_code == 400 and field in [issue["path"] for issue in refused.json()["issues"]], refused.text
    around.close()


def test_without_an_identity_roles_need_keys(world):
    body = {"name": "x", "prefix": "s3://b/", "role_arn": "arn:aws:iam::123456789012:role/vernier"}
    refused = world.caller.ask("POST", "/api/integrations", json=body)
    assert {issue["path"] for issue in refused.json()["issues"]} == {"access_key", "secret_key"}


def test_a_token_is_fetched_once_and_headers_stay_with_their_host(world, gcs):
    elsewhere = FileHost("127.0.0.3")
    source = source_of("gcs", world, gcs, None)
    for number in range(10):
        source.put(f"{number}.png", picture(60 + number, 50))
    world.caller.post("/api/integrations", {"name": "pictures", "prefix": source.prefix, **source.settings})
    tasks = [
        world.caller.post("/v1/task/imageannotation", boxes_task(source.address(f"{number}.png")))["task_id"]
        for number in range(10)
    ]
    eventually(lambda: all(is_copied(world, task) for task in tasks), seconds=60)
    assert len(gcs.tokens) == 1
    elsewhere.close()


def is_copied(world, task: str) -> bool:
    docs = world.caller.get("/v1/tasks", include_attachment_url=True)["docs"]
    return bool(next(one for one in docs if one["task_id"] == task).get("attachmentS3Downloads"))


def test_the_longest_prefix_decides(world, azure, gcs):
    """A second integration for a part of the bucket is used for that part, and for nothing else."""
    moto = SERVERS["moto"]
    outer = s3_source(moto)
    outer.put("inner/a.png", picture(80, 60))
    outer.put("b.png", picture(90, 60))
    wrong = {**outer.settings, "secret_key": "wrong"}
    world.caller.post("/api/integrations", {"name": "all of it", "prefix": outer.prefix, **wrong})
    world.caller.post("/api/integrations", {"name": "a part", "prefix": outer.prefix + "inner/", **outer.settings})
    inside, outside = (
        world.caller.post("/v1/task/imageannotation", boxes_task(outer.address(key)))["task_id"] for key in ("inner/a.png", "b.png")
    )
    eventually(lambda: is_copied(world, inside), seconds=60)
    task = eventually(lambda: (found := world.caller.task(outside))["status"] == "error" and found, seconds=60)
    fault = task["response"]["attachments"][0]
    assert fault["statusCode"] == 403 and fault["url"] == outer.address("b.png")


def test_an_address_without_an_integration_says_so(world):
    made = world.caller.ask("POST", "/v1/task/imageannotation", json=boxes_task("s3://nobodys-bucket/a.png"))
    if made.status_code == 400:
        text = made.json()["error"]
    else:
        task = made.json()["task_id"]
        eventually(lambda: world.caller.task(task)["status"] == "error", seconds=60)
        text = json.dumps(world.caller.task(task)["response"])
    assert "integration" in text.lower()


# -- wrong settings ------------------------------------------------------------------------------------------------------


def key_of_another() -> str:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def wrong_settings(gcs: GCS, azure: Azure, host: FileHost, denied: GCS) -> dict[str, tuple[str, dict, str]]:
    """Prefix, settings and what the message has to name, by what is wrong."""
    moto, swift = SERVERS["moto"], SERVERS["swift"]
    at_moto, at_swift = f"s3://{moto.bucket}/wrong/", f"s3://{swift.bucket}/wrong/"
    good, good_swift, google = s3_settings(moto), s3_settings(swift), {"endpoint": gcs.address}
    blob = {"endpoint": azure.address}
    files = {name: json.dumps(gcs.key_file(**more)) for name, more in {
        "good": {}, "another key": {"private_key": key_of_another()}, "another email": {"client_email": "gone@example.com"},
        "a person's": {"type": "authorized_user"}, "no rsa": {"private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"},
        "no tokens": {"token_uri": host.address + "/nothing"},
    }.items()}  # fmt: skip
    hmac = dict(zip(("access_key", "secret_key"), gcs.hmac))
    cut = azure.container_sas()
    role_elsewhere = role("of-somebody-else", moto)
    return {
        # S3
        "a secret of another key": (at_moto, good | {"secret_key": "x" * 40}, "secret_key.*SignatureDoesNotMatch"),
        "a secret, at Swift": (at_swift, good_swift | {"secret_key": "wrong"}, "secret_key.*SignatureDoesNotMatch"),
        "an unknown key": (at_moto, good | {"access_key": "AKIAWRONGWRONGWRONG1"}, "access_key.*InvalidAccessKeyId"),
        "no such bucket": ("s3://vernier-no-such-bucket/", good, "no bucket named .vernier-no-such-bucket.*NoSuchBucket"),
        "another region": (at_swift, good_swift | {"region": "eu-west-1"}, "region us-east-1.*set .region"),
        "may not list": (at_moto, user(moto, "s3:GetObject"), "s3:ListBucket on arn:aws:s3:::" + moto.bucket),
        "may not read": (at_moto, user(moto, "s3:ListBucket"), "s3:GetObject on arn:aws:s3:::" + moto.bucket),
        "a role of somebody else": (at_moto, good | {"role_arn": role_elsewhere, "sts_endpoint": moto.endpoint}, "role_arn.*external id"),
        "no role at all": (at_moto, good | {"role_arn": "vernier"}, "role_arn.*arn:aws:iam"),
        "nobody listens": (at_moto, good | {"endpoint": f"http://127.0.0.1:{free_port()}"}, "endpoint.*no connections"),
        "another sort of server": (at_moto, good | {"endpoint": host.address}, "does not answer as S3.*endpoint"),
        "a private endpoint": (at_moto, good | {"endpoint": "http://10.0.0.1"}, "endpoint"),
        "no endpoint": (at_moto, good | {"endpoint": "somewhere"}, "endpoint.*must be a URL"),
        "an unknown name": (at_moto, good | {"endpoint": "http://no-such-host.invalid"}, "no server of the name.*endpoint"),
        "no key": (at_moto, {name: value for name, value in good.items() if name != "access_key"}, "access_key.*required"),
        "no secret": (at_moto, {name: value for name, value in good.items() if name != "secret_key"}, "secret_key.*required"),
        "no region": (at_moto, good | {"region": "Frankfurt am Main"}, "region.*eu-central-1"),
        "who gives roles, without one": (at_moto, good | {"sts_endpoint": moto.endpoint}, "sts_endpoint.*role_arn"),
        "a bucket before an address": (at_moto, good | {"path_style": False}, "path_style.*must be true"),
        "settings of another provider": (at_moto, good | {"sas": "sv=1&sig=x"}, "sas.*not among the settings of S3"),
        "no prefix": ("ftp://example.com/", good, "prefix"),
        # Google
        "a key that was replaced": ("gs://pictures/", google | {"service_account": files["another key"]}, "service_account.*deleted or replaced"),
        "an account that is gone": ("gs://pictures/", google | {"service_account": files["another email"]}, "does not exist any more"),
        "a person's key": ("gs://pictures/", google | {"service_account": files["a person's"]}, "service_account.*authorized_user"),
        "a key that is none": ("gs://pictures/", google | {"service_account": files["no rsa"]}, "private_key.*no RSA"),
        "nobody gives tokens": ("gs://pictures/", google | {"service_account": files["no tokens"]}, "token_uri.*does not give tokens"),
        "half a file": ("gs://pictures/", google | {"service_account": files["good"][:200]}, "whole JSON file"),
        "no such bucket at Google": ("gs://others/", google | {"service_account": files["good"]}, "no bucket named .others"),
        "may not at Google": ("gs://pictures/", {"endpoint": denied.address, "service_account": json.dumps(denied.key_file())}, "Storage Object Viewer.*storage.objects"),
        "a secret of another HMAC key": ("gs://pictures/", google | hmac | {"secret_key": "x"}, "secret_key.*SignatureDoesNotMatch"),
        "an unknown HMAC key": ("gs://pictures/", google | hmac | {"access_key": "GOOG1"}, "access_key.*InvalidAccessKeyId"),
        "half an HMAC key": ("gs://pictures/", google | {"access_key": "GOOG1"}, "secret_key.*required"),
        # Azure
        "a key of another account": (AZURE, blob | {"account_key": "d3Jvbmc="}, "account_key.*examples.*AuthenticationFailed"),
        "a key that is not base64": (AZURE, blob | {"account_key": "***"}, "account_key.*base64"),
        "no such container": (AZURE.replace("pictures", "others"), blob | {"account_key": azure.key}, "no container named .others"),
        "an altered sas": (AZURE, blob | {"sas": cut.replace("sig=", "sig=A")}, "sas.*does not match"),
        "half a sas": (AZURE, blob | {"sas": cut.partition("&sig=")[0]}, "sas.*sig"),
        "an old sas": (AZURE, blob | {"sas": azure.container_sas(hours=-1)}, "sas.*expired"),
        "a sas for writing": (AZURE, blob | {"sas": azure.container_sas("wl")}, "sas.*sp.*no r"),
        "a sas that may not list": (AZURE, blob | {"sas": azure.container_sas("r")}, "sas.*listing.*needs l"),
        "the address of a sas": (AZURE, blob | {"sas": f"https://examples.blob.core.windows.net/pictures?{cut}"}, "sas.*token alone"),
        "both secrets": (AZURE, blob | {"sas": cut, "account_key": azure.key}, "exclude each other"),
        "no secret at all": (AZURE, blob, "account_key.*required.*sas"),
    }  # fmt: skip


def test_wrong_settings_are_named_in_words(world, gcs, azure):
    host, denied = FileHost(), GCS(Bucket("pictures", denied={"get", "list"}))
    for cloud in (gcs, azure):
        cloud.bucket.objects["a.png"] = picture(40, 40)
    SERVERS["moto"].put("wrong/a.png", picture(40, 40))
    SERVERS["swift"].put("wrong/a.png", picture(40, 40))
    cases, messages, faults = wrong_settings(gcs, azure, host, denied), {}, []
    for name, (prefix, settings, wanted) in cases.items():
        messages[name] = message = said(world, name, prefix, settings)
        if message is None or not re.search(wanted, message, re.DOTALL):
            faults.append(f"{name}: wanted {wanted}, said {message}")
    host.close()
    denied.close()
    assert "\n".join(faults) == ""
    assert len(set(messages.values())) >= 25
    secrets = [SERVERS["moto"].secret, gcs.hmac[1], azure.key, "x" * 40]
    assert [name for name, text in messages.items() if any(secret in text for secret in secrets)] == []


def said(world, name: str, prefix: str, settings: dict) -> str | None:
    """What is answered to the settings: at once, or when they are tried; None if nobody complains."""
    made = world.caller.ask("POST", "/api/integrations", json={"name": name, "prefix": prefix, **settings})
    if made.status_code == 400:
        body = made.json()
        assert body["issues"], body
        return " ".join([body["error"], *(f"{issue['path']}: {issue['message']}" for issue in body["issues"])])
    assert made.status_code == 200, made.text
    path = f"/api/integrations/{made.json()['id']}"
    trial = world.caller.post(f"{path}/test")
    shown = world.caller.get(path)
    assert shown.get("fault") == trial.get("fault")
    assert world.caller.ask("DELETE", path).status_code == 200
    return " ".join(step["message"] for step in trial["steps"] if not step["passed"]) or None
