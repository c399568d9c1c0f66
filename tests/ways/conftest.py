"""The real site in all its editions, each built once, and ways to look at them."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.site import browser
from tests.site.workspace import ROOT, Workspace, environment, product


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The real product's site, built by the real commands. Not to be changed by a test."""
    workspace = product(tmp_path_factory.mktemp("ways"))
    for name in ("mkdocs-offline.yml", "mkdocs-zensical.yml"):
        shutil.copy(ROOT / name, workspace.root / name)
    workspace.build()
    workspace.mkdocs()
    return workspace


@pytest.fixture(scope="session")
def address(built: Workspace) -> Iterator[str]:
    """The address at which the built site is served, as Pages serves it."""
    with published(built.site) as found:
        yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[browser.Browser]:
    """A browser; the test is left out where there is none."""
    with browser.launched() as found:
        yield found


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a Python module in a folder."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def kinds(site: Path) -> list[str]:
    """Return the address of the largest page of each kind: a kind is a folder and a depth.

    Not the largest of data/: that is thousands of lines, all alike.
    """
    largest: dict[tuple[str, int], Path] = {}
    for page in sorted(site.rglob("index.html")):
        if page.is_relative_to(site / "data" / "ports"):
            continue
        parts = page.relative_to(site).parts
        key = (parts[0], len(parts))
        if key not in largest or page.stat().st_size > largest[key].stat().st_size:
            largest[key] = page
    return sorted(f"/{page.parent.relative_to(site).as_posix()}/" for page in largest.values())


class _Pages(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != 404:
            super().send_error(code, message, explain)
            return
        content = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def published(folder: Path) -> Iterator[str]:
    """Serve a folder over loopback, with its own page for wrong addresses."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
