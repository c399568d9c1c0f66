"""The command `upgrade`: what another product release needs of the network."""

import sys
from pathlib import Path

import click

from generator.commands.errors import WRONG, refusals
from generator.commands.output import json_text
from generator.commands.sites import derived_site
from generator.commands.usage import Choice
from generator.derive.upgrade import at_release, upgrade
from generator.export import upgrade_json
from generator.export.upgrade_text import upgrade_text
from generator.load import load
from generator.problems import quoted
from generator.releases import is_release, release_key


def _release(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_release(value):
        raise click.BadParameter(f"{quoted(value)} is no release such as 2024.06.0")
    return value


@click.command(
    "upgrade",
    epilog="Examples:\n\n\b\n  portatlas upgrade clustered --to 2024.06.0\n"
    "  portatlas upgrade clustered --from 10.0 --to 2024.06.0 --format json",
)
@click.argument("site")
@click.option(
    "--from",
    "start",
    metavar="RELEASE",
    callback=_release,
    help="The release that runs.  [default: the site's]",
)
@click.option(
    "--to", "end", metavar="RELEASE", required=True, callback=_release, help="The one to go to."
)
@click.option("--format", "form", type=Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def upgrade_(data: Path, site: str, *, start: str | None, end: str, form: str) -> None:
    """Say which ports of SITE to open before an upgrade, and to close after it."""
    with refusals():
        atlas = load(data)
        here = derived_site(atlas, site).site
    start = start or here.release
    if release_key(start) >= release_key(end):
        how = "is" if release_key(start) == release_key(end) else "is later than"
        click.echo(f"no upgrade: {start} {how} {end}", err=True)
        sys.exit(WRONG)
    found = upgrade(*(at_release(atlas.catalogue, here, one) for one in (start, end)))
    if form == "json":
        click.echo(json_text(upgrade_json.document(atlas.catalogue, found)), nl=False)
    else:
        click.echo(upgrade_text(atlas.catalogue, found), nl=False)
