"""Drawings to SVG texts, checked; drawn side by side, each once as long as nothing changes."""

import hashlib
import inspect
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from html import escape
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from xml.etree.ElementTree import ParseError

from generator.drawing import apart, arrange, geometry, labels
from generator.drawing.dot import dot
from generator.drawing.model import Drawing
from generator.drawing.process import Drawers, drawers
from generator.drawing.svg import DrawingError, arranged, finish


def draw_all(
    drawings: Iterable[Drawing], cache: Path, tick: Callable[[], None] = lambda: None
) -> Mapping[str, str]:
    """Return the SVG of each drawing by id; `tick` is called after each one.

    Raises DrawingError for the first one that is not wholly there. A folder `cache` keeps what was
    drawn, by what it was drawn from.
    """
    todo = sorted(drawings, key=lambda drawing: drawing.id)
    fonts = _fonts()
    try:
        cache.mkdir(parents=True, exist_ok=True)
        configuration = _configuration(fonts, cache.resolve())
    except OSError as error:
        raise DrawingError(f"{cache}: no place to keep drawings: {error.strerror}") from error
    # What a layout depends on besides its DOT text.
    inputs = hashlib.sha256(b"".join([*fonts.values(), *_arranging()]))
    stamp = version("pygraphviz") + inputs.hexdigest()

    count = os.cpu_count() or 1
    with drawers(count, configuration) as some, ThreadPoolExecutor(count) as pool:

        def one(drawing: Drawing) -> str:
            svg = _draw(drawing, cache, some, stamp)
            tick()
            return svg

        return dict(zip((d.id for d in todo), pool.map(one, todo), strict=True))


def _draw(drawing: Drawing, cache: Path, some: Drawers, stamp: str) -> str:
    text = dot(drawing)
    key = hashlib.sha256((stamp + text).encode()).hexdigest()[:32]
    kept = cache / f"{key}.svg"
    if kept.exists():
        try:
            return finish(drawing, kept.read_text(encoding="utf-8"))
        except (ParseError, UnicodeDecodeError, DrawingError):
            kept.unlink(missing_ok=True)  # cut short, or older than what is looked for today
    raw = arranged(drawing, some.draw(drawing.id, text))
    finished = finish(drawing, raw)  # checked before it is kept
    _replace(kept, raw.encode())
    return finished


def _replace(path: Path, content: bytes) -> None:
    """Write a file at one stroke: another build may be reading it."""
    partial = path.with_suffix(f".{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(path)


def _fonts() -> dict[str, bytes]:
    folder = files("generator") / "fonts"
    found = (entry for entry in folder.iterdir() if entry.name.endswith(".otf"))
    return {entry.name: entry.read_bytes() for entry in sorted(found, key=lambda entry: entry.name)}


def _arranging() -> Iterator[bytes]:
    """Give the code that moves what Graphviz drew: a kept drawing is no older than it."""
    for module in (apart, arrange, geometry, labels):
        yield inspect.getsource(module).encode()


def _configuration(fonts: Mapping[str, bytes], cache: Path) -> Path:
    """Return a fontconfig file by which text is measured with the site's own font, everywhere.

    The fonts are copied, since fontconfig leaves marks of its own where it finds some.
    """
    folder = cache / "fonts"
    folder.mkdir(exist_ok=True)
    for name, content in fonts.items():
        if not (folder / name).exists() or (folder / name).read_bytes() != content:
            _replace(folder / name, content)
    configuration = cache / "fonts.conf"
    _replace(
        configuration,
        b'<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
        + f"<dir>{escape(str(folder))}</dir>".encode()
        + f"<cachedir>{escape(str(cache / 'fontconfig'))}</cachedir></fontconfig>\n".encode(),
    )
    return configuration
