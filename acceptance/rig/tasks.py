"""Tasks to create: the fixtures shared with the unit tests, and the smallest ones."""

import json
import uuid
from pathlib import Path

from rig.server import ROOT
from rig.web import FileHost, picture

# The types that people can work on.
TYPES = [
    "imageannotation",
    "annotation",
    "polygonannotation",
    "lineannotation",
    "pointannotation",
    "cuboidannotation",
    "categorization",
    "comparison",
    "transcription",
    "datacollection",
    "textcollection",
    "namedentityrecognition",
    "documenttranscription",
]
FIXTURES = ROOT / "Tests" / "Fixtures" / "tasks"
# A file that no fact is known of, such as a picture beside the one to label, has to be there all the same.
ATTACHMENT_NAMES = {"attachment", "attachments", "content"}
UNKNOWN = {"width": 64, "height": 48, "mime_type": "image/png"}


def words_task(**more) -> dict:
    """The smallest task a person can work on: it needs no file."""
    return {
        "text": "Meet Alex Wang at Transform.",
        "labels": [{"name": "person", "description": "A human"}, {"name": "event", "description": "A gathering"}],
        **more,
    }


def words_document(start: int = 5, end: int = 14) -> dict[str, dict[str, dict]]:
    """A draft for `words_task` that may be submitted."""
    return {"annotations": {str(uuid.uuid4()): {"start": start, "end": end, "label": "person"}}}


def boxes_task(attachment: str, **more) -> dict:
    """An image task with one kind of box."""
    return {"attachment": attachment, "geometries": {"box": {"objects_to_annotate": ["car"]}}, **more}


def fixture(kind: str, files: FileHost) -> tuple[dict, dict, dict]:
    """Body of the creation, document and response of a type, with its attachments offered by the file host."""
    create, document, response = (_read(FIXTURES / kind / f"{name}.json") for name in ("create", "document", "response"))
    facts = {attachment["path"]: attachment for attachment in document["attachments"]}
    return _offered(create, facts, files), document["collections"], response


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _offered(value, facts: dict[str, dict], files: FileHost, path: str = ""):
    """The same value with every address of a file, by its path, replaced by a file as the facts describe it."""
    if isinstance(value, dict):
        return {key: _offered(member, facts, files, f"{path}.{key}".lstrip(".")) for key, member in value.items()}
    if isinstance(value, list):
        return [_offered(member, facts, files, f"{path}[{place}]") for place, member in enumerate(value)]
    is_file = path in facts or path.rpartition(".")[2] in ATTACHMENT_NAMES
    if not is_file or not str(value).startswith("https://"):
        return value
    fact, name = facts.get(path, UNKNOWN), "/fixture/" + value.split("://", 1)[1]
    if fact["mime_type"] == "application/pdf":
        return files.put(name, pdf(fact["pages"]), "application/pdf")
    form = fact["mime_type"].removeprefix("image/")
    return files.put(name, picture(fact["width"], fact["height"], form.upper()), fact["mime_type"])


def pdf(pages: int) -> bytes:
    """A document of that many empty pages, A4."""
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + pages))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode()]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * pages
    body = b"".join(b"%d 0 obj%b endobj\n" % (number, one) for number, one in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"
