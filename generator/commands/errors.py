"""How the command line ends: exit statuses, and every user's error as lines on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from generator.drawing.svg import DrawingError
from generator.git import HistoryError
from generator.problems import DataError
from generator.publish import PublishError

FAILED = 1
"""Exit status for findings, and for a question whose answer is no."""

WRONG = 2
"""Exit status for wrong usage, and for data from which nothing can be made."""


@contextmanager
def refusals(*, writing: bool = False) -> Iterator[None]:
    """Turn every error that a user can cause into lines on stderr and exit status 2.

    A command that was about to write something adds that it did not.
    """
    try:
        yield
    except DataError as error:
        click.echo(str(error), err=True)
        click.echo(counted(len(error.problems), writing=writing), err=True)
        sys.exit(WRONG)
    except (DrawingError, HistoryError, PublishError) as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG)


def counted(problems: int, *, writing: bool) -> str:
    """Return the last line about so many problems."""
    nothing = "; nothing was written" if writing else ""
    return f"{problems} problem{'s' if problems > 1 else ''}{nothing}"
