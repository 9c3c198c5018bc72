"""No edit is lost, whatever dies."""

from playwright.sync_api import expect

from desk import Desk


def test_a_killed_tab_loses_nothing_and_another_browser_shows_the_step(desks):
    first: Desk = desks().begin()
    key = first.draw_box((100, 120), (220, 200))
    first.saved()
    first.page.close()
    second: Desk = desks().sign_in().open_work()
    assert key in second.has(1)


def test_undo_survives_a_reload(desk: Desk):
    desk.begin()
    desk.draw_box((100, 120), (220, 200))
    kept = desk.objects()
    desk.draw_box((300, 120), (420, 200))
    desk.saved()
    desk.page.reload()
    desk.work_is_open()
    desk.has(2)
    desk.key("Control+z")
    desk.has(1)
    assert desk.objects() == kept
    desk.page.reload()
    desk.work_is_open()
    desk.key("Control+Shift+Z")
    desk.has(2)


def test_without_a_network_steps_are_kept_counted_and_sent_later_by_a_new_tab(desk: Desk):
    desk.expected.append("Failed to load resource")
    desk.begin()
    work = desk.work_id()
    desk.page.route("**/api/work/*/steps", lambda route: route.abort())
    desk.draw_box((100, 120), (220, 200))
    desk.draw_box((300, 120), (420, 200))
    state = desk.page.get_by_test_id("save-state")
    expect(state).to_have_text("Offline, 2 kept on this computer")
    assert desk.ask("journal()") == 2
    desk.page.close()

    desk.new_tab()
    desk.page.goto(desk.account["url"])
    expect(desk.page.get_by_text("2 changes are kept on this computer")).to_be_visible()
    desk.page.goto(f"{desk.account['url']}/#/work/{work}")
    desk.work_is_open()
    desk.has(2)
    desk.saved()
    assert desk.ask("journal()") == 0


def test_when_the_network_is_back_the_same_tab_goes_on_by_itself(desk: Desk):
    desk.expected.append("Failed to load resource")
    desk.begin()
    desk.page.route("**/api/work/*/steps", lambda route: route.abort())
    desk.draw_box((100, 120), (220, 200))
    expect(desk.page.get_by_test_id("save-state")).to_have_text("Offline, 1 kept on this computer")
    desk.page.unroute("**/api/work/*/steps")
    expect(desk.page.get_by_test_id("save-state")).to_have_text("Saved", timeout=40000)
    assert desk.ask("journal()") == 0


def test_a_lost_reply_doubles_nothing(desk: Desk):
    desk.expected.append("Failed to load resource")
    desk.begin()
    lost = {"count": 0}

    def lose_first_reply(route):
        if lost["count"] == 0:
            lost["count"] += 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    desk.page.route("**/api/work/*/steps", lose_first_reply)
    desk.draw_box((100, 120), (220, 200))
    desk.saved()
    assert lost["count"] == 1
    desk.page.reload()
    desk.work_is_open()
    desk.has(1)


def test_a_session_that_ends_in_the_middle_is_renewed_over_the_page(desk: Desk):
    desk.expected.append("401")
    desk.begin()
    desk.context.clear_cookies()
    key = desk.draw_box((100, 120), (220, 200))
    dialog = desk.page.get_by_role("dialog", name="Please sign in again")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Password")).to_be_focused()
    dialog.get_by_label("Password").fill(desk.account["password"])
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).not_to_be_visible()
    desk.saved()
    assert key in desk.objects()


def test_work_opened_elsewhere_is_taken_again_without_loss(desks):
    first: Desk = desks().begin()
    first.expected.append("409")
    second: Desk = desks().sign_in().open_work()
    second.expected.append("409")
    theirs = second.draw_box((300, 120), (420, 200))
    second.saved()
    first.key("b")
    first.drag((100, 120), (220, 200))
    dialog = first.page.get_by_role("dialog", name="This work is no longer held for you")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Take it again and go on").click()
    expect(dialog).not_to_be_visible()
    first.saved()
    assert theirs in first.has(2)


def test_two_versions_of_one_object_are_shown_and_the_person_chooses(desks):
    for choice, left in (("Keep mine", 120), ("Take theirs", 100)):
        first: Desk = desks().begin()
        first.expected += ["409", "Failed to load resource"]
        key = first.draw_box((100, 120), (220, 200))
        first.saved()
        first.page.route("**/api/work/*/steps", lambda route: route.abort())
        first.key("v")
        first.drag((160, 160), (180, 160))
        expect(first.page.get_by_test_id("save-state")).to_have_text("Offline, 1 kept on this computer")

        second: Desk = desks().sign_in().open_work()
        second.expected.append("409")
        second.choose(key)
        second.page.locator("canvas.canvas").focus()
        second.key("Shift+ArrowDown")
        second.page.wait_for_function("key => Math.round(window.__test.objects()[key].top) === 130", arg=key)
        second.saved()

        first.page.unroute("**/api/work/*/steps")
        first.try_now()
        first.page.get_by_role("button", name="Take it again and go on").click()
        dialog = first.page.get_by_role("dialog", name="The same thing was changed elsewhere")
        expect(dialog).to_be_visible()
        dialog.get_by_text(choice).click()
        dialog.get_by_role("button", name="Go on with these").click()
        expect(dialog).not_to_be_visible()
        first.saved()
        box = first.objects()[key]
        assert (round(box["left"]), round(box["top"])) == (left, 120 if choice == "Keep mine" else 130)
        second.context.close()
        first.context.close()


def test_a_claim_that_is_answered_late_calls_nobody_back_and_takes_nothing_away(desk: Desk):
    desk.sign_in()
    page, held, wanted = desk.page, [], {"count": 1}
    page.route("**/api/work/claim", lambda route: held.append(route) if len(held) < wanted["count"] else route.continue_())
    page.locator("button.continue").click()
    page.wait_for_url("**/#/work")
    page.goto(f"{desk.account['url']}/#/")
    page.locator("button.continue:not(.skeleton)").click()
    page.wait_for_url("**/#/work")
    # The second claim is sent only when the first one is answered, so that the lease of the last one counts.
    held[0].continue_()
    desk.work_is_open()
    count = len(desk.objects())
    desk.draw_box((100, 120), (220, 200))
    desk.has(count + 1)
    desk.saved()

    page.goto(f"{desk.account['url']}/#/")
    wanted["count"] = 2
    page.locator("button.continue:not(.skeleton)").click()
    page.wait_for_url("**/#/work")
    page.goto(f"{desk.account['url']}/#/profile")
    with page.expect_response("**/api/work/claim"):
        held[1].continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("Profile")
    page.evaluate("() => new Promise((resolve) => setTimeout(resolve))")
    assert page.url.endswith("#/profile")
