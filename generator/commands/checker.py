"""The command `checker`: a site's check script."""

import sys
from pathlib import Path

import click

from generator.checker.script import script
from generator.commands import published
from generator.commands.errors import WRONG, refusals
from generator.commands.output import write
from generator.commands.sites import derived_site
from generator.load import load


@click.command(
    "checker",
    epilog="Example:\n\n\b\n  portatlas checker multi-geo --out check.sh && bash check.sh",
)
@click.argument("site")
@click.option(
    "--shell",
    type=click.Choice(["bash", "powershell"]),
    default="bash",
    show_default=True,
    help="What the script is to run in.",
)
@published.site_url
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there.")
@click.pass_obj
def checker(data: Path, site: str, shell: str, site_url: str, out: Path | None) -> None:
    """Print SITE's check script: run on a host, it tries the flows that this host starts."""
    if shell == "powershell":
        click.echo("--shell powershell: there is no PowerShell script yet, only bash", err=True)
        sys.exit(WRONG)
    with refusals():
        atlas = load(data)
    text = script(atlas.catalogue, derived_site(atlas, site), atlas.version, site_url)
    write(text, out)
