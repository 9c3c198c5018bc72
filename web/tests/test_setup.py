"""How a use case is set up: batches, new tasks from files, tables and addresses, and versions of parameters."""

import json
import struct
import uuid
import zlib
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from desk import Desk

PARAMS = {"instruction": "Box every car.", "geometries": {"box": {"objects_to_annotate": ["car", "bus"]}}}


def picture(shade: int) -> bytes:
    """A PNG of one colour, so that each test has files that nobody has sent before."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 32, 20, 8, 2, 0, 0, 0)
    rows = b"".join(b"\0" + bytes([shade >> 16 & 255, shade >> 8 & 255, shade & 255]) * 32 for _ in range(20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture
def project(customer) -> str:
    name = f"set up {uuid.uuid4().hex[:8]}"
    customer.ask("POST", "/api/projects", {"type": "imageannotation", "name": name, "params": PARAMS})
    return name


def open_tab(desk: Desk, project: str, tab: str) -> Page:
    desk.page.goto(f"{desk.account['url']}/#/projects/{project.replace(' ', '%20')}/{tab}")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(project)
    return desk.page


def no_serious_faults(page: Page) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    serious = [one for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert not serious, json.dumps([[one["id"], one["nodes"][0]["html"]] for one in serious], indent=1)


def drop(page: Page, files: list[dict]) -> None:
    """Drops files onto the page as a person does: with a data transfer that holds them."""
    transfer = page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            for (const { name, type, bytes } of files) transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
            return transfer;
        }""",
        files,
    )
    page.locator(".drop-zone").dispatch_event("drop", {"dataTransfer": transfer})


def drop_from_disk(page: Page, *paths: Path) -> None:
    """Drops files and folders as the window system does, so that the page reads the folders itself."""
    box = page.locator(".drop-zone").bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 10}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **at, "data": {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}})


def shades(count: int) -> list[dict]:
    first = int(uuid.uuid4().hex[:6], 16)
    return [{"name": f"p{i}.png", "type": "image/png", "bytes": list(picture(first + i * 7))} for i in range(count)]


def test_a_folder_is_dropped_with_everything_in_it(desk: Desk, customer, project, tmp_path):
    folder = tmp_path / "delivery"
    for place, shade in zip(("a.png", "front/b.png", "front/night/c.png", "front/.hidden.png", "notes.txt"), shades(5)):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(bytes(shade["bytes"]))
    single = tmp_path / "single.png"
    single.write_bytes(bytes(shades(1)[0]["bytes"]))
    customer.ask("POST", "/v1/batches", {"project": project, "name": f"folder {project}"})
    page = open_tab(desk.sign_in(), project, "new-tasks")
    page.get_by_role("combobox", name="Batch").select_option(f"folder {project}")
    drop_from_disk(page, folder, single)
    expect(page.get_by_text("4 of 4 done")).to_be_visible(timeout=60000)
    expect(page.get_by_text("2 files do not fit and were left out")).to_be_visible()
    tasks = customer.ask("GET", f"/v1/tasks?batch={f'folder {project}'.replace(' ', '%20')}")["docs"]
    assert {task["metadata"]["filename"] for task in tasks} == {"delivery/a.png", "delivery/front/b.png", "delivery/front/night/c.png", "single.png"}


def test_a_batch_is_made_filled_by_dropping_files_launched_and_paused(desk: Desk, customer, project, screens):
    page = open_tab(desk.sign_in(), project, "batches")
    expect(page.get_by_text("There are no batches yet.")).to_be_visible()
    page.get_by_role("button", name="New batch").click()
    name = f"first {project}"
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("radio", name="Self-label").check()
    screens(desk, "setup-new-batch")
    dialog.get_by_role("button", name="Make the batch").click()
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("Waiting to be launched")
    row.get_by_role("link", name="Add tasks").click()
    expect(page.get_by_role("combobox", name="Batch")).to_have_value(name)
    files = [*shades(6), {"name": "notes.txt", "type": "text/plain", "bytes": [65]}]
    drop(page, files)
    expect(page.get_by_text("6 of 6 done")).to_be_visible(timeout=15000)
    expect(page.get_by_text("1 file does not fit and was left out: notes.txt")).to_be_visible()
    screens(desk, "setup-files")
    no_serious_faults(page)
    # The same again makes nothing new.
    page.get_by_role("button", name="Clear the list").click()
    drop(page, files)
    expect(page.get_by_text("6 of 6 done, 6 of them there already")).to_be_visible(timeout=15000)
    assert customer.ask("GET", f"/api/batches/{name.replace(' ', '%20')}")["counts"]["total"] == 6

    page = open_tab(desk, project, "batches")
    row = page.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("0 of 6 done")
    row.get_by_role("button", name="Launch").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("6 tasks go to work.")
    dialog.get_by_role("button", name="Launch").click()
    expect(row).to_contain_text("At work")
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("Paused")
    screens(desk, "setup-batches")
    no_serious_faults(page)
    row.get_by_role("link", name=name).click()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("At work.")).to_be_visible()


def test_production_asks_for_calibration_unless_somebody_says_to_know_better(desk: Desk, customer, project, screens):
    desk.expected.append("409")
    name = f"prod {project}"
    customer.ask("POST", "/api/batches", {"project": project, "name": name})
    customer.ask("POST", "/v1/task/imageannotation", {"batch": name, "attachment": customer.picture()})
    page = open_tab(desk.sign_in(), project, f"batches/{name.replace(' ', '%20')}")
    page.get_by_role("button", name="Launch").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Launch").click()
    expect(dialog.get_by_role("alert")).to_contain_text("is not calibrated: it has no calibration batch yet")
    expect(dialog.get_by_role("button", name="Launch")).to_be_disabled()
    screens(desk, "setup-uncalibrated")
    dialog.get_by_role("checkbox").check()
    dialog.get_by_role("button", name="Launch").click()
    expect(page.get_by_text("At work.")).to_be_visible()


def test_a_calibration_yields_a_score_and_feedback(desk: Desk, customer, project, screens):
    name = f"cal {project}"
    customer.ask("POST", "/api/batches", {"project": project, "name": name, "kind": "calibration"})
    page = open_tab(desk.sign_in(), project, f"batches/{name.replace(' ', '%20')}")
    part = page.get_by_role("region", name="Calibration")
    expect(part).to_contain_text("It has no tasks yet.")
    expect(part).to_contain_text("right, 80 % needed")
    page.get_by_label("Kind").select_option("self_label")
    page.get_by_role("button", name="Save").click()
    expect(part).to_be_hidden()
    screens(desk, "setup-batch")
    no_serious_faults(page)


def test_a_file_that_failed_is_tried_again_alone(desk: Desk, project):
    desk.expected.append("Failed to load resource")
    page = open_tab(desk.sign_in(), project, "new-tasks")
    broken = ["p1.png"]

    def answer(route):
        if broken and broken[0].encode() in (route.request.post_data_buffer or b""):
            broken.pop()
            return route.abort()
        return route.continue_()

    page.route("**/v1/files/upload", answer)
    drop(page, shades(3))
    row = page.get_by_role("row").filter(has_text="p1.png")
    expect(row).to_contain_text("The server cannot be reached.")
    expect(page.get_by_text("2 of 3 done")).to_be_visible(timeout=15000)
    row.get_by_role("button", name="Try p1.png again").click()
    expect(page.get_by_text("3 of 3 done")).to_be_visible(timeout=15000)


def test_a_table_is_tried_dry_mapped_and_imported_once(desk: Desk, customer, project, screens):
    page = open_tab(desk.sign_in(), project, "new-tasks")
    page.get_by_role("tab", name="Table").click()
    address = customer.picture()
    mark = uuid.uuid4().hex[:8]
    table = f"link,number,site\n{address},{mark}-1,north\nnot an address,{mark}-2,south\n{address},{mark}-3,\"east,\nupper\"\n{address},{mark}-1,again\n"
    page.get_by_role("textbox", name="Table").fill(table)
    page.get_by_role("button", name="Try it dry").click()
    expect(page.get_by_text("Dry run: 3 can be imported, 1 there already, 1 refused.").or_(page.get_by_text("1 refused"))).to_be_visible()
    # Only a person knows that the number is the unique id.
    page.get_by_label("What number is for").select_option("unique_id")
    page.get_by_role("button", name="Try it dry").click()
    expect(page.get_by_text("2 can be imported, 1 there already, 1 refused. Nothing was stored.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="must be a URL")).to_contain_text("3")
    screens(desk, "setup-table")
    no_serious_faults(page)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("2 tasks made, 1 there already, 1 refused.")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("3 there already, 1 refused.")).to_be_visible()
    found = customer.ask("GET", f"/v1/tasks?unique_id={mark}-3")["docs"]
    assert [one["metadata"] for one in found] == [{"site": "east,\nupper"}]


def test_addresses_are_imported(desk: Desk, customer, project):
    page = open_tab(desk.sign_in(), project, "new-tasks")
    page.get_by_role("tab", name="Addresses").click()
    page.get_by_label("Tags").fill("night, rain")
    page.get_by_label("One address a line").fill(f"# from the car\n{customer.picture()}\n\nftp://example.com/a.png\n")
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("1 task made, 1 refused.")).to_be_visible()
    tasks = customer.ask("GET", f"/v1/tasks?project={project.replace(' ', '%20')}")["docs"]
    assert [one["tags"] for one in tasks] == [["night", "rain"]]


def test_versions_show_what_changed_and_what_it_would_break(desk: Desk, customer, project, screens):
    path = f"/api/projects/{project.replace(' ', '%20')}/versions"
    customer.ask("POST", "/v1/task/imageannotation", {
        "project": project, "attachment": customer.picture(),
        "hypothesis": {"annotations": [{"type": "box", "label": "bus", "left": 1, "top": 2, "width": 30, "height": 20}]}})  # fmt: skip
    changed = {**PARAMS, "instruction": "Box every car tightly.", "geometries": {"box": {"objects_to_annotate": ["car", "bus", "van"]}}}
    customer.ask("POST", path, {"params": changed, "base_version": 0})
    customer.ask("POST", path, {"params": {**changed, "geometries": {"box": {"objects_to_annotate": ["car"]}}}, "base_version": 1})
    page = open_tab(desk.sign_in(), project, "versions/1")
    items = page.locator(".version-differences li")
    expect(items).to_have_count(2)
    expect(items.filter(has_text="objects_to_annotate[van]")).to_contain_text("added")
    expect(items.filter(has_text="instruction")).to_contain_text("Box every car tightly.")
    screens(desk, "setup-versions")
    no_serious_faults(page)
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_role("dialog")).to_contain_text("Nothing breaks: all 1 tasks tried")
    page.get_by_role("dialog").get_by_role("button", name="Make it version 3").click()
    expect(page.get_by_role("link", name="Version 3 (latest)")).to_be_visible()
    page.get_by_role("link", name="Version 2").click()
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 task could not be made any more")
    screens(desk, "setup-dry-run")
    no_serious_faults(page)


@pytest.mark.parametrize("tab", ["batches", "new-tasks", "versions"])
def test_on_a_phone_in_the_dark(desks, project, tab, screens):
    desk = desks(viewport={"width": 390, "height": 844}, color_scheme="dark").sign_in()
    page = open_tab(desk, project, tab)
    page.wait_for_load_state("networkidle")
    screens(desk, f"setup-phone-{tab}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    no_serious_faults(page)
