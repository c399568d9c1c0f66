"""Wrong usage is one line on stderr, with the nearest right name, as every other mistake is.

So is an output that takes nothing.
"""

import os
import sys
from pathlib import Path
from typing import Any

import click

from generator.commands.errors import FAILED, WRONG
from generator.problems import did_you_mean, quoted


class Commands(click.Group):
    """The commands; what is wrong with a call of one is said in a line, and not in four."""

    def main(self, *args: Any, **more: Any) -> Any:
        """Run a command and end with its exit status."""
        if sys.stdout is None:  # Python's answer to a descriptor that is closed
            click.echo("standard output: is closed", err=True)
            sys.exit(WRONG)
        try:
            ended = super().main(*args, **{**more, "standalone_mode": False})
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            sys.exit(WRONG)
        except click.ClickException as error:
            click.echo(_line(error), err=True)
            sys.exit(error.exit_code)
        except click.Abort:
            click.echo("interrupted", err=True)
            sys.exit(FAILED)
        except OSError as error:  # of a file, the module that opens it says so itself
            click.echo(f"{error.filename or 'standard output'}: {error.strerror}", err=True)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still in it
            sys.exit(WRONG)
        sys.exit(ended if isinstance(ended, int) else 0)


def _line(error: click.ClickException) -> str:
    """Return what is wrong, and which command's help says more."""
    what = " ".join(error.format_message().split())
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return what
    if isinstance(error, click.BadParameter) and error.param is not None and error.message:
        what = f"{_name(error.param)}: {error.message}"
    return f"{what} ({error.ctx.command_path} --help)"


def _name(parameter: click.Parameter) -> str:
    """Return what a parameter is called in the help."""
    if isinstance(parameter, click.Argument):
        return (parameter.metavar or parameter.human_readable_name).rstrip(".")
    return parameter.opts[0]


class Choice(click.Choice[str]):
    """One of several words; a wrong one is answered with the nearest."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Say what there is."""
        near = did_you_mean(str(value), self.choices)
        return f"{quoted(value)} is not one of {', '.join(self.choices)}{near}"


class Named(click.Path):
    """A path; an empty one, such as a variable that is not set, is none."""

    def __init__(self, *, file_okay: bool = True, dir_okay: bool = True) -> None:
        """Take a path, or only a folder's, or only a file's."""
        super().__init__(file_okay=file_okay, dir_okay=dir_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if not os.fspath(value):
            raise click.BadParameter("is empty", ctx, param)
        return super().convert(value, param, ctx)


class WholeNumber(click.IntRange):
    """A whole number within limits."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or say which ones there are."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            says = f"{quoted(value)} is no whole number from {self.min} to {self.max}"
            raise click.BadParameter(says, ctx, param) from None
