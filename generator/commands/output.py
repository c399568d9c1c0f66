"""How a command puts out what it made: on stdout, or into a file."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from generator.commands.errors import WRONG
from generator.publish import Published

CACHE = Path(".cache/diagrams")
"""Where drawings are kept that need not be drawn again."""


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal; what it gives is called after each step."""
    with click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        yield lambda: bar.update(1)


def write(text: str, out: Path | None) -> None:
    """Print a text, or write it to a file; end with one line if that cannot be."""
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        click.echo(f"{out}: {error.strerror}", err=True)
        sys.exit(WRONG)
    click.echo(f"{out} written", err=True)


def written(out: Path, done: Published) -> str:
    """Return what became of a folder."""
    return f"{out}: {done.written} written, {done.unchanged} unchanged, {done.removed} removed"


def json_text(document: object) -> str:
    """Return a document for programs, as the one thing on stdout."""
    return json.dumps(document, indent=1) + "\n"


def json_items(document: Mapping[str, object]) -> str:
    """Return a document that may be large, each item of its lists on a line of its own.

    A third of an indented one is spaces, and these take most of the time to write it.
    """
    parts = []
    for key, value in document.items():
        text = _short(value)
        if isinstance(value, list) and value:
            text = "[\n" + ",\n".join(map(_short, value)) + "\n]"
        parts.append(f"{_short(key)}:{text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _short(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
