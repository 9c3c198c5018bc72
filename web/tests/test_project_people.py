"""Who works on a project: assignments, groups, and whom its batches are kept for."""

from playwright.sync_api import expect

from desk import Desk
from test_accessibility import check


def called(desk: Desk, method: str, path: str, body: dict) -> dict:
    csrf = desk.context.request.get(desk.account["url"] + "/api/session").json()["csrf"]
    answer = desk.context.request.fetch(desk.account["url"] + path, method=method, data=body, headers={"X-CSRF-Token": csrf})
    assert answer.ok, answer.text()
    return answer.json()


def test_people_are_assigned_grouped_and_given_batches(desks, screens):
    desk = desks().sign_in()
    page = desk.page
    called(desk, "POST", "/api/projects", {"type": "imageannotation", "name": "Staffed", "params": {"geometries": {"box": {"objects_to_annotate": ["car"]}}}})
    for name in ["ada", "bob"]:
        path = called(desk, "POST", "/api/people", {"email": f"{name}@staff.example", "role": "labeler"})["path"]
        accepted = desks().context.request.post(
            desk.account["url"] + "/api/invitations/accept", data={"token": path.split("/")[-1], "name": name, "password": "correct horse"}
        )
        assert accepted.ok, accepted.text()
    for name in ["morning", "evening"]:
        called(desk, "POST", "/v1/batches", {"project": "Staffed", "name": name})
    page.goto(f"{desk.account['url']}/#/projects/Staffed/people")
    ada = page.get_by_role("row").filter(has_text="ada@staff.example")
    expect(ada).to_contain_text("yes, like that of every project")
    ada.get_by_role("button", name="Assign").click()
    expect(ada).to_contain_text("yes, assigned")

    page.get_by_label("Name of a new group").fill("nights")
    page.get_by_role("form", name="New group").get_by_label("ada@staff.example").check()
    page.get_by_role("button", name="Make the group").click()
    group = page.get_by_role("article", name="Group nights")
    expect(group.get_by_label("ada@staff.example")).to_be_checked()

    group.get_by_role("button", name="Rename").click()
    group.get_by_role("textbox", name="New name").fill("late nights")
    group.get_by_role("button", name="Rename", exact=True).click()
    group = page.get_by_role("article", name="Group late nights")
    expect(group.get_by_label("ada@staff.example")).to_be_checked()

    batches = page.get_by_role("region", name="Batches and whom they are kept for").get_by_role("listitem")
    expect(batches).to_have_count(2)
    batches.first.get_by_label("late nights").click()
    expect(batches.first).to_contain_text("Kept for")
    page.reload()
    expect(batches.first.get_by_label("late nights")).to_be_checked()
    # While a batch is kept for a group alone, the group cannot go: everybody would get the batch.
    page.on("dialog", lambda dialog: dialog.accept())
    desk.expected.append("409")
    group.get_by_role("button", name="Dissolve").click()
    expect(page.get_by_role("alert").filter(has_text="Only this group gets the batches")).to_be_visible()
    batches.first.get_by_label("late nights").click()
    expect(batches.first).not_to_contain_text("Kept for")
    group.get_by_role("button", name="Dissolve").click()
    expect(group).to_have_count(0)
    check(page)
    screens(desk, "project-people")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    screens(desk, "project-people-phone")
