"""Drawing processes: each draws one graph after another, is listened to, and can be killed.

They stay, since loading Graphviz takes longer than most drawings do. What it draws does not depend
on what it drew before.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Event, Timer

from generator.drawing.svg import DrawingError

SECONDS = 60.0
"""How long one drawing may take. Layout explodes with edges; ours take a tenth of a second."""

_COMMAND = [sys.executable, "-m", "generator.drawing.worker"]
_SOURCE = str(Path(__file__).parents[2])


class Drawers:
    """A few drawing processes, started when first wanted; for threads to share."""

    def __init__(self, count: int, fonts: Path, folder: Path) -> None:
        self._environment = {**os.environ, "FONTCONFIG_FILE": str(fonts), "PYTHONPATH": _path()}
        self._folder = folder
        self._idle: SimpleQueue[subprocess.Popen[str] | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)

    def draw(self, name: str, dot: str) -> str:
        """Return the SVG that Graphviz makes of DOT text.

        Raises DrawingError, naming the diagram, if it takes too long or anything is said about it.
        """
        process = self._idle.get() or self._start()
        try:
            return self._ask(process, name, dot)
        finally:
            alive = process.poll() is None
            if not alive:
                _end(process)
            self._idle.put(process if alive else None)

    def close(self) -> None:
        """End all processes."""
        while not self._idle.empty():
            process = self._idle.get()
            if process is not None:
                _end(process)

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own words
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._environment,
            text=True,
            encoding="utf-8",
        )

    def _ask(self, process: subprocess.Popen[str], name: str, dot: str) -> str:
        assert process.stdin is not None  # noqa: S101 - it was started with pipes
        assert process.stdout is not None  # noqa: S101
        svg, complaints = self._folder / f"{name}.svg", self._folder / f"{name}.txt"
        request = {"dot": dot, "svg": str(svg), "complaints": str(complaints)}
        late = Event()

        def kill() -> None:
            late.set()
            process.kill()

        timer = Timer(SECONDS, kill)
        timer.start()
        try:
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        timer.cancel()
        if not answer:
            process.wait()
            if late.is_set():
                raise DrawingError(
                    f"diagram {name}: not drawn within {SECONDS:g} s; too many arrows?"
                )
        said = _complaints(complaints)
        if said or not svg.exists():
            what = said[-1] if said else f"nothing, and ended with status {process.poll()}"
            raise DrawingError(f"diagram {name}: Graphviz says: {what}")
        return svg.read_text(encoding="utf-8")


@contextmanager
def drawers(count: int, fonts: Path) -> Iterator[Drawers]:
    """Keep drawing processes, and a folder for what they say, for as long as they are needed."""
    with TemporaryDirectory(prefix="drawing-") as folder:
        some = Drawers(count, fonts, Path(folder))
        try:
            yield some
        finally:
            some.close()


def _end(process: subprocess.Popen[str]) -> None:
    """Close a process's pipes, by which it ends if it has not."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    process.wait()


def _path() -> str:
    """Let the processes find this generator, from whichever folder it is called."""
    known = os.environ.get("PYTHONPATH")
    return os.pathsep.join((_SOURCE, known)) if known else _SOURCE


def _complaints(path: Path) -> list[str]:
    """Return what was said, without what machines say that have no fontconfig of their own."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("Fontconfig")]
