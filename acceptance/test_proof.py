"""What proves afterwards what was done: the sealed log, its published ends, and the proof of one task, checked by the command."""

import json
import sqlite3

import pytest
from conftest import DATABASES
from rig.people import Caller
from rig.server import eventually
from rig.tasks import words_task

CREATE = "/v1/task/namedentityrecognition"


def finished(server) -> tuple[Caller, list[str]]:
    """Tasks of the test world, which are completed at once."""
    caller = Caller(server.address, server.key("test"))
    return caller, [caller.post(CREATE, words_task(metadata={"n": n}))["task_id"] for n in range(12)]


def verify(server, *words: str):
    return server.command("verify", *words, check=False)


def proof(caller: Caller, task: str, **query) -> dict:
    """The task's proof, once something about it has been sealed together with its rows."""

    def found():
        answer = caller.ask("GET", f"/api/tasks/{task}/proof", params=query)
        return answer.json() if answer.ok and answer.json()["rows"] else None

    return eventually(found, seconds=120)


@pytest.mark.parametrize("kind", DATABASES)
def test_the_way_of_a_proof(kind, make_server, tmp_path):
    heads = tmp_path / "heads.jsonl"
    server = make_server(kind, settings={"VERNIER_PROOF_HEAD": str(heads)}).start()
    caller, tasks = finished(server)
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof(caller, tasks[5]), ensure_ascii=False))
    assert file.stat().st_size < 40_000
    # By itself: the command is told of no server, no data and no database.
    alone = server.command("verify", str(file), check=False)
    assert alone.returncode == 0 and f"Task {tasks[5]}" in alone.stdout and "holds" in alone.stdout, alone.stderr
    text = file.read_text().replace('"action": "task.created"', '"action": "task.deleted"')
    file.write_text(text)
    broken = server.command("verify", str(file), check=False)
    assert broken.returncode == 1 and "does not say what was sealed" in broken.stderr
    # The whole, while the server runs; the head was published when it started.
    eventually(lambda: heads.exists() and heads.read_text().endswith("\n"), seconds=120)
    whole = verify(server)
    assert whole.returncode == 0 and "Everything is as it was sealed" in whole.stdout, whole.stderr
    head = caller.get("/api/log/head")
    assert head["position"] >= 24
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(head))
    assert verify(server, "--head", str(kept)).returncode == 0
    forged = {**head, "hash": "0" * 64}
    kept.write_text(json.dumps(forged))
    anew = verify(server, "--head", str(kept))
    assert anew.returncode == 1 and "written anew" in anew.stderr


def test_what_is_changed_in_the_database_is_named(make_server, tmp_path):
    server = make_server("sqlite").start()
    caller, tasks = finished(server)
    whole = proof(caller, tasks[3])
    kept = tmp_path / "kept.json"
    eventually(lambda: "wait to be sealed" not in verify(server).stdout, seconds=120, every=1)
    kept.write_text(json.dumps(caller.get("/api/log/head")))
    server.stop()
    path = next(p for p in server.data.iterdir() if p.suffix == ".sqlite")

    def tampered(*statements: str) -> str:
        """What the command says after a change that is then taken back."""
        before = {file: file.read_bytes() for file in server.data.glob(path.name + "*")}
        with sqlite3.connect(path) as db:
            for statement in statements:
                db.execute(statement)
        db.close()
        answer = verify(server, "--head", str(kept))
        for file in server.data.glob(path.name + "*"):
            file.unlink()
        for file, content in before.items():
            file.write_bytes(content)
        assert answer.returncode == 1
        return answer.stderr

    assert verify(server, "--head", str(kept)).returncode == 0
    said = tampered(f"UPDATE task_payloads SET response = replace(response, 'a', 'b') WHERE task_id = '{tasks[3]}'")
    assert f"task_payloads/{tasks[3]}" in said and "response differs" in said
    said = tampered("UPDATE events SET actor = 'user:nobody' WHERE position = 7")
    assert "entry 7 (" in said and "does not say what was sealed" in said
    said = tampered("DELETE FROM events WHERE position = 9")
    assert "entry 9 is missing" in said
    # Cut off so that everything inside fits: only the head that was kept elsewhere tells.
    said = tampered(
        "DELETE FROM events WHERE position > 20",
        "UPDATE event_chains SET position = 20, hash = (SELECT hash FROM events WHERE position = 20)",
    )
    assert "the end has been cut off" in said
    assert whole["rows"]


def test_the_head_is_sent_to_a_url(make_server, receiver):
    server = make_server("sqlite", settings={"VERNIER_PROOF_HEAD": receiver.address + "/heads"}).start()
    finished(server)
    sent = receiver.wait(lambda one: one.path == "/heads", seconds=120)
    assert sent[0].body["heads"]
