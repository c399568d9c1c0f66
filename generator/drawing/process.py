"""One drawing in a process of its own, that can be listened to and killed.

The processes are forked from one that has Graphviz loaded, where the system can fork: loading it
takes longer than most drawings do.
"""

import multiprocessing
from functools import cache
from multiprocessing.context import ForkServerContext, SpawnContext
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.drawing import worker
from generator.drawing.svg import DrawingError

SECONDS = 60
"""How long one drawing may take. Layout explodes with edges; ours take a tenth of a second."""


def run(name: str, text: str, fonts: Path) -> str:
    """Return the SVG that Graphviz makes of DOT text.

    Raises DrawingError, naming the diagram, if it takes too long or anything is said about it.
    """
    with TemporaryDirectory(prefix="drawing-") as folder:
        svg, complaints = Path(folder, "svg"), Path(folder, "complaints")
        process = _start_method().Process(
            target=worker.draw, args=(text, str(fonts), str(svg), str(complaints)), daemon=True
        )
        process.start()
        process.join(SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
            raise DrawingError(f"diagram {name}: not drawn within {SECONDS} s; too many arrows?")
        said = _complaints(complaints)
        if said or process.exitcode != 0 or not svg.exists():
            what = said[-1] if said else f"exit status {process.exitcode}"
            raise DrawingError(f"diagram {name}: Graphviz says: {what}")
        return svg.read_text(encoding="utf-8")


@cache
def _start_method() -> ForkServerContext | SpawnContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", worker.__name__])
    return context


def _complaints(path: Path) -> list[str]:
    """Return what Graphviz said, without what machines say that have no fontconfig of their own."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("Fontconfig")]
