"""The command `new`: a first file to fill in."""

import sys
from pathlib import Path

import click

from generator.commands.errors import WRONG, refusals
from generator.export import new_site
from generator.load import load
from generator.validate.site import wrong_id


@click.group("new", epilog="Example:\n\n\b\n  portatlas new site paris")
def new() -> None:
    """Write a first file to fill in."""


@new.command("site", epilog="Example:\n\n\b\n  portatlas new site paris")
@click.argument("site_id", metavar="ID")
@click.pass_obj
def new_site_(data: Path, site_id: str) -> None:
    """Write data/sites/ID.yaml: a first topology to fill in."""
    fault = wrong_id(site_id)
    if fault is not None:
        click.echo(fault, err=True)
        sys.exit(WRONG)
    with refusals(writing=True):
        atlas = load(data)
    path = data / "sites" / f"{site_id}.yaml"
    text = new_site.text(atlas.catalogue, site_id)
    if text is None:
        click.echo(
            f"{data}: no component that a host could run; a site has nothing to hold", err=True
        )
        sys.exit(WRONG)
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        click.echo(f"{path}: is there already; nothing was written", err=True)
        sys.exit(WRONG)
    except OSError as error:
        click.echo(f"{path}: {error.strerror}", err=True)
        sys.exit(WRONG)
    click.echo(f"{path} written; fill it in, then: portatlas flows {site_id}")
