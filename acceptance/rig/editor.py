"""The web pages as a person uses them: sign in, continue, draw, submit."""

from playwright.sync_api import Page, expect


class Editor:
    """Drives one browser page; places are given in pixels of the picture."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        self.email = ""
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda entry: self.complaints.append(entry.text) if entry.type == "error" else None)

    def sign_in(self, email: str, password: str) -> None:
        self.email = email
        self.page.goto(self.address)
        # Before the sign-in the page asks who it is and is told 401, which the browser writes to its console.
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("button", name="Sign out").wait_for()
        self.complaints.clear()

    def go_on(self) -> None:
        """Presses the large button and waits until the picture is there."""
        self.page.get_by_role("button", name="Continue").click()
        self.wait_for_picture()

    def wait_for_picture(self) -> None:
        self.page.locator("canvas[data-ready=true]").wait_for()

    def choose(self, label: str) -> None:
        """Chooses a label; the tool follows."""
        self.page.get_by_role("group", name="Label of the").get_by_role("button", name=label).click()

    def place(self, x: float, y: float) -> tuple[float, float]:
        found = self.page.evaluate("([x, y]) => window.__test.place(x, y)", [x, y])
        return found["x"], found["y"]

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*self.place(*start))
        mouse.down()
        mouse.move(*self.place((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        mouse.move(*self.place(*end))
        mouse.up()

    def polygon(self, corners: list[tuple[float, float]]) -> None:
        for corner in corners:
            self.page.mouse.click(*self.place(*corner))
        self.page.keyboard.press("Enter")

    def objects(self) -> dict[str, dict]:
        return self.page.evaluate("() => window.__test.objects()")

    def wait_saved(self) -> None:
        expect(self.page.get_by_test_id("save-state")).to_have_text("Saved")

    def submit(self) -> None:
        self.page.get_by_role("button", name="Submit").click()
