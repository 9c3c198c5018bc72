"""How people come in, and what they do with their own entry."""

from playwright.sync_api import expect

from desk import Desk


def open_page(desk: Desk, name: str) -> None:
    desk.page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(name)


def signed_out(desks) -> Desk:
    desk = desks()
    desk.expected.append("401|404")
    return desk


def test_a_person_is_invited_comes_in_and_is_kept_out(desks):
    admin = desks().sign_in()
    open_page(admin, "People")
    admin.page.get_by_role("textbox", name="E-mail").fill("grace@example.com")
    admin.page.get_by_role("button", name="Invite", exact=True).click()
    link = admin.page.get_by_role("textbox", name="Invitation link").input_value()
    expect(admin.page.get_by_role("row").filter(has_text="grace@example.com")).to_contain_text("invited until")

    grace = signed_out(desks)
    grace.page.goto(link)
    grace.page.get_by_label("Your name").fill("Grace Hopper")
    grace.page.get_by_label("Choose a password").fill("correct horse")
    grace.page.get_by_role("button", name="Begin").click()
    expect(grace.page.get_by_role("heading", level=1)).to_have_text("Hello, Grace")
    # A labeler sees nothing of managing.
    assert grace.page.get_by_role("navigation", name="Pages").get_by_role("link").all_inner_texts() == ["Home", "My work", "Profile"]
    grace.page.goto(grace.account["url"] + "/#/people")
    expect(grace.page.get_by_role("heading", level=1)).to_have_text("Hello, Grace")

    late = signed_out(desks)
    late.page.goto(link)
    expect(late.page.get_by_role("alert")).to_have_text("This invitation is not valid any more; ask for a new link.")

    admin.page.reload()
    admin.page.get_by_role("row").filter(has_text="grace@example.com").get_by_role("button", name="Keep out").click()
    expect(admin.page.get_by_role("row").filter(has_text="grace@example.com")).to_contain_text("kept out")
    grace.page.reload()
    expect(grace.page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_only_admin_stays_one(desk: Desk):
    desk.expected.append("400")
    desk.sign_in()
    open_page(desk, "People")
    desk.page.get_by_label(f"Role of {desk.account['email']}").select_option("member")
    expect(desk.page.get_by_role("alert")).to_contain_text("is the only admin; make somebody else one first.")
    expect(desk.page.get_by_label(f"Role of {desk.account['email']}")).to_have_value("admin")


def test_a_key_is_made_shown_once_used_and_revoked(desk: Desk):
    desk.sign_in()
    open_page(desk, "API keys")
    desk.page.get_by_label("Name").fill("nightly import")
    desk.page.get_by_label("Scope").select_option("read")
    desk.page.get_by_role("button", name="Make a key").click()
    key = desk.page.get_by_role("textbox", name="New key").input_value()
    call = desk.context.request.get(desk.account["url"] + "/v1/tasks?limit=1", headers={"Authorization": f"Bearer {key}"})
    assert call.status == 200
    desk.page.reload()
    row = desk.page.get_by_role("row").filter(has_text="nightly import")
    expect(row).to_contain_text("read")
    assert key not in desk.page.content()
    desk.page.on("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("revoked")


def test_somebody_renames_themselves_and_signs_out_elsewhere(desks):
    here, there = desks().sign_in(), desks().sign_in()
    open_page(here, "Profile")
    here.page.get_by_label("Name").fill("Demo Person")
    here.page.get_by_role("button", name="Save").click()
    expect(here.page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(here.page.locator(".bar .person")).to_have_text("Demo Person")
    sessions = here.page.get_by_role("listitem").filter(has_text="Chrome")
    # Other tests have left sessions of the same person too; a third one makes sure of the button that ends all.
    desks().sign_in()
    here.page.reload()
    here.page.get_by_role("button", name="Sign out everywhere else").click()
    expect(sessions).to_have_count(1)
    there.expected.append("401")
    there.page.reload()
    expect(there.page.get_by_role("button", name="Sign in")).to_be_visible()
    # A wrong present password is told in words, beside the form.
    here.expected.append("400")
    here.page.get_by_label("Present password").fill("not it")
    here.page.get_by_label("New password").fill("another horse")
    here.page.get_by_role("button", name="Change the password").click()
    expect(here.page.get_by_role("alert").filter(has_text="is not your present password")).to_be_visible()
