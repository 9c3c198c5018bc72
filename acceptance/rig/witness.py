"""What a browser had in its journal, seen from outside, and whether the server's log holds it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext

# Tells of each step once the browser has said that it is on the disk.
SCRIPT = """(() => {
    const add = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = function (value, ...rest) {
        const request = add.call(this, value, ...rest);
        if (this.name === "steps") this.transaction.addEventListener("complete", () => window.__journalled(JSON.stringify(value)));
        return request;
    };
})()"""


@dataclass
class Witness:
    """Steps that were in some journal, and what people decided about."""

    steps: dict[str, dict] = field(default_factory=dict)
    # (id of the step, key of the object): a person gave up this change of the unsent ones.
    decided: set[tuple[str, str]] = field(default_factory=set)

    @staticmethod
    def watch(context: BrowserContext, note: Callable[[str], None]) -> None:
        """Has every page of a browser tell of each step that it has journalled."""
        context.expose_function("__journalled", note)
        context.add_init_script(SCRIPT)

    def note(self, text: str) -> None:
        step = json.loads(text)
        self.steps[step["id"]] = step

    def decide(self, logged: set[str]) -> None:
        """A person is asked about versions now: every change that is not in the log may be the one given up."""
        self.decided |= {(name, operation["key"]) for name, step in self.steps.items() if name not in logged for operation in step["operations"]}

    def faults(self, log: list[dict], document: dict) -> list[str]:
        """What is missing in the log, doubled or altered, and whether the document is what the log says."""
        found = [f"{step['id']} is in the log twice" for step in log if sum(other["id"] == step["id"] for other in log) > 1]
        known = {step["id"]: step for step in log}
        values: dict[tuple, list] = {}
        for step in log:
            for operation in step["operations"]:
                place = (operation["collection"], operation["key"])
                before = values.setdefault(place, [operation["before"]])
                if before[-1] != operation["before"]:
                    found.append(f"revision {step['revision']} does not follow the one before")
                before.append(operation["after"])
        for name, step in self.steps.items():
            for operation in step["operations"]:
                if (name, operation["key"]) in self.decided:
                    continue
                there = [one for one in known.get(name, {"operations": []})["operations"] if one["key"] == operation["key"]]
                same = values.get((operation["collection"], operation["key"]), [])
                if there and there[0]["after"] != operation["after"] or not there and operation["after"] not in same:
                    found.append(f"{name}: the change of {operation['key']} is lost or altered")
        for (collection, key), states in values.items():
            if document.get(collection, {}).get(key) != states[-1]:
                found.append(f"{collection}/{key} is not what the log says")
        return found
