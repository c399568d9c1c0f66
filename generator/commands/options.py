"""Options that commands which report findings share, and what they mean for the exit status."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

import click

from generator.commands.usage import Choice
from generator.policy import SEVERITIES, Severity
from generator.problems import quoted

_Command = TypeVar("_Command", bound=Callable[..., object])


def fail_on(*more: str) -> Callable[[_Command], _Command]:
    """Make the option of the severity that fails; `more` are values of a command's own."""
    return click.option(
        "--fail-on",
        type=Choice([*SEVERITIES, *more]),
        default="error",
        show_default=True,
        help="Exit with 1 for findings of this severity or worse.",
    )


def _date(context: click.Context, option: click.Parameter, value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise click.BadParameter(f"{quoted(value)} is no date such as 2026-11-23") from None


today = click.option(
    "--today",
    default=lambda: date.today().isoformat(),
    metavar="DATE",
    callback=_date,
    help="The day by which waivers expire.  [default: today]",
)


def fails(severities: Iterable[Severity], limit: Severity) -> bool:
    """Tell whether any severity is as bad as the limit, or worse."""
    return any(SEVERITIES.index(one) <= SEVERITIES.index(limit) for one in severities)
