"""Files of every form, from their address to what people are shown, through the running program."""

import io
import uuid

import pytest
import requests
from PIL import Image
from rig.people import Caller
from rig.server import ROOT, eventually
from rig.tasks import boxes_task, pdf

MEDIA = ROOT / "Tests" / "Fixtures" / "media"


def drawn(form: str, mode: str = "RGB", **options) -> bytes:
    """A picture of 80 × 60, its left half red and its right half blue."""
    image = Image.new("RGB", (80, 60), (255, 0, 0))
    image.paste((0, 0, 255), (40, 0, 80, 60))
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, form, **options)
    return buffer.getvalue()


def turned() -> bytes:
    """The same, stored lying on its side, with the mark that says so."""
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.open(io.BytesIO(drawn("PNG"))).transpose(Image.Transpose.ROTATE_90)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, quality=95)
    return buffer.getvalue()


def pages() -> bytes:
    one = Image.open(io.BytesIO(drawn("PNG")))
    buffer = io.BytesIO()
    one.save(buffer, "TIFF", save_all=True, append_images=[one, one])
    return buffer.getvalue()


PICTURES = {
    "jpeg": drawn("JPEG", quality=95), "png": drawn("PNG"), "webp": drawn("WEBP", lossless=True), "gif": drawn("GIF"), "tiff": drawn("TIFF"),
    "packed tiff": drawn("TIFF", compression="tiff_lzw"), "bmp": drawn("BMP"), "bmp of a palette": drawn("BMP", "P"), "turned jpeg": turned(),
    "print": drawn("JPEG", "CMYK", quality=95),
}  # fmt: skip


def attachment(caller: Caller, path: str, body: dict) -> tuple[dict, dict]:
    """The record of a new task's only file once it has come with its small picture or failed, and the task."""
    task = caller.post(path, {"instruction": "Look.", **body})["task_id"]

    def ended():
        view = caller.get(f"/api/tasks/{task}")
        file = view["attachments"][0]
        # The small picture of a JPEG is made when the task is ready already.
        is_over = file["state"] == "failed" or file["state"] == "ready" and (file["thumbnail"] or not file["mime_type"].startswith("image/"))
        return (file, view["task"]) if is_over else None

    return eventually(ended, seconds=120)


def shown(caller: Caller, path: str) -> Image.Image:
    """What a browser is given, which it must be able to show."""
    answer = requests.get(caller.address + path, timeout=60)
    answer.raise_for_status()
    assert answer.headers["Content-Type"] in ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")
    return Image.open(io.BytesIO(answer.content))


@pytest.mark.parametrize("name", PICTURES)
def test_every_form_of_picture_is_shown_alike(name, shared_world, files):
    content = PICTURES[name]
    address = files.put(f"/{uuid.uuid4()}", content, "application/octet-stream")
    file, _ = attachment(shared_world.caller, "/v1/task/imageannotation", boxes_task(address))
    assert file["state"] == "ready", file
    assert (file["width"], file["height"], file["size"]) == (80, 60, len(content))
    image = shown(shared_world.caller, file["url"])
    # A browser turns a picture that is marked; a copy was turned already.
    image = Image.open(io.BytesIO(PICTURES["png"])) if name == "turned jpeg" else image.convert("RGB")
    assert image.size == (80, 60)
    left, right = image.convert("RGB").getpixel((20, 30)), image.convert("RGB").getpixel((60, 30))
    assert left[0] > 180 and left[2] < 90 and right[2] > 120 and right[0] < 110, (left, right)
    assert shown(shared_world.caller, file["thumbnail"]).size == (80, 60)
    kinds = {one["kind"] for one in file["conversions"]}
    assert kinds == ({"thumbnail", "display"} if name.split()[-1] in ("tiff", "print") or "bmp" in name else {"thumbnail"})
    assert file["facts"]["orientation"] == (6 if name == "turned jpeg" else 1)


def test_a_document_is_shown_by_its_pages(shared_world, files):
    address = files.put(f"/{uuid.uuid4()}.pdf", pdf(3), "application/pdf")
    body = {"attachments": [{"type": "pdf", "content": address}], "fields": [{"type": "text", "field_id": "a", "title": "A"}]}
    file, _ = attachment(shared_world.caller, "/v1/task/textcollection", body)
    assert file["state"] == "ready", file
    assert file["facts"]["pages"] == len(file["pages"]) == 3
    for page in file["pages"]:
        assert shown(shared_world.caller, page["url"]).size == (page["width"], page["height"])
    assert max(file["pages"][0]["width"], file["pages"][0]["height"]) == 2200


def test_a_recording_tells_what_it_is(shared_world, files):
    address = files.put(f"/{uuid.uuid4()}.mp4", (MEDIA / "clip.mp4").read_bytes(), "video/mp4")
    body = {"attachments": [{"type": "video", "content": address}], "fields": [{"type": "text", "field_id": "a", "title": "A"}]}
    file, _ = attachment(shared_world.caller, "/v1/task/textcollection", body)
    assert file["state"] == "ready", file
    facts = file["facts"]
    assert (file["width"], file["height"], facts["video_codec"], facts["audio_codec"]) == (64, 36, "mpeg4", "aac")
    assert 0.9 < facts["duration"] < 1.2 and facts["frame_rate"] == 10


def test_what_cannot_be_used_says_why(shared_world, files):
    address = files.put(f"/{uuid.uuid4()}.tif", pages(), "image/tiff")
    file, task = attachment(shared_world.caller, "/v1/task/imageannotation", boxes_task(address))
    assert "3 pages" in file["error"] and task["status"] == "error"
    assert task["response"]["attachments"] == [{"statusCode": 200, "url": address, "message": file["error"]}]


def test_an_address_in_many_tasks_is_copied_once_while_it_stays_the_same(shared_world, files):
    content, tag, path = drawn("PNG"), f'"{uuid.uuid4()}"', f"/{uuid.uuid4()}.png"
    asked = []

    def answer(request):
        condition = request.headers.get("If-None-Match")
        asked.append(condition)
        if condition == tag:
            request.reply(304, headers={"ETag": tag})
        else:
            request.reply(200, content, {"ETag": tag, "Content-Type": "image/png"})

    address = files.put_answer(path, answer)
    made = [attachment(shared_world.caller, "/v1/task/imageannotation", boxes_task(address))[0] for _ in range(3)]
    assert {file["sha256"] for file in made} == {made[0]["sha256"]} and all(file["state"] == "ready" for file in made)
    assert asked.count(None) == 1 and asked.count(tag) == len(asked) - 1
