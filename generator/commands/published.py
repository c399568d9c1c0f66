"""The option `--site-url`: where the pages are published, which scripts print in their results."""

import re

import click

from generator.problems import quoted

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9._~/%-]*)?", re.ASCII)


def _address(_context: click.Context, _: click.Parameter, value: str) -> str:
    """Return an address without the slash at its end."""
    if value and not _ADDRESS.fullmatch(value):
        raise click.BadParameter(f"{quoted(value)} is no address such as https://ports.example.com")
    return value.rstrip("/")


site_url = click.option(
    "--site-url",
    envvar="SITE_URL",  # as mkdocs.yml reads it, too
    metavar="URL",
    default="",
    callback=_address,
    help="Where the pages are published: check scripts link there; without it they print a path.  "
    "[default: $SITE_URL]",
)
