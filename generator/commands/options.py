"""Options that commands which report findings share, and what they mean for the exit status."""

import re
from collections.abc import Iterable

import click

from generator.policy import SEVERITIES, Severity
from generator.problems import quoted

fail_on = click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    default="error",
    show_default=True,
    help="Exit with 1 for findings of this severity or worse.",
)


def _address(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"https?://[^\s\"'<>\\]+", value):
        raise click.BadParameter(f"{quoted(value)} is no address such as https://ports.example.com")
    return value


site_url = click.option(
    "--site-url",
    envvar="SITE_URL",
    metavar="URL",
    callback=_address,
    help="Where the site is published: github and sarif link rules to their pages there.  "
    "[default: $SITE_URL]",
)


def fails(severities: Iterable[Severity], limit: Severity) -> bool:
    """Tell whether any severity is as bad as the limit, or worse."""
    return any(SEVERITIES.index(one) <= SEVERITIES.index(limit) for one in severities)
