"""The option `--site-url`: where the pages are published, to link to them from elsewhere."""

import re
from collections.abc import Callable
from typing import TypeVar

import click

from generator.problems import quoted

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9._~/%-]*)?", re.ASCII)

_Command = TypeVar("_Command", bound=Callable[..., object])


def _address(_context: click.Context, _: click.Parameter, value: str) -> str:
    """Return an address without the slash at its end."""
    if value and not _ADDRESS.fullmatch(value):
        raise click.BadParameter(f"{quoted(value)} is no address such as https://ports.example.com")
    return value.rstrip("/")


def site_url(what_for: str) -> Callable[[_Command], _Command]:
    """Make the option; `what_for` says what links there. Empty is unknown."""
    return click.option(
        "--site-url",
        envvar="SITE_URL",  # as mkdocs.yml reads it, too
        metavar="URL",
        default="",
        callback=_address,
        help=f"Where the pages are published: {what_for}.  [default: $SITE_URL]",
    )


of_scripts = site_url("check scripts link there; without it they print a path")
of_findings = site_url("github and sarif link rules to their pages there")
