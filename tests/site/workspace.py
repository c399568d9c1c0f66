"""A folder of its own for one site: data, hand-written pages, configuration; built by processes."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ..examples import DATA, ROOT

TINY = ROOT / "tests" / "tiny"
HAND_WRITTEN = ("assets", "guide")
MANIFEST = ".generated.json"


@dataclass(frozen=True)
class Workspace:
    """Where one site is built; `config` is its mkdocs.yml."""

    root: Path
    config: Path

    @property
    def data(self) -> Path:
        return self.config.parent / "data"

    @property
    def docs(self) -> Path:
        return self.config.parent / "docs"

    @property
    def site(self) -> Path:
        return self.config.parent / "site"

    def portatlas(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the site's folder."""
        return self._run("generator", *arguments, **variables)

    def build(self, **variables: str) -> None:
        done = self.portatlas("build", **variables)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""

    def mkdocs(self) -> None:
        done = self._run("mkdocs", "build", "--strict")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "WARNING" not in done.stderr

    def popen(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command in a session of its own, with stdout and stderr in `log`."""
        with (self.root / "log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "generator", *arguments],
                cwd=self.config.parent,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self) -> str:
        return (self.root / "log").read_text("utf-8")

    def generated(self) -> dict[str, bytes]:
        """Return the content of every generated file, by path."""
        listed = json.loads((self.docs / MANIFEST).read_text("utf-8"))["files"]
        return {path: (self.docs / path).read_bytes() for path in listed}

    def json(self, path: str) -> Any:
        return json.loads((self.docs / path).read_text("utf-8"))

    def _run(
        self, module: str, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.config.parent,
            env=environment(**variables),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def environment(**variables: str) -> dict[str, str]:
    """Return an environment in which `python -m generator` works from any folder."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "NO_MKDOCS_2_WARNING": "1",
        **variables,
    }


def product(root: Path) -> Workspace:
    """Copy the real product, with the example sites, into a folder."""
    return _workspace(root, root / "mkdocs.yml", DATA)


def lighthouse(root: Path) -> Workspace:
    """Copy the made-up product into a folder, where it inherits from the real mkdocs.yml."""
    config = root / "tests" / "tiny" / "mkdocs.yml"
    config.parent.mkdir(parents=True)
    shutil.copy(TINY / "mkdocs.yml", config)
    return _workspace(root, config, TINY / "data")


def _workspace(root: Path, config: Path, data: Path) -> Workspace:
    root.mkdir(parents=True, exist_ok=True)
    for edition in ROOT.glob("mkdocs*.yml"):
        shutil.copy(edition, root / edition.name)
    made = Workspace(root, config)
    shutil.copytree(data, made.data)
    for name in HAND_WRITTEN:
        shutil.copytree(ROOT / "docs" / name, made.docs / name)
    return made


def snapshot(folder: Path) -> Mapping[str, tuple[bytes, int]]:
    """Return content and time of every file below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Pages(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code != 404:
            super().send_error(code, message, explain)
            return
        own = Path(self.directory) / "404.html"
        content = own.read_bytes() if own.exists() else b"not found"
        self.send_response(404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder over loopback, as Pages does; give its address, without a slash at the end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
