"""How a command puts out what it made: on stdout, or into a file."""

import json
import sys
from pathlib import Path

import click

from generator.commands.errors import WRONG


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


def json_text(document: object) -> str:
    """Return a document for programs, as the one thing on stdout."""
    return json.dumps(document, indent=1) + "\n"
