"""Large files by the tus protocol: a published client, a server that dies in between, and links that are ended."""

import base64
import hashlib
import io
import random

import pytest
import requests
from conftest import DATABASES, make_world
from PIL import Image
from rig.server import Server, eventually
from rig.tasks import boxes_task
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError

PIECE = 3_000_000


def client(server: Server, key: str) -> TusClient:
    word = base64.b64encode(f"{key}:".encode()).decode()
    return TusClient(server.address + "/api/uploads", headers={"Authorization": f"Basic {word}"})


def some_bytes(count: int) -> bytes:
    return random.Random(count).randbytes(count)


def finished(caller, address: str) -> dict:
    """What became of an upload, once that is decided."""
    path = address[len(caller.address) :]
    return eventually(lambda: (row := caller.get(path))["state"] in ("done", "failed") and row, 120)


def test_a_published_client_uploads_goes_on_and_names_the_file_in_a_task(world):
    content = some_bytes(20_000_000)
    tus = client(world.server, world.live_key)
    metadata = {"filename": "large.bin", "display_name": "Größe", "reference_id": "large"}
    first = tus.uploader(file_stream=io.BytesIO(content), chunk_size=PIECE, metadata=metadata)
    first.upload_chunk()
    again = tus.uploader(file_stream=io.BytesIO(content), url=first.url, chunk_size=PIECE)
    assert again.offset == PIECE
    again.upload()
    done = finished(world.caller, first.url)
    assert done["state"] == "done" and done["length"] == done["offset"] == len(content)
    file = done["file"]
    assert (file["display_name"], file["reference_id"], file["size"]) == ("Größe", "large", len(content))
    # One that comes as a whole, in one request, and is used: its bytes are those that were sent.
    picture = world_picture()
    whole = tus.uploader(file_stream=io.BytesIO(picture), metadata={"filename": "a.png"})
    whole.upload()
    address = finished(world.caller, whole.url)["file"]["attachment_url"]
    world.caller.post("/v1/task/imageannotation", boxes_task(address))
    link = eventually(lambda: links(world), 120)[0]
    assert hashlib.sha256(requests.get(link, timeout=30).content).digest() == hashlib.sha256(picture).digest()


def world_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


def links(world) -> list[str]:
    tasks = world.caller.get("/v1/tasks", include_attachment_url=True)["docs"]
    return [one["s3URL"] for one in tasks[0].get("attachmentS3Downloads") or []] if tasks else []


@pytest.mark.parametrize("kind", DATABASES)
def test_an_upload_survives_the_death_of_the_server(kind, make_server):
    server = make_server(kind)
    server.start()
    world = make_world(server)
    content = some_bytes(18_000_000)
    upload = client(server, world.live_key).uploader(file_stream=io.BytesIO(content), chunk_size=PIECE)
    for _ in range(3):
        before = upload.offset
        upload.upload_chunk()
        server.kill()
        server.start()
        # Whatever was acknowledged is there, and nothing is there that was not sent.
        upload.offset = upload.get_offset()
        assert upload.offset == before + PIECE
    upload.upload()
    done = finished(world.caller, upload.url)
    assert done["state"] == "done" and done["file"]["size"] == len(content)


def test_what_does_not_fit_is_refused_in_words(world):
    ask = world.caller.ask
    tus = {"Tus-Resumable": "1.0.0"}
    for length in (None, "", "-1", "x", "1e3"):
        answer = ask("POST", "/api/uploads", headers=tus | ({"Upload-Length": length} if length is not None else {}))
        assert answer.status_code == 400 and "Upload-Length" in answer.json()["error"], length
    assert ask("POST", "/api/uploads", headers=tus | {"Upload-Length": str(1 << 50)}).status_code == 413
    wrong = ask("POST", "/api/uploads", headers=tus | {"Upload-Length": "1", "Upload-Metadata": "display_name ***,metadata W10="})
    assert [issue["path"] for issue in wrong.json()["issues"]] == ["display_name", "metadata"]
    old = ask("POST", "/api/uploads", headers={"Upload-Length": "1", "Tus-Resumable": "0.2.2"})
    assert old.status_code == 412 and old.headers["Tus-Version"] == "1.0.0"
    begun = ask("POST", "/api/uploads", headers=tus | {"Upload-Length": "4"})
    assert begun.status_code == 201 and begun.headers["Upload-Offset"] == "0"
    path, piece = begun.headers["Location"], tus | {"Content-Type": "application/offset+octet-stream"}
    assert ask("PATCH", path, headers=tus | {"Upload-Offset": "0"}, data=b"abcd").status_code == 415
    assert ask("PATCH", path, headers=piece, data=b"abcd").status_code == 400
    assert ask("PATCH", path, headers=piece | {"Upload-Offset": "1"}, data=b"abcd").status_code == 409
    assert ask("PATCH", path, headers=piece | {"Upload-Offset": "0"}, data=b"abcde").status_code == 413
    assert ask("PATCH", path, headers=piece | {"Upload-Offset": "0"}, data=b"ab").headers["Upload-Offset"] == "2"
    assert ask("HEAD", path, headers=tus).headers["Upload-Offset"] == "2"
    assert ask("DELETE", path, headers=tus).status_code == 204
    assert ask("HEAD", path, headers=tus).status_code == 404
    with pytest.raises(TusCommunicationError):
        client(world.server, world.live_key).uploader(file_stream=io.BytesIO(b"x"), url=world.server.address + path).get_offset()


def test_links_end_at_once_when_an_account_revokes_them(server):
    world, other = make_world(server), make_world(server)
    found = []
    for one in (world, other):
        file = one.caller.ask("POST", "/v1/files/upload", files={"file": ("a.png", world_picture())}).json()
        one.caller.post("/v1/task/imageannotation", boxes_task(file["attachment_url"]))
        found.append(eventually(lambda one=one: links(one), 120)[0])
    assert [requests.get(link, timeout=30).status_code for link in found] == [200, 200]
    assert world.labeler("chief", "admin").post("/api/links/revoke") == {"revoked": True}
    assert [requests.get(link, timeout=30).status_code for link in found] == [404, 200]
    assert requests.get(links(world)[0], timeout=30).status_code == 200
