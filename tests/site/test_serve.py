"""`portatlas serve`: follows the data, rests when nothing changes, ends at once."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from .workspace import Workspace, free_port, lighthouse, snapshot

pytestmark = pytest.mark.site

DEADLINE = 60
"""Seconds after which waiting is given up; it takes one or two."""


def wait_for(holds: Callable[[], bool], workspace: Workspace, what: str) -> None:
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, f"no {what}:\n{workspace.log()}"
        time.sleep(0.05)


def group_of(leader: int) -> list[int]:
    """Return the processes of a session that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            state, _, _, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if int(session) == leader and state != "Z":
            found.append(int(entry.name))
    return found


class Preview:
    """A running preview of the made-up product."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.port = free_port()
        self.process = workspace.popen("serve", "--port", str(self.port))

    def page(self, path: str) -> str:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:  # not there yet, or busy: while it builds, it lets a request wait
            return ""

    def wait_for_page(self, path: str, text: str) -> None:
        wait_for(lambda: text in self.page(path), self.workspace, f"“{text}” on {path}")

    def edit(self, old: str, new: str) -> None:
        path = self.workspace.data / "ports.yaml"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    def built(self) -> int:
        """Return how often either of the two generators was done."""
        log = self.workspace.log()
        return log.count("Documentation built") + log.count("docs: ")


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    running = Preview(lighthouse(tmp_path))
    try:
        yield running
    finally:
        for process in group_of(running.process.pid):
            os.kill(process, signal.SIGKILL)
        running.process.wait()


def test_it_follows_the_data_and_ends_at_once(preview: Preview) -> None:
    path, workspace = "/components/horn/", preview.workspace
    preview.wait_for_page(path, "Sounds in fog.")

    preview.edit("description: Sounds in fog.", "description: Sounds in thick fog.")
    preview.wait_for_page(path, "Sounds in thick fog.")

    # At rest: nothing is built again for what was written by the build itself.
    done, tree = preview.built(), snapshot(workspace.docs)
    time.sleep(3)
    assert preview.built() == done, workspace.log()
    assert snapshot(workspace.docs) == tree

    # Wrong data: the last good page stays, and the line says what is wrong.
    preview.edit("kind: person", "kind: persn")
    wait_for(lambda: "nothing was written" in workspace.log(), workspace, "complaint")
    complaint = r'^data/ports\.yaml:\d+:\d+: components\.keeper\.kind: "persn" is not one of'
    assert re.search(complaint, workspace.log(), re.M)
    assert "Traceback" not in workspace.log()
    assert "Sounds in thick fog." in preview.page(path)
    assert snapshot(workspace.docs) == tree

    # Right again.
    preview.edit("kind: persn", "kind: external")
    preview.wait_for_page("/components/keeper/", "service outside the product")

    # Ctrl-C reaches every process in the foreground.
    os.killpg(preview.process.pid, signal.SIGINT)
    assert preview.process.wait(timeout=DEADLINE) == 0
    wait_for(lambda: not group_of(preview.process.pid), workspace, "end")
    assert "Traceback" not in workspace.log()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_to_it_alone_ends_its_children(preview: Preview, number: int) -> None:
    preview.wait_for_page("/", "Lighthouse")
    assert len(group_of(preview.process.pid)) > 1
    preview.process.send_signal(number)
    preview.process.wait(timeout=DEADLINE)
    wait_for(lambda: not group_of(preview.process.pid), preview.workspace, "end")
    assert "Traceback" not in preview.workspace.log()


def test_wrong_data_at_the_start_serves_nothing(tmp_path: Path) -> None:
    workspace = lighthouse(tmp_path)
    path = workspace.data / "ports.yaml"
    path.write_text("schema: 2\n", "utf-8")
    done = workspace.portatlas("serve", "--port", str(free_port()))
    assert done.returncode == 2
    assert "data/ports.yaml:1:" in done.stderr
