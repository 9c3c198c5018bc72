"""One person's browser: the acts of a labeler in terms of the page."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from customer import Customer


class Desk:
    def __init__(self, context: BrowserContext, account: dict):
        self.context = context
        self.account = account
        self.errors: list[str] = []
        # Patterns of errors that belong to what the test does, such as requests that fail because it cut the line.
        self.expected: list[str] = []
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page = page
        return page

    # Pages

    def sign_in(self) -> "Desk":
        self.page.goto(self.account["url"])
        self.page.get_by_label("E-mail").fill(self.account["email"])
        self.page.get_by_label("Password").fill(self.account["password"])
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Hello")
        return self

    def open_work(self) -> "Desk":
        self.page.locator("button.continue").click()
        return self.work_is_open()

    def work_is_open(self) -> "Desk":
        expect(self.page.locator("canvas.canvas[data-ready=true]")).to_be_visible(timeout=15000)
        return self

    def begin(self) -> "Desk":
        """Signed in, at the next piece of work, with nothing drawn."""
        self.sign_in().open_work()
        for key in list(self.objects()):
            self.remove(key)
        self.saved()
        return self

    def open_task(self, task: str, patience: float = 10) -> "Desk":
        """Opens the task, after whatever was begun before is given back. The task must become the next one of the queue."""
        # An editor that is still open would lose its work to the claims below.
        self.page.goto(f"{self.account['url']}/#/")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Hello")
        work = self.page.evaluate(
            """async ([task, patience]) => {
                const { csrf } = await (await fetch("/api/session")).json();
                const ask = async (path, body) => {
                    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
                    return (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
                };
                const seen = new Set(), end = performance.now() + patience * 1000;
                while (performance.now() < end) {
                    const { work } = await ask("/api/work/claim", {});
                    if (work?.task === task) return work.id;
                    // What stands before it in the queue, left by another test, is given back once and then passed over.
                    if (work !== null && !seen.has(work.id)) await ask(`/api/work/${work.id}/release`, { lease: work.lease.token });
                    else if (work !== null) await ask(`/api/work/${work.id}/skip`, { lease: work.lease.token, reason: "another test's" });
                    seen.add(work?.id);
                    // A task joins the queue only when its pictures are read.
                    await new Promise((resolve) => setTimeout(resolve, 50));
                }
                return null;
            }""",
            [task, patience],
        )
        assert work is not None, f"the queue does not have the task {task}"
        self.page.goto(f"{self.account['url']}/#/work/{work}")
        return self.work_is_open()

    # What the editor says

    def ask(self, expression: str):
        return self.page.evaluate(f"() => window.__test.{expression}")

    def objects(self) -> dict:
        return self.ask("objects()")

    def work_id(self) -> str:
        return self.page.url.rsplit("/", 1)[1]

    def try_now(self) -> None:
        """Has the page send what it could not; it also tries by itself, and then takes the button away before it stands still."""
        self.page.get_by_role("button", name="Try now").evaluate_all("buttons => buttons.forEach((button) => button.click())")

    def saved(self) -> "Desk":
        expect(self.page.get_by_test_id("save-state")).to_have_text("Saved", timeout=10000)
        return self

    def has(self, count: int) -> dict:
        self.page.wait_for_function("count => Object.keys(window.__test.objects()).length === count", arg=count)
        return self.objects()

    # Hands

    def place(self, at: tuple[float, float]) -> tuple[float, float]:
        point = self.page.evaluate("([x, y]) => window.__test.place(x, y)", list(at))
        return point["x"], point["y"]

    def click(self, at: tuple[float, float]) -> None:
        self.page.mouse.click(*self.place(at))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*self.place(start))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)))
        self.page.mouse.move(*self.place(end))
        self.page.mouse.up()

    def key(self, name: str) -> None:
        self.page.keyboard.press(name)

    def draw_box(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        before = set(self.objects())
        self.page.locator("canvas.canvas").focus()
        self.key("b")
        self.drag(start, end)
        return self.new_object(before)

    def draw(self, start: tuple[float, float], end: tuple[float, float]) -> str:
        """Draws with the tool in hand by pulling from one corner to the other."""
        before = set(self.objects())
        self.drag(start, end)
        return self.new_object(before)

    def box(self, label: str, start: tuple[float, float], end: tuple[float, float]) -> str:
        """Draws a box with a label and lets go of it."""
        self.label(label)
        key = self.draw(start, end)
        self.key("v")
        return key

    def draw_polygon(self, *vertices: tuple[float, float]) -> str:
        before = set(self.objects())
        self.page.locator("canvas.canvas").focus()
        self.key("p")
        for vertex in vertices:
            self.click(vertex)
        self.key("Enter")
        return self.new_object(before)

    def label(self, name: str) -> None:
        """Chooses the label of what is drawn next, with nothing selected that it could go to."""
        self.key("v")
        self.key("Escape")
        self.page.locator(".chip").filter(has_text=name).first.click()

    def makes(self, act: Callable[[], None]) -> str:
        """The key of the object that the act makes."""
        before = set(self.objects())
        act()
        return self.new_object(before)

    def new_object(self, before: set) -> str:
        self.has(len(before) + 1)
        (key,) = set(self.objects()) - before
        self.page.wait_for_function("key => window.__test.selection() === key", arg=key)
        return key

    def choose(self, key: str) -> None:
        self.page.locator(f"#object-{key}").click()
        self.page.wait_for_function("key => window.__test.selection() === key", arg=key)

    def remove(self, key: str) -> None:
        self.choose(key)
        self.key("Delete")
        self.page.wait_for_function("key => !(key in window.__test.objects())", arg=key)

    def answer_everything(self) -> None:
        """Answers every question that is shown, also those that an answer opens."""
        answered: set[str] = set()
        while True:
            fields = [field for field in self.page.locator("[data-answers] .field").all() if field.inner_text().split("\n")[0] not in answered]
            if not fields:
                return
            field = fields[0]
            answered.add(field.inner_text().split("\n")[0])
            if field.locator("input[type=radio], input[type=checkbox]").count() > 0:
                field.locator("label.choice").first.click()
            elif field.locator("textarea").count() > 0:
                field.locator("textarea").fill("a tree")
                field.locator("textarea").press("Tab")
            elif field.locator("input[type=number]").count() > 0:
                number = field.locator("input[type=number]")
                number.fill(number.get_attribute("min") or "1")
                number.press("Tab")

    def answer_objects(self) -> None:
        self.key("v")
        for key in list(self.objects()):
            self.choose(key)
            self.answer_everything()
        self.page.locator("canvas.canvas").focus()
        self.key("Escape")
        self.answer_everything()

    def more(self, name: str) -> None:
        """Chooses from the menu of further things to do."""
        self.page.get_by_role("button", name="More").click()
        self.page.get_by_role("menuitem", name=name).click()

    def submit(self) -> None:
        self.page.keyboard.press("Control+Enter")

    def finish(self, customer: Customer, task: str) -> dict:
        """Submits what is open, and answers the response that the customer gets."""
        self.saved()
        self.submit()
        return customer.finished(task)["response"]
