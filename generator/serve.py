"""Live preview: `mkdocs serve`, and a rebuild whenever data or generator code changes.

The rebuild is a process of its own, so that changed generator code takes effect; it writes only
what changed, and MkDocs reloads the browser for it.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

QUIET = 0.2
"""Seconds without a further change before a rebuild: editors write a file in several steps."""

_SUFFIXES = {".yaml", ".yml", ".md", ".py", ".json"}


class _Changes(FileSystemEventHandler):
    """Raises a flag when a file of interest changes."""

    def __init__(self) -> None:
        self.flag = threading.Event()

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Notice changes, not mere reading."""
        paths = (str(event.src_path), str(event.dest_path))
        if event.event_type in ("opened", "closed_no_write") or event.is_directory:
            return
        if any(Path(path).suffix in _SUFFIXES for path in paths):
            self.flag.set()


def serve(data: Path, port: int) -> int:
    """Build, serve and rebuild until interrupted; return the exit status."""
    if taken := _taken(port):
        sys.stderr.write(f"127.0.0.1:{port}: {taken}; choose another with --port\n")
        return 2
    if _build(data) != 0:
        return 2
    changes = _Changes()
    observer = Observer()
    for folder in (data, Path(__file__).parent):
        observer.schedule(changes, str(folder), recursive=True)
    observer.start()
    # Named, since newer versions of click leave the default out and nothing reloads.
    command = ["mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{port}"]
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    site = subprocess.Popen([sys.executable, "-m", *command])  # noqa: S603 - our own words
    signal.signal(signal.SIGTERM, lambda *_: site.terminate())
    try:
        while site.poll() is None:
            if changes.flag.wait(timeout=0.5):
                _settle(changes.flag)
                _build(data)
    except KeyboardInterrupt:
        site.terminate()
    finally:
        observer.stop()
        observer.join()
    site.wait()
    return 0 if site.returncode in (0, -signal.SIGTERM, -signal.SIGINT) else site.returncode


def _taken(port: int) -> str | None:
    """Return why nothing can listen on a local port, or None if something can."""
    with socket.socket() as tried:
        # As MkDocs' server does: a port in TIME_WAIT is free.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError as error:
            return error.strerror
    return None


def _settle(flag: threading.Event) -> None:
    """Wait until nothing has changed for a moment."""
    while flag.is_set():
        flag.clear()
        flag.wait(timeout=QUIET)


def _build(data: Path) -> int:
    command = [sys.executable, "-m", "generator", "--data", str(data), "build"]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own words
