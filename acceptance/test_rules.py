"""The editor's rules beside the server's: what one lets pass, the other must not refuse, and what one sends the other must write.

Tasks and drafts are random; a failing seed is its own reproduction.
"""

import json
import os
import subprocess

import pytest
from conftest import SOAK
from rig.server import ROOT, eventually

WEB = ROOT / "web"
PICTURE = {"width": 320, "height": 240}
TASKS = 1000 if SOAK else 50
# Sums of products may end otherwise in the last places, depending on the mathematics library.
NOISE = 1e-6


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    """Asks the editor's own rules, run by Node."""
    bundle = tmp_path_factory.mktemp("rules") / "rules.mjs"
    options = ["--bundle", "--platform=node", "--format=esm", "--target=node18", f"--outfile={bundle}", "--log-level=warning"]
    surroundings = os.environ | {"PATH": f"{WEB / 'node_modules' / '.bin'}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["esbuild", "tools/rules.mjs", *options], cwd=WEB, env=surroundings, check=True)
    process = subprocess.Popen(["node", bundle], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(**request) -> dict:
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    yield ask
    process.stdin.close()
    assert process.wait(10) == 0


@pytest.mark.soak
def test_the_editor_and_the_server_agree(world, files, editor):
    labeler = world.labeler()
    picture = files.put_picture("/rules.png", **PICTURE)
    completed = drafts = refused = 0
    for seed in range(1, TASKS + 1):
        random = editor(make=seed, picture=PICTURE)
        if not random["isSolved"]:
            continue
        task = world.caller.post(f"/v1/task/{random['type']}", {**random["params"], "attachment": picture})["task_id"]
        work = eventually(labeler.claim, every=0.01)
        assert work["task"] == task
        params = work.get("editor_params") or work["params"]
        for collections in random["drafts"]:
            if _filled(collections) != _filled(work["draft"]["collections"]):
                labeler.fill(work, collections)
            work["draft"]["collections"] = collections
            said = editor(params=params, is_legacy=bool(work.get("editor_params")), picture=PICTURE, collections=collections)
            errors = [issue for issue in said["issues"] if issue.get("level") != "warning"]
            found = labeler.post(f"/api/work/{work['id']}/check", {"lease": work["lease"]["token"]})["issues"]
            assert _places(errors) == _places(found), f"seed {seed}: {json.dumps(collections)} {found}"
            drafts += 1
            refused += bool(found)
            if found:
                answer = labeler.ask_submit(work)
                assert answer.status_code == 400 and _places(answer.json()["issues"]) == _places(found), f"seed {seed}"
        assert labeler.submit(work)["status"] == "completed"
        assert _differences(world.caller.task(task)["response"], said["response"]) == [], f"seed {seed}"
        completed += 1
    # Both kinds of drafts were tried in earnest.
    assert completed > TASKS / 2 and refused > drafts / 3


def _filled(collections: dict) -> str:
    """The collections that hold something, as text: to Python, true is 1."""
    return json.dumps({name: objects for name, objects in collections.items() if objects}, sort_keys=True)


def _places(issues: list[dict]) -> list[tuple]:
    return sorted((issue["path"], issue.get("key") or "") for issue in issues)


def _differences(written, said, path: str = "") -> list[str]:
    """Where two responses differ, with both values."""
    if isinstance(written, dict) and isinstance(said, dict) and written.keys() == said.keys():
        return [line for name in written for line in _differences(written[name], said[name], f"{path}.{name}")]
    if isinstance(written, list) and isinstance(said, list) and len(written) == len(said):
        return [line for i, pair in enumerate(zip(written, said)) for line in _differences(*pair, f"{path}[{i}]")]
    numbers = [isinstance(one, int | float) and not isinstance(one, bool) for one in (written, said)]
    if written == said or (all(numbers) and abs(written - said) <= NOISE * max(1, abs(written))):
        return []
    return [f"{path}: {written} written, {said} said"]
