"""The command `textconv`: a site file as its flows and what else it says, for git."""

import sys
from pathlib import Path

import click

from generator.commands.errors import WRONG
from generator.commands.usage import Named
from generator.derive.flows import derive
from generator.export.site_lines import site_lines
from generator.load import load_site
from generator.problems import DataError


@click.command(
    epilog="Example, once in a repository whose .gitattributes has the line "
    '"data/sites/*.yaml diff=portatlas":\n\n\b\n'
    "  git config diff.portatlas.textconv '.venv/bin/portatlas textconv'\n"
    "  git diff"
)
@click.argument("file", type=Named())
@click.pass_obj
def textconv(data: Path, file: Path) -> None:
    """Print the flows of a site FILE, and what else it says, for `git diff` and `git log -p`.

    The catalogue is the data folder's of today. What cannot be understood is printed as it is.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        click.echo(f"{file}: {(error.strerror or 'cannot be read').lower()}", err=True)
        sys.exit(WRONG)
    try:
        catalogue, site = load_site(data, file)
        shown = site_lines(catalogue, derive(catalogue, site)).encode()
    except DataError:
        shown = raw
    click.echo(shown, nl=False)
