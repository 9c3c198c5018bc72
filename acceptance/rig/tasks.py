"""Tasks to create: the fixtures shared with the unit tests, and the smallest ones."""

import json
import uuid
from pathlib import Path

from rig.server import ROOT
from rig.web import FileHost

FIXTURES = ROOT / "Tests" / "Fixtures" / "tasks"
ATTACHMENT_NAMES = {"attachment", "attachments", "content", "url"}
# One page, nothing on it, A4.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


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
    return _offered(create, files), document.get("collections", document), response


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _offered(value, files: FileHost, name: str = ""):
    """The same value with every address of an attachment replaced by one of the file host."""
    if isinstance(value, dict):
        return {key: _offered(member, files, key) for key, member in value.items()}
    if isinstance(value, list):
        return [_offered(member, files, name) for member in value]
    if name in ATTACHMENT_NAMES and isinstance(value, str) and value.startswith(("http://", "https://")):
        path = "/fixture/" + value.split("://", 1)[1]
        if path.endswith(".pdf"):
            return files.put(path, PDF, "application/pdf")
        return files.put_picture(path, 4000, 3000)
    return value
