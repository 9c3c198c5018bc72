"""The list of what stands in the way: every row leads to what it is about."""

from playwright.sync_api import expect


def box(label: str, left: int) -> dict:
    return {"uuid": f"{label}-box", "type": "box", "label": label, "left": left, "top": 100, "width": 120, "height": 90}


def test_a_problem_of_a_link_leads_to_the_link(desk, customer, screens):
    sure = {
        "description": "Are you sure?",
        "choices": ["yes", "no"],
        "conditions": {"label_condition": {"label": "follows"}},
    }
    task = customer.order(
        geometries={"box": {"objects_to_annotate": ["car", "bus"]}},
        annotation_attributes={"sure": sure},
        links={"follows": {"is_bidirectional": False, "from_allowed_labels": ["car"], "to_allowed_labels": ["bus"]}},
        hypothesis={
            "annotations": [box("car", 100), box("bus", 400)],
            "links": [{"uuid": "the-link", "label": "follows", "from": "car-box", "to": "bus-box"}],
        },
    )
    desk.sign_in().open_task(task)
    desk.page.get_by_role("button", name="Submit").click()
    row = desk.page.get_by_label("Checks").get_by_role("button", name="1 car follows → 2 bus")
    expect(row).to_contain_text("needs an answer")
    row.click()
    screens(desk, "checks-link")
    expect(desk.page.get_by_label("Selected link")).to_be_visible()
    desk.page.get_by_label("Selected link").get_by_role("radio").first.click()
    desk.saved()
    expect(desk.page.get_by_text("All rules of this task are met.")).to_be_visible()
    desk.page.get_by_role("button", name="Submit").click()
    (link,) = customer.finished(task)["response"]["links"]
    assert link == {
        "uuid": "the-link",
        "label": "follows",
        "from": "car-box",
        "to": "bus-box",
        "is_bidirectional": False,
        "attributes": {"sure": "yes"},
    }
